"""barred-exception: an exception that names a rule which bars exceptions. Wildcards pass such rules over."""

from __future__ import annotations

from collections.abc import Iterator

from assay.engine.kernel.errors import Diagnostic
from assay.engine.language.pack.pack import Pack, full_reference

SLUG = "barred-exception"


def check(pack: Pack) -> Iterator[Diagnostic]:
    """Every place where an exception names such a rule."""
    for exception in pack.exceptions:
        for named in exception.reaches:
            rule = pack.rule_by_ref.get(full_reference(named.name, exception.policy))
            if rule is not None and rule.no_exception:
                words = f"`{rule.ref}` bars every exception, and `{exception.ref}` names it"
                yield Diagnostic(SLUG, words, named.span, "take it out of `reaches`")
