"""A rollout takes the same items as everywhere else, and hashes no id that cannot matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from assay.engine.kernel.digest import share_of
from assay.engine.program.columnar.atoms.rollout import shares_of
from assay.engine.program.columnar.compile import compile_columnar
from assay.engine.program.columnar.planes import unpack
from assay.engine.program.columnar.table.block import Block
from assay.engine.program.columnar.table.columns import column_of
from assay.engine.program.lower import lower_pack
from tests.makers import SOME_DAY, a_pack, a_rule


@dataclass(frozen=True, slots=True)
class WatchedIds:
    asked: list[int] = field(default_factory=list)

    def at(self, rows: NDArray[np.intp]) -> Sequence[str | None]:
        self.asked.extend(rows.tolist())
        return [f"item-{row}" for row in rows]


@given(st.lists(st.one_of(st.none(), st.text())), st.text())
def test_shares_are_those_of_the_kernel(ids: list[str | None], salt: str) -> None:
    shares = shares_of(ids, salt)
    assert [None if np.isnan(share) else share for share in shares] == [
        None if found is None else share_of(found, salt) for found in ids
    ]


def test_only_rows_in_which_the_rest_may_hold_are_hashed_and_once_for_two_bundles() -> None:
    some, more = (a_pack(a_rule("p/r", "disclosed", rollout=share)) for share in (0.3, 0.6))
    values = [[True, False, None][row % 3] for row in range(300)]
    ids = WatchedIds()
    block = Block(300, {"disclosed": column_of(values)}, SOME_DAY, ids=ids)
    planes = compile_columnar([lower_pack(some), lower_pack(more)]).evaluate(block)
    for bundle, share in ((0, 0.3), (1, 0.6)):
        true, possible = planes.rules(bundle, "FR")
        inside = [share_of(f"item-{row}", "p/r") < share for row in range(300)]
        assert unpack(true[0], 300).tolist() == [bool(inside[row] and values[row]) for row in range(300)]
        expected = [inside[row] and values[row] is not False for row in range(300)]
        assert unpack(possible[0], 300).tolist() == expected
    assert sorted(ids.asked) == [row for row in range(300) if values[row] is not False]
