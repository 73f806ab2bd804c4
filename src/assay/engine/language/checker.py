"""Everything that can be said against a pack, at once. It never stops at the first fault and never mends one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType

from assay.engine.kernel.errors import Diagnostic, Refused
from assay.engine.language.expression.syntax import Name, walk
from assay.engine.language.expression.types import check_expression
from assay.engine.language.pack.pack import Pack, full_reference
from assay.engine.language.pack.policy import Condition, Exemption, Named, Policy, Rule
from assay.engine.language.pack.promises.words import promise_vocabulary
from assay.engine.language.pack.read_pack import read_pack
from assay.engine.language.pack.vocabulary import SUBJECTS, Vocabulary
from assay.engine.language.problems.examples import failing_example, missing_example
from assay.engine.language.problems.rules import (
    barred_exception,
    duplicate_policy,
    duplicate_rule,
    unknown_market,
    unknown_obligation,
    unknown_rule,
    unused_exception,
)
from assay.engine.language.problems.words import (
    incompatible_measures,
    unknown_measure,
    unknown_signal,
    unknown_value,
    unused_signal,
    wrong_subject,
)
from assay.engine.language.remembered import Remembered
from assay.engine.language.reruns import failing_again

# Checks of a pack whose words are all known; each module has one function `check`.
PACK_CHECKS: tuple[ModuleType, ...] = (
    duplicate_policy,
    duplicate_rule,
    barred_exception,
    unused_exception,
    incompatible_measures,
    unused_signal,
    missing_example,
)


@dataclass(frozen=True, slots=True)
class Checked:
    """A pack as read, and everything found wrong with it, by place."""

    pack: Pack
    problems: tuple[Diagnostic, ...]

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The faults that keep a pack from deciding anything."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


def check_pack(
    files: Mapping[str, str], root: str = "", *, examples: bool = True, memory: Remembered | None = None
) -> Checked:
    """Read a pack and check all of it.

    files     texts by name relative to the pack
    root      put before names in places
    examples  whether examples are run, which is most of the work
    memory    what was read and worked out before, for whoever checks almost the same pack again; it changes no answer
    """
    pack, problems = read_pack(files, root, memory)
    for policy in pack.policies:
        problems += _check_words(policy, pack)
    problems += _check_promises(pack)
    for module in PACK_CHECKS:
        problems += module.check(pack)
    # An example of a pack with unknown words could only fail for reasons that are named already.
    if examples and not any(problem.severity == "error" for problem in problems):
        problems += failing_example.check(pack) if memory is None else failing_again(pack, memory)
    unread = _slugs_without_ground(pack)
    unique = dict.fromkeys(problem for problem in problems if problem.slug not in unread)
    return Checked(pack, tuple(sorted(unique, key=lambda problem: (problem.span, problem.slug))))


def _slugs_without_ground(pack: Pack) -> frozenset[str]:
    """Faults that say nothing, because the file which would name the words is absent or could not be read."""
    unread = {unknown_signal.SLUG: not pack.vocabulary.signals, unknown_measure.SLUG: not pack.measures.all}
    unread[unknown_obligation.SLUG] = not pack.obligations and "obligations.yaml" in pack.files
    unread[unknown_market.SLUG] = not _names_markets(pack)
    return frozenset(slug for slug, is_unread in unread.items() if is_unread)


def _names_markets(pack: Pack) -> bool:
    return bool(pack.name or pack.markets.groups or pack.markets.subdivisions)


def load_checked(files: Mapping[str, str], root: str = "", *, examples: bool = False) -> Pack:
    """The pack, for those who can only work with a sound one.

    raises  Refused, with every error
    """
    checked = check_pack(files, root, examples=examples)
    if checked.errors:
        raise Refused(checked.errors)
    return checked.pack


def _check_words(policy: Policy, pack: Pack) -> Iterator[Diagnostic]:
    for rule in policy.rules:
        for condition in (rule.when, rule.unless):
            if condition is not None:
                yield from check_expression(condition.expression, condition.source, pack.vocabulary)
                yield from _subjects(rule, condition, pack)
        yield from _measures((*rule.then, *rule.until_known), pack)
        yield from _markets(rule.markets, pack)
        yield from _scope(rule.surfaces, "surface", pack)
        yield from _scope(rule.audience, "audience", pack)
        duties = {obligation.id for obligation in pack.obligations}
        for named in rule.meets:
            if named.name not in duties:
                yield unknown_obligation.report(named.name, duties, named.span)
    for exception in policy.exceptions:
        yield from check_expression(exception.when.expression, exception.when.source, pack.vocabulary)
        yield from _reaches(exception, pack)
    for example in policy.examples:
        yield from _measures(tuple(named for named, _ in example.expect), pack)
        yield from _markets((example.market,) if example.market else (), pack)
        if example.rule and full_reference(example.rule.name, policy.id) not in pack.rule_by_ref:
            yield unknown_rule.report(example.rule.name, [rule.id for rule in policy.rules], example.rule.span)


def _subjects(rule: Rule, condition: Condition, pack: Pack) -> Iterator[Diagnostic]:
    for node in walk(condition.expression):
        signal = pack.vocabulary.by_name.get(node.path) if isinstance(node, Name) else None
        if signal is not None and SUBJECTS.index(signal.subject) < SUBJECTS.index(rule.subject):
            place = condition.source.span(node.start, node.end)
            yield wrong_subject.report(signal.name, signal.subject, rule.subject, place)


def _measures(named: tuple[Named, ...], pack: Pack) -> Iterator[Diagnostic]:
    for one in named:
        if one.name not in pack.measures.by_id:
            yield unknown_measure.report(one.name, pack.measures.by_id, one.span)


def _markets(named: tuple[Named, ...], pack: Pack) -> Iterator[Diagnostic]:
    for one in named:
        name = one.name.removeprefix("not:")
        if not pack.markets.knows(name):
            yield unknown_market.report(name, pack.markets.codes | set(pack.markets.groups), one.span)


def _scope(named: tuple[Named, ...], name: str, pack: Pack) -> Iterator[Diagnostic]:
    signal = pack.vocabulary.by_name.get(name)
    for one in named:
        if signal is None:
            yield unknown_signal.report(name, pack.vocabulary.by_name, one.span)
        elif one.name not in signal.by_name:
            yield unknown_value.report(one.name, name, signal.value_names, one.span)


def _reaches(exception: Exemption, pack: Pack) -> Iterator[Diagnostic]:
    policies = {policy.id for policy in pack.policies}
    for named in exception.reaches:
        reference = full_reference(named.name, exception.policy)
        rule = pack.rule_by_ref.get(reference)
        if rule is not None and not pack.can_read(rule.subject, exception.when):
            yield from _subjects(rule, exception.when, pack)
        elif rule is None and not (reference.endswith("/*") and reference.removesuffix("/*") in policies):
            known = [*pack.rule_by_ref, *(f"{policy}/*" for policy in policies)]
            known += [rule.id for rule in pack.rules if rule.policy == exception.policy]
            yield unknown_rule.report(named.name, known, named.span)


def _check_promises(pack: Pack) -> Iterator[Diagnostic]:
    """Invariants, duties, declared harms, protected scenarios and what a label never cures."""
    of_decisions, of_items = promise_vocabulary(pack), promise_vocabulary(pack, measures=False)
    # Where no measure or no market could be read, the words for them have no values that could be unknown.
    if not pack.measures.all or not _names_markets(pack):
        return
    for invariant in pack.measures.invariants:
        yield from check_expression(invariant.holds, invariant.source, of_decisions)
    for duty in pack.obligations:
        if duty.property is not None:
            yield from _condition(duty.property.when, of_items)
            yield from _condition(duty.property.requires, of_decisions)
    for harm in pack.harms.harms:
        yield from _condition(harm.when, of_items)
        yield from _measures(harm.answered_by, pack)
    for scenario in pack.protected:
        yield from _markets(scenario.markets, pack)
        yield from _measures(scenario.never, pack)
    cure = pack.measures.label_never_cures
    if cure is not None:
        yield from _measures(cure.measures, pack)
        yield from _condition(cure.when, pack.vocabulary) if cure.when is not None else ()


def _condition(condition: Condition, vocabulary: Vocabulary) -> list[Diagnostic]:
    return check_expression(condition.expression, condition.source, vocabulary)
