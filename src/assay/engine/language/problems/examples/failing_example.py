"""failing-example: an example whose answer is not the policy's. It never says which is wrong."""

from __future__ import annotations

from collections.abc import Iterator

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.truth import Truth
from assay.engine.language.examples import case_of, rule_of
from assay.engine.language.meaning import pack_meaning
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Example
from assay.engine.language.problems.examples.missing_example import catches

SLUG = "failing-example"


def check(pack: Pack) -> Iterator[Diagnostic]:
    """Every way in which an example's answer differs from the policy's."""
    for policy in pack.policies:
        for example in policy.examples:
            yield from check_example(pack, example)


def check_example(pack: Pack, example: Example) -> Iterator[Diagnostic]:
    """The ways in which one example's answer differs."""
    outcome = pack_meaning(pack, case_of(example, pack))
    rule = rule_of(example, pack)
    wanted = catches(example, rule) if rule is not None else None
    if rule is not None and wanted is not None and outcome.rules[rule.ref] is not Truth(wanted):
        found = outcome.rules[rule.ref].value
        words = f"“{example.title}”: `{rule.ref}` is {found}, the example says {wanted}"
        yield Diagnostic(SLUG, words, example.span, _HINTS.get((wanted, found)))
    for named, truth in example.expect:
        found = outcome.measures[named.name].value
        if found != truth:
            words = f"“{example.title}”: `{named.name}` is {found}, the example says {truth}"
            yield Diagnostic(SLUG, words, named.span, _HINTS.get((truth, found)))


_HINTS = {
    ("yes", "unknown"): "a signal that decides is not in `given`",
    ("no", "unknown"): "a signal that decides is not in `given`",
}
