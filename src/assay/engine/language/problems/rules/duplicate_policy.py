"""duplicate-policy: two documents that call themselves by the same id. It never says which is right."""

from __future__ import annotations

from collections.abc import Iterator

from assay.engine.kernel.errors import Diagnostic
from assay.engine.language.pack.pack import Pack

SLUG = "duplicate-policy"


def check(pack: Pack) -> Iterator[Diagnostic]:
    """Every policy whose id an earlier file has."""
    seen: dict[str, str] = {}
    for policy in pack.policies:
        if policy.id and policy.id in seen:
            words = f"the policy `{policy.id}` stands in `{seen[policy.id]}` too"
            yield Diagnostic(SLUG, words, policy.span, "give one of them another id")
        seen.setdefault(policy.id, policy.path)
