"""unknown-asserter: an asserter that `precedence` does not name. It is never a warning."""

from __future__ import annotations

from collections.abc import Iterable

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.identifiers import did_you_mean
from assay.engine.kernel.span import Span

SLUG = "unknown-asserter"


def report(name: str, known: Iterable[str], span: Span) -> Diagnostic:
    """The fault, at its place."""
    hint = did_you_mean(name, known) or "name it in `precedence`, of the pack or of the signal"
    return Diagnostic(SLUG, f"no asserter is named `{name}`", span, hint)
