"""Asks a judge about labelled items, as they are, with planted instructions, and again. It asserts nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from assay.detection.language_model.asking import Asker, Verdict
from assay.detection.language_model.content import Content
from assay.detection.language_model.measured.accuracy import Accuracy, Counting, Tally
from assay.detection.language_model.measured.planting import planted, wrong_answer
from assay.detection.language_model.prompt import Prompt
from assay.engine.kernel.errors import Fault
from assay.interfaces.judging.lines import Line, Reading
from assay.interfaces.judging.rounds import AT_ONCE, Budget
from assay.interfaces.records.reading import Reject

_Key: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Task:
    """One labelled item and one question; the item with an instruction planted in it, and what that asks for."""

    prompt: Prompt
    content: Content
    truth: str
    swayed: Content
    wanted: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What was answered: as it is, with the instruction, and each time again."""

    plain: Verdict
    planted: Verdict
    again: tuple[Verdict, ...]

    @property
    def all(self) -> tuple[Verdict, ...]:
        """Every verdict."""
        return (self.plain, self.planted, *self.again)


class Measuring:
    """A measure as it grows.

    repeats    times that each item is asked again
    unreached  questions left out since no answer came
    faults     why answers were none, by slug, with the words of the first
    """

    def __init__(self, asker: Asker, prompts: Mapping[str, Prompt], repeats: int) -> None:
        self.asker, self.prompts, self.repeats = asker, prompts, repeats
        self.items = self.requests = self.tokens = self.unreached = 0
        self.faults: dict[str, str] = {}
        self._counting: dict[_Key, Counting] = {}
        self._seen: set[tuple[str, str]] = set()

    def run(self, lines: Iterable[Reading], budget: Budget) -> Iterator[Reject | None]:
        """Measure on every line; yields None for one that was asked about, a reject for one that could not be."""
        several = iter(lines)
        with ThreadPoolExecutor(self.asker.judge.at_once, thread_name_prefix="assay-judge") as pool:
            while taken := list(islice(several, AT_ONCE)):
                told = [self._tasks(one) if isinstance(one, Line) else one for one in taken]
                tasks = [task for one in told if isinstance(one, list) for task in one]
                booked = [task for task in tasks if budget.take(self._cost(task)) is None]
                self.items += len({task.content.digest for task in booked})
                for task, heard in zip(booked, pool.map(self._ask, booked), strict=True):
                    for verdict in heard.all:
                        budget.heard(verdict)
                    self._count(task, heard)
                yield from (one if isinstance(one, Reject) else None for one in told)
                if budget.stopped is not None or (budget.spent and not booked):
                    return

    def _tasks(self, line: Line) -> list[Task] | Reject:
        content = line.content
        if content is None:
            return Reject(line.place, line.item.id, (line.unshown or Fault("no-content", "nothing can be shown"),))
        named = [name for name in line.truth if name in self.prompts]
        if not named:
            words = "its `truth` names none of the judge's `signals`"
            return Reject(line.place, line.item.id, (Fault("nothing-to-ask", words, "truth"),))
        fresh = [name for name in named if (name, content.digest) not in self._seen]
        if not fresh:
            words = "an earlier item has the same content; counted twice it would say too much"
            return Reject(line.place, line.item.id, (Fault("duplicate-content", words, "content"),))
        found = []
        for name in fresh:
            self._seen.add((name, content.digest))
            prompt, truth = self.prompts[name], line.truth[name]
            wanted = wrong_answer(prompt.question, truth, content)
            found.append(Task(prompt, content, truth, planted(prompt.question, content, wanted), wanted))
        return found

    def _cost(self, task: Task) -> int:
        again = sum(self.asker.cost(task.prompt, task.content, number) for number in range(self.repeats + 1))
        return again + self.asker.cost(task.prompt, task.swayed)

    def _ask(self, task: Task) -> Heard:
        plain = self.asker.ask(task.prompt, task.content)
        swayed = self.asker.ask(task.prompt, task.swayed)
        again = tuple(self.asker.ask(task.prompt, task.content, number) for number in range(1, self.repeats + 1))
        return Heard(plain, swayed, again)

    def _count(self, task: Task, heard: Heard) -> None:
        for verdict in heard.all:
            self.requests += verdict.requests
            self.tokens += verdict.tokens
            if verdict.fault is not None:
                self.faults.setdefault(verdict.fault.slug, verdict.fault.words)
        if any(verdict.failed for verdict in heard.all):
            # What the network did says nothing of the model, so such an item is left out whole.
            self.unreached += 1
            return
        name, language = task.prompt.question.signal, task.content.language
        counting = self._counting.setdefault((name, language), Counting(name, language, task.prompt.digest))
        served = {each for verdict in heard.all for each in verdict.served}
        counting.count(task.truth, heard.plain.answer, heard.planted.answer, task.wanted, sorted(served))
        for verdict in heard.again:
            counting.count_repeat(heard.plain.answer, verdict.answer)

    def tallies(self) -> tuple[Tally, ...]:
        """What was counted, by question and language."""
        return tuple(self._counting[key].tally() for key in sorted(self._counting))


def joined(before: Accuracy | None, now: Accuracy, current: Callable[[Tally], bool]) -> Accuracy:
    """A new measure with what an older one says of other questions and languages, as far as that still holds."""
    measured = {(each.signal, each.language) for each in now.tallies}
    older = [each for each in before.tallies if current(each)] if before is not None else []
    kept = [each for each in older if (each.signal, each.language) not in measured]
    tallies = tuple(sorted((*kept, *now.tallies), key=lambda each: (each.signal, each.language)))
    return Accuracy(now.judge, now.model, now.pack, now.measured_on, tallies)
