"""Columns of every type become the same categories, whichever form they come in."""

from __future__ import annotations

import numpy as np
import pytest

from assay.engine.backtest.drift.categories import edges_of, names_of, sorted_rows
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.pack.vocabulary import Signal
from assay.engine.program.columnar.planes import pack
from assay.engine.program.columnar.table.columns import Column, Flags, Numbers, Sets, column_of
from tests.makers import a_signal

HOUR = 3_600_000_000


def names_in(signal: Signal, column: Column | None, rows: int) -> dict[str, list[str]]:
    return {one.part: [one.names[code] for code in one.codes.tolist()] for one in sorted_rows(signal, column, rows)}


@pytest.mark.parametrize(
    ("signal", "values", "names"),
    [
        (a_signal("x"), [True, None, False], ["yes", "unknown", "no"]),
        (a_signal("x", "scale"), ["altered", None, "none"], ["altered", "unknown", "none"]),
        (a_signal("x", "score"), [0.0, 0.1, 1.0, None], ["below 0.1", "0.1 to 0.2", "0.9 and more", "unknown"]),
        (a_signal("x", "number", minimum=0), [0, 3, 7e9], ["0 to 0.01", "2 to 5", "5e+09 and more"]),
        (a_signal("x", "number", minimum=0, maximum=100), [5, 50], ["below 10", "50 to 60"]),
        (a_signal("x", "number"), [-3, 0.5], ["-5 to -2", "0.5 to 1"]),
        (a_signal("x", "duration"), [2 * HOUR, 0], ["an hour to six hours", "below a minute"]),
        (a_signal("x", "text"), ["", None, "boom"], ["given", "unknown", "given"]),
        (a_signal("x", "time"), [5, None], ["given", "unknown"]),
    ],
)
def test_values_are_sorted_into_categories(signal: Signal, values: list[MaybeValue], names: list[str]) -> None:
    assert names_in(signal, column_of(values), len(values)) == {"": names}
    assert names_in(signal, None, 1) == {"": ["unknown"]}
    assert set(names) <= set(names_of(signal))


def test_numbers_are_sorted_as_codes_are() -> None:
    chance = np.random.default_rng(1)
    for signal in (a_signal("x", "score"), a_signal("x", "number"), a_signal("x", "duration")):
        values = np.concatenate((chance.random(50), [0.0, 1.0, np.nan], edges_of(signal)[:5]))
        as_codes = column_of([None if value != value else value for value in values.tolist()])  # noqa: PLR0124
        assert names_in(signal, Numbers(values), values.size) == names_in(signal, as_codes, values.size)


def test_flags_and_sets_are_read_from_their_bits() -> None:
    known = pack(np.array([True, True, False]))
    assert names_in(a_signal("x"), Flags(pack(np.array([True, False, True])), known), 3) == {
        "": ["yes", "no", "unknown"]
    }
    column = Sets({"inpainting": pack(np.array([True, False, True]))}, known)
    found = names_in(a_signal("x", "set"), column, 3)
    assert found[""] == ["given", "given", "unknown"]
    assert found["inpainting"] == ["with", "without", ""]
    assert found["face_swap"] == ["without", "without", ""]
    coded = column_of([frozenset({"inpainting"}), frozenset(), None])
    assert names_in(a_signal("x", "set"), coded, 3) == found
