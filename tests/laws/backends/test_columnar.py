"""The columnar back end is held to the reference meaning, for any packs, any rows and any signals missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from assay.engine.kernel.truth import UNKNOWN, YES, Truth, from_planes
from assay.engine.language.meaning import Case, pack_meaning
from assay.engine.language.pack.pack import Pack
from assay.engine.program.columnar.compile import compile_columnar
from assay.engine.program.columnar.evaluate import Planes
from assay.engine.program.columnar.planes import unpack
from assay.engine.program.imposed import Regime
from assay.engine.program.lower import lower_pack
from assay.engine.program.scalar import compile_scalar
from tests.laws.backends.blocks import Form, block_of, coded, raw, with_nan
from tests.makers import a_condition, cases, conditions, named, packs

FORMS: tuple[Form, ...] = (coded, raw, with_nan)


@st.composite
def rows_of(draw: st.DrawFn, pack: Pack) -> list[Case]:
    """Rows with repetitions among them, some of them more than a word holds."""
    few = draw(st.lists(cases(pack), min_size=1, max_size=12))
    return few * draw(st.sampled_from((1, 1, 6)))


@st.composite
def changed(draw: st.DrawFn, pack: Pack) -> Pack:
    """The pack after an edit: some rules with another condition, rollout or reach, some gone."""
    policies = []
    for policy in pack.policies:
        rules = []
        for rule in policy.rules:
            edits: dict[str, object] = draw(
                st.sampled_from(
                    (
                        {},
                        {"rollout": 0.7},
                        {"then": rule.until_known or rule.then},
                        {"markets": named("EU")},
                        {"when": a_condition(draw(conditions(pack.vocabulary, rule.subject)))},
                    )
                )
            )
            rules += [replace(rule, **edits)] if draw(st.integers(0, 4)) else []  # type: ignore[arg-type]
        policies.append(replace(policy, rules=tuple(rules)))
    return replace(pack, policies=tuple(policies))


def orders() -> st.SearchStrategy[Sequence[Form]]:
    return st.permutations(FORMS)


def truths(true: NDArray[np.uint64], possible: NDArray[np.uint64], rows: int) -> list[list[Truth]]:
    """By plane, then by row."""
    return [
        [from_planes(bool(sure), bool(maybe)) for sure, maybe in zip(unpack(one, rows), unpack(two, rows), strict=True)]
        for one, two in zip(true, possible, strict=True)
    ]


def has(planes: NDArray[np.uint64], measure: int, row: int) -> bool:
    return bool(int(planes[measure, row // 64]) >> row % 64 & 1)


@given(st.data())
def test_rules_and_measures_are_what_the_meaning_says(data: st.DataObject) -> None:
    pack = data.draw(packs())
    rows = data.draw(rows_of(pack))
    planes = compile_columnar([lower_pack(pack)]).evaluate(block_of(rows, pack.vocabulary, data.draw(orders())))
    by_market = {case.market: found(planes, 0, case.market) for case in rows}
    for row, case in enumerate(rows):
        meant = pack_meaning(pack, case)
        rules, measures, meanwhile = by_market[case.market]
        assert [truth[row] for truth in rules] == list(meant.rules.values())
        assert [truth[row] for truth in measures] == list(meant.measures.values())
        waiting = [has(meanwhile, place, row) for place in range(len(measures))]
        assert waiting == [truth is YES for truth in meant.open_measures.values()]


def found(planes: Planes, bundle: int, market: str) -> tuple[list[list[Truth]], list[list[Truth]], NDArray[np.uint64]]:
    measures = planes.measures(bundle, market)
    return (
        truths(*planes.rules(bundle, market), planes.rows),
        truths(measures.true, measures.possible, planes.rows),
        measures.meanwhile,
    )


@given(st.data())
def test_every_market_class_is_decided_as_the_scalar_back_end_does(data: st.DataObject) -> None:
    pack = data.draw(packs())
    program = lower_pack(pack)
    rows = data.draw(rows_of(pack))
    # Here no row tells a market apart from its class: what is market-scoped is left to the calendar.
    block = replace(block_of(rows, pack.vocabulary, data.draw(orders())), by_market={})
    planes, scalar = compile_columnar([program]).evaluate(block), compile_scalar(program)
    for market in program.classes:
        true, possible = planes.rules(0, market.name)
        standing, outcomes = planes.standing(0, market.name), planes.outcomes(0, market.name)
        for row, case in enumerate(rows):
            regime = Regime(program, case.as_of)
            values = [
                regime.calendar[signal.name][market.name]
                if signal.calendar
                else None
                if signal.by_market
                else case.signals.get(signal.name)
                for signal in pack.vocabulary.signals
            ]
            terms = scalar.evaluate(values, case.item)
            terms &= -1 if scalar.evaluate_market is None else scalar.evaluate_market(values, case.item)
            active = regime.active(market, case.subject)
            sure, maybe = (plane & active for plane in scalar.rule_planes(terms))
            assert [has(true, rule, row) for rule in range(len(pack.rules))] == bits(sure, len(pack.rules))
            assert [has(possible, rule, row) for rule in range(len(pack.rules))] == bits(maybe, len(pack.rules))
            meant, measures = regime.standing(sure, maybe), range(len(pack.measures.all))
            assert [has(standing.applied, place, row) for place in measures] == bits(meant.applied, len(measures))
            assert [has(standing.unsettled, place, row) for place in measures] == bits(meant.unsettled, len(measures))
            kind = outcomes.kinds[outcomes.codes[row]]
            assert (kind.applied, kind.is_open) == (meant.applied, bool(meant.unsettled))
        assert sum(outcomes.counts().values()) == len(rows)


def bits(number: int, width: int) -> list[bool]:
    return [bool(number >> place & 1) for place in range(width)]


@given(st.data())
def test_several_bundles_at_once_are_each_as_alone(data: st.DataObject) -> None:
    base = data.draw(packs())
    bundles = (base, data.draw(changed(base)), replace(base, windows=base.windows[1:]))
    rows = data.draw(rows_of(base))
    block = block_of(rows, base.vocabulary, data.draw(orders()))
    programs = [lower_pack(pack) for pack in bundles]
    together = compile_columnar(programs).evaluate(block)
    for place, program in enumerate(programs):
        alone = compile_columnar([program]).evaluate(block)
        assert together.markets(place) == alone.markets(0)
        for market in alone.markets(0):
            for one, two in zip(together.rules(place, market), alone.rules(0, market), strict=True):
                assert np.array_equal(one, two)
            mine, own = together.measures(place, market), alone.measures(0, market)
            assert np.array_equal(mine.true, own.true)
            assert np.array_equal(mine.possible, own.possible)
            assert np.array_equal(mine.meanwhile, own.meanwhile)
            assert together.outcomes(place, market).counts() == alone.outcomes(0, market).counts()


@given(st.data())
def test_without_ids_what_is_rolled_out_is_unknown(data: st.DataObject) -> None:
    pack = data.draw(packs())
    case = data.draw(cases(pack))
    block = replace(block_of([case], pack.vocabulary), ids=None)
    meant = pack_meaning(pack, replace(case, item=None))
    planes = compile_columnar([lower_pack(pack)]).evaluate(block)
    got = truths(*planes.rules(0, case.market), 1)
    assert [truth[0] for truth in got] == list(meant.rules.values())
    assert all(truth is not UNKNOWN for (truth,) in got) or UNKNOWN in meant.rules.values()
