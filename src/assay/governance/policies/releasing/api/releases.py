"""Releases and editions for programs, at `/api/releases/`: what decides, what decided on a day, rolling back."""

from __future__ import annotations

from datetime import date, datetime
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router, Schema

from assay.governance.office.refusing import done
from assay.governance.office.requests import StaffRequest
from assay.governance.policies.life.models import Edition, Release
from assay.governance.policies.releasing import commands, queries

router = Router(tags=["releases"])
# What this router calls: a token is made for these.
OPERATIONS = (
    "policies.see-releases", "policies.list-releases", "policies.list-editions",
    "policies.read-edition", "policies.see-as-of", "policies.roll-back", "policies.publish-again",
)  # fmt: skip


class ReleaseOut(Schema):
    """What the channel was told, or is to be; `sequence` is its number there."""

    number: int
    kind: str
    part: str
    share: float
    edition: int
    digest: str
    change: int | None
    reason: str
    released: datetime
    published: datetime | None
    sequence: int | None
    fault: str


class EditionOut(Schema):
    """All files of the pack at once; `digest` is that of its bundle, which every decision names."""

    number: int
    digest: str
    change: int | None
    built: datetime
    signed: bool
    files: dict[str, str]


class TextsOut(Schema):
    """An edition with its texts, by path."""

    edition: EditionOut
    texts: dict[str, str]


class NowOut(Schema):
    """What decides, decides a share and looks on, as it was released, and what the channel does not know yet."""

    current: ReleaseOut | None
    staged: ReleaseOut | None
    shadow: ReleaseOut | None
    waiting: list[ReleaseOut]
    former: int | None


class ReleasesOut(Schema):
    """A page of releases, the newest first; `next` is what `after` is for the page behind it."""

    releases: list[ReleaseOut]
    next: str | None


class EditionsOut(Schema):
    """A page of editions, the newest first; `next` is what `after` is for the page behind it."""

    editions: list[EditionOut]
    next: str | None


class AsOfOut(Schema):
    """What decided at the end of a day, in UTC; null where nothing did yet."""

    day: date
    until: datetime
    release: ReleaseOut | None
    edition: EditionOut | None


class RollBackIn(Schema):
    """Why, and to which edition; without one, to the one that decided before."""

    reason: str
    to: int | None = None


@router.get("/", response=ReleasesOut, summary="Releases, the newest first")
def releases(
    request: HttpRequest, kind: str = "", part: str = "", policy: str = "", after: str = "", most: int = 50
) -> dict[str, object]:
    """A page of them."""
    staff = cast("StaffRequest", request)
    filters = queries.Filters(kind, part, policy)
    found = queries.list_releases(filters=filters, after=after or None, most=most, by=staff.actor, at=staff.at)
    return {"releases": [release_out(row) for row in found.rows], "next": found.next}


@router.get("/now", response=NowOut, summary="What decides now")
def now(request: HttpRequest) -> dict[str, object]:
    """And what is on its way."""
    staff = cast("StaffRequest", request)
    found = queries.see_releases(by=staff.actor, at=staff.at)
    parts = {name: getattr(found.told, name) for name in ("current", "staged", "shadow")}
    return {
        **{name: None if part is None else release_out(part) for name, part in parts.items()},
        "waiting": [release_out(each) for each in found.waiting],
        "former": None if found.former is None else found.former.number,
    }


@router.post("/roll-back", response={201: ReleaseOut}, summary="Let a former edition decide again")
def roll_back(request: HttpRequest, body: RollBackIn) -> dict[str, object]:
    """In one step, alone, and without a gate."""
    staff = cast("StaffRequest", request)
    to = None if body.to is None else _edition(body.to)
    return release_out(done(commands.roll_back(to=to, reason=body.reason, by=staff.actor, at=staff.at)))


@router.post("/{int:number}/again", response=ReleaseOut, summary="Try to publish a release again at once")
def again(request: HttpRequest, number: int) -> dict[str, object]:
    """Where the channel did not take it."""
    staff = cast("StaffRequest", request)
    release = queries.release_of_number(number)
    if release is None:
        raise Http404
    return release_out(done(commands.publish_again(release=release, by=staff.actor, at=staff.at)))


@router.get("/editions", response=EditionsOut, summary="Editions of all policies, the newest first")
def editions(request: HttpRequest, after: str = "", most: int = 50) -> dict[str, object]:
    """A page of them."""
    staff = cast("StaffRequest", request)
    found = queries.list_editions(after=after or None, most=most, by=staff.actor, at=staff.at)
    return {"editions": [edition_out(row) for row in found.rows], "next": found.next}


@router.get("/editions/{int:number}", response=TextsOut, summary="An edition with its texts")
def edition(request: HttpRequest, number: int) -> dict[str, object]:
    """Every text, by path."""
    staff = cast("StaffRequest", request)
    found = _edition(number)
    texts = queries.read_edition(edition=found, by=staff.actor, at=staff.at)
    return {"edition": edition_out(found), "texts": dict(texts)}


@router.get("/editions/{int:number}/bundle", summary="The signed bundle of an edition, as a file")
def bundle(request: HttpRequest, number: int) -> HttpResponse:
    """The bytes that services take up."""
    staff = cast("StaffRequest", request)
    found = _edition(number)
    queries.read_edition(edition=found, by=staff.actor, at=staff.at)
    if found.bundle is None:
        raise Http404
    return HttpResponse(bytes(found.bundle), content_type="application/json")


@router.get("/as-of", response=AsOfOut, summary="What decided at the end of a day")
def as_of(request: HttpRequest, day: date) -> dict[str, object]:
    """The edition with which any decision of that moment can be made again."""
    staff = cast("StaffRequest", request)
    found = queries.see_as_of(day=day, by=staff.actor, at=staff.at)
    return {
        "day": found.day,
        "until": found.until,
        "release": None if found.release is None else release_out(found.release),
        "edition": None if found.release is None else edition_out(found.release.edition),
    }


def release_out(release: Release) -> dict[str, object]:
    """A release as programs read it."""
    return {
        "number": release.number,
        "kind": release.kind,
        "part": release.part,
        "share": release.share,
        "edition": release.edition.number,
        "digest": release.edition.digest,
        "change": None if release.change is None else release.change.number,
        "reason": release.reason,
        "released": release.made_at,
        "published": release.published_at,
        "sequence": release.sequence,
        "fault": release.fault,
    }


def edition_out(edition: Edition) -> dict[str, object]:
    """An edition as programs read it; `files` are digests by path."""
    return {
        "number": edition.number,
        "digest": edition.digest,
        "change": None if edition.change is None else edition.change.number,
        "built": edition.made_at,
        # An edition that was released was signed; one of a list comes without its bundle.
        "signed": edition.signed if hasattr(edition, "signed") else edition.bundle is not None,
        "files": edition.files,
    }


def _edition(number: int) -> Edition:
    found = queries.edition_of_number(number)
    if found is None:
        raise Http404
    return found
