"""constant-out-of-range: a constant that the signal can never take or pass. It is never a warning."""

from __future__ import annotations

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.span import Span

SLUG = "constant-out-of-range"

# Beyond this a decimal number no longer holds every whole one, so no back end is asked to.
_LARGEST = "2^53"


def report(constant: str, signal: str, bounds: str, span: Span) -> Diagnostic:
    """The fault, at its place."""
    return Diagnostic(SLUG, f"`{constant}` lies outside what `{signal}` can be", span, f"it goes {bounds}")


def bounds(low: float | None, high: float | None) -> str:
    """Where a number may lie, as the hint says it."""
    return f"from {_words(low, f'-{_LARGEST}')} to {_words(high, _LARGEST)}"


def _words(bound: float | None, otherwise: str) -> str:
    if bound is None:
        return otherwise
    return f"{bound:g}" if abs(bound) < 100_000 else f"{bound:.0f}"
