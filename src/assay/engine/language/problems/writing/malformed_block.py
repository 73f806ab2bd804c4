"""malformed-block: a block or a file of the pack is no YAML that we accept. It is never a warning."""

from __future__ import annotations

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.span import Span

SLUG = "malformed-block"


def report(words: str, span: Span, hint: str | None = None) -> Diagnostic:
    """The fault, at its place."""
    return Diagnostic(SLUG, words, span, hint)
