"""unknown-signal: a name that the vocabulary does not have. It is never a warning."""

from __future__ import annotations

from collections.abc import Iterable

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.identifiers import did_you_mean
from assay.engine.kernel.span import Span

SLUG = "unknown-signal"


def report(name: str, known: Iterable[str], span: Span) -> Diagnostic:
    """The fault, at its place."""
    hint = did_you_mean(name, known) or "declare it in `signals.yaml`"
    return Diagnostic(SLUG, f"no signal is named `{name}`", span, hint)
