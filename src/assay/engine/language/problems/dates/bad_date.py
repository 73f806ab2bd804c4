"""bad-date: a date that is none. It is never a warning."""

from __future__ import annotations

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.span import Span

SLUG = "bad-date"


def report(text: str, span: Span) -> Diagnostic:
    """The fault, at its place."""
    return Diagnostic(SLUG, f"`{text}` is no date", span, "write it as `2026-12-01`")
