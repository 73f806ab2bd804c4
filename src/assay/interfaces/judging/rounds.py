"""Asks what is unknown and matters, item by item, the question that settles most first. It goes over no budget.

Items are taken some at a time. In each round every one of them that is still open asks its next question, all at once;
which they are, and what the budget leaves, is settled before the first is sent, so that no answer's speed changes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import TypeAlias

from assay.detection.language_model.asking import Asker, Verdict
from assay.detection.language_model.prompt import Prompt
from assay.engine.decision.decide import Decider, Decision
from assay.engine.kernel.errors import Fault
from assay.interfaces.judging.lines import Line, Reading
from assay.interfaces.judging.prompts import Believing
from assay.interfaces.records.reading import Reject

AT_ONCE = 32
# Questions without any answer, one after the other, after which nobody is asked any more.
MOST_FAILURES = 8


@dataclass(frozen=True, slots=True)
class Said:
    """One question that was asked about an item, and what became of the answer; `fault` where it asserts nothing."""

    verdict: Verdict
    confidence: float | None
    fault: Fault | None


class Asked:
    """One item, with what was asserted and said of it; `unasked` says by signal why a question was not put."""

    def __init__(self, line: Line) -> None:
        self.line, self.item = line, line.item
        self.said: list[Said] = []
        self.unasked: dict[str, Fault] = {}


Outcome: TypeAlias = Asked | Reject


class Budget:
    """What may still be asked.

    requests  in all; None is no limit
    an_item   questions about one item
    stopped   why nobody is asked any more, where the endpoint gave reason for that
    spent     whether a question was not put since no request was left for it
    """

    def __init__(self, requests: int | None = None, an_item: int = 4) -> None:
        self.requests, self.an_item = requests, an_item
        self.stopped: Fault | None = None
        self.spent = False
        self._failures = 0

    def take(self, requests: int) -> Fault | None:
        """Book some requests, or say why not. What was kept from an earlier run costs none."""
        if self.stopped is not None or self.requests is None:
            return self.stopped
        if self.requests < requests:
            self.spent = True
            return Fault("budget-spent", "the requests that `--requests` allows are used up")
        self.requests -= requests
        return None

    def heard(self, verdict: Verdict) -> None:
        """Take note of an answer, or of none."""
        self._failures = self._failures + 1 if verdict.failed else 0
        if verdict.fault is not None and (verdict.for_all or self._failures >= MOST_FAILURES):
            self.stopped = self.stopped or verdict.fault


class Rounds:
    """Asks one judge about items of one pack."""

    def __init__(
        self, asker: Asker, believing: Believing, decider: Decider, as_of: int, markets: tuple[str, ...] | None
    ) -> None:
        self._asker, self._believing, self._decider = asker, believing, decider
        self._as_of, self._markets = as_of, markets
        # The same for every item, and looked up for each of their questions.
        self._worthless = cache(believing.worthless)

    def run(self, lines: Iterable[Reading], budget: Budget) -> Iterator[Outcome]:
        """Every line with what was asserted of it, or as the reject it is, in order."""
        several = iter(lines)
        with ThreadPoolExecutor(self._asker.judge.at_once, thread_name_prefix="assay-judge") as pool:
            while taken := list(islice(several, AT_ONCE)):
                outcomes: list[Outcome] = [Asked(one) if isinstance(one, Line) else one for one in taken]
                waiting = [each for each in outcomes if isinstance(each, Asked)]
                while waiting:
                    waiting = self._round(waiting, budget, pool)
                yield from outcomes

    def _round(self, waiting: list[Asked], budget: Budget, pool: ThreadPoolExecutor) -> list[Asked]:
        """Put one question about each; returns those to be looked at again."""
        asking: list[tuple[Asked, Prompt]] = []
        for each in waiting:
            prompt = self._next(each, budget)
            if prompt is not None:
                asking.append((each, prompt))
        verdicts = pool.map(self._ask, asking)
        for (each, _), verdict in zip(asking, verdicts, strict=True):
            budget.heard(verdict)
            self._take(each, verdict)
        return [each for each, _ in asking]

    def _ask(self, asking: tuple[Asked, Prompt]) -> Verdict:
        asked, prompt = asking
        if asked.line.content is None:
            raise TypeError("an item without content is asked nothing")
        return self._asker.ask(prompt, asked.line.content)

    def _take(self, asked: Asked, verdict: Verdict) -> None:
        language = asked.line.content.language if asked.line.content is not None else ""
        found = self._believing.assertion(verdict, language, self._as_of)
        if isinstance(found, Fault):
            asked.said.append(Said(verdict, None, found))
        else:
            asked.said.append(Said(verdict, found.confidence, None))
            asked.item = replace(asked.item, assertions=(*asked.item.assertions, found))

    def _next(self, asked: Asked, budget: Budget) -> Prompt | None:
        """The next question about an item, booked; None where there is none, and why is noted."""
        if asked.item.subject != "item":
            return None
        decision = self._decider.decide(asked.item, self._as_of, self._markets)
        before = {each.verdict.signal for each in asked.said}
        for name in questions_of(decision):
            if name not in self._believing.prompts or name in before or name in decision.resolution.conflicts:
                continue
            fault = self._kept_from(asked, name, budget)
            if fault is None:
                return self._believing.prompts[name]
            asked.unasked[name] = fault
        return None

    def _kept_from(self, asked: Asked, name: str, budget: Budget) -> Fault | None:
        content = asked.line.content
        if content is None:
            return asked.line.unshown or Fault("no-content", "the item carries no `content`")
        fault = self._worthless(name, content.language)
        if fault is not None:
            return fault
        if len(asked.said) >= budget.an_item:
            return Fault("enough-asked", f"an item is asked about {budget.an_item} times at most")
        return budget.take(self._asker.cost(self._believing.prompts[name], content))


def questions_of(decision: Decision) -> list[str]:
    """The signals that are unknown and matter, the one to ask first first, over all that is decided.

    Where markets differ, a question goes by its best place in any of them, then by how many wait for it.
    """
    places: dict[int, list[int]] = {}
    for outcome in decision.outcomes:
        if not outcome.settled:
            for place, signal in enumerate(outcome.questions):
                places.setdefault(signal, []).append(place)
    signals = decision.decider.vocabulary.signals
    order = sorted(places, key=lambda signal: (min(places[signal]), -len(places[signal]), signals[signal].name))
    return [signals[signal].name for signal in order]


class Sums:
    """What a run came to; `steps` are the words of the first fault of each kind."""

    def __init__(self) -> None:
        self.items = self.touched = self.asked = self.asserted = self.requests = self.tokens = 0
        self.without: Counter[str] = Counter()
        self.unasked: Counter[str] = Counter()
        self.steps: dict[str, str] = {}

    def add(self, asked: Asked) -> None:
        """Count one item."""
        self.items += 1
        self.touched += bool(asked.said)
        for said in asked.said:
            self.asked += 1
            self.asserted += said.fault is None
            self.requests += said.verdict.requests
            self.tokens += said.verdict.tokens
            if said.fault is not None:
                self.without[said.fault.slug] += 1
                self.steps.setdefault(said.fault.slug, said.fault.words)
        for fault in asked.unasked.values():
            self.unasked[fault.slug] += 1
            self.steps.setdefault(fault.slug, fault.words)
