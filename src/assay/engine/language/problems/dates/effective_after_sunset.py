"""effective-after-sunset: something that ends before it begins. It is never a warning."""

from __future__ import annotations

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.span import Span

SLUG = "effective-after-sunset"


def report(first: str, last: str, span: Span) -> Diagnostic:
    """The fault, at its place."""
    return Diagnostic(SLUG, f"`{first}` is not before `{last}`, so this never holds", span, "move one of the two dates")
