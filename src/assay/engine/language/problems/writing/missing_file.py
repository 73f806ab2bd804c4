"""missing-file: a pack lacks a file that every pack has. It is never a warning."""

from __future__ import annotations

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.span import Span

SLUG = "missing-file"


def report(name: str, span: Span) -> Diagnostic:
    """The fault, at its place."""
    return Diagnostic(SLUG, f"the pack has no `{name}`", span, "`docs/language/pack.md` shows what belongs in it")
