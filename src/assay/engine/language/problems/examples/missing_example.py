"""missing-example: a rule without a case that it catches, or without a near miss. It never runs the examples."""

from __future__ import annotations

from collections.abc import Iterator

from assay.engine.kernel.errors import Diagnostic
from assay.engine.language.pack.pack import Pack, full_reference
from assay.engine.language.pack.policy import Example, Rule

SLUG = "missing-example"


def check(pack: Pack) -> Iterator[Diagnostic]:
    """Every rule that lacks one of the two."""
    shown: dict[str, set[str]] = {}
    for policy in pack.policies:
        for example in policy.examples:
            rule = pack.rule_by_ref.get(full_reference(example.rule.name, policy.id)) if example.rule else None
            if rule is not None:
                shown.setdefault(rule.ref, set()).add(catches(example, rule) or "")
    for rule in pack.rules:
        found = shown.get(rule.ref, set())
        missing = [words for truth, words in _WANTED if truth not in found]
        if missing:
            words = f"`{rule.ref}` has no example {' and none '.join(missing)}"
            yield Diagnostic(SLUG, words, rule.span, "add a block `yaml example` below the rule")


_WANTED = (("yes", "that it catches"), ("no", "that it narrowly does not catch"))


def catches(example: Example, rule: Rule) -> str | None:
    """What an example says of its rule: as written, or as follows from the measures of the rule that it lists."""
    if example.catches is not None:
        return example.catches
    imposed = {named.name for named in rule.then}
    truths = {truth for named, truth in example.expect if named.name in imposed}
    return truths.pop() if len(truths) == 1 else None
