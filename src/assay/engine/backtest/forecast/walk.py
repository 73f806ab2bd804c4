"""A reviewer's way through one item's questions, with made-up answers that are always the same. It asks nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import accumulate

from assay.engine.backtest.forecast.assumptions import Assumptions
from assay.engine.backtest.history.block import ELSEWHERE
from assay.engine.backtest.sampling.record import Record
from assay.engine.decision.decide import Decider, Decision
from assay.engine.decision.item import EVERYWHERE, Item
from assay.engine.kernel.digest import share_of
from assay.engine.kernel.values import MaybeValue, Value
from assay.engine.language.pack.classes import REST
from assay.engine.language.pack.policy import SEVERITIES
from assay.engine.language.pack.vocabulary import Signal, SignalType
from assay.engine.program.domains import membership_chance

SEVERE = SEVERITIES.index("S3")


@dataclass(frozen=True, slots=True)
class Walk:
    """What one item costs a reviewer.

    seconds   of all questions; `weighted` each times the exposure of its question
    severe    whether a rule of severity S3 or more holds in the end, or still may
    capped    whether questions were left when the reviewer handed it on
    """

    questions: int = 0
    seconds: float = 0.0
    weighted: float = 0.0
    severe: bool = False
    capped: bool = False


NO_WALK = Walk()


class Walker:
    """Walks through the questions of one version."""

    def __init__(self, decider: Decider, assumptions: Assumptions) -> None:
        self.decider, self.assumptions = decider, assumptions
        self.signals = decider.vocabulary.signals
        refs = [found.rule for found in decider.program.rules]
        self._severe = sum(1 << place for place, rule in enumerate(refs) if SEVERITIES.index(rule.severity) >= SEVERE)

    @property
    def longest(self) -> Walk:
        """More than any item can cost: the dearest questions that one reviewer may ask of it, all severe."""
        costs = [(self._seconds(signal), signal.exposure) for signal in self.signals]
        most = self.assumptions.most_questions
        return Walk(
            min(most, len(costs)),
            sum(sorted((seconds for seconds, _ in costs), reverse=True)[:most]),
            sum(sorted((seconds * exposure for seconds, exposure in costs), reverse=True)[:most]),
            severe=True,
        )

    def _seconds(self, signal: Signal) -> float:
        return self.assumptions.seconds.get(signal.name, signal.seconds)

    def walk(self, record: Record) -> Walk:
        """Ask until everything that the item reached is settled, or nothing is left that anybody can tell."""
        decider = self.decider
        markets = tuple([REST if market == ELSEWHERE else market for market in record.views])
        item, found, asked = record.item(decider.vocabulary), NO_WALK, set[int]()
        while True:
            decision = decider.decide(item, record.as_of, markets)
            place = _next(decision, asked)
            if place is None:
                return replace(found, severe=self._is_severe(decision))
            if found.questions >= self.assumptions.most_questions:
                return replace(found, severe=self._is_severe(decision), capped=True)
            asked.add(place)
            signal = self.signals[place]
            seconds = self._seconds(signal)
            found = Walk(found.questions + 1, found.seconds + seconds, found.weighted + seconds * signal.exposure)
            item = _answered(item, place, signal, self.answer(record.id, place))

    def _is_severe(self, decision: Decision) -> bool:
        return any(outcome.possible & ~outcome.never & self._severe for outcome in decision.outcomes)

    def answer(self, item: str, place: int) -> MaybeValue:
        """The answer to a question on an item, by the priors; of what has none, such as a text, nobody can tell."""
        signal = self.signals[place]
        if signal.type is SignalType.SET:
            return frozenset(
                name
                for name in signal.value_names
                if share_of(item, f"{signal.name} {name}") < membership_chance(signal, name)
            )
        domain = self.decider.residuals.domain(place)
        if domain is None:
            return None
        share = share_of(item, signal.name)
        return next(
            (value for value, upto in zip(domain.values, accumulate(domain.weights), strict=True) if share < upto),
            domain.values[-1],
        )


def _next(decision: Decision, asked: set[int]) -> int | None:
    """The best question that was not asked yet, in the first market that is open."""
    for outcome in decision.outcomes:
        if not outcome.settled:
            for place in outcome.questions:
                if place not in asked:
                    return place
    return None


def _answered(item: Item, place: int, signal: Signal, answer: MaybeValue) -> Item:
    if answer is None:
        return item
    if not signal.by_market:
        return replace(item, values=(*item.values[:place], answer, *item.values[place + 1 :]))
    said: Mapping[str, Value] = {EVERYWHERE: answer, **item.by_market.get(signal.name, {})}
    return replace(item, by_market={**item.by_market, signal.name: said})
