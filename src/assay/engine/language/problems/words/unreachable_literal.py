"""unreachable-literal: a constant that can never decide anything where it stands. It is never a warning."""

from __future__ import annotations

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.span import Span

SLUG = "unreachable-literal"


def report(words: str, span: Span, hint: str | None = None) -> Diagnostic:
    """The fault, at its place."""
    return Diagnostic(SLUG, words, span, hint)
