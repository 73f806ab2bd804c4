"""Conditions as text again: one spelling for each. It never changes what a condition says."""

from __future__ import annotations

from assay.engine.language.expression.syntax import (
    METHODS,
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

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_OR, _AND, _RELATION, _UNARY = range(4)


def print_expression(expression: Expression) -> str:
    """The one spelling of a condition; parsing it gives the same condition."""
    return _print(expression, _OR)


def print_literal(value: bool | int | float | str) -> str:
    """A constant as the language writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + "".join(_character(character) for character in value) + '"'
    return repr(value)


def _character(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _print(expression: Expression, level: int) -> str:
    match expression:
        case Literal(value):
            return print_literal(value)
        case ListLiteral(items):
            return "[" + ", ".join(print_literal(item.value) for item in items) + "]"
        case Name(path):
            return path
        case Not(operand):
            return "!" + _print(operand, _UNARY)
        case And(operands):
            return _bracket(" && ".join(_print(operand, _RELATION) for operand in operands), level > _AND)
        case Or(operands):
            return _bracket(" || ".join(_print(operand, _AND) for operand in operands), level > _OR)
        case Compare(operator, left, right):
            return _bracket(f"{_print(left, _UNARY)} {operator} {_print(right, _UNARY)}", level > _RELATION)
        case In(element, container):
            return _bracket(f"{_print(element, _UNARY)} in {_print(container, _UNARY)}", level > _RELATION)
        case Call(function, arguments) if function in METHODS:
            rest = ", ".join(_print(argument, _OR) for argument in arguments[1:])
            return f"{_print(arguments[0], _UNARY)}.{function}({rest})"
        case Call(function, arguments):
            return f"{function}({', '.join(_print(argument, _OR) for argument in arguments)})"


def _bracket(text: str, needed: bool) -> str:
    return f"({text})" if needed else text
