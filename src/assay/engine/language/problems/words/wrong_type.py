"""wrong-type: two things that do not go together. It is never a warning."""

from __future__ import annotations

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.span import Span

SLUG = "wrong-type"


def report(words: str, span: Span, hint: str | None = None) -> Diagnostic:
    """The fault, at its place."""
    return Diagnostic(SLUG, words, span, hint)
