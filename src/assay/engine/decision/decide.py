"""Items to decisions: one compiled pack, any number of items. It never reads a clock: the instant is always given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from assay.engine.analysis.exhaustion import always_one
from assay.engine.analysis.questions import WHOLE, Cost, Part, Questions, reviewer_cost
from assay.engine.analysis.residual import Residuals
from assay.engine.analysis.state import Scene, mattering_rules
from assay.engine.decision.item import EVERYWHERE, Item
from assay.engine.decision.resolve import Resolution, resolve
from assay.engine.decision.rows import Rows, group_of
from assay.engine.kernel.bits import places_of
from assay.engine.kernel.truth import Truth, from_planes
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.pack.classes import MarketClass
from assay.engine.language.pack.pack import Pack
from assay.engine.program.imposed import Regime, Standing
from assay.engine.program.lower import lower_pack
from assay.engine.program.scalar import compile_scalar


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """What some truth of rules comes to. One object stands for all items and markets of which the same is said.

    true, possible  planes of rules, as Kleene's tables have them
    always, never   measures that every answer makes true, and rules that none does, by exhaustion; `standing` has
                    them worked in
    questions       signals by index, the best to ask first
    """

    true: int
    possible: int
    standing: Standing
    always: int = 0
    never: int = 0
    questions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is decided in some market classes that are treated alike; `markets` names them in the pack's order."""

    markets: tuple[str, ...]
    verdict: Verdict

    @property
    def true(self) -> int:
        """The rules that are true, as a set of bits."""
        return self.verdict.true

    @property
    def possible(self) -> int:
        """The rules that are true or unknown by Kleene's tables, as a set of bits."""
        return self.verdict.possible

    @property
    def standing(self) -> Standing:
        """What the rules come to."""
        return self.verdict.standing

    @property
    def always(self) -> int:
        """The open measures that every answer makes true, as a set of bits."""
        return self.verdict.always

    @property
    def never(self) -> int:
        """The open rules that no answer makes true, as a set of bits."""
        return self.verdict.never

    @property
    def questions(self) -> tuple[int, ...]:
        """The signals whose answer may change what is done, by index, the best to ask first."""
        return self.verdict.questions

    @property
    def settled(self) -> bool:
        """Whether nothing unknown would change what is done."""
        return not self.verdict.standing.unsettled


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


# The rules that are true and that may be, and what tells the open ones apart.
_Seen: TypeAlias = tuple[int, int, int]


class Decider:
    """A pack made ready to decide. One is enough for a process: it holds caches, nothing that decisions depend on."""

    def __init__(self, pack: Pack, *, cost: Cost = reviewer_cost) -> None:
        self.pack = pack
        self.program = lower_pack(pack)
        self.scalar = compile_scalar(self.program)
        self.residuals = Residuals(self.scalar)
        self.questions = Questions(self.residuals, cost)
        self.vocabulary = pack.vocabulary
        self._measure_ids = tuple(measure.id for measure in pack.measures.all)
        self._rule_refs = tuple(rule.ref for rule in pack.rules)
        self._regimes: dict[int, Regime] = {}
        self._scenes: dict[tuple[int, str, tuple[str, ...] | None], tuple[Scene, ...]] = {}
        scoped = [(place, signal.name) for place, signal in enumerate(pack.vocabulary.signals) if signal.by_market]
        self._market_places = tuple(place for place, _ in scoped)
        self._market_names = tuple(name for _, name in scoped)
        self._row_memo: dict[tuple[object, ...], Rows] = {}
        self._always_memo: dict[tuple[int, ...], bool] = {}
        self._open_memo: dict[tuple[int, ...], tuple[int, int, int, tuple[int, ...]]] = {}
        self._verdict_memo: dict[int, dict[_Seen, Verdict]] = {}

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
        waiting_of = self.questions.waiting_of_rules
        rows = self._rows(item, as_of, markets, values)
        alike: dict[_Seen, int] = {}
        for group in rows.groups:
            both = terms & group.mask
            true, possible = self.scalar.rule_planes(both)
            usual = group.bits
            # Where none of the rules can hold that only some markets have, the market is decided like the others.
            if possible & group.special:
                for row in group.rows:
                    if possible & row.special:
                        usual ^= row.bit
                        here, maybe = true & row.active, possible & row.active
                        seen = (here, maybe, both & waiting_of(maybe ^ here) if here != maybe else 0)
                        alike[seen] = alike.get(seen, 0) | row.bit
            if usual:
                here, maybe = true & group.common, possible & group.common
                seen = (here, maybe, both & waiting_of(maybe ^ here) if here != maybe else 0)
                alike[seen] = alike.get(seen, 0) | usual
        verdicts, named = self._verdicts(as_of), rows.name
        outcomes = []
        # The outcomes come in the order of their first markets, as people read them.
        for seen, bits in sorted(alike.items(), key=_first_row) if len(alike) > 1 else alike.items():
            verdict = verdicts.get(seen)
            if verdict is None:
                verdict = verdicts[seen] = self._verdict(self.regime(as_of), *seen)
            outcomes.append(Outcome(named(bits), verdict))
        return Decision(self, item, as_of, resolution, tuple(outcomes))

    def _verdicts(self, as_of: int) -> dict[_Seen, Verdict]:
        found = self._verdict_memo.get(as_of)
        if found is None:
            if len(self._verdict_memo) > 64:
                self._verdict_memo.clear()
            found = self._verdict_memo[as_of] = {}
        elif len(found) > 50_000:
            found.clear()
        return found

    def _rows(self, item: Item, as_of: int, markets: tuple[str, ...] | None, values: Sequence[MaybeValue]) -> Rows:
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
    ) -> Rows:
        evaluate = self.scalar.evaluate_market
        groups: dict[int, list[tuple[int, int]]] = {}
        names: list[str] = []
        for scene in self.scenes(as_of, item.subject, markets):
            for name, code in _splits(item, scene.market):
                filled = self._filled(scene, item, code, values)
                mask = -1 if evaluate is None else evaluate(filled, item.id)
                groups.setdefault(mask, []).append((1 << len(names), scene.active))
                names.append(name)
        return Rows(tuple(group_of(mask, rows) for mask, rows in groups.items()), tuple(names), {})

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

    def _verdict(self, regime: Regime, true: int, possible: int, waiting: int) -> Verdict:
        """What rules come to: what answers decide anyhow, and the questions that are left."""
        standing = regime.standing(true, possible)
        if not standing.unsettled:
            return Verdict(true, possible, standing)
        rules = mattering_rules(regime, possible & ~true, standing.unsettled)
        part_of = self.questions.part_of
        parts = [part_of(rule, waiting) for rule in rules]
        key = (regime.as_of, standing.unsettled & ~standing.true, *[part.number for part in parts])
        found = self._open_memo.get(key)
        if found is None:
            if len(self._open_memo) > 50_000:
                self._open_memo.clear()
            never = sum([1 << rule for rule, part in zip(rules, parts, strict=True) if part.never])
            always = self._always(regime, standing, rules, parts, waiting)
            mattering = self.questions.mattering(regime, rules, parts)
            surely = sum([1 << rule for rule, part in zip(rules, parts, strict=True) if part.always])
            found = self._open_memo[key] = (always, never, surely, self.questions.order(mattering))
        always, never, surely, questions = found
        if always or never or surely:
            # Nobody waits any longer for a rule that every answer makes true, so its `until_known` ends as well.
            closed, left = true | surely, possible & ~never
            standing = regime.standing(closed, left, always)
            rules = mattering_rules(regime, left & ~closed, standing.unsettled)
            left_parts = [part_of(rule, waiting) for rule in rules]
            questions = self.questions.order(self.questions.mattering(regime, rules, left_parts))
        return Verdict(true, possible, standing, always, never, questions)

    def _always(self, regime: Regime, standing: Standing, rules: list[int], parts: list[Part], waiting: int) -> int:
        """The open measures that every answer makes true by one open rule or another."""
        if sum([part.share for part in parts]) < WHOLE:
            return 0
        imposed, full = standing.unsettled & ~standing.true, 0
        some = by_two = 0
        live = [(rule, regime.then[rule] & imposed, part) for rule, part in zip(rules, parts, strict=True)]
        for _, bits, part in live:
            full |= bits if part.share >= WHOLE else 0
            by_two |= some & bits
            some |= bits
        found = 0
        for place in places_of(by_two | full):
            by = [(rule, part) for rule, bits, part in live if bits >> place & 1]
            # Open rules that together hold for less than all answers impose nothing for certain.
            if sum([part.share for _, part in by]) < WHOLE:
                continue
            key = tuple([part.number for _, part in by])
            certain = self._always_memo.get(key)
            if certain is None:
                if len(self._always_memo) > 50_000:
                    self._always_memo.clear()
                missing = waiting >> self.scalar.layout.missing_at
                certain = always_one(self.residuals, [rule for rule, _ in by], waiting, missing)
                self._always_memo[key] = certain
            found |= 1 << place if certain else 0
        return found

    def measure_ids(self, bits: int) -> tuple[str, ...]:
        """The measures of a set of bits, in the pack's order."""
        return tuple([self._measure_ids[place] for place in places_of(bits)])

    def rule_refs(self, bits: int) -> tuple[str, ...]:
        """The rules of a set of bits, in the pack's order."""
        return tuple([self._rule_refs[place] for place in places_of(bits)])


def _first_row(alike: tuple[_Seen, int]) -> int:
    return alike[1] & -alike[1]


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
