"""Changes of policies for programs, at `/api/changes/`: from opening one to its launch. It signs and waives nothing.

What somebody answers for with their name is done on the pages: no token signs off, casts a veto or puts a gate aside.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, cast

from django.http import Http404, HttpRequest
from ninja import Field, Router, Schema

from assay.governance.office.refusing import done
from assay.governance.office.requests import StaffRequest
from assay.governance.policies.life import commands as life
from assay.governance.policies.life import queries as read
from assay.governance.policies.life.gates import Stands
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.stages import Stage
from assay.governance.policies.releasing import commands
from assay.governance.policies.releasing.api.releases import EditionOut, ReleaseOut, edition_out, release_out
from assay.governance.policies.releasing.queries import read_draft

router = Router(tags=["changes"])
# What this router calls: a token is made for these.
OPERATIONS = (
    "policies.list-changes", "policies.see-change", "policies.see-overview", "policies.read-draft",
    "policies.open-change", "policies.import-draft", "policies.advance", "policies.send-back",
    "policies.withdraw-change", "policies.build-bundle", "policies.start-pilot", "policies.end-pilot",
    "policies.launch", "policies.stop-launch", "policies.begin", "policies.rebase",
)  # fmt: skip


class ChangeOut(Schema):
    """A change; `digest` is of the whole pack as it would leave it."""

    number: int
    kind: str
    title: str
    policy: str
    stage: Stage
    stage_since: datetime
    owner: str | None
    risk: str
    digest: str
    base: int | None
    note: str
    wanted_on: date | None
    review_on: date | None


class GateOut(Schema):
    """One thing that must hold before the change goes on; `waived` is why somebody put it aside."""

    name: str
    words: str
    holds: bool
    found: str
    waived: str


class OneOut(Schema):
    """A change with the gate of its stage."""

    change: ChangeOut
    open: bool
    gate: list[GateOut]


class RowOut(Schema):
    """A change in a list."""

    number: int
    kind: str
    title: str
    policy: str
    stage: Stage
    stage_since: datetime
    risk: str


class ChangesOut(Schema):
    """A page of changes, the newest first; `next` is what `after` is for the page behind it."""

    changes: list[RowOut]
    next: str | None


class OpenIn(Schema):
    """A new change: `policy` names one that there is, `name` a new one."""

    kind: Literal["new", "amend", "retire"]
    title: str
    why: str
    policy: str = ""
    name: str = ""


class DraftIn(Schema):
    """The whole pack, by path; a file that is not among them is removed."""

    files: dict[str, str] = Field(max_length=2_000)


class DraftOut(Schema):
    """The whole pack as a change would leave it."""

    digest: str
    files: dict[str, str]


class BackIn(Schema):
    """Where to, and why."""

    to: Stage
    words: str


class WordsIn(Schema):
    """Why."""

    words: str


class ShareIn(Schema):
    """A share of the items, above 0 and 1 at the most. It is always said: 1.0 lets the change decide everything."""

    share: float


@router.get("/", response=ChangesOut, summary="Changes, the newest first")
def changes(
    request: HttpRequest,
    stage: str = "",
    policy: str = "",
    shown: str = "",
    after: str = "",
    most: int = 50,
) -> dict[str, object]:
    """A page of changes; `shown` is `open`, `force`, `over` or `all`."""
    staff = cast("StaffRequest", request)
    filters = read.Filters(stage=stage, policy=policy, shown=shown)
    found = read.list_changes(filters=filters, after=after or None, most=most, by=staff.actor, at=staff.at)
    names = RowOut.model_fields
    return {
        "changes": [{name: getattr(row.change, name) for name in names} for row in found.rows],
        "next": found.next,
    }


@router.post("/", response={201: ChangeOut}, summary="Open a change")
def open_change(request: HttpRequest, body: OpenIn) -> dict[str, object]:
    """422 with every reason where it is not opened."""
    staff = cast("StaffRequest", request)
    made = life.open_change(**body.model_dump(), by=staff.actor, at=staff.at)
    return change_out(done(made))


@router.post("/begin", response={201: EditionOut}, summary="Begin with the policies in force")
def begin(request: HttpRequest) -> dict[str, object]:
    """Once for a house: what decides now becomes its first edition."""
    staff = cast("StaffRequest", request)
    return edition_out(done(life.begin(by=staff.actor, at=staff.at)))


@router.get("/{int:number}", response=OneOut, summary="One change, and what keeps it from going on")
def one(request: HttpRequest, number: int) -> dict[str, object]:
    """404 where there is none that the caller may see."""
    return _one(request, number)


@router.get("/{int:number}/draft", response=DraftOut, summary="The whole pack as a change would leave it")
def draft(request: HttpRequest, number: int) -> dict[str, object]:
    """Every text, by path."""
    staff = cast("StaffRequest", request)
    change = _change(request, number)
    return {"digest": change.draft_digest, "files": read_draft(change=change, by=staff.actor, at=staff.at)}


@router.put("/{int:number}/draft", response=ChangeOut, summary="Put texts from elsewhere into the draft of a change")
def import_draft(request: HttpRequest, number: int, body: DraftIn) -> dict[str, object]:
    """What differs becomes the draft, as a revision each."""
    staff = cast("StaffRequest", request)
    change = _change(request, number)
    return change_out(done(commands.import_draft(change=change, files=body.files, by=staff.actor, at=staff.at)))


@router.post("/{int:number}/rebase", response=ChangeOut, summary="Put a draft onto the edition in force")
def rebase(request: HttpRequest, number: int) -> dict[str, object]:
    """Where another change came in force meanwhile."""
    staff = cast("StaffRequest", request)
    return change_out(done(life.rebase(change=_change(request, number), by=staff.actor, at=staff.at)))


@router.post("/{int:number}/advance", response=OneOut, summary="Take a change through the gate of its stage")
def advance(request: HttpRequest, number: int) -> dict[str, object]:
    """422 with everything that is in the way."""
    staff = cast("StaffRequest", request)
    done(life.advance(change=_change(request, number), by=staff.actor, at=staff.at))
    return _one(request, number)


@router.post("/{int:number}/send-back", response=OneOut, summary="Send a change back to an earlier stage")
def send_back(request: HttpRequest, number: int, body: BackIn) -> dict[str, object]:
    """With words why."""
    staff = cast("StaffRequest", request)
    done(life.send_back(change=_change(request, number), to=body.to, words=body.words, by=staff.actor, at=staff.at))
    return _one(request, number)


@router.post("/{int:number}/withdraw", response=OneOut, summary="Give a change up")
def withdraw(request: HttpRequest, number: int, body: WordsIn) -> dict[str, object]:
    """With words why."""
    staff = cast("StaffRequest", request)
    done(life.withdraw(change=_change(request, number), words=body.words, by=staff.actor, at=staff.at))
    return _one(request, number)


@router.post("/{int:number}/build", response={201: EditionOut}, summary="Build and sign the bundle of a change")
def build(request: HttpRequest, number: int) -> dict[str, object]:
    """Every gate that stays is asked again; 422 with everything that is in the way."""
    staff = cast("StaffRequest", request)
    made = commands.build_bundle(change=_change(request, number), by=staff.actor, at=staff.at)
    return edition_out(done(made))


@router.post("/{int:number}/pilot", response={201: ReleaseOut}, summary="Let a change look on")
def pilot(request: HttpRequest, number: int, body: ShareIn) -> dict[str, object]:
    """At a share of the items."""
    staff = cast("StaffRequest", request)
    made = commands.start_pilot(change=_change(request, number), share=body.share, by=staff.actor, at=staff.at)
    return release_out(done(made))


@router.post("/{int:number}/end-pilot", response={201: ReleaseOut}, summary="End that a change looks on")
def end_pilot(request: HttpRequest, number: int) -> dict[str, object]:
    """The hours that it looked on stay counted."""
    staff = cast("StaffRequest", request)
    made = commands.end_pilot(change=_change(request, number), by=staff.actor, at=staff.at)
    return release_out(done(made))


@router.post("/{int:number}/launch", response={201: ReleaseOut}, summary="Let a change decide a share, or everything")
def launch(request: HttpRequest, number: int, body: ShareIn) -> dict[str, object]:
    """A share of 1 is everything."""
    staff = cast("StaffRequest", request)
    made = commands.launch(change=_change(request, number), share=body.share, by=staff.actor, at=staff.at)
    return release_out(done(made))


@router.post("/{int:number}/stop", response={201: ReleaseOut}, summary="Stop the launch of a change")
def stop(request: HttpRequest, number: int, body: WordsIn) -> dict[str, object]:
    """It decides its share no more."""
    staff = cast("StaffRequest", request)
    made = commands.stop_launch(change=_change(request, number), reason=body.words, by=staff.actor, at=staff.at)
    return release_out(done(made))


def change_out(change: Change) -> dict[str, object]:
    """A change as programs read it."""
    same = ("number", "kind", "title", "policy", "stage", "stage_since", "risk", "note", "wanted_on", "review_on")
    return {
        **{name: getattr(change, name) for name in same},
        "owner": None if change.owner is None else change.owner.name,
        "digest": change.draft_digest,
        "base": None if change.base is None else change.base.number,
    }


def _one(request: HttpRequest, number: int) -> dict[str, object]:
    staff = cast("StaffRequest", request)
    change = _change(request, number)
    found = read.overview_of(change=change, by=staff.actor, at=staff.at)
    return {
        "change": change_out(change),
        "open": found.is_open,
        "gate": [_gate(one) for one in (*found.gate, *found.before)],
    }


def _gate(one: Stands) -> dict[str, object]:
    return {
        "name": one.requirement.name,
        "words": one.requirement.words,
        "holds": one.holds,
        "found": one.finding.words,
        "waived": one.waived,
    }


def _change(request: HttpRequest, number: int) -> Change:
    """The change of an address, for whoever may read it."""
    staff = cast("StaffRequest", request)
    found = read.change_of(number)
    if found is None:
        raise Http404
    return read.see_change(change=found, by=staff.actor, at=staff.at)
