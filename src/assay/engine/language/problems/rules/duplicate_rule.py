"""duplicate-rule: two rules or exceptions of one policy with the same id. It never says which is right."""

from __future__ import annotations

from collections.abc import Iterator

from assay.engine.kernel.errors import Diagnostic
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Exemption, Rule

SLUG = "duplicate-rule"


def check(pack: Pack) -> Iterator[Diagnostic]:
    """Every rule or exception whose id stands in its policy before it."""
    for policy in pack.policies:
        seen: dict[str, int] = {}
        both: list[Rule | Exemption] = [*policy.rules, *policy.exceptions]
        for named in sorted(both, key=lambda found: found.span):
            if named.id in seen:
                words = f"`{named.id}` already stands in line {seen[named.id]}"
                yield Diagnostic(SLUG, words, named.span, "give one of them another id")
            seen.setdefault(named.id, named.span.line)
