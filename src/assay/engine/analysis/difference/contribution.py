"""What each rule adds to a measure, and which of that two versions have in common. It compares text with text only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from assay.engine.analysis.situations.stage import Stage
from assay.engine.analysis.situations.world import World
from assay.engine.kernel.truth import NO, UNKNOWN, YES, Truth
from assay.engine.language.meaning import holds_at, imposes
from assay.engine.language.pack.policy import Period
from assay.engine.program.core import FALSE, Any, Node, opposite
from assay.engine.program.smt.formula import Formula, Not, every, possible, some, true


@dataclass(frozen=True, slots=True)
class Contribution:
    """That a rule imposes a measure: when it is true, or (`meanwhile`) while it is open.

    Two are equal when they do the same wherever and whenever; how their rules are called makes no difference.
    """

    node: Node
    markets: frozenset[str] | None
    subject: str
    period: Period
    spared_until: int | None
    meanwhile: bool
    ref: str = field(compare=False)
    # Equal ones have one number: conditions are trees, and thousands of sets hold contributions.
    number: int = field(default=0, compare=False, repr=False)

    def __hash__(self) -> int:
        return self.number

    def acts_at(self, instant: int) -> bool:
        """Whether it counts at an instant."""
        begun = self.spared_until is None or instant >= self.spared_until
        return begun and holds_at(self.period, instant)

    def acts_in(self, market: str) -> bool:
        """Whether it counts in a market."""
        return self.markets is None or market in self.markets


@dataclass(frozen=True, slots=True)
class Parted:
    """What imposes one measure in two versions: what both have, and what only one has."""

    measure: str
    common: tuple[Contribution, ...]
    old: tuple[Contribution, ...]
    new: tuple[Contribution, ...]


_Known: TypeAlias = tuple[object, ...]


def contributions(world: World, measure: str, numbers: dict[_Known, int]) -> list[Contribution]:
    """What the rules of a pack add to a measure; `numbers` grows by what was not seen before."""
    place = world.pack.measures.index.get(measure)
    if place is None:
        return []
    spared = world.pack.measures.all[place].after_grace
    found = []
    first = world.stage.epochs[0]
    for rule_place, lowered in enumerate(world.rules):
        rule = lowered.rule
        if world.is_over(rule_place):
            continue
        # That a rule began earlier or later in the past makes no difference any more.
        begins = rule.period.effective if rule.period.effective is not None and rule.period.effective > first else None
        period = Period(begins, rule.period.sunset)
        until = rule.grace_until if spared and not imposes(rule, spared, first) else None
        for meanwhile, imposed in ((False, lowered.then), (True, lowered.until_known)):
            if place in imposed:
                known = (lowered.condition, lowered.markets, rule.subject, period, until, meanwhile)
                found.append(Contribution(*known, rule.ref, numbers.setdefault(known, len(numbers))))
    return found


def part(measure: str, old: World, new: World) -> Parted:
    """What two versions have in common of what imposes a measure."""
    numbers: dict[_Known, int] = {}
    before, after = contributions(old, measure, numbers), contributions(new, measure, numbers)
    shared = Counter(before) & Counter(after)
    common, new_only = _split(after, shared)
    return Parted(measure, common, _split(before, shared)[1], new_only)


def _split(
    found: list[Contribution], shared: Counter[Contribution]
) -> tuple[tuple[Contribution, ...], tuple[Contribution, ...]]:
    left = Counter(shared)
    common, own = [], []
    for one in found:
        if left[one] > 0:
            left[one] -= 1
            common.append(one)
        else:
            own.append(one)
    return tuple(common), tuple(own)


def any_of_them(found: Iterable[Contribution]) -> Node:
    """That one of their rules holds."""
    nodes = tuple(dict.fromkeys(one.node for one in found))
    if not nodes:
        return FALSE
    return nodes[0] if len(nodes) == 1 else Any(nodes)


def is_so(node: Node, truth: Truth) -> Formula:
    """That a condition has one of the three values."""
    if truth is YES:
        return true(node)
    if truth is NO:
        return true(opposite(node))
    return every((possible(node), Not(true(node))))


def waits(found: Iterable[Contribution]) -> Formula:
    """That one of some rules is open, so that what it imposes meanwhile is done."""
    return some(is_so(one.node, UNKNOWN) for one in found)


def act_at(found: Iterable[Contribution], stage: Stage, market: int, epoch: int) -> tuple[Contribution, ...]:
    """Those that count in a market class at a time."""
    here, now = stage.markets[market].example, stage.epochs[epoch]
    return tuple(one for one in found if one.acts_in(here) and one.acts_at(now))
