"""The same policy for other engines: all rules, all measures three-valued, counted. It writes what a person would."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from assay.engine.kernel.values import Value
from assay.engine.program.core import All, Among, Atom, Members, Node, Ordered
from assay.engine.program.core import Any as AnyOf
from assay.engine.program.lower import Program


@dataclass(frozen=True, slots=True)
class Imposed:
    """By measure: the places of the rules that impose it, and of those that do in the meantime."""

    then: tuple[tuple[int, ...], ...]
    until_known: tuple[tuple[int, ...], ...]


def imposed_by(program: Program) -> Imposed:
    """Which rules impose each measure of a pack without markets, dates and grace."""

    def rules(of: Callable[[int], tuple[int, ...]]) -> tuple[tuple[int, ...], ...]:
        measures = range(len(program.pack.measures.all))
        return tuple(tuple(rule for rule in range(len(program.rules)) if measure in of(rule)) for measure in measures)

    return Imposed(rules(lambda rule: program.rules[rule].then), rules(lambda rule: program.rules[rule].until_known))


# ------------------------------------------------------------------------ SQL


def duckdb_query(program: Program, table: str) -> str:
    """One query in DuckDB's dialect, which gives the count of rows and, by measure: certain, unknown and meanwhile."""
    imposed = imposed_by(program)
    rules = [f"({_sql(lowered.condition)}) AS r{place}" for place, lowered in enumerate(program.rules)]
    measures = [
        _sql_union([f"r{rule}" for rule in rules_of], f"m{place}") for place, rules_of in enumerate(imposed.then)
    ]
    measures += [
        _sql_union([f"(r{rule} IS NULL)" for rule in rules_of], f"w{place}")
        for place, rules_of in enumerate(imposed.until_known)
    ]
    counts = [
        f"count(*) FILTER (WHERE m{place}), count(*) FILTER (WHERE m{place} IS NULL), count(*) FILTER (WHERE w{place})"
        for place in range(len(imposed.then))
    ]
    inner = f"SELECT {', '.join(measures)} FROM (SELECT {', '.join(rules)} FROM {table})"
    return f"SELECT count(*), {', '.join(counts)} FROM ({inner})"


def _sql_union(parts: Sequence[str], name: str) -> str:
    return f"{' OR '.join(parts) or 'FALSE'} AS {name}"


def _sql(node: Node) -> str:
    match node:
        case Atom(test, negated):
            said = _sql_test(test)
            return f"NOT ({said})" if negated else said
        case All(parts):
            return " AND ".join(f"({_sql(part)})" for part in parts) or "TRUE"
        case AnyOf(parts):
            return " OR ".join(f"({_sql(part)})" for part in parts) or "FALSE"


def _sql_test(test: object) -> str:
    match test:
        case Among(signal, values) if all(isinstance(value, bool) for value in values):
            return signal if True in values else f"NOT {signal}"
        case Among(signal, values):
            constants = [_sql_constant(value) for value in sorted(values, key=str)]
            return f"{signal} = {constants[0]}" if len(constants) == 1 else f"{signal} IN ({', '.join(constants)})"
        case Ordered(signal, operator, constant):
            return f"{signal} {operator} {_sql_constant(constant)}"
        case Members(signal, mode, values):
            function = "list_has_all" if mode == "all" else "list_has_any"
            return f"{function}({signal}, [{', '.join(_sql_constant(value) for value in sorted(values))}])"
        case _:
            raise TypeError("the generated pack has no such test")


def _sql_constant(value: Value) -> str:
    # Without the cast DuckDB takes a fraction for a decimal.
    return f"'{value}'" if isinstance(value, str) else f"{value}::DOUBLE" if isinstance(value, float) else f"{value}"


# --------------------------------------------------------------------- Polars


def polars_frame(program: Program, frame: Any, polars: Any) -> Any:
    """A lazy frame in Polars' expressions, whose `&`, `|` and `~` are Kleene's, with the same counts in one row."""
    imposed = imposed_by(program)
    rules = [_polars(lowered.condition, polars).alias(f"r{place}") for place, lowered in enumerate(program.rules)]
    measures = [
        _joined([polars.col(f"r{rule}") for rule in rules_of], polars).alias(f"m{place}")
        for place, rules_of in enumerate(imposed.then)
    ]
    measures += [
        _joined([polars.col(f"r{rule}").is_null() for rule in rules_of], polars).alias(f"w{place}")
        for place, rules_of in enumerate(imposed.until_known)
    ]
    counts = [polars.len().alias("rows")]
    for place in range(len(imposed.then)):
        truth = polars.col(f"m{place}")
        meanwhile = polars.col(f"w{place}")
        counts += [truth.sum().alias(f"t{place}"), truth.is_null().sum().alias(f"u{place}")]
        counts += [meanwhile.sum().alias(f"w{place}")]
    return frame.select(rules).select(measures).select(counts)


def _joined(parts: Sequence[Any], polars: Any) -> Any:
    if not parts:
        return polars.lit(value=False)
    found = parts[0]
    for part in parts[1:]:
        found |= part
    return found


def _polars(node: Node, polars: Any) -> Any:
    match node:
        case Atom(test, negated):
            said = _polars_test(test, polars)
            return ~said if negated else said
        case All(parts):
            found = _polars(parts[0], polars)
            for part in parts[1:]:
                found &= _polars(part, polars)
            return found
        case AnyOf(parts):
            return _joined([_polars(part, polars) for part in parts], polars)


def _polars_test(test: object, polars: Any) -> Any:
    match test:
        case Among(signal, values) if all(isinstance(value, bool) for value in values):
            return polars.col(signal) if True in values else ~polars.col(signal)
        case Among(signal, values):
            return _joined([polars.col(signal) == value for value in sorted(values, key=str)], polars)
        case Ordered(signal, operator, constant):
            column = polars.col(signal)
            named = {"<": column.__lt__, "<=": column.__le__, ">": column.__gt__, ">=": column.__ge__}
            return named[operator](constant)
        case Members(signal, mode, values):
            held = [polars.col(signal).list.contains(value) for value in sorted(values)]
            if mode == "any":
                return _joined(held, polars)
            found = held[0]
            for part in held[1:]:
                found &= part
            return found
        case _:
            raise TypeError("the generated pack has no such test")
