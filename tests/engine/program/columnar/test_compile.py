"""Several packs become one program; columns that do not fit are named; outcomes are counted and compared."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assay.engine.kernel.instants import DAY
from assay.engine.language.pack.policy import Period
from assay.engine.program.columnar.compile import WrongColumn, compile_columnar
from assay.engine.program.columnar.outcomes import Outcome
from assay.engine.program.columnar.planes import count, everything, unpack
from assay.engine.program.columnar.table.block import LARGEST_BLOCK, Block
from assay.engine.program.columnar.table.columns import Coded, Column, Dictionary, Flags, Numbers, Sets, column_of
from assay.engine.program.lower import lower_pack
from tests.makers import SOME_DAY, a_pack, a_rule, a_signal, a_vocabulary

VOCABULARY = a_vocabulary(
    a_signal("disclosed"), a_signal("score", "score"), a_signal("technique", "set"), a_signal("caption", "text")
)


def test_what_packs_have_in_common_is_worked_out_once() -> None:
    rules = [a_rule(f"p/r{n}", f"disclosed && score > 0.{n} || score <= 0.{n}") for n in range(1, 6)]
    base = lower_pack(a_pack(*rules, vocabulary=VOCABULARY))
    other = lower_pack(a_pack(*rules[:-1], a_rule("p/r5", "disclosed"), vocabulary=VOCABULARY))
    alone, together = compile_columnar([base]), compile_columnar([base, other])
    assert together.parts.graph.steps == alone.parts.graph.steps
    assert len(together.parts.firings) == len(alone.parts.firings) + 1
    # `score > 0.1` and `score <= 0.1` need one comparison.
    assert sum("Ordered" in repr(step) for step in alone.parts.graph.steps) == 5


def test_rows_as_of_different_days_are_each_decided_as_of_their_own() -> None:
    graced = replace(
        a_rule("p/r", "disclosed", then=("removed", "strike:minor"), grace_until=SOME_DAY + 10 * DAY),
        period=Period(SOME_DAY, SOME_DAY + 20 * DAY),
    )
    days = np.arange(-5, 25)
    block = Block(30, {"disclosed": Flags(everything(30))}, SOME_DAY + days * DAY)
    measures = compile_columnar([lower_pack(a_pack(graced))]).evaluate(block).measures(0, "rest")
    index = a_pack(graced).measures.index
    assert unpack(measures.true[index["removed"]], 30).tolist() == [0 <= day < 20 for day in days]
    assert unpack(measures.true[index["strike:minor"]], 30).tolist() == [10 <= day < 20 for day in days]


def test_outcomes_are_counted_and_moves_between_two_packs_as_well() -> None:
    base = a_pack(a_rule("p/r", "disclosed", then=("blocked", "label:ai"), until_known=("not_recommended",)))
    candidate = a_pack(a_rule("p/r", "!disclosed", then=("removed",)))
    values = [True] * 5 + [False] * 3 + [None] * 2
    block = Block(10, {"disclosed": column_of(values)}, SOME_DAY)
    planes = compile_columnar([lower_pack(base), lower_pack(candidate)]).evaluate(block)
    bits = {name: 1 << place for name, place in base.measures.index.items()}
    done, nothing = Outcome(bits["blocked"] | bits["label:ai"], is_open=False), Outcome(0, is_open=False)
    waiting, removed = Outcome(bits["not_recommended"], is_open=True), Outcome(bits["removed"], is_open=False)
    before, after = planes.outcomes(0, "rest"), planes.outcomes(1, "rest")
    assert before.counts() == {done: 5, nothing: 3, waiting: 2}
    assert before.moves(after) == {(done, nothing): 5, (nothing, removed): 3, (waiting, Outcome(0, is_open=True)): 2}


def test_a_pack_without_rules_imposes_nothing() -> None:
    planes = compile_columnar([lower_pack(a_pack())]).evaluate(Block(3, {}, SOME_DAY))
    assert planes.rules(0, "rest")[0].shape == (0, 1)
    assert planes.outcomes(0, "rest").counts() == {Outcome(0, is_open=False): 3}


def test_a_block_of_no_rows_is_decided() -> None:
    pack = a_pack(a_rule("p/r", "disclosed"))
    planes = compile_columnar([lower_pack(pack)]).evaluate(Block(0, {}, np.zeros(0, np.int64)))
    assert planes.measures(0, "FR").true.shape == (len(pack.measures.all), 0)
    assert planes.outcomes(0, "FR").counts() == {}


def test_a_signal_without_a_column_is_unknown() -> None:
    planes = compile_columnar([lower_pack(a_pack(a_rule("p/r", "disclosed")))]).evaluate(Block(70, {}, SOME_DAY))
    true, possible = planes.rules(0, "FR")
    assert (count(true[0]), count(possible[0])) == (0, 70)


@pytest.mark.parametrize(
    ("name", "column", "words"),
    [
        ("disclosed", Numbers(np.zeros(2)), "`disclosed`: numbers stand in a column of a flag"),
        ("score", Flags(everything(2)), "`score`: flags stand in a column of a score"),
        ("caption", Sets({}), "`caption`: sets stand in a column of a text"),
        ("score", Numbers(np.zeros(3)), "`score`: its numbers are not one 64-bit number a row"),
        ("score", Numbers(np.zeros(2, np.float32)), "`score`: its numbers are not one 64-bit number a row"),  # type: ignore[arg-type]
        ("caption", Coded(np.zeros(2, np.uint8), Dictionary(())), "`caption`: its dictionary is empty"),
        ("disclosed", Flags(everything(200)), "`disclosed`: its planes are not one bit a row in 64-bit words"),
    ],
)
def test_a_column_that_does_not_fit_is_named(name: str, column: Column, words: str) -> None:
    rule = a_rule("p/r", 'disclosed && score > 0.5 && "face_swap" in technique && caption.contains("AI")')
    columnar = compile_columnar([lower_pack(a_pack(rule, vocabulary=VOCABULARY))])
    with pytest.raises(WrongColumn) as caught:
        columnar.evaluate(Block(2, {name: column}, SOME_DAY))
    assert str(caught.value) == words


@pytest.mark.parametrize(
    ("rows", "as_of"), [(LARGEST_BLOCK + 1, 0), (2, np.zeros(3, np.int64)), (2, np.zeros(2, np.float64))]
)
def test_a_block_that_is_none_is_refused(rows: int, as_of: object) -> None:
    with pytest.raises(ValueError, match=r"a block has at most|`as_of` is not"):
        Block(rows, {}, as_of)  # type: ignore[arg-type]


def test_a_market_that_nobody_knows_is_an_error() -> None:
    planes = compile_columnar([lower_pack(a_pack(a_rule()))]).evaluate(Block(1, {}, SOME_DAY))
    with pytest.raises(KeyError):
        planes.rules(0, "XX")
