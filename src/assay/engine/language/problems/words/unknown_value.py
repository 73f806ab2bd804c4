"""unknown-value: a constant that is none of the signal's values. It is never a warning."""

from __future__ import annotations

from collections.abc import Iterable

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.identifiers import did_you_mean
from assay.engine.kernel.span import Span

SLUG = "unknown-value"
MOST_LISTED = 40


def report(value: str, signal: str, known: Iterable[str], span: Span) -> Diagnostic:
    """The fault, at its place."""
    known = tuple(known)
    other_case = next((name for name in (value.upper(), value.lower()) if name in known), None)
    hint = f"did you mean `{other_case}`?" if other_case else did_you_mean(value, known)
    hint = hint or f"its values are {_listed(known)}"
    return Diagnostic(SLUG, f"`{signal}` has no value `{value}`", span, hint)


def _listed(known: tuple[str, ...]) -> str:
    """The values; of very many, as of markets, only the first few, since nobody reads on."""
    shown = ", ".join(f"`{name}`" for name in (known if len(known) <= MOST_LISTED else known[:3]))
    return shown if len(known) <= MOST_LISTED else f"{shown} and {len(known) - 3} others"
