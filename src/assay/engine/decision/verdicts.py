"""From what rules say to what it comes to: what is done, what answers decide anyhow, what to ask. It knows no item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from assay.engine.analysis.exhaustion import always_one
from assay.engine.analysis.questions import WHOLE, Part, Questions
from assay.engine.analysis.state import mattering_rules
from assay.engine.kernel.bits import places_of
from assay.engine.kernel.memory import forget_half
from assay.engine.program.imposed import Imposed, Standing

# What is remembered is forgotten at these sizes, so that a service that runs for months needs no more than on its
# second day.
_MOST_REMEMBERED = 40_000


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


# Measures that every answer makes true, rules that none does, rules that every answer does, and the questions.
_Answered: TypeAlias = tuple[int, int, int, tuple[int, ...]]


class Opened:
    """Verdicts where the same rules are true and open, by what tells apart how they are open."""

    def __init__(self, verdicts: Verdicts, true: int, possible: int, standing: Standing) -> None:
        # The verdicts that it belongs to are given with each call: kept here, they would be a circle, which only a full
        # collection frees.
        self._true, self._possible, self._standing = true, possible, standing
        self._rules = possible & ~true & verdicts.imposed.touching(standing.unsettled)
        self._tells = verdicts.questions.tells_of(self._rules)
        self._known: dict[int, Verdict] = {}

    def of(self, waiting: int, verdicts: Verdicts) -> Verdict:
        """The verdict for both planes of all terms with the signals that are missing above them."""
        told = waiting & self._tells
        found = self._known.get(told)
        if found is None:
            found = self._known[told] = self._verdict(waiting, verdicts)
        return found

    def _verdict(self, waiting: int, verdicts: Verdicts) -> Verdict:
        true, possible, standing = self._true, self._possible, self._standing
        verdicts.make_room()
        rules = places_of(self._rules)
        parts = verdicts.questions.parts_of(rules, waiting)
        always, never, surely, questions = verdicts.answered(standing, rules, parts, waiting)
        if always or never or surely:
            # Nobody waits any longer for a rule that every answer makes true, so its `until_known` ends as well.
            closed, left = true | surely, possible & ~never
            standing = verdicts.imposed.standing(closed, left, always)
            rules = mattering_rules(verdicts.imposed, left & ~closed, standing.unsettled)
            questions = verdicts.asked(rules, verdicts.questions.parts_of(rules, waiting))
        return Verdict(true, possible, standing, always, never, questions)


class Verdicts:
    """A verdict for everything that rules may say, worked out when it first comes."""

    def __init__(self, imposed: Imposed, questions: Questions) -> None:
        self.imposed, self.questions = imposed, questions
        self._missing_at = questions.residuals.scalar.layout.missing_at
        self._known: dict[tuple[int, int], Verdict | Opened] = {}
        self._remembered = 0
        self._answers: dict[tuple[int, ...], _Answered] = {}
        self._certain: dict[tuple[int, ...], bool] = {}

    def of(self, true: int, possible: int, terms: int) -> Verdict:
        """What it comes to that some rules are true and some may be.

        terms  both planes of all terms and, above them, the signals that are missing
        """
        found = self._known.get((true, possible))
        if found is None:
            found = self._known[true, possible] = self._look(true, possible)
        return found if isinstance(found, Verdict) else found.of(terms, self)

    def _look(self, true: int, possible: int) -> Verdict | Opened:
        """The verdict where nothing is open that matters, or else what it still turns on."""
        self.make_room()
        standing = self.imposed.standing(true, possible)
        if not standing.unsettled:
            return Verdict(true, possible, standing)
        return Opened(self, true, possible, standing)

    def make_room(self) -> None:
        """Count one more that is remembered, and forget the older half where there are too many."""
        self._remembered += 1
        if self._remembered > _MOST_REMEMBERED:
            self._remembered = _MOST_REMEMBERED // 2
            forget_half(self._known)
            forget_half(self._answers)
            forget_half(self._certain)

    def answered(self, standing: Standing, rules: list[int], parts: list[Part], waiting: int) -> _Answered:
        """What answers decide anyhow of open rules that matter, and what to ask if they decided nothing."""
        key = (standing.unsettled & ~standing.true, *[part.number for part in parts])
        found = self._answers.get(key)
        if found is None:
            never = surely = 0
            for rule, part in zip(rules, parts, strict=True):
                if part.never:
                    never |= 1 << rule
                if part.always:
                    surely |= 1 << rule
            always = self._always(standing, rules, parts, waiting)
            found = self._answers[key] = (always, never, surely, self.asked(rules, parts))
        return found

    def asked(self, rules: list[int], parts: list[Part]) -> tuple[int, ...]:
        """The questions that open rules leave."""
        return self.questions.order(self.questions.mattering(self.imposed, rules, parts))

    def _always(self, standing: Standing, rules: list[int], parts: list[Part], waiting: int) -> int:
        """The open measures that every answer makes true by one open rule or another."""
        if sum([part.share for part in parts]) < WHOLE:
            return 0
        shares = [0.0] * self.imposed.measures
        touched = self.imposed.places
        for rule, part in zip(rules, parts, strict=True):
            for place in touched[rule]:
                shares[place] += part.share
        open_rules, by_rule = sum([1 << rule for rule in rules]), dict(zip(rules, parts, strict=True))
        found = 0
        for place in places_of(standing.unsettled & ~standing.true):
            # Open rules that together hold for less than all answers impose nothing for certain.
            if shares[place] < WHOLE:
                continue
            by = places_of(open_rules & self.imposed.imposing[place])
            key = tuple([by_rule[rule].number for rule in by])
            certain = self._certain.get(key)
            if certain is None:
                missing = waiting >> self._missing_at
                certain = always_one(self.questions.residuals, by, waiting, missing)
                self._certain[key] = certain
            found |= 1 << place if certain else 0
        return found
