"""Duties from law or commitment, in our own words. It is not legal advice, and it never says whether one is met."""

from __future__ import annotations

from dataclasses import dataclass, field

from assay.engine.kernel.span import Span
from assay.engine.language.pack.policy import Condition

# A duty of a treaty or of a platform's own word belongs to no country.
INTERNATIONAL = "INT"
STATUSES = ("in_force", "enacted", "proposed", "voluntary", "struck_down", "lapsed", "unverified")
KINDS = ("decision", "temporal", "configuration", "reporting", "none")
CONFIDENCES = ("verified", "partly-verified", "unverified")


@dataclass(frozen=True, slots=True)
class Property:
    """What a duty says of one decision: wherever `when` holds, `requires` holds too.

    when      over signals and `market`
    requires  over signals, `market` and the set `measures`
    """

    when: Condition
    requires: Condition


@dataclass(frozen=True, slots=True)
class Obligation:
    """One entry of the register. Optional texts are empty where nothing was written.

    markets           where its property has to hold, as written
    reach             the single markets that `markets` stands for; none where it names none
    effective, until  microseconds since the epoch; `until` is excluded; None is no bound
    not_formal        why it has no property; empty where it has one
    """

    id: str
    title: str
    jurisdiction: str
    markets: tuple[str, ...]
    reach: frozenset[str]
    instrument: str
    provision: str
    bound: tuple[str, ...]
    binds_platform: bool
    trigger: str
    duty: str
    clock: str
    effective: int | None
    until: int | None
    status: str
    kind: str
    evidence: str
    source: str
    confidence: str
    note: str
    property: Property | None
    not_formal: str
    span: Span = field(compare=False)
