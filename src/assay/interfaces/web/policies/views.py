"""What the pages of policies show, worked out from a pack. It never says more than stands in the pack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assay.engine.language.expression.syntax import signals_of
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Condition, Exemption, Named, Policy, Rule
from assay.engine.language.pack.promises.obligations import Obligation
from assay.engine.language.plain import plain_condition, plain_exceptions, plain_rule
from assay.interfaces.look.page import anchor_of, prose_of
from assay.interfaces.web.policies.wording import grounds_of, moment_of, period_words

_GUIDANCE = "**Moderators:**"


@dataclass(frozen=True, slots=True)
class Part:
    """Something that a rule names: what it is called, what it means, where it is explained."""

    name: str
    words: str
    anchor: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class RuleView:
    """One rule as it is read.

    holds       when it holds, as a clause after "when"
    exceptions  references and clauses of the exceptions that reach it
    starts      its first instant if it is still to come at the time of reading, else None
    """

    rule: Rule
    anchor: str
    holds: str
    exceptions: tuple[Part, ...]
    then: tuple[Part, ...]
    until_known: tuple[Part, ...]
    questions: tuple[Part, ...]
    duties: tuple[tuple[Obligation, str], ...]
    period: str
    program: str


@dataclass(frozen=True, slots=True)
class ExceptionView:
    """One exception as it is read, and the rules that do not hold under it."""

    exception: Exemption
    anchor: str
    holds: str
    reached: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class SectionView:
    """A heading of a policy with what stands below it."""

    title: str
    anchor: str
    number: int
    public: str
    guidance: str
    rules: tuple[RuleView, ...]
    exceptions: tuple[ExceptionView, ...]


@dataclass(frozen=True, slots=True)
class PolicyView:
    """One policy as it is read."""

    policy: Policy
    introduction: str
    sections: tuple[SectionView, ...]
    effective: datetime | None
    sunset: datetime | None


def rule_anchor(rule: str) -> str:
    """Where a rule or an exception stands on the page of its policy."""
    return anchor_of("rule", rule)


def view_of(policy: Policy, pack: Pack) -> PolicyView:
    """A policy as it is read."""
    numbered = [section for section in policy.sections if section.title]
    sections = tuple(_section(section.title, number, policy, pack) for number, section in enumerate(numbered, 1))
    return PolicyView(
        policy,
        prose_of(policy.introduction.public),
        sections,
        moment_of(policy.period.effective),
        moment_of(policy.period.sunset),
    )


def questions_of(signals: frozenset[str], pack: Pack) -> tuple[Part, ...]:
    """The questions behind some signals, in the vocabulary's order."""
    return tuple(Part(signal.name, signal.title) for signal in pack.vocabulary.signals if signal.name in signals)


def read_by(rule: Rule, pack: Pack) -> frozenset[str]:
    """The names of the signals that a rule turns on."""
    conditions = [rule.when, rule.unless, *(one.when for one in pack.exceptions_of[rule.ref])]
    return frozenset().union(*(_names(condition) for condition in conditions))


def _names(condition: Condition | None) -> frozenset[str]:
    return frozenset() if condition is None else signals_of(condition.expression)


def _section(title: str, number: int, policy: Policy, pack: Pack) -> SectionView:
    section = policy.section_of(title)
    public, guidance = (section.public, section.guidance) if section is not None else ("", "")
    return SectionView(
        title,
        anchor_of("part", title),
        number,
        prose_of(public),
        prose_of(_guidance(guidance)),
        tuple(_rule(rule, pack) for rule in policy.rules if rule.title == title),
        tuple(_exception(one, pack) for one in policy.exceptions if one.title == title),
    )


def _guidance(text: str) -> str:
    """Below a heading that says for whom it is, so that its first word begins a sentence."""
    said = text.replace(_GUIDANCE, "").strip()
    return said[:1].upper() + said[1:]


def _rule(rule: Rule, pack: Pack) -> RuleView:
    by_id = {obligation.id: obligation for obligation in pack.obligations}
    served = [by_id[named.name] for named in rule.meets if named.name in by_id]
    named = zip(pack.exceptions_of[rule.ref], plain_exceptions(rule, pack), strict=True)
    return RuleView(
        rule,
        rule_anchor(rule.id),
        plain_rule(rule, pack),
        tuple(Part(exception.ref, words, rule_anchor(exception.id)) for exception, words in named),
        _measures(rule.then, pack),
        _measures(rule.until_known, pack),
        questions_of(read_by(rule, pack), pack),
        tuple((duty, grounds_of(duty)) for duty in served),
        period_words(rule, pack),
        rule.when.source.text + (f"\nunless {rule.unless.source.text}" if rule.unless else ""),
    )


def _exception(exception: Exemption, pack: Pack) -> ExceptionView:
    return ExceptionView(
        exception,
        rule_anchor(exception.id),
        plain_condition(exception.when.expression, pack.vocabulary),
        pack.reached(exception),
    )


def _measures(named: tuple[Named, ...], pack: Pack) -> tuple[Part, ...]:
    found = (pack.measures.by_id[one.name] for one in named)
    return tuple(Part(one.id, one.phrase, anchor_of("measure", one.id), one.title) for one in found)
