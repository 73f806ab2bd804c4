"""Editions: one with its texts and signers, all that were released, and what decided on a day. They change none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import BooleanField, Case, When

from assay.governance.office.actor import Actor
from assay.governance.office.listing import Listing, listed
from assay.governance.office.operations import query
from assay.governance.office.roles import INSIDE
from assay.governance.policies.life.editions import current_release
from assay.governance.policies.life.models import Document, Edition, Release, Text, Version
from assay.governance.policies.releasing.standing import CURRENT, line
from assay.governance.policies.signing.queries.sheets import Sheet, sheet_of

_LONGEST_SHOWN = 200_000


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of an edition.

    document  what the house calls it; None where it never decided
    version   the number of the document's version that it is; None where it never decided
    """

    path: str
    digest: str
    document: Document | None = None
    version: Version | None = None


@dataclass(frozen=True, slots=True)
class Differing:
    """A file that an edition changed against the one it started from; an empty text is a file that is not there."""

    path: str
    before: str
    after: str

    @property
    def words(self) -> str:
        """What became of it."""
        return "new" if not self.before else "removed" if not self.after else "changed"


@dataclass(frozen=True, slots=True)
class EditionView:
    """One edition.

    base       the edition that it started from
    differing  what changed against that
    sheet      who signed it off, with dissent; None where the house began with it
    can_return whether a roll-back can let it decide again
    """

    edition: Edition
    base: Edition | None
    files: tuple[FileRow, ...]
    differing: tuple[Differing, ...]
    releases: tuple[Release, ...]
    sheet: Sheet | None
    can_return: bool
    decides: bool


@dataclass(frozen=True, slots=True)
class AsOf:
    """What decided at the end of a day.

    release  by which it did; None where nothing did yet
    during   further releases of that day that let another edition decide
    """

    day: date
    until: datetime
    release: Release | None
    files: tuple[FileRow, ...]
    during: tuple[Release, ...]


@query("policies.see-edition", words="read an edition of all policies and who signed it", roles=INSIDE, reach="room")
def see_edition(*, edition: Edition, by: Actor, at: datetime) -> EditionView:
    """An edition with its texts, signers and releases."""
    change, decided = edition.change, line()
    base = change.base if change is not None else None
    releases = edition.releases.select_related("edition", "change", "made_by").order_by("-number")[:50]
    return EditionView(
        edition,
        base,
        _files(edition),
        () if base is None else _differing(base, edition),
        tuple(releases),
        None if change is None else sheet_of(change, digest=edition.digest),
        edition.pk in decided[:-1],
        bool(decided) and decided[-1] == edition.pk,
    )


@query("policies.list-editions", words="list editions of all policies", roles=INSIDE, reach="room")
def list_editions(*, after: str | None = None, most: int = 50, by: Actor, at: datetime) -> Listing[Edition]:
    """A page of the editions that were built, the newest first."""
    rows = Edition.objects.select_related("change", "made_by").defer("bundle")
    rows = rows.annotate(signed=Case(When(bundle=None, then=False), default=True, output_field=BooleanField()))
    return listed(rows, order="-number", after=after, most=most)


@query("policies.see-as-of", words="read all policies as of a day", roles=INSIDE, reach="room")
def see_as_of(*, day: date, by: Actor, at: datetime) -> AsOf:
    """What decided at the end of a day in UTC; of today, what decides now."""
    begins = datetime.combine(day, time(), UTC)
    # Of a day to come, what decides now; the last day that there is has none after it.
    until = at if day >= at.date() else begins + timedelta(days=1) - timedelta(microseconds=1)
    release = current_release(until)
    during = Release.objects.filter(part=CURRENT, published_at__gte=begins, published_at__lte=until)
    return AsOf(
        day,
        until,
        release,
        () if release is None else _files(release.edition),
        tuple(during.select_related("edition").order_by("number")[:50]),
    )


@query("policies.read-edition", words="read every text of an edition", roles=INSIDE, reach="room")
def read_edition(*, edition: Edition, by: Actor, at: datetime) -> Mapping[str, str]:
    """The texts by path."""
    return edition.texts


def edition_of_number(number: int) -> Edition | None:
    """An edition by its number; whoever shows it asks `see_edition`."""
    rows = Edition.objects.select_related("change", "change__base", "change__owner", "made_by")
    return rows.filter(number=number).first()


def _files(edition: Edition) -> tuple[FileRow, ...]:
    documents = {each.path: each for each in Document.objects.filter(path__in=list(edition.files))}
    versions = Version.objects.filter(text_id__in=set(edition.files.values()), document__in=documents.values())
    # A text that was brought back has two versions; the edition has the newest that was there when it was made.
    found = {(each.document_id, each.text_id): each for each in versions.order_by("number")}
    rows = []
    for path, digest in sorted(edition.files.items()):
        document = documents.get(path)
        rows.append(FileRow(path, digest, document, found.get((document.pk, digest)) if document else None))
    return tuple(rows)


def _differing(base: Edition, edition: Edition) -> tuple[Differing, ...]:
    paths = sorted(path for path in {*base.files, *edition.files} if base.files.get(path) != edition.files.get(path))
    wanted = {held.files[path] for held in (base, edition) for path in paths if path in held.files}
    texts = {each.digest: each.content for each in Text.objects.filter(digest__in=wanted)}
    return tuple(
        Differing(path, *(_shown(texts.get(held.files.get(path, ""), "")) for held in (base, edition)))
        for path in paths
    )


def _shown(text: str) -> str:
    return text[:_LONGEST_SHOWN]
