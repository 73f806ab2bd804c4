"""Counts over a compiled query, so that rows stay where they lie and numbers come back. It never weighs or samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlglot import expressions as exp

from assay.engine.program.sql.layout import own_names
from assay.engine.program.sql.logic import Sql, column, is_missing, whole
from assay.engine.program.sql.query import SqlQuery

_DECIDED = "_decided"


@dataclass(frozen=True, slots=True)
class Tally:
    """A query that counts.

    rows                  the result's column with how many rows there are
    yes, open, meanwhile  by measure: the column with how many rows it is certain for, how many it is unknown for,
                          and for how many open rules impose it in the meantime
    """

    text: str
    tree: exp.Select = field(repr=False, compare=False)
    by: tuple[str, ...]
    rows: str
    yes: dict[str, str]
    open: dict[str, str]
    meanwhile: dict[str, str]


def compile_tally(query: SqlQuery, by: Sequence[str] = ()) -> Tally:
    """How often each measure is imposed, for each combination of values in some columns that the query keeps.

    raises  ValueError for a column that the query does not carry
    """
    carried = {found.alias for found in query.tree.expressions}
    for name in by:
        if name not in carried:
            raise ValueError(f"the query carries no column `{name}`: keep it in the layout")
    taken = {name.lower() for name in by}
    rows = own_names("", ["rows"], query.dialect, taken)["rows"]
    yes, unknown, meanwhile = (own_names(kind, query.measures, query.dialect, taken) for kind in _KINDS)
    chosen = [_named(column(_DECIDED, name), name) for name in by]
    chosen.append(_named(exp.Count(this=exp.Star()), rows))
    for name, source in query.measures.items():
        chosen.append(_named(_sum(column(_DECIDED, source)), yes[name]))
        chosen.append(_named(_sum(is_missing(column(_DECIDED, source))), unknown[name]))
        chosen.append(_named(_sum(column(_DECIDED, query.meanwhile[name])), meanwhile[name]))
    inner = query.tree.copy().subquery(exp.to_identifier(_DECIDED, quoted=True), copy=False)
    tree = exp.Select(expressions=chosen).from_(inner, copy=False)
    for name in by:
        tree = tree.group_by(column(_DECIDED, name), copy=False).order_by(column(_DECIDED, name), copy=False)
    text = tree.sql(dialect=query.dialect, identify=True, pretty=True, comments=False)
    return Tally(text, tree, tuple(by), rows, yes, unknown, meanwhile)


_KINDS = ("yes", "unknown", "meanwhile")


def _sum(condition: Sql) -> Sql:
    """How many rows a condition is true for; 0, not NULL, where there are none."""
    one = exp.Case().when(condition, whole(1), copy=False).else_(whole(0), copy=False)
    return exp.Coalesce(this=exp.Sum(this=one), expressions=[whole(0)])


def _named(value: Sql, name: str) -> Sql:
    return exp.Alias(this=value, alias=exp.to_identifier(name, quoted=True))
