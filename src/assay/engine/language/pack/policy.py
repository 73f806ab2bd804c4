"""Policies, rules, exceptions and examples, as written. It never holds text that decides, only what was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assay.engine.kernel.span import Span
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.document.markdown import Section
from assay.engine.language.document.source import Source
from assay.engine.language.expression.syntax import Expression

SEVERITIES = ("S0", "S1", "S2", "S3", "S4")


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition and the text it was read from."""

    expression: Expression
    source: Source = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Named:
    """A name somebody wrote, and where; for measures, markets, obligations, rules."""

    name: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Period:
    """From when and until when something holds, microseconds since the epoch; None is no bound. `until` is excluded."""

    effective: int | None = None
    sunset: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a policy. Lists keep what was written, in order, with places."""

    policy: str
    id: str
    title: str
    when: Condition
    unless: Condition | None
    then: tuple[Named, ...]
    until_known: tuple[Named, ...]
    severity: str
    harm: str | None
    no_exception: bool
    meets: tuple[Named, ...]
    markets: tuple[Named, ...]
    surfaces: tuple[Named, ...]
    audience: tuple[Named, ...]
    period: Period
    grace_until: int | None
    rollout: float
    subject: str
    enforced_by: str
    span: Span = field(compare=False)

    @property
    def ref(self) -> str:
        """How it is cited: `likeness/intimate`."""
        return f"{self.policy}/{self.id}"


@dataclass(frozen=True, slots=True)
class Exemption:
    """An exception: a condition under which the rules it reaches do not hold."""

    policy: str
    id: str
    title: str
    when: Condition
    reaches: tuple[Named, ...]
    span: Span = field(compare=False)

    @property
    def ref(self) -> str:
        """How it is cited: `context/satire`."""
        return f"{self.policy}/{self.id}"


@dataclass(frozen=True, slots=True)
class Example:
    """A case with a known answer. `catches` and `expect` use the words yes, no and unknown."""

    policy: str
    title: str
    rule: Named | None
    given: Mapping[str, MaybeValue]
    market: Named | None
    as_of: int | None
    catches: str | None
    expect: tuple[tuple[Named, str], ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy document."""

    id: str
    title: str
    version: str
    owner: str
    path: str
    period: Period
    grace: int
    subject: str
    introduction: Section
    sections: tuple[Section, ...]
    rules: tuple[Rule, ...]
    exceptions: tuple[Exemption, ...]
    examples: tuple[Example, ...]
    span: Span = field(compare=False)

    def section_of(self, title: str) -> Section | None:
        """The section with a title, or None."""
        return next((section for section in self.sections if section.title == title), None)
