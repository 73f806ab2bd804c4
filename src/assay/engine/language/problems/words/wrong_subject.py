"""wrong-subject: a rule that reads what its subject cannot know. It is never a warning."""

from __future__ import annotations

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.span import Span

SLUG = "wrong-subject"


def report(signal: str, signal_subject: str, rule_subject: str, span: Span) -> Diagnostic:
    """The fault, at its place."""
    words = f"a rule on an {rule_subject} cannot read `{signal}`, which is a fact on an {signal_subject}"
    return Diagnostic(
        SLUG,
        words.replace("an campaign", "a campaign"),
        span,
        "an item's rule may read its account's signals, not the reverse",
    )
