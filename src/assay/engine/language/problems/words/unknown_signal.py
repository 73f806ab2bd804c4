"""unknown-signal: a name that the vocabulary does not have. It is never a warning."""

from __future__ import annotations

from collections.abc import Iterable

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.identifiers import did_you_mean
from assay.engine.kernel.span import Span
from assay.engine.language.pack.vocabulary import MARKET_WORD, MEASURES_WORD

SLUG = "unknown-signal"

# Words that only some conditions know, and what to do where they do not.
_ELSEWHERE = {
    MARKET_WORD: "rules name their markets below `markets`; only promises ask for it",
    MEASURES_WORD: "only `requires` of a property and invariants know what is imposed",
}


def report(name: str, known: Iterable[str], span: Span) -> Diagnostic:
    """The fault, at its place."""
    hint = _ELSEWHERE.get(name) or did_you_mean(name, known) or "declare it in `signals.yaml`"
    return Diagnostic(SLUG, f"no signal is named `{name}`", span, hint)
