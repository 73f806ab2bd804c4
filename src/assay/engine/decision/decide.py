"""Items to decisions: one compiled pack, any number of items. It never reads a clock: the instant is always given."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

from assay.engine.analysis.exhaustion import always_one
from assay.engine.analysis.questions import Cost, Part, Questions, reviewer_cost
from assay.engine.analysis.residual import Residuals, missing_of
from assay.engine.analysis.state import Scene, State
from assay.engine.decision.item import EVERYWHERE, Item
from assay.engine.decision.resolve import Resolution, resolve
from assay.engine.kernel.truth import Truth, from_planes
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.pack.classes import MarketClass
from assay.engine.language.pack.pack import Pack
from assay.engine.program.imposed import Regime, Standing
from assay.engine.program.lower import lower_pack
from assay.engine.program.scalar import compile_scalar


class Outcome(NamedTuple):
    """What is decided in some market classes that are treated alike.

    markets         names of the classes, in the pack's order
    true, possible  planes of rules, as Kleene's tables have them
    always, never   measures that every answer makes true, and rules that none does, by exhaustion; `standing` has
                    them worked in
    questions       signals by index, the best to ask first
    """

    markets: tuple[str, ...]
    true: int
    possible: int
    standing: Standing
    always: int
    never: int
    questions: tuple[int, ...]

    @property
    def settled(self) -> bool:
        """Whether nothing unknown would change what is done."""
        return not self.standing.unsettled


@dataclass(frozen=True, slots=True)
class Decision:
    """What a pack says of an item at an instant, market class by market class."""

    decider: Decider
    item: Item
    as_of: int
    resolution: Resolution
    outcomes: tuple[Outcome, ...]

    def outcome(self, market: str) -> Outcome:
        """The outcome of a market class by its name, or of a single market by its code."""
        for outcome in self.outcomes:
            if market in outcome.markets:
                return outcome
        for found in self.decider.program.classes:
            if market in found.codes:
                return self.outcome(found.name)
        raise KeyError(market)

    def truth(self, measure: str, market: str) -> Truth:
        """The truth of a measure in a market."""
        bit = 1 << self.decider.pack.measures.index[measure]
        standing = self.outcome(market).standing
        return from_planes(standing.true & bit, standing.possible & bit)

    def measures(self, market: str) -> dict[str, Truth]:
        """The truth of every measure in a market."""
        return {measure.id: self.truth(measure.id, market) for measure in self.decider.pack.measures.all}

    def applied(self, market: str) -> tuple[str, ...]:
        """What is done now in a market."""
        return self.decider.measure_ids(self.outcome(market).standing.applied)


@dataclass(frozen=True, slots=True)
class _Row:
    """One market class, or one market of it that an item tells apart, with the rules that hold there."""

    number: int
    scene: Scene
    name: str
    active: int


_Open: TypeAlias = tuple[Standing, int, int, tuple[int, ...]]

# Rows for which market-scoped signals leave the same planes and are missing alike, with the rules that tell them apart.
_Group: TypeAlias = tuple[int, int, int, list[_Row]]


class Decider:
    """A pack made ready to decide. One is enough for a process: it holds caches, nothing that decisions depend on."""

    def __init__(self, pack: Pack, *, cost: Cost = reviewer_cost) -> None:
        self.pack = pack
        self.program = lower_pack(pack)
        self.scalar = compile_scalar(self.program)
        self.residuals = Residuals(self.scalar)
        self.questions = Questions(self.residuals, cost)
        self.vocabulary = pack.vocabulary
        self._regimes: dict[int, Regime] = {}
        self._scenes: dict[tuple[int, str, tuple[str, ...] | None], tuple[Scene, ...]] = {}
        scoped = [(place, signal.name) for place, signal in enumerate(pack.vocabulary.signals) if signal.by_market]
        self._market_places = tuple(place for place, _ in scoped)
        self._market_names = tuple(name for _, name in scoped)
        self._row_memo: dict[tuple[object, ...], tuple[_Group, ...]] = {}
        self._market_bits = sum(1 << place for place, _ in scoped)
        self._always_memo: dict[tuple[int, ...], bool] = {}
        self._open_memo: dict[tuple[int, int, int, tuple[int, ...]], _Open] = {}

    @cached_property
    def digest(self) -> str:
        """The content address of the pack, which every decision names."""
        return self.pack.digest

    def regime(self, as_of: int) -> Regime:
        """The program at an instant."""
        found = self._regimes.get(as_of)
        if found is None:
            if len(self._regimes) > 64:
                self._regimes.clear()
                self._scenes.clear()
                self._row_memo.clear()
            found = self._regimes[as_of] = Regime(self.program, as_of)
        return found

    def scenes(self, as_of: int, subject: str, markets: tuple[str, ...] | None) -> tuple[Scene, ...]:
        """A scene for each market class that holds one of the markets; for every class where none are named."""
        key = (as_of, subject, markets)
        found = self._scenes.get(key)
        if found is None:
            regime = self.regime(as_of)
            classes = self.program.classes if markets is None else self.classes_of(markets)
            found = self._scenes[key] = tuple(Scene.of(self.scalar, regime, market, subject) for market in classes)
        return found

    def classes_of(self, markets: Iterable[str]) -> tuple[MarketClass, ...]:
        """The classes that hold any of some markets, each a code, a group or a class's name."""
        codes: set[str] = set()
        for name in markets:
            named = next((found.codes for found in self.program.classes if found.name == name), None)
            codes |= named if named is not None else self.pack.markets.reach(name)
        return tuple(found for found in self.program.classes if found.codes & codes)

    def decide(self, item: Item, as_of: int, markets: tuple[str, ...] | None = None) -> Decision:
        """Decide an item at an instant, in every market class or in those that hold the markets named."""
        resolution = resolve(item, self.vocabulary, as_of)
        values = resolution.values
        terms = self.scalar.evaluate(values, item.id)
        groups = self._rows(item, as_of, markets, values)
        alike: dict[tuple[int, int, int, int], list[_Row]] = {}
        for mask, missing, varying, rows in groups:
            both = terms & mask
            true, possible = self.scalar.rule_planes(both)
            # Where no rule that only some of these markets have can hold, they are all decided alike.
            for row in rows if possible & varying else rows[:1]:
                here, maybe = true & row.active, possible & row.active
                key = (here, maybe, both, missing) if here != maybe else (here, maybe, 0, 0)
                found = alike.get(key)
                if found is None:
                    alike[key] = [row] if possible & varying else [*rows]
                elif possible & varying:
                    found.append(row)
                else:
                    found += rows
        outcomes = []
        unknown = missing_of(values)
        for (here, maybe, both, missing), rows_alike in alike.items():
            row = rows_alike[0]
            names = _names(rows_alike)
            standing = row.scene.regime.standing(here, maybe)
            if standing.unsettled:
                state = State(both, here, maybe, standing)
                outcomes.append(self._open(row.scene, state, unknown & ~self._market_bits | missing, names))
            else:
                outcomes.append(Outcome(names, here, maybe, standing, 0, 0, ()))
        return Decision(self, item, as_of, resolution, tuple(outcomes))

    def _rows(
        self, item: Item, as_of: int, markets: tuple[str, ...] | None, values: Sequence[MaybeValue]
    ) -> tuple[_Group, ...]:
        """The market classes to decide, and apart from them single markets of which the item says something else."""
        if self.scalar.mixes_markets:
            return self._work_out_rows(item, as_of, markets, values)
        by_market = item.by_market
        given = tuple([(name, *sorted(said.items())) for name, said in by_market.items()]) if by_market else ()
        key = (as_of, item.subject, markets, given)
        found = self._row_memo.get(key)
        if found is None:
            if len(self._row_memo) > 10_000:
                self._row_memo.clear()
            found = self._row_memo[key] = self._work_out_rows(item, as_of, markets, values)
        return found

    def _work_out_rows(
        self, item: Item, as_of: int, markets: tuple[str, ...] | None, values: Sequence[MaybeValue]
    ) -> tuple[_Group, ...]:
        groups: dict[tuple[int, int], list[_Row]] = {}
        number = 0
        for scene in self.scenes(as_of, item.subject, markets):
            for name, code in _splits(item, scene.market):
                mask, missing = self._read_market(self._filled(scene, item, code, values), item.id)
                groups.setdefault((mask, missing), []).append(_Row(number, scene, name, scene.active))
                number += 1
        return tuple((mask, missing, _varying(rows), rows) for (mask, missing), rows in groups.items())

    def _read_market(self, filled: Sequence[MaybeValue], item: str) -> tuple[int, int]:
        evaluate = self.scalar.evaluate_market
        missing = sum(1 << place for place in self._market_places if filled[place] is None)
        return (-1 if evaluate is None else evaluate(filled, item)), missing

    def _filled(self, scene: Scene, item: Item, code: str | None, values: Sequence[MaybeValue]) -> Sequence[MaybeValue]:
        """The values as they are in one market class, or in one market of it that the item tells apart."""
        if not self._market_places:
            return values
        filled = list(values)
        calendar = scene.regime.calendar
        for place, name in zip(self._market_places, self._market_names, strict=True):
            given = _given(item, name, code)
            filled[place] = calendar[name][scene.market.name] if given is None and name in calendar else given
        return filled

    def _open(self, scene: Scene, state: State, missing: int, names: tuple[str, ...]) -> Outcome:
        """An outcome that is open by Kleene's tables: what answers decide anyhow, and the questions that are left."""
        rules = scene.mattering_rules(state, state.standing.unsettled)
        part, terms = self.questions.part, state.terms
        parts = [part(rule, terms, missing) for rule in rules]
        key = (scene.regime.as_of, state.true, state.possible, tuple([part.number for part in parts]))
        found = self._open_memo.get(key)
        if found is None:
            if len(self._open_memo) > 100_000:
                self._open_memo.clear()
            found = self._open_memo[key] = self._work_out(scene, state, rules, parts, missing)
        return Outcome(names, state.true, state.possible, *found)

    def _work_out(self, scene: Scene, state: State, rules: list[int], parts: list[Part], missing: int) -> _Open:
        never = 0
        for rule, part in zip(rules, parts, strict=True):
            never |= part.never << rule
        always = self._always(scene, state, rules, parts, missing)
        standing = state.standing
        if always or never:
            left = State(state.terms, state.true, state.possible & ~never, standing)
            standing = scene.regime.standing(left.true, left.possible, always)
            rules = scene.mattering_rules(left, standing.unsettled)
            parts = [self.questions.part(rule, state.terms, missing) for rule in rules]
        return standing, always, never, self.questions.order(parts)

    def _always(self, scene: Scene, state: State, rules: list[int], parts: list[Part], missing: int) -> int:
        """The open measures that every answer makes true by one open rule or another."""
        imposing: dict[int, list[tuple[int, Part]]] = {}
        for rule, part in zip(rules, parts, strict=True):
            bits = scene.regime.then[rule] & state.standing.unsettled & ~state.standing.true
            while bits and not part.never:
                lowest = bits & -bits
                bits ^= lowest
                imposing.setdefault(lowest, []).append((rule, part))
        found = 0
        for measure, by in imposing.items():
            # Open rules that together hold for less than all answers impose nothing for certain.
            if sum([part.share for _, part in by]) < 1.0 - 1e-9:
                continue
            key = tuple([part.number for _, part in by])
            certain = self._always_memo.get(key)
            if certain is None:
                if len(self._always_memo) > 50_000:
                    self._always_memo.clear()
                some = [rule for rule, _ in by]
                certain = self._always_memo[key] = always_one(self.residuals, some, state.terms, missing)
            found |= measure if certain else 0
        return found

    def measure_ids(self, bits: int) -> tuple[str, ...]:
        """The measures of a set of bits, in the pack's order."""
        return tuple(measure.id for place, measure in enumerate(self.pack.measures.all) if bits >> place & 1)

    def rule_refs(self, bits: int) -> tuple[str, ...]:
        """The rules of a set of bits, in the pack's order."""
        return tuple(lowered.rule.ref for place, lowered in enumerate(self.program.rules) if bits >> place & 1)


def _splits(item: Item, market: MarketClass) -> list[tuple[str, str | None]]:
    """The single markets of a class that an item tells apart, by name and code, and what is left of the class."""
    if not item.by_market:
        return [(market.name, None)]
    named = sorted({code for given in item.by_market.values() for code in given} & market.codes)
    if not named:
        return [(market.name, None)]
    rest: list[tuple[str, str | None]] = [(market.name, None)] if len(named) < len(market.codes) else []
    return [(code, code) for code in named] + rest


def _given(item: Item, name: str, code: str | None) -> MaybeValue:
    """What an item says of a market-scoped signal in a market: for its code, or else for every market."""
    given = item.by_market.get(name)
    if not given:
        return None
    return given[code] if code is not None and code in given else given.get(EVERYWHERE)


def _varying(rows: list[_Row]) -> int:
    """The rules that hold in some of these rows and not in others."""
    anywhere = everywhere = rows[0].active
    for row in rows:
        anywhere |= row.active
        everywhere &= row.active
    return anywhere & ~everywhere


def _names(rows: list[_Row]) -> tuple[str, ...]:
    if len(rows) == 1:
        return (rows[0].name,)
    return tuple([row.name for row in sorted(rows, key=_NUMBER)])


_NUMBER = operator.attrgetter("number")
