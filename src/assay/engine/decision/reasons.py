"""Why a rule stands in a decision, in plain words. It never says more than the rule does."""

from __future__ import annotations

from assay.engine.language.pack.pack import Pack
from assay.engine.language.plain import plain_exceptions, plain_rule


def reason_of(ref: str, pack: Pack) -> str:
    """What a rule turns on, as a sentence without its full stop, with the exceptions that reach it."""
    rule = pack.rule_by_ref[ref]
    text = plain_rule(rule, pack)
    exceptions = plain_exceptions(rule, pack)
    return text if not exceptions else f"{text}; it does not hold when {', or when '.join(exceptions)}"
