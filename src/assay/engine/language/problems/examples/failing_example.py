"""failing-example: an example whose answer is not the policy's. It never says which is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.truth import NO, Truth
from assay.engine.language.examples import case_of, rule_of, usual_of
from assay.engine.language.expression.syntax import And
from assay.engine.language.meaning import Case, Outcome, meaning_of, outcome_of, pack_meaning, rule_meaning
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Example, Rule
from assay.engine.language.problems.examples.missing_example import catches

SLUG = "failing-example"


def check(pack: Pack) -> Iterator[Diagnostic]:
    """Every way in which an example's answer differs from the policy's."""
    usual, imposing = usual_of(pack), _rules_by_measure(pack)
    for policy in pack.policies:
        for example in policy.examples:
            rule = rule_of(example, pack)
            asked = {each.ref: each for named, _ in example.expect for each in imposing[named.name]}
            if rule is not None:
                asked[rule.ref] = rule
            case = case_of(example, pack, usual)
            truths = {each.ref: _truth(each, pack, case) for each in asked.values()}
            yield from differences(example, rule, outcome_of(truths, asked.values(), pack, case.as_of))


def _rules_by_measure(pack: Pack) -> Mapping[str, list[Rule]]:
    """The rules that impose each measure: whatever the others say, they change nothing of its truth."""
    found: dict[str, list[Rule]] = {measure.id: [] for measure in pack.measures.all}
    for rule in pack.rules:
        for named in rule.then:
            found[named.name].append(rule)
    return found


def _truth(rule: Rule, pack: Pack, case: Case) -> Truth:
    """What a rule says; most rules fall by the first part of their condition, and then nothing else is looked at."""
    whole = rule.when.expression
    parts = whole.operands if isinstance(whole, And) else (whole,)
    if any(meaning_of(part, case.signals, pack.vocabulary) is NO for part in parts):
        return NO
    return rule_meaning(rule, pack, case)


def check_example(pack: Pack, example: Example) -> Iterator[Diagnostic]:
    """The ways in which one example's answer differs."""
    return differences(example, rule_of(example, pack), pack_meaning(pack, case_of(example, pack)))


def differences(example: Example, rule: Rule | None, outcome: Outcome) -> Iterator[Diagnostic]:
    """The ways in which an answer differs from what an example says.

    rule     that the example is about
    outcome  with this rule at least, and the measures that the example expects or rules out
    """
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
