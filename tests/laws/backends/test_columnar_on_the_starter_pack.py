"""The columnar back end decides the starter pack as decisions do, in every market class, also where rows split one."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest

from assay.engine.decision.decide import Decider
from assay.engine.decision.item import EVERYWHERE, Item
from assay.engine.kernel.instants import DAY
from assay.engine.kernel.values import MaybeValue, Value
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.vocabulary import Signal, SignalType
from assay.engine.program.columnar.compile import compile_columnar
from assay.engine.program.columnar.table.block import Block, ListedIds
from assay.engine.program.columnar.table.columns import Column, column_of
from assay.interfaces.packs import load_pack
from tests.house.source import ROOT
from tests.laws.backends.test_columnar import bits, has
from tests.makers import SOME_DAY

ROWS = 150


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(ROOT / "packs" / "starter")


def a_value(signal: Signal, chance: random.Random) -> Value:
    match signal.type:
        case SignalType.FLAG:
            return chance.random() < 0.5
        case SignalType.SET:
            return frozenset(name for name in signal.value_names if chance.random() < 0.3)
        case SignalType.CHOICE | SignalType.SCALE:
            return chance.choice(signal.value_names)
        case SignalType.TEXT:
            return chance.choice(("", "made with AI", "a caption"))
        case SignalType.TIME | SignalType.DURATION:
            return chance.randrange(0, 90) * DAY
        case _:
            low, high = signal.minimum or 0.0, signal.maximum if signal.maximum is not None else 1.0
            return chance.randrange(int(low), int(high) + 1) if signal.integer else low + (high - low) * chance.random()


def items(pack: Pack, chance: random.Random) -> list[Item]:
    found = []
    for row in range(ROWS):
        missing = chance.choice((0.1, 0.5, 0.9))
        values: list[MaybeValue] = []
        by_market: dict[str, Mapping[str, Value]] = {}
        for signal in pack.vocabulary.signals:
            if signal.by_market:
                codes = [code for code in (EVERYWHERE, "FR", "KR", "US") if chance.random() < 0.2]
                by_market[signal.name] = {code: a_value(signal, chance) for code in codes}
                values.append(None)
            else:
                values.append(None if chance.random() < missing else a_value(signal, chance))
        subject = chance.choice(("item",) * 4 + ("account", "campaign"))
        found.append(Item(f"item-{row}", tuple(values), by_market, (), subject))
    return found


def block_of(rows: list[Item], pack: Pack, as_of: int) -> Block:
    columns: dict[str, Column] = {}
    by_market: dict[str, dict[str, Column]] = {}
    for place, signal in enumerate(pack.vocabulary.signals):
        if signal.by_market:
            said = [item.by_market[signal.name] for item in rows]
            codes = sorted({code for one in said for code in one})
            by_market[signal.name] = {code: column_of([one.get(code) for one in said]) for code in codes}
        else:
            columns[signal.name] = column_of([item.values[place] for item in rows])
    subjects, ids = column_of([item.subject for item in rows]), ListedIds([item.id for item in rows])
    return Block(len(rows), columns, as_of, by_market, subjects, ids)


@pytest.mark.parametrize("seed", range(3))
def test_every_market_of_every_row_is_decided_alike(pack: Pack, seed: int) -> None:
    chance = random.Random(seed)
    decider, rows, as_of = Decider(pack), items(pack, chance), SOME_DAY + 40 * seed * DAY
    planes = compile_columnar([decider.program]).evaluate(block_of(rows, pack, as_of))
    rules, measures = len(pack.rules), len(pack.measures.all)
    decisions = [decider.decide(item, as_of) for item in rows]
    for market in planes.markets(0):
        true, possible = planes.rules(0, market)
        standing = planes.standing(0, market)
        for row, decision in enumerate(decisions):
            named = {name for outcome in decision.outcomes for name in outcome.markets}
            own = next(found.name for found in decider.program.classes if market in (found.name, *found.codes))
            outcome = decision.outcome(market if market in named else own)
            assert [has(true, rule, row) for rule in range(rules)] == bits(outcome.true, rules)
            assert [has(possible, rule, row) for rule in range(rules)] == bits(outcome.possible, rules)
            # Kleene's tables alone decide here; a decision also tries answers, and may then know more.
            kleene = decider.regime(as_of).standing(outcome.true, outcome.possible)
            assert [has(standing.applied, place, row) for place in range(measures)] == bits(kleene.applied, measures)
            unsettled = [has(standing.unsettled, place, row) for place in range(measures)]
            assert unsettled == bits(kleene.unsettled, measures)
