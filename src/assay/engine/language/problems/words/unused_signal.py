"""unused-signal: a signal that no rule, exception or invariant reads. A warning: it may be there for people."""

from __future__ import annotations

from collections.abc import Iterator

from assay.engine.kernel.errors import Diagnostic
from assay.engine.language.expression.syntax import signals_of
from assay.engine.language.pack.pack import Pack

SLUG = "unused-signal"


def check(pack: Pack) -> Iterator[Diagnostic]:
    """Every signal that nothing reads."""
    used: set[str] = set()
    for rule in pack.rules:
        used |= signals_of(rule.when.expression)
        used |= signals_of(rule.unless.expression) if rule.unless else frozenset()
        used |= {"surface"} if rule.surfaces else set()
        used |= {"audience"} if rule.audience else set()
    for exception in pack.exceptions:
        used |= signals_of(exception.when.expression)
    for invariant in pack.measures.invariants:
        used |= signals_of(invariant.holds)
    for signal in pack.vocabulary.signals:
        if signal.name not in used:
            words = f"no rule, exception or invariant reads `{signal.name}`"
            yield Diagnostic(SLUG, words, signal.span, "use it, or take it out: people are asked for it", "warning")
