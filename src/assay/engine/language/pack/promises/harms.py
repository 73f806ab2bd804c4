"""Harms that a pack declares, so that items which no rule acts on are found. It never judges an item."""

from __future__ import annotations

from dataclasses import dataclass, field

from assay.engine.kernel.span import Span
from assay.engine.language.pack.policy import Condition, Named

DEFAULT_LEVEL = "S3"


@dataclass(frozen=True, slots=True)
class Harm:
    """What clearly is a harm, over signals and `market`. Where `answered_by` is empty, any measure answers it."""

    id: str
    title: str
    severity: str
    when: Condition
    answered_by: tuple[Named, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Harms:
    """The declared harms, and the severity at or above which one that no rule acts on is a gap."""

    level: str = DEFAULT_LEVEL
    harms: tuple[Harm, ...] = ()


NO_HARMS = Harms()
