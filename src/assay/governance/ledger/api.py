"""The ledger for programs, at `/api/ledger/`: the same queries as the pages. It decides nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.http import Http404, HttpRequest
from ninja import Router, Schema
from ninja.errors import HttpError

from assay.engine.kernel.errors import Fault
from assay.governance.ledger import queries
from assay.governance.ledger.proofs.made import Document
from assay.governance.office.requests import StaffRequest

router = Router(tags=["ledger"])


class EntryOut(Schema):
    """An entry in words."""

    number: int
    at: datetime
    actor: str
    way: str
    kind: str
    subject: str
    words: str


class EntriesOut(Schema):
    """A page of entries, the newest first; `next` is what `after` is for the page behind it."""

    entries: list[EntryOut]
    next: str | None


class HeadOut(Schema):
    """A signed head."""

    size: int
    root: str
    at: datetime
    key: str
    signature: str


class HeadsOut(Schema):
    """A page of signed heads, the newest first."""

    heads: list[HeadOut]
    next: str | None


@router.get("/entries", response=EntriesOut, summary="Entries, the newest first")
def entries(
    request: HttpRequest,
    kind: str = "",
    actor: str = "",
    subject: str = "",
    day: str = "",
    after: str = "",
    most: int = 50,
) -> dict[str, object]:
    """A page of the ledger."""
    staff = cast(StaffRequest, request)
    filters = queries.Filters(kind, actor, subject, day)
    found = queries.entries(by=staff.actor, at=staff.at, filters=filters, after=after or None, most=most)
    if isinstance(found, list):
        raise HttpError(400, "; ".join(fault.words for fault in found))
    return {"entries": [_entry(row) for row in found.rows], "next": found.next}


@router.get("/entries/{int:number}", response=EntryOut, summary="One entry")
def entry(request: HttpRequest, number: int) -> dict[str, object]:
    """One entry by its number."""
    staff = cast(StaffRequest, request)
    found = queries.entry(by=staff.actor, at=staff.at, number=number)
    if found is None:
        raise Http404
    return _entry(found.shown)


@router.get("/entries/{int:number}/proof", response=dict[str, Any], summary="Its proof")
def proof(request: HttpRequest, number: int, size: int | None = None) -> dict[str, object]:
    """The proof that an entry is in the ledger, as `assay ledger verify` checks it."""
    staff = cast(StaffRequest, request)
    made = queries.proof(by=staff.actor, at=staff.at, number=number, size=size)
    return _made(made)


@router.get("/heads", response=HeadsOut, summary="Signed heads, the newest first")
def heads(request: HttpRequest, after: str = "", most: int = 50) -> dict[str, object]:
    """A page of signed heads."""
    staff = cast(StaffRequest, request)
    found = queries.heads(by=staff.actor, at=staff.at, after=after or None, most=most)
    return {"heads": found.rows, "next": found.next}


@router.get("/consistency", response=dict[str, Any], summary="Proof that nothing was changed")
def consistency(request: HttpRequest, old: int, new: int | None = None) -> dict[str, object]:
    """The proof that the first `old` entries are unchanged among the first `new`."""
    staff = cast(StaffRequest, request)
    made = queries.consistency(by=staff.actor, at=staff.at, old=old, new=new)
    return _made(made)


def _entry(row: queries.Shown) -> dict[str, object]:
    return {
        "number": row.number,
        "at": row.at,
        "actor": row.who.reference,
        "way": row.way,
        "kind": row.kind,
        "subject": row.subject.reference,
        "words": row.words,
    }


def _made(found: Document | Fault) -> Document:
    """A proof; one of what is not there is not found."""
    if isinstance(found, Fault):
        raise Http404(found.words)
    return found
