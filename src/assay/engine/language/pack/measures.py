"""Measures: what can be done to an item or its account, and which exclude each other. It never imposes one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from assay.engine.kernel.span import Span
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.document.source import Source
from assay.engine.language.expression.syntax import Expression
from assay.engine.language.pack.policy import Condition, Named


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure.

    id           as rules name it: `removed`, `label:ai`, `strike:severe`
    kind         `step` of a ladder, `member` of a set, `kind` of a counter, or `single`
    family       the ladder, set or counter it belongs to, or its own id
    rank         on a ladder 1 for the weakest step; 0 elsewhere
    after_grace  whether a policy's grace period spares people from it
    """

    id: str
    title: str
    phrase: str
    kind: str
    family: str
    rank: int = 0
    after_grace: bool = False


@dataclass(frozen=True, slots=True)
class Ladder:
    """Measures in order of strength, weakest first, above a base that holds when none is imposed."""

    id: str
    title: str
    base: Measure
    steps: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Invariant:
    """What a pack promises of every decision: a condition over signals, the set `measures` and `market`."""

    id: str
    text: str
    holds: Expression
    source: Source = field(compare=False)
    span: Span = field(default=Span("", 1, 1), compare=False)


@dataclass(frozen=True, slots=True)
class Cure:
    """Measures that a label must not lift: an item on which they are imposed undisclosed meets them disclosed too.

    undisclosed, disclosed  the signals that a label changes, without it and with it
    when                    the items that this is promised of; None is every item
    """

    measures: tuple[Named, ...]
    undisclosed: Mapping[str, MaybeValue]
    disclosed: Mapping[str, MaybeValue]
    when: Condition | None
    span: Span = field(compare=False)


@dataclass(frozen=True)
class Measures:
    """All measures of a pack, in the order declared."""

    all: tuple[Measure, ...]
    ladders: tuple[Ladder, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    incompatible: tuple[tuple[str, str], ...] = ()
    invariants: tuple[Invariant, ...] = ()
    span: Span = field(default=Span("", 1, 1), compare=False)
    label_never_cures: Cure | None = None

    @cached_property
    def by_id(self) -> Mapping[str, Measure]:
        """The measures by their ids; a ladder's base is not among them, since nobody imposes it."""
        return {measure.id: measure for measure in self.all}

    @cached_property
    def index(self) -> Mapping[str, int]:
        """The place of each measure in `all`."""
        return {measure.id: place for place, measure in enumerate(self.all)}

    def clash(self, one: str, other: str) -> bool:
        """Whether two measures must not hold together in one market."""
        return (one, other) in self.incompatible or (other, one) in self.incompatible
