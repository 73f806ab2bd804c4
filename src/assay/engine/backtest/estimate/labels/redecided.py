"""Rows decided again with other values of some signals. It changes no block: it makes a new one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from assay.engine.kernel.values import MaybeValue
from assay.engine.language.pack.vocabulary import Signal, SignalType
from assay.engine.program.columnar.planes import Plane, pack, unpack
from assay.engine.program.columnar.table.block import LARGEST_BLOCK, Block, Ids, ListedIds
from assay.engine.program.columnar.table.columns import Coded, Column, Flags, Numbers, Sets, column_of

_FLAGS = {"yes": True, "no": False}


def value_of(signal: Signal, text: str) -> MaybeValue:
    """The value that a label's text stands for; None where it stands for none."""
    given: object = text
    match signal.type:
        case SignalType.FLAG:
            given = _FLAGS.get(text)
        case SignalType.SET:
            given = [member for member in text.split("|") if member]
        case SignalType.NUMBER | SignalType.SCORE:
            given = _number(text)
    value = None if given is None else signal.read(given)
    return value if isinstance(value, bool | int | float | str | frozenset) else None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def with_values(block: Block, rows: Sequence[int], said: Sequence[Mapping[str, MaybeValue]]) -> Block:
    """Some rows of a block, each as often as it is named, with the values that somebody else gives some signals.

    rows  at most as many as a block has
    said  for each of them the values by signal; a signal that is not named keeps the row's own value
    """
    places = np.array(rows, np.intp)
    if places.size > LARGEST_BLOCK:
        raise ValueError(f"a block has at most {LARGEST_BLOCK} rows, not {places.size}")
    changed = dict.fromkeys(name for values in said for name in values)
    columns: dict[str, Column] = {}
    for name in (*block.columns, *[one for one in changed if one not in block.columns]):
        own = block.columns.get(name)
        columns[name] = (
            taken(own, places)
            if name not in changed and own is not None
            else column_of(_given(own, places, name, said))
        )
    as_of = block.as_of if isinstance(block.as_of, int) else block.as_of[places]
    by_market = {
        name: {market: taken(column, places) for market, column in given.items()}
        for name, given in block.by_market.items()
    }
    subject = block.subject if isinstance(block.subject, str) else _coded(block.subject, places)
    return Block(places.size, columns, as_of, by_market, subject, _ids(block.ids, places))


def _given(
    own: Column | None, places: NDArray[np.intp], name: str, said: Sequence[Mapping[str, MaybeValue]]
) -> list[MaybeValue]:
    kept = [None] * places.size if own is None else values_in(own, places)
    return [values.get(name, value) for values, value in zip(said, kept, strict=True)]


def _ids(ids: Ids | None, places: NDArray[np.intp]) -> Ids | None:
    return None if ids is None else ListedIds(ids.at(places))


def taken(column: Column, places: NDArray[np.intp]) -> Column:
    """Some rows of a column."""
    match column:
        case Coded():
            return _coded(column, places)
        case Numbers(numbers, known):
            return Numbers(numbers[places], _bits(known, places))
        case Flags(true, known):
            return Flags(_plane(true, places), _bits(known, places))
        case Sets(members, known):
            return Sets({name: _plane(plane, places) for name, plane in members.items()}, _bits(known, places))


def _coded(column: Coded, places: NDArray[np.intp]) -> Coded:
    return Coded(column.codes[places], column.dictionary, _bits(column.known, places))


def _bits(plane: Plane | None, places: NDArray[np.intp]) -> Plane | None:
    return None if plane is None else _plane(plane, places)


def _plane(plane: Plane, places: NDArray[np.intp]) -> Plane:
    return pack(unpack(plane, plane.size * 64)[places])


def values_in(column: Column, places: NDArray[np.intp]) -> list[MaybeValue]:
    """The values of some rows of a column; None is unknown."""
    found = _values_in(taken(column, places), places.size)
    known = None if column.known is None else unpack(_plane(column.known, places), places.size).tolist()
    return found if known is None else [value if kept else None for value, kept in zip(found, known, strict=True)]


def _values_in(column: Column, rows: int) -> list[MaybeValue]:
    match column:
        case Coded(codes, dictionary):
            # A row that is not known may hold any code.
            words = dict(enumerate(dictionary.values))
            return [words.get(code) for code in codes.tolist()]
        case Numbers(numbers):
            # Only NaN differs from itself.
            return [value if value == value else None for value in numbers.tolist()]  # noqa: PLR0124
        case Flags(true):
            return list(unpack(true, rows).tolist())
        case Sets(members):
            held = {name: unpack(plane, rows) for name, plane in members.items()}
            return [frozenset([name for name, flags in held.items() if flags[row]]) for row in range(rows)]
