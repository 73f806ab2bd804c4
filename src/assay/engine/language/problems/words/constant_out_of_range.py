"""constant-out-of-range: a constant that the signal can never take or pass. It is never a warning."""

from __future__ import annotations

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.span import Span

SLUG = "constant-out-of-range"


def report(constant: str, signal: str, bounds: str, span: Span) -> Diagnostic:
    """The fault, at its place."""
    return Diagnostic(SLUG, f"`{constant}` lies outside what `{signal}` can be", span, f"it goes {bounds}")
