"""Changed items to read: what is known of each, what both versions do, and why. They never stand for all the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from assay.engine.backtest.history.block import ELSEWHERE
from assay.engine.backtest.rehearsal import Case
from assay.engine.backtest.replay.treatment import Treatment
from assay.engine.backtest.sampling.record import Record
from assay.engine.backtest.sampling.sampler import Drawn, Move, Sampler
from assay.engine.backtest.sampling.wording import fact_of
from assay.engine.decision.decide import Decider, Outcome
from assay.engine.decision.item import EVERYWHERE
from assay.engine.decision.reasons import reason_of
from assay.engine.kernel.instants import day_of
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.pack.classes import REST
from assay.engine.language.pack.policy import SEVERITIES, Rule
from assay.engine.program.core import atoms_of

_MOST_REASONS = 5


def cases(sampler: Sampler, old: Decider, new: Decider, wanted: int = 24) -> tuple[Case, ...]:
    """As many cases as are wanted: one of each move after the other, and of the same move the first drawn first.

    Moves to another lane come before those that change other measures only, and moves of many items before rare ones.
    Neither version may treat a case as its row was counted where answers that nobody gave settle it: such a row
    counts as open in the tables, and a case says that it is settled.
    """
    moves = [(move, drawn) for move, drawn in sampler.drawn(Move) if isinstance(move, Move)]
    moves.sort(key=lambda found: (found[0].old == found[0].new, -found[1].exact, found[0]))
    kept = _in_turns(moves, wanted)
    shown: dict[Move, int] = {}
    for move, _, _ in kept:
        shown[move] = shown.get(move, 0) + 1
    return tuple(_case(move, record, drawn.weights / shown[move], old, new) for move, drawn, record in kept)


def _in_turns(moves: Sequence[tuple[Move, Drawn]], wanted: int) -> list[tuple[Move, Drawn, Record]]:
    """The first item of each move, then the second of each; an item that changes in several markets is shown once."""
    found: list[tuple[Move, Drawn, Record]] = []
    seen: set[str] = set()
    for turn in zip_longest(*[[(move, drawn, record) for record in drawn.records] for move, drawn in moves]):
        for entry in turn:
            if entry is not None and entry[2].id not in seen and len(found) < wanted:
                seen.add(entry[2].id)
                found.append(entry)
    return found


def _case(move: Move, record: Record, stands_for: float, old: Decider, new: Decider) -> Case:
    before, after = (_side(decider, record, move.market) for decider in (old, new))
    views = record.views.get(move.market, -1)
    return Case(
        id=record.id,
        day=day_of(record.as_of),
        market=move.market,
        stratum=record.stratum,
        stands_for=stands_for,
        views=None if views < 0 else views,
        old=before.treatment,
        new=after.treatment,
        facts=_facts(record, move.market, (before, after)),
        unknown=_questions((before, after)),
        because_old=before.because(after),
        because_new=after.because(before),
    )


@dataclass(frozen=True, slots=True)
class _Side:
    """One version's decision on a record in a market."""

    decider: Decider
    outcome: Outcome

    @property
    def treatment(self) -> Treatment:
        ids, standing = self.decider.measure_ids, self.outcome.standing
        return Treatment(ids(standing.applied), ids(standing.unsettled))

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that are true or may be, those that are true first, the most severe of each first."""
        maybe = self.outcome.possible & ~self.outcome.true & ~self.outcome.never
        found: list[Rule] = []
        for bits in (self.outcome.true, maybe if self.outcome.standing.unsettled else 0):
            rules = [self.decider.pack.rule_by_ref[ref] for ref in self.decider.rule_refs(bits)]
            found += sorted(rules, key=lambda rule: -SEVERITIES.index(rule.severity))
        return tuple(found)

    def reads(self) -> set[str]:
        """The signals that these rules turn on."""
        refs = {rule.ref for rule in self.rules}
        lowered = [found for found in self.decider.program.rules if found.rule.ref in refs]
        return {name for found in lowered for atom in atoms_of(found.condition) for name in atom.signals}

    @property
    def standing(self) -> dict[str, str]:
        """By rule, whether it holds or may hold."""
        true = set(self.decider.rule_refs(self.outcome.true))
        return {rule.ref: "holds" if rule.ref in true else "may hold" for rule in self.rules}

    def because(self, other: _Side) -> tuple[str, ...]:
        """Why, a sentence for each rule: those first that the other version sees in another way."""
        here, there = self.standing, other.standing
        rules = sorted(self.rules, key=lambda rule: here[rule.ref] == there.get(rule.ref))
        return tuple(
            f"{rule.title} ({rule.ref}) {here[rule.ref]}: {reason_of(rule.ref, self.decider.pack)}."
            for rule in rules[:_MOST_REASONS]
        )


def _side(decider: Decider, record: Record, market: str) -> _Side:
    name = REST if market == ELSEWHERE else market
    decision = decider.decide(record.item(decider.vocabulary), record.as_of, (name,))
    return _Side(decider, decision.outcome(name))


def _facts(record: Record, market: str, sides: tuple[_Side, _Side]) -> dict[str, str]:
    """What is known of the signals that the rules turn on, in the order of the newer vocabulary."""
    wanted = sides[0].reads() | sides[1].reads()
    found: dict[str, str] = {}
    for side in reversed(sides):
        for signal in side.decider.vocabulary.signals:
            value = _value(record, signal.name, market, side.decider)
            if signal.name in wanted and value is not None:
                found.setdefault(signal.name, fact_of(signal, value))
    return found


def _value(record: Record, name: str, market: str, decider: Decider) -> MaybeValue:
    signal = decider.vocabulary.by_name[name]
    if not signal.by_market:
        return record.signals.get(name)
    given = record.by_market.get(name, {})
    if market in given or EVERYWHERE in given:
        return given.get(market, given.get(EVERYWHERE))
    by_class = decider.regime(record.as_of).calendar.get(name)
    return None if by_class is None else by_class[_class_of(decider, market)]


def _class_of(decider: Decider, market: str) -> str:
    if market == ELSEWHERE:
        return REST
    return next(found.name for found in decider.program.classes if market in found.codes or market == found.name)


def _questions(sides: tuple[_Side, _Side]) -> tuple[str, ...]:
    """The questions still open under either version, the new one's first."""
    found = dict.fromkeys(_asked(sides[1]))
    return tuple(found | dict.fromkeys(_asked(sides[0])))


def _asked(side: _Side) -> Iterator[str]:
    if side.outcome.standing.unsettled:
        for place in side.outcome.questions:
            yield side.decider.vocabulary.signals[place].question
