"""Small pieces of SQL that every condition is made of, as expression trees. It never writes a text of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from sqlglot import expressions as exp

Sql: TypeAlias = exp.Expr

# Some engines refuse or slow down on chains of hundreds of operators; groups in brackets stay flat.
_LONGEST_CHAIN = 50


def text(value: str) -> Sql:
    """A text constant; the dialect quotes it."""
    return exp.Literal.string(value)


def whole(value: int) -> Sql:
    """A whole number."""
    return exp.Literal.number(value)


def decimal(value: int | float) -> Sql:
    """A double, exactly. A bare `0.7` is a fixed-point number in several engines, which they compare in other ways."""
    return exp.cast(text(repr(float(value))), exp.DataType.Type.DOUBLE)


def constant(*, holds: bool) -> Sql:
    """True or false."""
    return exp.true() if holds else exp.false()


def column(table: str, name: str) -> Sql:
    """A column, always with its table: some engines take a bare name for the alias that stands beside it."""
    return exp.column(name, table=table, quoted=True)


def is_missing(inner: Sql) -> Sql:
    """Whether something is NULL, which is never NULL itself."""
    return exp.Is(this=inner, expression=exp.null())


def compare(operator: str, left: Sql, right: Sql) -> Sql:
    """A comparison, NULL where a side is."""
    return _COMPARISONS[operator](this=left, expression=right)


def both(parts: Iterable[Sql]) -> Sql:
    """Kleene's and, which SQL's `AND` is in every engine; without parts, true."""
    return _joined(exp.And, list(parts), exp.true())


def either(parts: Iterable[Sql]) -> Sql:
    """Kleene's or, which SQL's `OR` is in every engine; without parts, false."""
    return _joined(exp.Or, list(parts), exp.false())


def no(inner: Sql) -> Sql:
    """Kleene's not, which SQL's `NOT` is in every engine."""
    return exp.Not(this=bracketed(inner))


def where_known(missing: Sequence[Sql], answer: Sql) -> Sql:
    """NULL where something is missing, and else an answer that is never NULL."""
    return exp.Case().when(either(missing), exp.null(), copy=False).else_(answer, copy=False)


def called(function: str, *arguments: Sql) -> Sql:
    """A function of one dialect, by its own name."""
    return exp.Anonymous(this=function, expressions=list(arguments))


def bracketed(inner: Sql) -> Sql:
    """In brackets, unless it reads the same without."""
    simple = exp.Column | exp.Literal | exp.Boolean | exp.Func | exp.Paren | exp.Exists
    return inner if isinstance(inner, simple) and not isinstance(inner, exp.Connector) else exp.Paren(this=inner)


def _joined(kind: type[exp.And | exp.Or], parts: list[Sql], empty: Sql) -> Sql:
    if not parts:
        return empty
    while len(parts) > _LONGEST_CHAIN:
        groups = [parts[start : start + _LONGEST_CHAIN] for start in range(0, len(parts), _LONGEST_CHAIN)]
        parts = [exp.Paren(this=_chain(kind, group)) for group in groups]
    return _chain(kind, parts)


def _chain(kind: type[exp.And | exp.Or], parts: list[Sql]) -> Sql:
    if len(parts) == 1:
        return parts[0]
    mixed = exp.Or if kind is exp.And else exp.And
    found, *rest = [exp.Paren(this=part) if isinstance(part, mixed) else part for part in parts]
    for part in rest:
        found = kind(this=found, expression=part)
    return found


_COMPARISONS: dict[str, type[exp.Binary]] = {
    "==": exp.EQ,
    "!=": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}
OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
