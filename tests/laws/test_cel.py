"""Our conditions mean what they mean in Google's own CEL; a signal that is missing is a variable nobody bound."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from assay.engine.kernel.instants import EPOCH
from assay.engine.kernel.truth import UNKNOWN, Truth, truth_of
from assay.engine.kernel.values import Value
from assay.engine.language.expression.printer import print_expression
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
from assay.engine.language.meaning import meaning_of
from assay.engine.language.pack.vocabulary import Signal, SignalType, Vocabulary
from tests.makers import a_signal, a_vocabulary, conditions, signals_for, vocabularies

cel = pytest.importorskip("cel_expr_python.cel", reason="Google's CEL has no wheel for this system")

NUMBERS = (SignalType.NUMBER, SignalType.SCORE)


def plain_cel(node: Expression, vocabulary: Vocabulary) -> Expression:
    """The condition in CEL without extensions: scales and sets become membership, decimals are written as such."""

    def down(inner: Expression) -> Expression:
        return plain_cel(inner, vocabulary)

    match node:
        case Not(operand):
            return Not(down(operand))
        case And(operands):
            return And(tuple(down(operand) for operand in operands))
        case Or(operands):
            return Or(tuple(down(operand) for operand in operands))
        case Call("atLeast" | "atMost" as function, (Name(path) as name, Literal(bound))):
            names = vocabulary.by_name[path].value_names
            place = names.index(str(bound))
            kept = names[place:] if function == "atLeast" else names[: place + 1]
            return In(name, ListLiteral(tuple(Literal(value) for value in kept)))
        case Call("sets.contains" | "sets.intersects" as function, (Name() as name, ListLiteral(items))):
            parts = tuple(In(item, name) for item in items)
            joined = And(parts) if function == "sets.contains" else Or(parts)
            return joined if len(parts) > 1 else parts[0]
        case In(Name(path) as name, ListLiteral(items)) if is_decimal(vocabulary.by_name[path]):
            return In(name, ListLiteral(tuple(as_decimal(item) for item in items)))
        case Compare(operator, left, right):
            return comparison(operator, left, right, vocabulary)
        case _:
            return node


def comparison(operator: str, left: Expression, right: Expression, vocabulary: Vocabulary) -> Expression:
    match left, right:
        case Name(path), Literal() if is_decimal(vocabulary.by_name[path]):
            return Compare(operator, left, as_decimal(right))
        case Literal(), Name(path) if is_decimal(vocabulary.by_name[path]):
            return Compare(operator, as_decimal(left), right)
        case Name(path), Name() if vocabulary.by_name[path].type in NUMBERS:
            # CEL's checker keeps whole and decimal numbers apart; its evaluator compares them.
            return Compare(operator, Call("dyn", (left,)), Call("dyn", (right,)))
        case _:
            return Compare(operator, left, right)


def is_decimal(signal: Signal) -> bool:
    return signal.type in NUMBERS and not signal.integer


def as_decimal(node: Expression) -> Literal:
    assert isinstance(node, Literal)
    return Literal(float(node.value))


def environment(vocabulary: Vocabulary) -> object:
    kinds = {
        SignalType.FLAG: cel.Type.BOOL,
        SignalType.SET: cel.Type.List(cel.Type.STRING),
        SignalType.SCORE: cel.Type.DOUBLE,
        SignalType.TIME: cel.Type.TIMESTAMP,
        SignalType.DURATION: cel.Type.DURATION,
    }
    types = {signal.name: kinds.get(signal.type, cel.Type.STRING) for signal in vocabulary.signals}
    numbers = [signal for signal in vocabulary.signals if signal.type is SignalType.NUMBER]
    return cel.NewEnv(
        variables=types | {number.name: cel.Type.INT if number.integer else cel.Type.DOUBLE for number in numbers}
    )


def bound(signal: Signal, value: Value) -> object:
    if signal.type in (SignalType.TIME, SignalType.DURATION):
        assert isinstance(value, int)
        length = timedelta(microseconds=value)
        return EPOCH + length if signal.type is SignalType.TIME else length
    return sorted(value) if isinstance(value, frozenset) else value


def in_cel(condition: Expression, signals: Mapping[str, Value], vocabulary: Vocabulary) -> Truth:
    text = print_expression(plain_cel(condition, vocabulary))
    program = environment(vocabulary).compile(text)  # type: ignore[attr-defined]
    answer = program.eval(data={name: bound(vocabulary.by_name[name], value) for name, value in signals.items()})
    if answer.type().name() == "BOOL":
        return truth_of(bool(answer.value()))
    assert "No value with name" in str(answer.value()), answer.value()
    return UNKNOWN


@given(st.data())
def test_cel_says_the_same_and_fails_exactly_where_we_do_not_know(data: DataObject) -> None:
    vocabulary = data.draw(vocabularies())
    condition = data.draw(conditions(vocabulary, "item"))
    signals = data.draw(signals_for(vocabulary, missing=0.4))
    assert meaning_of(condition, signals, vocabulary) is in_cel(condition, signals, vocabulary)


@pytest.mark.parametrize("answered", [True, False])
def test_what_is_decided_by_one_side_is_decided_in_cel_too(answered: bool) -> None:
    vocabulary = a_vocabulary(a_signal("a"), a_signal("b"))
    for condition in (Or((Name("b"), Name("a"))), And((Name("b"), Name("a"))), Or((Name("a"), Not(Name("b"))))):
        signals: dict[str, Value] = {"a": answered}
        assert meaning_of(condition, signals, vocabulary) is in_cel(condition, signals, vocabulary)
