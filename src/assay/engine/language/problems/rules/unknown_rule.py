"""unknown-rule: a rule that no policy has. It is never a warning."""

from __future__ import annotations

from collections.abc import Iterable

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.identifiers import did_you_mean
from assay.engine.kernel.span import Span

SLUG = "unknown-rule"


def report(name: str, known: Iterable[str], span: Span) -> Diagnostic:
    """The fault, at its place."""
    return Diagnostic(SLUG, f"no rule is named `{name}`", span, did_you_mean(name, known))
