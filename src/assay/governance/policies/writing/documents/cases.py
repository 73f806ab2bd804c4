"""The examples of a policy for moderators: what is given, what comes of it, and why. It judges none anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from assay.engine.kernel.truth import NO, UNKNOWN, YES, Truth
from assay.engine.kernel.values import Value
from assay.engine.language.examples import case_of, rule_of
from assay.engine.language.expression.syntax import Compare, Expression, In, Literal, Name
from assay.engine.language.meaning import Case, rule_meaning
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Example, Rule
from assay.engine.language.pack.vocabulary import Signal, SignalType
from assay.engine.language.phrases import duration_words, instant_words
from assay.engine.language.plain import plain_condition
from assay.governance.policies.writing.strings.standing import Passage

_SAID = {YES: "holds", NO: "does not hold", UNKNOWN: "stays open"}


@dataclass(frozen=True, slots=True)
class ShownExample:
    """One example.

    truth    of the rule it is about: yes, no or unknown
    given    what is known of the item, a clause each
    because  the facts that settle it; none where it is open
    missing  what would have to be known, where it is open
    expects  measures by title with yes, no or unknown
    """

    title: Passage
    truth: str
    given: tuple[str, ...]
    because: tuple[str, ...]
    missing: tuple[str, ...]
    expects: tuple[tuple[str, str, str], ...]

    @property
    def verdict(self) -> str:
        """What comes of the rule, in words."""
        return {"yes": "The rule holds", "no": "The rule does not hold", "unknown": "The rule stays open"}[self.truth]


def shown_example(example: Example, rule: Rule, pack: Pack, title: Passage) -> ShownExample:
    """An example of a rule, with the reasons for what comes of it."""
    case = case_of(example, pack)
    truth = rule_meaning(rule, pack, case)
    given = {name: value for name, value in example.given.items() if value is not None}
    clauses = {name: clause_of(pack.vocabulary.by_name[name], value, pack) for name, value in given.items()}
    settling = [name for name in given if truth is not UNKNOWN and _turns(name, rule, pack, case, truth)]
    return ShownExample(
        title,
        {YES: "yes", NO: "no", UNKNOWN: "unknown"}[truth],
        tuple(clauses.values()),
        tuple(clauses[name] for name in settling),
        tuple(_missing(rule, pack, case)) if truth is UNKNOWN else (),
        tuple(_expected(example, pack)),
    )


def examples_of(rule: Rule, examples: tuple[Example, ...], pack: Pack) -> Iterator[Example]:
    """The examples that are about a rule, in their order."""
    for example in examples:
        found = rule_of(example, pack)
        if found is not None and found.ref == rule.ref:
            yield example


def clause_of(signal: Signal, value: Value, pack: Pack) -> str:
    """That a signal has a value, as a clause."""
    if isinstance(value, frozenset):
        said = [plain_condition(In(Literal(each), Name(signal.name)), pack.vocabulary) for each in sorted(value)]
        return " and ".join(said) or f"of “{signal.title}” none applies"
    if signal.type is SignalType.TIME and isinstance(value, int):
        return f"“{signal.title}” is {instant_words(value)}"
    if signal.type is SignalType.DURATION and isinstance(value, int):
        return f"“{signal.title}” is {duration_words(value)}"
    condition: Expression = Compare("==", Name(signal.name), Literal(value))
    return plain_condition(condition, pack.vocabulary)


def _turns(name: str, rule: Rule, pack: Pack, case: Case, truth: Truth) -> bool:
    """Whether it would no longer be settled without this fact."""
    without = {each: value for each, value in case.signals.items() if each != name}
    return rule_meaning(rule, pack, replace(case, signals=without)) is not truth


def _missing(rule: Rule, pack: Pack, case: Case) -> Iterator[str]:
    """The questions whose answer could make an open rule hold or fail."""
    for signal in pack.vocabulary.signals:
        if signal.name in case.signals or signal.calendar is not None:
            continue
        for value in _some_values(signal):
            tried = replace(case, signals={**case.signals, signal.name: value})
            if rule_meaning(rule, pack, tried) is not UNKNOWN:
                yield signal.question or signal.title
                break


def _some_values(signal: Signal) -> list[Value]:
    if signal.type is SignalType.FLAG:
        return [True, False]
    if signal.type is SignalType.SET:
        return [frozenset(), *(frozenset({name}) for name in signal.value_names)]
    return list(signal.value_names)


def _expected(example: Example, pack: Pack) -> Iterator[tuple[str, str, str]]:
    for named, said in example.expect:
        measure = pack.measures.by_id.get(named.name)
        if measure is not None:
            yield measure.id, measure.title, said
