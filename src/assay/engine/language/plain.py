"""Conditions and rules as plain English sentences, from the vocabulary's phrases. It never decides anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal as OneOf
from typing import TypeAlias

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
from assay.engine.language.pack.policy import Named, Rule
from assay.engine.language.pack.vocabulary import Signal, SignalType, Vocabulary
from assay.engine.language.phrases import (
    MIRRORED,
    OPPOSITE,
    amount_clause,
    denied,
    enumerate_words,
    flag_clause,
    has_phrase,
    method_clause,
    moment_clause,
    negated_clause,
    number_words,
    one_of_amounts,
    one_of_texts,
    one_of_values,
    quoted,
    side_by_side,
    size_clause,
    text_clause,
    value_clause,
)

# More phrases than this, joined by “or”, are harder to read than the denial of the one that is left out.
_MOST_JOINED = 3


@dataclass(frozen=True, slots=True)
class _Group:
    """Clauses joined by one word."""

    word: OneOf["and", "or"]
    parts: tuple[_Clause, ...]


_Clause: TypeAlias = str | _Group


def plain_condition(condition: Expression, vocabulary: Vocabulary) -> str:
    """A checked condition as a clause that can follow “when”."""
    return _say(_clause(condition, vocabulary, wanted=True), 0)


def plain_rule(rule: Rule, pack: Pack) -> str:
    """When a rule holds: its condition, its scope and its `unless`; neither its exceptions nor its dates."""
    parts = [_clause(rule.when.expression, pack.vocabulary, wanted=True)]
    for name, named in (("surface", rule.surfaces), ("audience", rule.audience)):
        if named:
            listed = ListLiteral(tuple(Literal(one.name) for one in named))
            parts.append(_clause(In(Name(name), listed), pack.vocabulary, wanted=True))
    words = _say(_group("and", parts), 0)
    if rule.unless is not None:
        words += f", unless {plain_condition(rule.unless.expression, pack.vocabulary)}"
    limits = [limit for limit in (_markets(rule.markets), _share(rule)) if limit]
    return f"{words} ({', '.join(limits)})" if limits else words


def plain_exceptions(rule: Rule, pack: Pack) -> tuple[str, ...]:
    """The conditions under which a rule does not hold although its own says so, one for each exception."""
    return tuple(plain_condition(found.when.expression, pack.vocabulary) for found in pack.exceptions_of[rule.ref])


def _markets(named: tuple[Named, ...]) -> str:
    included = [one.name for one in named if not one.name.startswith("not:")]
    excluded = [one.name.removeprefix("not:") for one in named if one.name.startswith("not:")]
    inside = f"only in {enumerate_words(included, 'and')}" if included else "everywhere"
    outside = f" except in {enumerate_words(excluded, 'and')}" if excluded else ""
    return inside + outside if named else ""


def _share(rule: Rule) -> str:
    return f"for {number_words(round(rule.rollout * 100, 6))}% of items" if rule.rollout < 1.0 else ""


# --------------------------------------------------------------------- joining


def _group(word: OneOf["and", "or"], parts: list[_Clause]) -> _Clause:
    """The parts joined; what is joined by the same word becomes one list, and nothing is said twice."""
    flat: list[_Clause] = []
    for part in parts:
        inner = part.parts if isinstance(part, _Group) and part.word == word else (part,)
        flat.extend(piece for piece in inner if piece not in flat)
    return flat[0] if len(flat) == 1 else _Group(word, tuple(flat))


def _say(clause: _Clause, depth: int) -> str:
    """A clause as text. Brackets stand where commas and “either” would no longer tell what belongs together."""
    if isinstance(clause, str):
        return clause
    compound = any(isinstance(part, _Group) for part in clause.parts)
    words = [_say(part, depth + 1) for part in clause.parts]
    if clause.word == "and" and depth == 0:
        return _sentence(clause.parts, words)
    if clause.word == "and" and depth == 1 and not compound:
        return enumerate_words(words, "and") if len(words) == 2 else f"({enumerate_words(words, 'and')})"
    if clause.word == "and":
        return f"both {words[0]} and {words[1]}" if len(words) == 2 and not compound else f"({' and '.join(words)})"
    if depth == 0 and compound:
        return f"either {', or '.join(words)}"
    return f"either {enumerate_words(words, 'or')}" if depth < 2 else f"({enumerate_words(words, 'or')})"


def _sentence(parts: tuple[_Clause, ...], words: list[str]) -> str:
    """Conditions that must all hold; semicolons part them where one of them needs the commas for itself."""
    grouped = [isinstance(part, _Group) for part in parts]
    if any(group and "," in text for group, text in zip(grouped, words, strict=True)):
        return f"{'; '.join(words[:-1])}; and {words[-1]}"
    if len(words) == 2:
        return f"{words[0]}{',' if any(grouped) else ''} and {words[1]}"
    return enumerate_words(words, "and")


# --------------------------------------------------------------------- clauses


def _clause(node: Expression, vocabulary: Vocabulary, *, wanted: bool) -> _Clause:
    """What a condition says, or, where it is not `wanted`, what its contrary says."""
    match node:
        case Literal(value):
            return _always(bool(value) is wanted)
        case Name(path):
            return flag_clause(vocabulary.by_name[path], wanted)
        case Not(operand):
            return _clause(operand, vocabulary, wanted=not wanted)
        case And(operands) | Or(operands):
            parts = [_clause(operand, vocabulary, wanted=wanted) for operand in operands]
            return _group("and" if isinstance(node, And) is wanted else "or", parts)
        case Compare(operator, left, right):
            return _comparison(operator if wanted else OPPOSITE[operator], left, right, vocabulary)
        case In(Name(path), ListLiteral(items)):
            return _listed(vocabulary.by_name[path], items, wanted)
        case In(Literal(element), Name(path)):
            return _is(vocabulary.by_name[path], str(element), wanted=wanted)
        case Call(function, arguments):
            return _call(function, arguments, vocabulary, wanted)
        case _:
            raise TypeError("the condition was not checked")


def _always(holds: bool) -> str:
    return "in every case" if holds else "in no case"


def _comparison(operator: str, left: Expression, right: Expression, vocabulary: Vocabulary) -> _Clause:
    if isinstance(left, Literal) or (isinstance(left, Call) and left.function in ("timestamp", "duration")):
        left, right, operator = right, left, MIRRORED[operator]
    match left, right:
        case Name(path), Literal(value):
            return _against(vocabulary.by_name[path], operator, value)
        case Name(path), Call("timestamp" | "duration", (Literal(str() as text),)):
            return moment_clause(vocabulary.by_name[path], operator, text)
        case Call("size", (Name(path),)), Literal(int() | float() as number):
            return size_clause(vocabulary.by_name[path], operator, number)
        case _:
            return side_by_side(left, operator, right, vocabulary)


def _against(signal: Signal, operator: str, value: bool | int | float | str) -> _Clause:
    if isinstance(value, bool):
        return flag_clause(signal, (operator == "==") is value)
    if isinstance(value, int | float):
        return amount_clause(signal, operator, value)
    if signal.type is SignalType.TEXT:
        return text_clause(signal, operator, value)
    return _is(signal, value, wanted=operator == "==")


def _is(signal: Signal, name: str, *, wanted: bool) -> _Clause:
    """The clause that a signal is, or is not, one value; for a set: has it or not."""
    value = signal.by_name[name]
    if wanted:
        return value_clause(signal, value)
    negative = negated_clause(signal, value)
    if negative is not None:
        return negative
    names = signal.value_names
    if signal.type is SignalType.SCALE and name in (names[0], names[-1]):
        return _from(signal, names[1:]) if name == names[0] else _up_to(signal, names[:-1])
    others = [other for other in names if other != name]
    if signal.type is SignalType.SET or not 1 <= len(others) <= _MOST_JOINED:
        return denied(value_clause(signal, value))
    return _group("or", [_is(signal, other, wanted=True) for other in others])


def _listed(signal: Signal, items: tuple[Literal, ...], wanted: bool) -> _Clause:
    values = [item.value for item in items]
    if not values:
        return _always(not wanted)
    if signal.type is SignalType.TEXT:
        return one_of_texts(signal, [str(value) for value in values], wanted)
    if signal.type in (SignalType.NUMBER, SignalType.SCORE):
        return one_of_amounts(signal, [value for value in values if not isinstance(value, str)], wanted)
    names = [str(value) for value in values]
    if not any(has_phrase(signal.by_name[name]) or signal.by_name[name].negated for name in names):
        return one_of_values(signal, names, wanted)
    if wanted:
        return _group("or", [_is(signal, name, wanted=True) for name in names])
    others = [name for name in signal.value_names if name not in names]
    negatives = [negated_clause(signal, signal.by_name[name]) for name in names]
    if None in negatives and 1 <= len(others) <= _MOST_JOINED:
        return _group("or", [_is(signal, name, wanted=True) for name in others])
    return _group("and", [_is(signal, name, wanted=False) for name in names])


def _call(function: str, arguments: tuple[Expression, ...], vocabulary: Vocabulary, wanted: bool) -> _Clause:
    match function, arguments:
        case (("atLeast" | "atMost"), (Name(path), Literal(bound))):
            signal = vocabulary.by_name[path]
            place = signal.value_names.index(str(bound))
            upwards = (function == "atLeast") is wanted
            # What is not at least a value is at most the one below it.
            edge = place + (0 if wanted else (-1 if function == "atLeast" else 1))
            names = signal.value_names[edge:] if upwards else signal.value_names[: edge + 1]
            if not 0 <= edge < len(signal.value_names) or not names:
                return _always(holds=False)
            return _from(signal, names) if upwards else _up_to(signal, names)
        case (("sets.contains" | "sets.intersects"), (Name(path), ListLiteral(items))):
            signal = vocabulary.by_name[path]
            every = (function == "sets.contains") is wanted
            parts = [_is(signal, str(item.value), wanted=wanted) for item in items]
            return _group("and" if every else "or", parts) if parts else _always(every)
        case _, (Name(path), Literal(text)):
            return method_clause(vocabulary.by_name[path], function, str(text), wanted)
        case _:
            raise TypeError("the condition was not checked")


def _from(signal: Signal, names: tuple[str, ...]) -> _Clause:
    """The clause that a scale is at least the first of these values, which are all from there up."""
    value = signal.by_name[names[0]]
    if len(names) > 1 and value.at_least:
        return value.at_least
    if len(names) > 1 and not has_phrase(value):
        return f"{quoted(signal.title)} is at least {quoted(value.phrase)}"
    return _group("or", [_is(signal, name, wanted=True) for name in names])


def _up_to(signal: Signal, names: tuple[str, ...]) -> _Clause:
    """The clause that a scale is at most the last of these values, which are all up to there."""
    value = signal.by_name[names[-1]]
    if len(names) > 1 and value.at_most:
        return value.at_most
    if len(names) > 1 and not has_phrase(value):
        return f"{quoted(signal.title)} is at most {quoted(value.phrase)}"
    return _group("or", [_is(signal, name, wanted=True) for name in names])
