"""Items to decisions: one compiled pack, any number of items. It never reads a clock: the instant is always given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from assay.engine.analysis.questions import Cost, Questions, reviewer_cost
from assay.engine.analysis.residual import Residuals
from assay.engine.analysis.state import Scene
from assay.engine.decision.item import Item
from assay.engine.decision.resolve import Resolution, resolve
from assay.engine.decision.rows import Places, classes_of
from assay.engine.decision.verdicts import Verdict, Verdicts
from assay.engine.kernel.bits import places_of
from assay.engine.kernel.truth import Truth, from_planes
from assay.engine.language.pack.classes import MarketClass
from assay.engine.language.pack.pack import Pack
from assay.engine.program.imposed import ByRule, Imposed, Regime, Standing
from assay.engine.program.lower import lower_pack
from assay.engine.program.scalar import compile_scalar
from assay.engine.program.stretches import Stretches

__all__ = ["Decider", "Decision", "Outcome", "Verdict"]


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


# By the rules that are true and that may be: both planes of terms and, above them, what is missing, with rows as a set.
Alike: TypeAlias = dict[tuple[int, int], list[tuple[int, int]]]
# Stretches of time whose memory is kept; a replay of a season of uploads goes to and fro between its days.
_MOST_STRETCHES = 64


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
        self._stretches = Stretches(pack)
        self._places: dict[int, tuple[Places, Verdicts]] = {}
        self._imposed: dict[ByRule, Imposed] = {}
        self._verdicts: dict[Imposed, Verdicts] = {}
        self._latest: tuple[int, int, tuple[Places, Verdicts]] | None = None

    @cached_property
    def digest(self) -> str:
        """The content address of the pack, which every decision names."""
        return self.pack.digest

    def regime(self, as_of: int) -> Regime:
        """The program at an instant, and at every other of the same stretch of time."""
        return self._at(as_of)[0].regime

    def _at(self, as_of: int) -> tuple[Places, Verdicts]:
        """What is remembered for the stretch of time in which an instant lies."""
        latest = self._latest
        if latest is not None and latest[0] <= as_of < latest[1]:
            return latest[2]
        begin, end = self._stretches.around(as_of)
        known = self._places.get(begin)
        if known is None:
            if len(self._places) >= _MOST_STRETCHES:
                self._places.clear()
            regime = Regime(self.program, begin, self._imposed)
            verdicts = self._verdicts.get(regime.imposed)
            if verdicts is None:
                verdicts = self._verdicts[regime.imposed] = Verdicts(regime.imposed, self.questions)
            known = self._places[begin] = (Places(self.scalar, regime), verdicts)
        self._latest = (begin, end, known)
        return known

    def scenes(self, as_of: int, subject: str, markets: tuple[str, ...] | None) -> tuple[Scene, ...]:
        """A scene for each market class that holds one of the markets; for every class where none are named."""
        return self._at(as_of)[0].scenes(subject, markets)

    def classes_of(self, markets: Iterable[str]) -> tuple[MarketClass, ...]:
        """The classes that hold any of some markets, each a code, a group or a class's name."""
        return classes_of(self.program, markets)

    def decide(self, item: Item, as_of: int, markets: tuple[str, ...] | None = None) -> Decision:
        """Decide an item at an instant, in every market class or in those that hold the markets named."""
        resolution = resolve(item, self.vocabulary, as_of)
        values = resolution.values
        places, verdicts = self._at(as_of)
        terms = self.scalar.evaluate(values, item.id)
        rows = places.rows(item, markets, values)
        alike: Alike = {}
        for group in rows.groups:
            both = terms & group.mask
            true, possible = self.scalar.rule_planes(both)
            usual = group.bits
            # Where none of the rules can hold that only some markets have, the market is decided like the others.
            if possible & group.special:
                for row in group.rows:
                    if possible & row.special:
                        usual ^= row.bit
                        self._join(alike, true & row.active, possible & row.active, both, row.bit)
            if usual:
                self._join(alike, true & group.common, possible & group.common, both, usual)
        found = [(bits, true, possible, both) for (true, possible), same in alike.items() for both, bits in same]
        if len(found) > 1:
            # The outcomes come in the order of their first markets, as people read them.
            found.sort(key=_first_row)
        said = [Outcome(rows.name(bits), verdicts.of(true, possible, both)) for bits, true, possible, both in found]
        return Decision(self, item, as_of, resolution, tuple(said))

    def _join(self, alike: Alike, true: int, possible: int, terms: int, rows: int) -> None:
        """Put rows to those that are treated alike: the same rules are true and open, and open in the same way."""
        same = alike.get((true, possible))
        if same is None:
            alike[true, possible] = [(terms, rows)]
            return
        for place, (others, before) in enumerate(same):
            if others is terms or not (others ^ terms) & self.questions.waiting_of_rules(possible ^ true):
                same[place] = others, before | rows
                return
        same.append((terms, rows))

    def measure_ids(self, bits: int) -> tuple[str, ...]:
        """The measures of a set of bits, in the pack's order."""
        return tuple([self._measure_ids[place] for place in places_of(bits)])

    def rule_refs(self, bits: int) -> tuple[str, ...]:
        """The rules of a set of bits, in the pack's order."""
        return tuple([self._rule_refs[place] for place in places_of(bits)])


def _first_row(found: tuple[int, int, int, int]) -> int:
    return found[0] & -found[0]
