"""A policy as steps for people: one question a step, and where each answer leads. It never asks what cannot matter.

Steps that lead to the same place are one step, so what looks like a tree is written once however many ways lead in.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from dataclasses import dataclass, field

from assay.engine.analysis.questions import Part, Questions
from assay.engine.analysis.residual import missing_of
from assay.engine.analysis.state import Scene, State
from assay.engine.kernel.digest import share_of
from assay.engine.kernel.values import MaybeValue, Value

# Nobody works through more; a policy that needs more is better asked question by question.
MOST_STEPS = 2000
# Ways in that are looked at, a millisecond each: many may lead to few steps, and a page is waited for.
MOST_LOOKED_AT = 3_000


@dataclass(frozen=True, slots=True)
class End:
    """Where it ends: what is imposed, as a set of measures; `open_rules` are left where nobody can answer."""

    measures: int
    rules: int
    open_rules: int


@dataclass(frozen=True, slots=True)
class Branch:
    """Answers that lead to one place: values of the step's signal, and the number of the next step or an end."""

    answers: tuple[Value, ...]
    likely: float
    leads_to: int | End


@dataclass(frozen=True, slots=True)
class Step:
    """One question: its number, the signal by index, and its branches, the likeliest first."""

    number: int
    signal: int
    branches: tuple[Branch, ...]
    expected_questions: float


@dataclass(frozen=True, slots=True)
class Tree:
    """All steps of some rules, the first being where everybody begins; none where nothing has to be asked."""

    steps: tuple[Step, ...]
    start: int | End
    complete: bool

    @property
    def expected_questions(self) -> float:
        """How many questions are expected, by the pack's priors."""
        return 0.0 if isinstance(self.start, End) else self.steps[self.start - 1].expected_questions

    @property
    def most_questions(self) -> int:
        """How many questions the longest way has."""
        longest: dict[int, int] = {}

        def from_here(place: int | End) -> int:
            if isinstance(place, End):
                return 0
            if place not in longest:
                branches = self.steps[place - 1].branches
                longest[place] = 1 + max(from_here(branch.leads_to) for branch in branches)
            return longest[place]

        return from_here(self.start)


@dataclass(slots=True)
class _Builder:
    scene: Scene
    questions: Questions
    item: str | None
    steps: list[Step] = field(default_factory=list)
    known: dict[tuple[object, ...], int | End] = field(default_factory=dict)
    alike: dict[tuple[int, tuple[Branch, ...]], int] = field(default_factory=dict)
    complete: bool = True
    looked_at: int = 0

    def build(self, values: list[MaybeValue], terms: int) -> int | End:
        state = self.scene.state_of(terms)
        rules = self.scene.mattering_rules(state, state.standing.unsettled)
        missing = missing_of(values)
        parts = [self.questions.part(rule, terms, missing) for rule in rules]
        left = [rule for rule, part in zip(rules, parts, strict=True) if not part.never]
        if len(left) < len(rules):
            # What a rule imposes while it is open ends when no answer can make it true.
            never = sum(1 << rule for rule, part in zip(rules, parts, strict=True) if part.never)
            standing = self.scene.regime.standing(state.true, state.possible & ~never)
            state = State(terms, state.true, state.possible & ~never, standing)
        open_bits = [self.questions.residuals.open_bits(rule, terms) for rule in left]
        waiting = self.questions.residuals.open_terms(functools.reduce(operator.or_, open_bits, 0), missing)
        key = (state.true, state.possible, tuple(waiting))
        if key not in self.known:
            self.known[key] = self._build(values, state, left, [part for part in parts if not part.never])
        return self.known[key]

    def _build(self, values: list[MaybeValue], state: State, left: list[int], parts: list[Part]) -> int | End:
        mattering = self.questions.mattering(self.scene.regime.imposed, left, parts)
        order = [place for place in self.questions.order(mattering) if self.questions.residuals.domain(place)]
        self.looked_at += 1
        if order and len(self.steps) < MOST_STEPS and self.looked_at <= MOST_LOOKED_AT:
            return self._step(order[0], self._branches(values, order[0]))
        self.complete = self.complete and not order
        return End(state.standing.applied, state.true, sum(1 << rule for rule in left))

    def _branches(self, values: list[MaybeValue], place: int) -> list[Branch]:
        domain = self.questions.residuals.domain(place)
        if domain is None:
            return []
        before = values[place]
        merged: dict[int | End, tuple[list[Value], float]] = {}
        seen: dict[int, int | End] = {}
        for value, weight in zip(domain.values, domain.weights, strict=True):
            values[place] = value
            # Not joined with what held before: a term that was unknown has lost its place in the plane of what is true.
            after = self.mask(values)
            if after not in seen:
                seen[after] = self.build(values, after)
            answers, likely = merged.get(seen[after], ([], 0.0))
            merged[seen[after]] = ([*answers, value], likely + weight)
        values[place] = before
        branches = [Branch(tuple(answers), likely, leads_to) for leads_to, (answers, likely) in merged.items()]
        return sorted(branches, key=lambda branch: -branch.likely)

    def mask(self, values: list[MaybeValue]) -> int:
        scalar = self.scene.scalar
        both = scalar.evaluate(values, self.item)
        return both & scalar.evaluate_market(values, self.item) if scalar.evaluate_market is not None else both

    def _step(self, place: int, branches: list[Branch]) -> int | End:
        if len(branches) == 1:
            # Every answer leads to one place, so nobody needs to be asked.
            return branches[0].leads_to
        # Rules that wait for different things may still ask the same and lead to the same.
        found = self.alike.get((place, tuple(branches)))
        if found is not None:
            return found
        expected = 1.0 + sum(branch.likely * self._expected(branch.leads_to) for branch in branches)
        number = len(self.steps) + 1
        self.steps.append(Step(number, place, tuple(branches), expected))
        self.alike[(place, tuple(branches))] = number
        return number

    def _expected(self, leads_to: int | End) -> float:
        return 0.0 if isinstance(leads_to, End) else self.steps[leads_to - 1].expected_questions


def build_tree(scene: Scene, questions: Questions, wanted: Callable[[str], bool], values: list[MaybeValue]) -> Tree:
    """The steps of the rules that `wanted` names by their references, in one market class.

    values  what is known beforehand, such as the calendar's signals; everything else is asked
    """
    rules = sum(1 << place for place, lowered in enumerate(scene.scalar.program.rules) if wanted(lowered.rule.ref))
    narrowed = Scene(scene.scalar, scene.regime, scene.market, scene.subject, scene.active & rules)
    builder = _Builder(narrowed, questions, _within_every_rollout(scene))
    terms = builder.mask(values)
    start = builder.build(values, terms)
    return _from_the_top(Tree(tuple(builder.steps), start, builder.complete))


def _within_every_rollout(scene: Scene) -> str | None:
    """An id that every rollout includes, since people learn the whole policy; None where none is found by trying."""
    shares = [lowered.rule for lowered in scene.scalar.program.rules if lowered.rule.rollout < 1.0]
    tried = (f"example-{number}" for number in range(10_000))
    return next((item for item in tried if all(share_of(item, rule.ref) < rule.rollout for rule in shares)), None)


def _from_the_top(tree: Tree) -> Tree:
    """The same steps, numbered in the order in which people meet them."""
    if isinstance(tree.start, End):
        return tree
    order: list[int] = []
    queue = [tree.start]
    while queue:
        number = queue.pop(0)
        if number in order:
            continue
        order.append(number)
        queue += [branch.leads_to for branch in tree.steps[number - 1].branches if isinstance(branch.leads_to, int)]
    renumbered = {old: new for new, old in enumerate(order, 1)}
    steps = []
    for old in order:
        step = tree.steps[old - 1]
        branches = tuple(
            Branch(
                branch.answers,
                branch.likely,
                branch.leads_to if isinstance(branch.leads_to, End) else renumbered[branch.leads_to],
            )
            for branch in step.branches
        )
        steps.append(Step(renumbered[old], step.signal, branches, step.expected_questions))
    return Tree(tuple(steps), 1, tree.complete)
