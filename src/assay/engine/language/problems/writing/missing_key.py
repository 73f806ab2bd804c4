"""missing-key: a key that is required is not there. It is never a warning."""

from __future__ import annotations

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.span import Span

SLUG = "missing-key"


def report(key: str, where: str, span: Span, hint: str | None = None) -> Diagnostic:
    """The fault, at its place."""
    return Diagnostic(SLUG, f"{where} has no `{key}`", span, hint or f"add `{key}:`")
