"""A rule's condition in the languages of other engines. It never simplifies: they get what was written."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from assay.engine.kernel.values import MaybeValue, Value
from assay.engine.language.expression.printer import print_literal
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
from assay.engine.language.pack.policy import Rule
from assay.engine.language.pack.vocabulary import SignalType, Vocabulary
from assay.engine.program.core import All, Among, Any, Atom, Members, Node, Ordered

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"]

# Cedar has no fractions; scores are drawn with three decimals, so thousandths say the same exactly.
THOUSAND = 1000
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def whole_condition(rule: Rule) -> Expression:
    """A rule's condition with its `unless` as part of it."""
    when = rule.when.expression
    return when if rule.unless is None else And((when, Not(rule.unless.expression)))


def known_signals(values: tuple[MaybeValue, ...], vocabulary: Vocabulary) -> dict[str, Value]:
    """An item as others take it: the known signals by name, sets as lists."""
    return {
        signal.name: sorted(value) if isinstance(value, frozenset) else value  # type: ignore[misc]
        for signal, value in zip(vocabulary.signals, values, strict=True)
        if value is not None
    }


# ------------------------------------------------------- infix: CEL and ZEN


def to_cel(expression: Expression, pack: Pack) -> str:
    """Plain CEL: a scale's bound becomes membership, a shared element becomes `in`, joined by `||`."""
    return _infix(expression, pack, {"and": " && ", "or": " || ", "not": "!({})"})


def to_zen(expression: Expression, pack: Pack) -> str:
    """ZEN's expression language, in which membership of a list field is `contains`."""
    return _infix(expression, pack, {"and": " and ", "or": " or ", "not": "not({})"}, member=_zen_member)


def _cel_member(element: str, name: str) -> str:
    return f"{print_literal(element)} in {name}"


def _zen_member(element: str, name: str) -> str:
    return f"contains({name}, {print_literal(element)})"


def _infix(
    expression: Expression, pack: Pack, words: dict[str, str], member: Callable[[str, str], str] = _cel_member
) -> str:
    def say(node: Expression) -> str:
        match node:
            case Name(path):
                return path
            case Literal(value):
                return print_literal(value)
            case Not(operand):
                return words["not"].format(say(operand))
            case And(operands):
                return "(" + words["and"].join(map(say, operands)) + ")"
            case Or(operands):
                return "(" + words["or"].join(map(say, operands)) + ")"
            case Compare(operator, left, right):
                return f"{say(left)} {operator} {say(right)}"
            case In(Name(path), ListLiteral(items)):
                return f"{path} in {_listed([str(item.value) for item in items])}"
            case In(Literal(element), Name(path)):
                return member(str(element), path)
            case Call("atLeast" | "atMost", (Name(path), _)):
                return f"{path} in {_listed(_steps(node, pack))}"
            case Call("sets.intersects", (Name(path), ListLiteral(items))):
                return "(" + words["or"].join(member(str(item.value), path) for item in items) + ")"
            case _:
                raise TypeError(f"no engine here is given {node}")

    return say(expression)


def _steps(call: Call, pack: Pack) -> list[str]:
    """The values of a scale that `atLeast` or `atMost` lets pass."""
    scale, bound = call.arguments
    assert isinstance(scale, Name) and isinstance(bound, Literal)
    order = pack.vocabulary.by_name[scale.path].value_names
    place = order.index(str(bound.value))
    return list(order[place:] if call.function == "atLeast" else order[: place + 1])


def _listed(values: list[str]) -> str:
    return "[" + ", ".join(print_literal(value) for value in values) + "]"


# ----------------------------------------------------------------- JsonLogic


def to_json_logic(expression: Expression, pack: Pack) -> Json:
    """JsonLogic, as people write it."""

    def say(node: Expression) -> Json:
        match node:
            case Name(path):
                return {"var": path}
            case Literal(value):
                return value
            case Not(operand):
                return {"!": [say(operand)]}
            case And(operands):
                return {"and": [say(operand) for operand in operands]}
            case Or(operands):
                return {"or": [say(operand) for operand in operands]}
            case Compare(operator, left, right):
                return {{"==": "===", "!=": "!=="}.get(operator, operator): [say(left), say(right)]}
            case In(Name() as name, ListLiteral(items)):
                return {"in": [say(name), [str(item.value) for item in items]]}
            case In(Literal(element), Name() as name):
                return {"in": [element, say(name)]}
            case Call("atLeast" | "atMost", (Name() as name, _)):
                return {"in": [say(name), list[Json](_steps(node, pack))]}
            case Call("sets.intersects", (Name() as name, ListLiteral(items))):
                return {"or": [{"in": [str(item.value), say(name)]} for item in items]}
            case _:
                raise TypeError(f"no engine here is given {node}")

    return say(expression)


# --------------------------------------------------------------------- Cedar


def to_cedar(node: Node, pack: Pack, *, possible: bool) -> str:
    """A lowered condition over `context`, guarded by `has`: whether it is certainly true, or whether it may be.

    Negation stands at the atoms already, so either question is a plain Boolean over guarded atoms.
    """
    match node:
        case All(parts):
            return "(" + " && ".join(to_cedar(part, pack, possible=possible) for part in parts) + ")"
        case Any(parts):
            return "(" + " || ".join(to_cedar(part, pack, possible=possible) for part in parts) + ")"
        case Atom():
            (name,) = node.signals
            test = _cedar_test(node, pack)
            known = f"context has {name}"
            return f"(!({known}) || {test})" if possible else f"({known} && {test})"


def _cedar_test(atom: Atom, pack: Pack) -> str:
    match atom.test:
        case Among(name, values) if values == {True}:
            test = f"context.{name}"
        case Among(name, values) if len(values) == 1:
            test = f"context.{name} == {_cedar_literal(name, next(iter(values)), pack)}"
        case Among(name, values):
            listed = ", ".join(sorted(_cedar_literal(name, value, pack) for value in values))
            test = f"[{listed}].contains(context.{name})"
        case Ordered(name, operator, constant):
            test = f"context.{name} {operator} {_cedar_literal(name, constant, pack)}"
        case Members(name, "any", values):
            listed = ", ".join(print_literal(value) for value in sorted(values))
            test = f"context.{name}.containsAny([{listed}])"
        case _:
            raise TypeError(f"no engine here is given {atom.test}")
    return f"!({test})" if atom.negated else test


def _cedar_literal(name: str, value: Value, pack: Pack) -> str:
    return str(cedar_value(pack.vocabulary.by_name[name].type, value)) if not isinstance(value, str) else f'"{value}"'


def cedar_value(kind: SignalType, value: Value) -> object:
    """A value as Cedar takes it: thousandths for scores, lists for sets."""
    if kind is SignalType.SCORE and isinstance(value, int | float):
        return round(value * THOUSAND)
    return sorted(value) if isinstance(value, frozenset) else value
