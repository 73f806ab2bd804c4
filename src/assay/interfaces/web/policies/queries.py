"""What may be read of the policies in force: documents, questions, measures, duties. It changes none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from assay.governance.office.actor import Actor
from assay.governance.office.contributions import Date
from assay.governance.office.listing import Key, Listing, Place, paged
from assay.governance.office.operations import may, query
from assay.governance.office.roles import INSIDE
from assay.interfaces.web.policies.crossing import crossed
from assay.interfaces.web.policies.in_force import InForce, pack_in_force

T = TypeVar("T")


@query("policies.read", words="read the policies in force", roles=INSIDE, reach="room")
def read_pack(*, by: Actor, at: datetime) -> InForce | None:
    """The pack in force, or None where there is none."""
    return pack_in_force()


def dates_of_pack(by: Actor, start: datetime, until: datetime) -> Iterator[Date]:
    """The pack's dates from `start` and before `until`, for whoever may read the policies."""
    found = pack_in_force() if may(by, "policies.read") else None
    if found is not None:
        yield from crossed(found).dates_between(start, until)


def page_of(rows: Sequence[T], after: str | None, most: int = 50) -> Listing[T]:
    """One page of what stands in a pack, in its order; a cursor is a place in it."""

    def fetch(place: Place | None, count: int) -> Sequence[int]:
        if place is None:
            return range(min(count, len(rows)))
        start = min(max(int(str(place.key[0])), 0), len(rows))
        if place.way == "next":
            return range(start + 1, min(start + 1 + count, len(rows)))
        return range(start - 1, max(start - 1 - count, -1), -1)

    found = paged(fetch, lambda place: (place,), _read_place, after=after, most=most)
    return Listing([rows[place] for place in found.rows], found.next, found.previous, found.note)


def _read_place(given: list[object]) -> Key | None:
    return (given[0],) if len(given) == 1 and isinstance(given[0], int) and 0 <= given[0] < 1 << 40 else None
