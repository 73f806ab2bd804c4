"""The reference meaning: what a condition, a rule and a policy say of an item. It is slow and plain on purpose.

Every back end is held to this file by the tests in `tests/laws`. A change of the language begins here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from assay.engine.kernel.digest import share_of
from assay.engine.kernel.instants import parse_duration, parse_instant
from assay.engine.kernel.truth import NO, UNKNOWN, YES, Truth, all_of, any_of, negate, truth_of
from assay.engine.kernel.values import MaybeValue, Value
from assay.engine.language.expression.syntax import (
    And,
    Call,
    Compare,
    Expression,
    In,
    ListLiteral,
    Literal,
    Name,
    Not,
    Or,
)
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Named, Period, Rule
from assay.engine.language.pack.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Case:
    """One item in one market at one instant: all that a rule's truth depends on.

    signals  the known signals by name; a missing name is unknown
    item     the item's id, which `rollout` hashes; None is unknown
    market   an ISO 3166 code
    as_of    microseconds since the epoch
    """

    signals: Mapping[str, MaybeValue]
    market: str
    as_of: int
    item: str | None = None
    subject: str = "item"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a pack says of a case: the truth of every rule, by reference, and of every measure, by id."""

    rules: Mapping[str, Truth]
    measures: Mapping[str, Truth]
    open_measures: Mapping[str, Truth] = field(default_factory=dict)


# ---------------------------------------------------------------- conditions


def meaning_of(condition: Expression, signals: Mapping[str, MaybeValue], vocabulary: Vocabulary) -> Truth:
    """What a condition says where some signals are known. Unknown arises only from a missing signal."""
    match condition:
        case Literal(constant):
            return truth_of(bool(constant))
        case Name(path):
            value = signals.get(path)
            return UNKNOWN if value is None else truth_of(bool(value))
        case Not(operand):
            return negate(meaning_of(operand, signals, vocabulary))
        case And(operands):
            return all_of([meaning_of(operand, signals, vocabulary) for operand in operands])
        case Or(operands):
            return any_of([meaning_of(operand, signals, vocabulary) for operand in operands])
        case Compare(operator, left, right):
            return _compare(operator, _operand(left, signals), _operand(right, signals))
        case In(Name(path), ListLiteral(items)):
            value = signals.get(path)
            return UNKNOWN if value is None else truth_of(value in [item.value for item in items])
        case In(Literal(element), Name(path)):
            members = signals.get(path)
            return truth_of(element in members) if isinstance(members, frozenset) else UNKNOWN
        case Call("atLeast" | "atMost" as function, (Name(path), Literal(bound))):
            return _on_scale(function, signals.get(path), str(bound), vocabulary.by_name[path].value_names)
        case Call(function, (Name(path), argument)):
            value = signals.get(path)
            return UNKNOWN if value is None else truth_of(_holds(function, value, argument))
        case _:
            raise TypeError("the condition was not checked")


def _operand(node: Expression, signals: Mapping[str, MaybeValue]) -> MaybeValue:
    match node:
        case Literal(value):
            return value
        case Name(path):
            return signals.get(path)
        case Call("size", (Name(path),)):
            sized = signals.get(path)
            return len(sized) if isinstance(sized, frozenset | str) else None
        case Call("timestamp", (Literal(text),)):
            return parse_instant(str(text))
        case Call("duration", (Literal(text),)):
            return parse_duration(str(text))
        case _:
            raise TypeError("the condition was not checked")


def _compare(operator: str, left: MaybeValue, right: MaybeValue) -> Truth:
    if left is None or right is None:
        return UNKNOWN
    if operator == "==":
        return truth_of(left == right)
    if operator == "!=":
        return truth_of(left != right)
    assert isinstance(left, int | float) and isinstance(right, int | float)  # noqa: S101 (the checker saw to it)
    return truth_of({"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[operator])


def _on_scale(function: str, value: MaybeValue, bound: str, order: tuple[str, ...]) -> Truth:
    if value is None:
        return UNKNOWN
    here, there = order.index(str(value)), order.index(bound)
    return truth_of(here >= there if function == "atLeast" else here <= there)


def _holds(function: str, value: Value, argument: Expression) -> bool:
    if isinstance(value, frozenset) and isinstance(argument, ListLiteral):
        named = {item.value for item in argument.items}
        return named <= value if function == "sets.contains" else bool(named & value)
    if isinstance(value, str) and isinstance(argument, Literal):
        part = str(argument.value)
        return {
            "contains": part in value,
            "startsWith": value.startswith(part),
            "endsWith": value.endswith(part),
        }[function]
    raise TypeError("the condition was not checked")


# --------------------------------------------------------------------- rules


def holds_at(period: Period, as_of: int) -> bool:
    """Whether an instant lies in a period."""
    begun = period.effective is None or as_of >= period.effective
    return begun and (period.sunset is None or as_of < period.sunset)


def in_rollout(rule: Rule, item: str | None) -> Truth:
    """Whether a rule that holds for a share of items holds for this one."""
    if rule.rollout >= 1.0:
        return YES
    return UNKNOWN if item is None else truth_of(share_of(item, rule.ref) < rule.rollout)


def rule_meaning(rule: Rule, pack: Pack, case: Case) -> Truth:
    """What a rule says of a case: its condition, and not `unless`, and no exception, within its scope and time."""
    if rule.subject != case.subject or not holds_at(rule.period, case.as_of):
        return NO
    markets = pack.markets_of[rule.ref]
    if markets is not None and case.market not in markets:
        return NO
    parts = [meaning_of(rule.when.expression, case.signals, pack.vocabulary)]
    if rule.unless is not None:
        parts.append(negate(meaning_of(rule.unless.expression, case.signals, pack.vocabulary)))
    excused = [
        meaning_of(found.when.expression, case.signals, pack.vocabulary) for found in pack.exceptions_of[rule.ref]
    ]
    parts += [negate(truth) for truth in excused]
    parts += [_within(named, case.signals.get(signal)) for signal, named in scopes_of(rule) if named]
    parts.append(in_rollout(rule, case.item))
    return all_of(parts)


def scopes_of(rule: Rule) -> tuple[tuple[str, tuple[Named, ...]], ...]:
    """The signals that a rule's scope looks at, and the values it names."""
    return (("surface", rule.surfaces), ("audience", rule.audience))


def _within(named: tuple[Named, ...], value: MaybeValue) -> Truth:
    return UNKNOWN if value is None else truth_of(value in [one.name for one in named])


def imposes(rule: Rule, measure_after_grace: bool, as_of: int) -> bool:
    """Whether a rule imposes a measure at an instant: in the grace period people are spared those marked so."""
    return not (measure_after_grace and rule.grace_until is not None and as_of < rule.grace_until)


# ------------------------------------------------------------------ policies


def pack_meaning(pack: Pack, case: Case) -> Outcome:
    """What a pack says of a case. A measure's truth is the *or* over the rules that impose it; no order matters."""
    return outcome_of({rule.ref: rule_meaning(rule, pack, case) for rule in pack.rules}, pack.rules, pack, case.as_of)


def outcome_of(truths: Mapping[str, Truth], rules: Iterable[Rule], pack: Pack, as_of: int) -> Outcome:
    """What some rules impose, by what each of them says; of a measure that others impose too it is not the whole."""
    imposed: dict[str, list[Truth]] = {measure.id: [] for measure in pack.measures.all}
    in_the_meantime: dict[str, list[Truth]] = {measure.id: [] for measure in pack.measures.all}
    for rule in rules:
        for named in rule.then:
            if imposes(rule, pack.measures.by_id[named.name].after_grace, as_of):
                imposed[named.name].append(truths[rule.ref])
        if truths[rule.ref] is UNKNOWN:
            for named in rule.until_known:
                if imposes(rule, pack.measures.by_id[named.name].after_grace, as_of):
                    in_the_meantime[named.name].append(YES)
    return Outcome(
        truths,
        {measure: any_of(truths) for measure, truths in imposed.items()},
        {measure: any_of(truths) for measure, truths in in_the_meantime.items()},
    )
