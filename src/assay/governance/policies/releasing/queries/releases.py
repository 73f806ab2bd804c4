"""Releases: what decides now, what waits to be told to the channel, and all there were. They change none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from assay.governance.office.actor import Actor
from assay.governance.office.listing import Listing, listed
from assay.governance.office.operations import query
from assay.governance.office.roles import INSIDE
from assay.governance.policies.life.models import Edition, Release
from assay.governance.policies.releasing.publishing import waiting
from assay.governance.policies.releasing.standing import Now, decides, line, told

# What a line of the list needs: an edition's files and bundle would be most of the work.
_COLUMNS = (
    "number", "kind", "part", "share", "reason", "made_at", "published_at", "sequence", "fault",
    "edition__number", "edition__digest", "change__number", "change__policy", "made_by__name",
    "delivery__overtaken_by__number",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filters:
    """Which releases are wanted; empty is every one."""

    kind: str = ""
    part: str = ""
    policy: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """How it stands with what decides.

    told     as it was released
    decides  as the channel knows it
    waiting  releases that the channel does not know of yet, the oldest first
    former   what a roll-back would let decide again; None where there is nothing
    """

    told: Now
    decides: Now
    waiting: tuple[Release, ...]
    former: Edition | None

    @property
    def failing(self) -> tuple[Release, ...]:
        """Those that were tried and could not be published."""
        return tuple(each for each in self.waiting if each.fault)


@query("policies.see-releases", words="see what decides now and what is on its way", roles=INSIDE, reach="room")
def see_releases(*, by: Actor, at: datetime) -> Overview:
    """What decides, decides a share and looks on, and what the channel does not know yet."""
    now = told()
    found = tuple(waiting())
    return Overview(now, decides() if found else now, found, former_edition())


@query("policies.list-releases", words="list releases", roles=INSIDE, reach="room")
def list_releases(
    *, filters: Filters, after: str | None = None, most: int = 50, by: Actor, at: datetime
) -> Listing[Release]:
    """A page of releases, the newest first."""
    return listed(_rows(filters), order="-number", after=after, most=most)


@query("policies.export-releases", words="export the list of releases", roles=INSIDE, reach="room")
def export_releases(*, filters: Filters, by: Actor, at: datetime) -> Iterator[Release]:
    """Every release, the newest first."""
    return _rows(filters).order_by("-number").iterator(chunk_size=200)


def release_of_number(number: int) -> Release | None:
    """A release by its number; whoever shows it asks a query of this room."""
    return Release.objects.select_related("edition", "change").filter(number=number).first()


def former_edition() -> Edition | None:
    """The edition that decided just before the present one; None where none did."""
    decided = line()
    return Edition.objects.defer("bundle", "files").get(pk=decided[-2]) if len(decided) > 1 else None


def _rows(filters: Filters) -> QuerySet[Release]:
    rows = Release.objects.select_related("edition", "change", "made_by", "delivery", "delivery__overtaken_by")
    rows = rows.only(*_COLUMNS)
    given = {"kind": filters.kind, "part": filters.part, "change__policy": filters.policy}
    return rows.filter(**{name: value for name, value in given.items() if value})
