"""Items that a pack protects: what must certainly not be done to them. It never decides them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assay.engine.kernel.span import Span
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.pack.policy import Named


@dataclass(frozen=True, slots=True)
class Scenario:
    """An item that must stay up. `markets` is empty for everywhere; no measure of `never` may be imposed or open."""

    id: str
    title: str
    given: Mapping[str, MaybeValue]
    markets: tuple[Named, ...]
    never: tuple[Named, ...]
    span: Span = field(compare=False)
