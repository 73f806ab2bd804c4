"""An assertion: somebody's or something's value for a signal. It never knows which assertion wins."""

from __future__ import annotations

from dataclasses import dataclass

from assay.engine.kernel.values import Value


@dataclass(frozen=True, slots=True)
class Assertion:
    """One value for one signal, and who stands behind it.

    signal      the signal's name in the pack's vocabulary, such as `ai_extent`
    value       as the vocabulary types it: bool, int, float, str, or frozenset of str
    by          the asserter's kind, one of the pack's `precedence`: `reviewer`, `evidence`, `uploader`, …
    source      who or what exactly: `c2pa`, `metadata`, `reviewer:17`
    confidence  probability in [0, 1], or None where the asserter gives none
    at          when it was asserted, microseconds since the epoch in UTC, or None
    evidence    identifiers of the evidence it rests on, strongest first
    """

    signal: str
    value: Value
    by: str
    source: str
    confidence: float | None = None
    at: int | None = None
    evidence: tuple[str, ...] = ()
