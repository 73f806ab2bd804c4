"""unknown-key: a key that nothing reads. It is never a warning."""

from __future__ import annotations

from collections.abc import Iterable

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.identifiers import did_you_mean
from assay.engine.kernel.span import Span

SLUG = "unknown-key"


def report(key: str, where: str, known: Iterable[str], span: Span) -> Diagnostic:
    """The fault, at its place."""
    known = tuple(known)
    hint = did_you_mean(key, known) or "known are " + ", ".join(f"`{name}`" for name in known)
    return Diagnostic(SLUG, f"{where} has no key `{key}`", span, hint)
