"""Lists in pages by key: a page begins where the one before ended, at the same cost for each. It never counts all rows.

A cursor is what an address carries in `after`: the way, and the last row's key. It is read as untrusted, and one that
does not fit gives the first page and says so.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Generic, Literal, TypeAlias, TypeVar
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Field, Model, Q, QuerySet

T = TypeVar("T")
ModelT = TypeVar("ModelT", bound=Model)
Key: TypeAlias = tuple[object, ...]
Way: TypeAlias = Literal["next", "previous"]

LEAST, MOST = 1, 500
_LONGEST_CURSOR = 800
_BAD_CURSOR = "that place in the list is not known any more: this is its beginning"


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """One page of a list.

    rows      in the order of the list
    next      what `after` is for the page behind this one, or None
    previous  what `after` is for the page before, or None
    note      something to say of the page; empty where there is nothing
    """

    rows: list[T]
    next: str | None = None
    previous: str | None = None
    note: str = ""

    def __bool__(self) -> bool:
        return bool(self.rows)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: behind a key, on the way to the end or back to the beginning."""

    way: Way
    key: Key


# From a place, or the beginning where there is none, and how many at the most: the rows nearest to the place first.
Fetch: TypeAlias = Callable[[Place | None, int], Sequence[T]]
# From what a cursor holds to a key; None where it is none of this list.
ReadKey: TypeAlias = Callable[[list[object]], Key | None]


def listed(query: QuerySet[ModelT], *, order: str = "-pk", after: str | None = None, most: int = 50) -> Listing[ModelT]:
    """A page of a query's rows.

    order  fields by commas, all upwards or, with `-` before the first, all downwards; they are never null, and the
           primary key comes last by itself, so that no two rows are equal. There is an index in this order
    after  a cursor from an address, untrusted
    """
    downwards, fields = _order(query.model, order)
    names = [field.attname for field in fields]

    def fetch(place: Place | None, count: int) -> list[ModelT]:
        falling = downwards ^ (place is not None and place.way == "previous")
        rows = query if place is None else query.filter(_behind(names, place.key, falling))
        return list(rows.order_by(*(f"-{name}" if falling else name for name in names))[:count])

    def key_of(row: ModelT) -> Key:
        return tuple(getattr(row, name) for name in names)

    return paged(fetch, key_of, partial(_read_key, fields), after=after, most=most)


def paged(
    fetch: Fetch[T], key_of: Callable[[T], Key], read_key: ReadKey, *, after: str | None, most: int = 50
) -> Listing[T]:
    """A page of anything that has a key by which it is ordered.

    key_of    of int, str, datetime or UUID
    read_key  checks what came from an address: types, and how many there are
    """
    most = min(max(most, LEAST), MOST)
    place, note = None, ""
    if after:
        place = _read(after, read_key)
        note = "" if place is not None else _BAD_CURSOR
    found = list(fetch(place, most + 1))
    more, rows = len(found) > most, found[:most]
    if place is not None and place.way == "previous":
        if not more:
            # The beginning is reached: its page is shown whole, and not what happens to lie before the one that was.
            return paged(fetch, key_of, read_key, after=None, most=most)
        rows.reverse()
        return Listing(rows, cursor("next", key_of(rows[-1])), cursor("previous", key_of(rows[0])))
    back = cursor("previous", key_of(rows[0])) if place is not None and rows else None
    return Listing(rows, cursor("next", key_of(rows[-1])) if more else None, back, note)


def cursor(way: Way, key: Key) -> str:
    """A place as an address carries it."""
    written = json.dumps([way, *map(_plain, key)], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(written.encode("utf-8", "surrogatepass")).decode().rstrip("=")


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _read(text: str, read_key: ReadKey) -> Place | None:
    """A place from an address; None where it is none."""
    if len(text) > _LONGEST_CURSOR:
        return None
    try:
        given = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        return None
    if not isinstance(given, list) or not given or given[0] not in ("next", "previous"):
        return None
    if not all(isinstance(value, str | int) for value in given[1:]):
        return None
    key = read_key(given[1:])
    return None if key is None else Place(given[0], key)


def _order(model: type[Model], order: str) -> tuple[bool, list[Field[object, object]]]:
    names = [name.strip().removeprefix("-") for name in order.split(",")]
    fields = [model._meta.pk if name == "pk" else model._meta.get_field(name) for name in names]
    if not all(isinstance(field, Field) for field in fields):
        raise FieldDoesNotExist(f"a list is ordered by columns of its own table, and `{order}` names others")
    own = [field for field in fields if isinstance(field, Field)]
    primary = model._meta.pk
    return order.startswith("-"), own if primary in own else [*own, primary]


def _read_key(fields: Sequence[Field[object, object]], given: list[object]) -> Key | None:
    if len(given) != len(fields):
        return None
    try:
        key = tuple(field.to_python(value) for field, value in zip(fields, given, strict=True))
        for field, value in zip(fields, key, strict=True):
            field.run_validators(value)
    except (ValidationError, ValueError, TypeError, OverflowError):
        return None
    # A cut character cannot be sent to a database, nor can a null one to PostgreSQL.
    texts = (value for value in key if isinstance(value, str))
    return None if None in key or any("\0" in text or not _whole(text) for text in texts) else key


def _whole(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _behind(names: Sequence[str], key: Key, falling: bool) -> Q:
    """Rows behind a key. The first comparison alone bounds the stretch of the index that is read."""
    way = "lt" if falling else "gt"
    found = Q()
    for place, name in enumerate(names):
        equal = Q(**dict(zip(names[:place], key[:place], strict=True)))
        found |= equal & Q(**{f"{name}__{way}": key[place]})
    return found if len(names) == 1 else Q(**{f"{names[0]}__{way}e": key[0]}) & found
