"""unused-exception: an exception that reaches no rule. It never counts rules that bar exceptions."""

from __future__ import annotations

from collections.abc import Iterator

from assay.engine.kernel.errors import Diagnostic
from assay.engine.language.pack.pack import Pack

SLUG = "unused-exception"


def check(pack: Pack) -> Iterator[Diagnostic]:
    """Every exception that reaches nothing."""
    for exception in pack.exceptions:
        if exception.reaches and not pack.reached(exception):
            words = f"the exception `{exception.ref}` reaches no rule"
            yield Diagnostic(SLUG, words, exception.span, "name a rule that admits exceptions, or take it out")
