"""unknown-value: a constant that is none of the signal's values. It is never a warning."""

from __future__ import annotations

from collections.abc import Iterable

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.identifiers import did_you_mean
from assay.engine.kernel.span import Span

SLUG = "unknown-value"


def report(value: str, signal: str, known: Iterable[str], span: Span) -> Diagnostic:
    """The fault, at its place."""
    known = tuple(known)
    hint = did_you_mean(value, known) or "its values are " + ", ".join(f"`{name}`" for name in known)
    return Diagnostic(SLUG, f"`{signal}` has no value `{value}`", span, hint)
