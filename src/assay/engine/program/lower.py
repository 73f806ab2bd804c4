"""Rules to the core: scope, exceptions, rollout become conditions too. It never simplifies unknown away."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from assay.engine.kernel.instants import parse_duration, parse_instant
from assay.engine.kernel.values import Value
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
from assay.engine.language.meaning import scopes_of
from assay.engine.language.pack.classes import MarketClass, market_classes
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Rule
from assay.engine.language.pack.vocabulary import Vocabulary
from assay.engine.program.core import (
    FALSE,
    TRUE,
    All,
    Among,
    Any,
    Atom,
    Between,
    InRollout,
    Members,
    Node,
    Ordered,
    Size,
    TextTest,
    opposite,
)

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class LoweredRule:
    """A rule as the back ends see it: a condition without scope, and what a market or an instant decides apart."""

    rule: Rule
    condition: Node
    markets: frozenset[str] | None
    then: tuple[int, ...]
    until_known: tuple[int, ...]


@dataclass(frozen=True)
class Program:
    """A whole pack, lowered. Measures are named by their place in the pack's list."""

    pack: Pack = field(repr=False)
    rules: tuple[LoweredRule, ...]
    classes: tuple[MarketClass, ...]

    @cached_property
    def index(self) -> dict[str, int]:
        """The place of each rule, by its reference."""
        return {lowered.rule.ref: place for place, lowered in enumerate(self.rules)}


def lower_pack(pack: Pack) -> Program:
    """The program of a pack that has been checked."""
    index = pack.measures.index
    rules = tuple(
        LoweredRule(
            rule,
            lower_rule(rule, pack),
            pack.markets_of[rule.ref],
            tuple(index[named.name] for named in rule.then),
            tuple(index[named.name] for named in rule.until_known),
        )
        for rule in pack.rules
    )
    return Program(pack, rules, market_classes(pack))


def lower_rule(rule: Rule, pack: Pack) -> Node:
    """A rule's condition with `unless`, exceptions, surfaces, audience and rollout; without market and time."""
    parts = [lower_condition(rule.when.expression, pack.vocabulary)]
    if rule.unless is not None:
        parts.append(opposite(lower_condition(rule.unless.expression, pack.vocabulary)))
    excused = [lower_condition(found.when.expression, pack.vocabulary) for found in pack.exceptions_of[rule.ref]]
    parts += [opposite(node) for node in excused]
    for signal, named in scopes_of(rule):
        if named:
            parts.append(Atom(Among(signal, frozenset(one.name for one in named))))
    if rule.rollout < 1.0:
        parts.append(Atom(InRollout(rule.ref, rule.rollout)))
    return All(tuple(parts)) if len(parts) > 1 else parts[0]


def lower_condition(expression: Expression, vocabulary: Vocabulary) -> Node:
    """A checked condition as atoms joined by all and any."""
    match expression:
        case Literal(value):
            return TRUE if value else FALSE
        case Name(path):
            return Atom(Among(path, frozenset((True,))))
        case Not(operand):
            return opposite(lower_condition(operand, vocabulary))
        case And(operands):
            return All(tuple(lower_condition(operand, vocabulary) for operand in operands))
        case Or(operands):
            return Any(tuple(lower_condition(operand, vocabulary) for operand in operands))
        case Compare(operator, left, right):
            return _comparison(operator, left, right)
        case In(Name(path), ListLiteral(items)):
            return Atom(Among(path, frozenset(item.value for item in items)))
        case In(Literal(element), Name(path)):
            return Atom(Members(path, "any", frozenset((str(element),))))
        case Call("atLeast" | "atMost" as function, (Name(path), Literal(bound))):
            order = vocabulary.by_name[path].value_names
            place = order.index(str(bound))
            return Atom(Among(path, frozenset(order[place:] if function == "atLeast" else order[: place + 1])))
        case Call("sets.contains" | "sets.intersects" as function, (Name(path), ListLiteral(items))):
            mode = "all" if function == "sets.contains" else "any"
            return Atom(Members(path, mode, frozenset(str(item.value) for item in items)))
        case Call(function, (Name(path), Literal(part))):
            return Atom(TextTest(path, function, str(part)))
        case _:
            raise TypeError("the condition was not checked")


def _comparison(operator: str, left: Expression, right: Expression) -> Node:
    first, second = _side(left), _side(right)
    if isinstance(first, Name) and isinstance(second, Name):
        return Atom(Between(first.path, operator, second.path))
    if isinstance(second, Name | Call):
        first, second, operator = second, first, _MIRRORED.get(operator, operator)
    if isinstance(first, Call):
        return _size(operator, first, second)
    if not isinstance(first, Name) or isinstance(second, Name | Call):
        raise TypeError("the condition was not checked")
    if operator in ("==", "!="):
        return Atom(Among(first.path, frozenset((second,))), negated=operator == "!=")
    if isinstance(second, frozenset | str):
        raise TypeError("the condition was not checked")
    return Atom(Ordered(first.path, operator, second))


def _size(operator: str, call: Call, constant: Value | Name | Call) -> Node:
    name = call.arguments[0]
    if not isinstance(name, Name) or not isinstance(constant, int | float):
        raise TypeError("the condition was not checked")
    return Atom(Size(name.path, operator, constant))


def _side(node: Expression) -> Value | Name | Call:
    """A constant's value, a signal's name, or the call `size(…)`."""
    match node:
        case Literal(value):
            return value
        case Call("timestamp", (Literal(text),)):
            instant = parse_instant(str(text))
            return node if instant is None else instant
        case Call("duration", (Literal(text),)):
            length = parse_duration(str(text))
            return node if length is None else length
        case Name() | Call():
            return node
        case _:
            raise TypeError("the condition was not checked")
