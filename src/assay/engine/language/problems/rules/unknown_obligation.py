"""unknown-obligation: a duty that `obligations.yaml` does not have. It is never a warning."""

from __future__ import annotations

from collections.abc import Iterable

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.identifiers import did_you_mean
from assay.engine.kernel.span import Span

SLUG = "unknown-obligation"


def report(name: str, known: Iterable[str], span: Span) -> Diagnostic:
    """The fault, at its place."""
    hint = did_you_mean(name, known) or "add it to `obligations.yaml` with its source"
    return Diagnostic(SLUG, f"no obligation is named `{name}`", span, hint)
