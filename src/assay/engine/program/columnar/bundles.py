"""What packs ask of one graph: when rules hold, and which of them impose a measure. It evaluates nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from assay.engine.language.pack.classes import MarketClass
from assay.engine.language.pack.policy import Period
from assay.engine.program.columnar.graph import Graph, Scope
from assay.engine.program.core import All, Atom, InRollout, Node
from assay.engine.program.lower import Program


@dataclass(frozen=True, slots=True)
class Firing:
    """When a rule holds, but for its markets. Rules of which all this is equal are worked out once."""

    step: int
    subject: str
    period: Period
    rollouts: tuple[InRollout, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """A firing that imposes a measure, from an instant on where people are spared it before."""

    firing: int
    since: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where rows are decided: a market class, or one market of it of which some row says something else."""

    market: MarketClass
    code: str | None = None

    def seen(self, scope: Scope) -> tuple[str | None, ...]:
        """What of the place a part can tell from other places."""
        if scope is Scope.ITEM:
            return ()
        return (self.code,) if scope is Scope.MARKET else (self.code, self.market.example)


# By measure, the place of the union of effects that impose it.
Imposing: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Bundle:
    """A pack in a columnar program.

    firings      by rule, the place of its firing
    then         by the name of a market class and by measure, the place of the union that imposes it there
    until_known  the same for what imposes it in the meantime
    """

    program: Program
    firings: tuple[int, ...]
    then: Mapping[str, Imposing]
    until_known: Mapping[str, Imposing]

    def holds_in(self, rule: int, market: MarketClass) -> bool:
        """Whether a rule is for a market class."""
        markets = self.program.rules[rule].markets
        return markets is None or market.example in markets


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """What several packs are made of; equal parts stand once, whichever packs they come from.

    unions  sets of effects of which one is enough
    """

    graph: Graph = field(default_factory=Graph)
    firings: dict[Firing, int] = field(default_factory=dict)
    unions: dict[frozenset[Effect], int] = field(default_factory=dict)

    def add(self, program: Program) -> Bundle:
        """A pack, made of parts of which some may be there already."""
        firings = tuple([self._firing(program, place) for place in range(len(program.rules))])
        then = [lowered.then for lowered in program.rules]
        until_known = [lowered.until_known for lowered in program.rules]
        bare = Bundle(program, firings, {}, {})
        return Bundle(program, firings, self._imposing(bare, then), self._imposing(bare, until_known))

    def _firing(self, program: Program, place: int) -> int:
        lowered = program.rules[place]
        condition, rollouts = _without_rollout(lowered.condition)
        step = self.graph.add(condition, program.pack)
        firing = Firing(step, lowered.rule.subject, lowered.rule.period, rollouts)
        return self.firings.setdefault(firing, len(self.firings))

    def _imposing(self, bundle: Bundle, by_rule: Sequence[tuple[int, ...]]) -> dict[str, Imposing]:
        program = bundle.program
        found = {}
        for market in program.classes:
            by_measure: list[set[Effect]] = [set() for _ in program.pack.measures.all]
            for rule, measures in enumerate(by_rule):
                for measure in measures if bundle.holds_in(rule, market) else ():
                    spared = program.pack.measures.all[measure].after_grace
                    since = program.rules[rule].rule.grace_until if spared else None
                    by_measure[measure].add(Effect(bundle.firings[rule], since))
            found[market.name] = tuple([self._union(effects) for effects in by_measure])
        return found

    def _union(self, effects: Iterable[Effect]) -> int:
        return self.unions.setdefault(frozenset(effects), len(self.unions))


def _without_rollout(condition: Node) -> tuple[Node, tuple[InRollout, ...]]:
    """A condition and, apart from it, the share of items it is for: an id is hashed only where the rest may hold."""
    if not isinstance(condition, All):
        return condition, ()
    rest: list[Node] = []
    rollouts: list[InRollout] = []
    for part in condition.parts:
        if isinstance(part, Atom) and isinstance(part.test, InRollout):
            rollouts.append(part.test)
        else:
            rest.append(part)
    return All(tuple(rest)), tuple(rollouts)
