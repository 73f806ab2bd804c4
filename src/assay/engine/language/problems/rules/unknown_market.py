"""unknown-market: a market or group that the pack does not know. It is never a warning."""

from __future__ import annotations

from collections.abc import Iterable

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.identifiers import MARKET_CODE, did_you_mean
from assay.engine.kernel.span import Span

SLUG = "unknown-market"

# Codes that the European Union uses in place of ISO's.
_OFTEN_MEANT = {"UK": "GB", "EL": "GR"}


def report(name: str, known: Iterable[str], span: Span) -> Diagnostic:
    """The fault, at its place."""
    known = frozenset(known)
    meant = _OFTEN_MEANT.get(name, name.upper())
    if meant in known:
        hint = f"did you mean `{meant}`?"
    elif MARKET_CODE.match(name) and "-" in name:
        hint = "declare it below `subdivisions` in `pack.yaml`"
    else:
        hint = did_you_mean(name, known) or "use an ISO 3166 code, or declare a group in `pack.yaml`"
    return Diagnostic(SLUG, f"no market or group is named `{name}`", span, hint)
