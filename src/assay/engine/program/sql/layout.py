"""The table that a query reads and the one that it gives: their columns, names and types. It never reads a row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assay.engine.language.pack.vocabulary import Signal, SignalType
from assay.engine.program.sql.dialects import WITHOUT_NULL_SETS, kind_of, name_in, type_of


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table of items is laid out: one row is one item in one market at one instant.

    id, market     the columns with the item's id, which rollouts hash, and its market
    as_of          the column with the instant, in microseconds since 1970
    holds_classes  whether `market` holds names of market classes rather than ISO codes
    columns        the column of a signal, where it is not the signal's own name
    keep           further columns that the result carries unchanged
    said           signals of the calendar that have a column all the same; where it is not NULL, it goes before
    """

    id: str = "id"
    market: str = "market"
    as_of: str = "as_of"
    holds_classes: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    keep: Sequence[str] = ()
    said: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Column:
    """A column that the table must have.

    name   as it is written in the query
    type   in the dialect's words
    holds  `id`, `market`, `as_of`, `signal`, `known` (whether a set is), or `rollout` (a share worked out before)
    of     the signal or rule it belongs to, or nothing
    """

    name: str
    type: str
    holds: str
    of: str = ""


DEFAULT_LAYOUT = Layout()


def signal_columns(signals: Iterable[Signal], layout: Layout, dialect: str) -> tuple[Column, ...]:
    """The columns that hold signals, and those that say whether a set is known."""
    found = []
    for signal in signals:
        name = signal_column(signal.name, layout, dialect)
        found.append(Column(name, type_of(kind_of(signal), dialect), "signal", signal.name))
        if signal.type is SignalType.SET and dialect in WITHOUT_NULL_SETS:
            found.append(Column(known_column(name), type_of("boolean", dialect), "known", signal.name))
    return tuple(found)


def signal_column(signal: str, layout: Layout, dialect: str) -> str:
    """The column of a signal: its own name, dots and all, unless it is called otherwise."""
    return layout.columns.get(signal) or name_in(signal, dialect)


def known_column(name: str) -> str:
    """The column that says whether a set is known, for engines whose arrays are never NULL."""
    return f"{name}__known"


def rollout_column(rule: str, dialect: str) -> str:
    """The column with the share of an item for a rule, for engines that cannot work it out."""
    return name_in(f"rollout:{rule}", dialect)


def own_names(kind: str, names: Iterable[str], dialect: str, taken: set[str]) -> dict[str, str]:
    """A column of the result for each name, none of which is taken; `kind` stands before it."""
    found = {}
    for name in names:
        wanted = name_in(f"{kind}:{name}" if kind else name, dialect)
        chosen, number = wanted, 2
        while chosen.lower() in taken:
            chosen, number = f"{wanted}_{number}", number + 1
        taken.add(chosen.lower())
        found[name] = chosen
    return found


def refuse_doubles(names: Sequence[str]) -> None:
    """Refuse a layout in which two things have one column.

    raises  ValueError
    """
    seen: set[str] = set()
    for name in names:
        # Engines differ in whether `Id` and `id` are two columns, so that nobody may rely on it.
        if name.lower() in seen:
            raise ValueError(f"two things would be in the column `{name}`: name one of them otherwise in the layout")
        if not name or name.startswith("_") or any(not letter.isprintable() or letter == "\\" for letter in name):
            raise ValueError(f"`{name}` cannot name a column: names that begin with `_` are kept for the query's own")
        seen.add(name.lower())
