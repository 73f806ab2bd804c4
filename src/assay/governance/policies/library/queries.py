"""What may be read of the house's policies: which there are, their versions, what differs, what stood on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, TypeAlias, get_args

from django.db.models import F, Q, QuerySet

from assay.governance.office.actor import Actor
from assay.governance.office.listing import Listing, listed
from assay.governance.office.operations import query
from assay.governance.office.roles import INSIDE
from assay.governance.policies.library.remembering import comparison, outline, outlines
from assay.governance.policies.library.rules import Compared, Outline
from assay.governance.policies.life.editions import CURRENT, edition_at
from assay.governance.policies.life.models import Change, Document, Edition, Release, Version
from assay.governance.policies.life.stages import ORDER, Stage

Standing: TypeAlias = Literal["in-force", "in-change", "review-due", "retired", "not-in-force"]
STANDINGS: tuple[Standing, ...] = get_args(Standing)
# A change that is under way: nothing of it decides everywhere yet.
OPEN = tuple(stage.value for stage in ORDER[: ORDER.index(Stage.IN_FORCE)])
_MOST_NEW = 20


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; without a standing, everything that is not retired.

    mine    documents that the reader answers for
    shared  the files that all policies share, instead of the policies
    """

    text: str = ""
    standing: Standing | None = None
    mine: bool = False
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A document as the list shows it.

    version  the one that decides; where none does, the newest; None where nothing of it was ever released
    decides  whether that version decides now
    newer    the newest version's number where that one was rolled back, else 0
    changes  what is under way for it
    """

    document: Document
    version: Version | None
    decides: bool
    newer: int
    outline: Outline | None
    changes: tuple[Change, ...]
    review_due: bool

    @property
    def owner(self) -> str:
        """Who answers for it: a person of the house, or what its front matter says."""
        if self.document.owner is not None:
            return self.document.owner.name
        return self.outline.owner if self.outline is not None else ""

    @property
    def since(self) -> date | None:
        """From which day it holds: not before it was released, and not before it says itself."""
        return None if self.version is None else since(self.version)


@dataclass(frozen=True, slots=True)
class Difference:
    """Two versions of a document, the older first."""

    before: Version
    after: Version
    compared: Compared | None

    @property
    def texts(self) -> tuple[str, str]:
        """What each said; nothing where the document was removed."""
        return _content(self.before), _content(self.after)


@dataclass(frozen=True, slots=True)
class AsOf:
    """A document as it decided at the end of a day.

    edition   what decided then; None where this house had not begun
    version   None where the document was not part of it
    turned    what was released on that day, so that a reader knows that it did not stand all day
    """

    day: date
    edition: Edition | None
    version: Version | None
    turned: tuple[Release, ...] = ()


def has_begun() -> bool:
    """Whether the house keeps policies here at all."""
    return Document.objects.exists()


def document_of(name: str) -> Document | None:
    """A document by its name: the newest of that name that is not retired, else one that is."""
    found = Document.objects.select_related("owner").filter(name=name)
    return found.order_by(F("retired_at").asc(nulls_first=True), "-pk").first()


@query("policies.list-library", words="list the house's policies with their versions", roles=INSIDE, reach="room")
def list_library(*, filters: Filters, after: str | None, most: int = 30, by: Actor, at: datetime) -> Listing[Row]:
    """A page of documents by name, each as it stands."""
    edition = edition_at(at)
    files: Mapping[str, str] = {} if edition is None else edition.files
    listing = listed(_narrowed(filters, files, by, at), order="name", after=after, most=most)
    rows = _rows(listing.rows, files, at)
    return Listing(rows, listing.next, listing.previous, listing.note)


@query("policies.list-new", words="list policies that are being made", roles=INSIDE, reach="room")
def list_new(*, by: Actor, at: datetime) -> Sequence[Change]:
    """Changes under way that make a policy of which nothing was released yet, the newest first."""
    return list(Change.objects.filter(kind="new", document=None, stage__in=OPEN).order_by("-number")[:_MOST_NEW])


@query("policies.see-row", words="see how a policy stands", roles=INSIDE, reach="room")
def see_row(*, document: Document, by: Actor, at: datetime) -> Row:
    """One document as it stands."""
    edition = edition_at(at)
    return _rows([document], {} if edition is None else edition.files, at)[0]


@query("policies.list-versions", words="list the versions of a policy", roles=INSIDE, reach="room")
def list_versions(
    *, document: Document, after: str | None, most: int = 50, by: Actor, at: datetime
) -> Listing[Version]:
    """A page of versions, the newest first."""
    return listed(_versions(document), order="-number", after=after, most=most)


@query("policies.see-version", words="read a version of a policy", roles=INSIDE, reach="room")
def see_version(*, document: Document, number: int, by: Actor, at: datetime) -> Version | None:
    """A version with its text; None where there is none of that number."""
    return _versions(document).select_related("text").filter(number=number).first()


@query("policies.compare-versions", words="compare two versions of a policy", roles=INSIDE, reach="room")
def compare_versions(*, document: Document, before: int, after: int, by: Actor, at: datetime) -> Difference | None:
    """Two versions, the older first, whichever way they are named; None where one is not there."""
    wanted = sorted({before, after})
    found = {each.number: each for each in _versions(document).select_related("text").filter(number__in=wanted)}
    if len(found) != len(wanted):
        return None
    old, new = found[wanted[0]], found[wanted[-1]]
    return Difference(old, new, _compared(old, new) if document.is_policy else None)


@query("policies.see-policy-as-of", words="read a policy as of any day", roles=INSIDE, reach="room")
def see_as_of(*, document: Document, day: date, by: Actor, at: datetime) -> AsOf:
    """The document as it decided at the end of a day; of today, as it does now."""
    begins = datetime.combine(day, time(), UTC)
    ends = min(begins + timedelta(days=1, microseconds=-1), at)
    edition = edition_at(ends)
    if edition is None:
        return AsOf(day, None, None)
    turned = Release.objects.filter(published_at__gte=begins, published_at__lte=ends, part=CURRENT)
    digest = edition.files.get(document.path)
    version = None if digest is None else _at_edition(document, digest, edition)
    return AsOf(day, edition, version, tuple(turned.order_by("number")))


def since(version: Version) -> date:
    """From which day a version holds: not before it was released, and not before it says itself."""
    released = version.made_at.date()
    return released if version.effective_on is None else max(released, version.effective_on)


def version_outline(version: Version) -> Outline | None:
    """What a version that was read with its text says of itself."""
    return None if version.text is None else outline(version.text.digest, version.text.content)


def _narrowed(filters: Filters, files: Mapping[str, str], by: Actor, at: datetime) -> QuerySet[Document]:
    found = Document.objects.select_related("owner").filter(is_policy=not filters.shared)
    if filters.text:
        found = found.filter(Q(name__icontains=filters.text) | Q(title__icontains=filters.text))
    if filters.mine:
        found = found.filter(owner__key=by.who.key)
    if filters.standing == "retired":
        return found.exclude(retired_at=None)
    found = found.filter(retired_at=None)
    if filters.standing == "in-force":
        return found.filter(path__in=list(files))
    if filters.standing == "not-in-force":
        return found.exclude(path__in=list(files))
    if filters.standing == "review-due":
        return found.filter(review_on__lte=at.date())
    if filters.standing == "in-change":
        return found.filter(path__in=Change.objects.filter(stage__in=OPEN).values("path"))
    return found


def _rows(documents: Sequence[Document], files: Mapping[str, str], at: datetime) -> list[Row]:
    versions = _standing_versions(documents, files)
    shorts = outlines(each.text_id for each in versions.values() if each.text_id is not None)
    changes = _under_way([each.path for each in documents])
    rows = []
    for each in documents:
        version = versions.get(each.pk)
        decides = version is not None and each.path in files and version.text_id == files[each.path]
        newer = each.versions if version is not None and version.number < each.versions else 0
        due = each.review_on is not None and each.review_on <= at.date() and each.retired_at is None
        short = shorts.get(version.text_id or "") if version is not None and each.is_policy else None
        rows.append(Row(each, version, decides, newer, short, tuple(changes.get(each.path, ())), due))
    return rows


def _standing_versions(documents: Sequence[Document], files: Mapping[str, str]) -> dict[int, Version]:
    """Of each document, the version that decides; where none does, the newest."""
    keys = [each.pk for each in documents]
    newest = Version.objects.filter(document__in=keys, number=F("document__versions"))
    found = {each.document_id: each for each in newest}
    # After a roll-back a former version decides; there are few such, and only they are looked for.
    back = {
        each.pk: files[each.path]
        for each in documents
        if each.path in files and (each.pk not in found or found[each.pk].text_id != files[each.path])
    }
    if back:
        former = Version.objects.filter(document__in=back, text__in=set(back.values())).order_by("number")
        found |= {each.document_id: each for each in former if each.text_id == back[each.document_id]}
    return found


def _under_way(paths: Iterable[str]) -> dict[str, list[Change]]:
    found: dict[str, list[Change]] = {}
    columns = ("number", "title", "path", "stage")
    for change in Change.objects.filter(path__in=list(paths), stage__in=OPEN).only(*columns).order_by("number"):
        found.setdefault(change.path, []).append(change)
    return found


def _versions(document: Document) -> QuerySet[Version]:
    # A signed bundle is large, and no list of versions shows one.
    found = Version.objects.filter(document=document).select_related("edition", "change", "made_by")
    return found.defer("edition__bundle", "edition__files", "change__why")


def _at_edition(document: Document, digest: str, edition: Edition) -> Version | None:
    """The version that an edition holds: of those with this text, the newest that was there."""
    found = _versions(document).select_related("text").filter(text=digest, edition__number__lte=edition.number)
    return found.order_by("-number").first()


def _compared(old: Version, new: Version) -> Compared:
    texts = [(each.text_id or "", _content(each)) for each in (old, new)]
    return comparison(texts[0], texts[1])


def _content(version: Version) -> str:
    return "" if version.text is None else version.text.content
