"""The ledger's pages: entries, one entry with its proof, signed heads, subscribers, exports. It decides nothing."""

from __future__ import annotations

import json
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import TypeVar, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET, require_POST

from assay.engine.kernel.errors import Fault
from assay.governance.ledger import commands, queries
from assay.governance.ledger.events import KINDS
from assay.governance.ledger.proofs.made import Document
from assay.governance.ledger.proofs.signing import public_text
from assay.governance.office.exporting import FORMS, Columns, exported
from assay.governance.office.listing import Listing
from assay.governance.office.operations import may
from assay.governance.office.requests import StaffRequest

ResponseT = TypeVar("ResponseT", bound=HttpResponseBase)
_TITLES = {"kind": "Kind", "actor": "By", "subject": "About", "day": "On"}
COLUMNS: Columns[queries.Shown] = {
    "number": lambda row: row.number,
    "at": lambda row: row.at,
    "who": lambda row: row.who.reference,
    "way": lambda row: row.way,
    "kind": lambda row: row.kind,
    "words": lambda row: row.words,
    "subject": lambda row: row.subject.reference,
}


@require_GET
def entries(request: HttpRequest) -> HttpResponse:
    """What was done, the newest first."""
    staff = cast(StaffRequest, request)
    filters = _filters(request)
    found = queries.entries(by=staff.actor, at=staff.at, filters=filters, after=request.GET.get("after"))
    faults = found if isinstance(found, list) else []
    nothing: Listing[queries.Shown] = Listing([])
    context = {
        "tabs": _tabs("entries"),
        "listing": nothing if isinstance(found, list) else found,
        "faults": faults,
        "filters": filters,
        "chips": _chips(request, filters),
        "kinds": _kinds(filters.kind if filters.kind in KINDS else ""),
        "query": request.GET.urlencode(),
    }
    return render(request, "ledger/entries.html", context, status=400 if faults else 200)


@require_GET
def entry(request: HttpRequest, number: int) -> HttpResponse:
    """One entry: what it says, what stands behind it, and the proof that it is in the ledger."""
    staff = cast(StaffRequest, request)
    found = queries.entry(by=staff.actor, at=staff.at, number=number)
    if found is None:
        raise Http404
    made = queries.proof(by=staff.actor, at=staff.at, number=number)
    context = {"entry": found, "proof": None if isinstance(made, Fault) else made}
    return render(request, "ledger/entry.html", context)


@require_GET
def proof(request: HttpRequest, number: int) -> HttpResponse:
    """The proof that an entry is in the ledger, as a file."""
    staff = cast(StaffRequest, request)
    size = _number(request.GET.get("size"))
    return _file(queries.proof(by=staff.actor, at=staff.at, number=number, size=size), f"ledger-entry-{number}.json")


@require_GET
def heads(request: HttpRequest) -> HttpResponse:
    """What was signed, the newest first."""
    staff = cast(StaffRequest, request)
    context = {
        "tabs": _tabs("heads"),
        "listing": queries.heads(by=staff.actor, at=staff.at, after=request.GET.get("after")),
        "may_sign": may(staff.actor, "ledger.sign-head"),
    }
    return render(request, "ledger/heads.html", context)


@require_POST
def sign(request: HttpRequest) -> HttpResponse:
    """Sign the ledger as it is now."""
    staff = cast(StaffRequest, request)
    made = commands.sign_head(by=staff.actor, at=staff.at)
    if isinstance(made, list):
        for fault in made:
            messages.error(request, fault.words)
    else:
        messages.success(request, f"The ledger is signed up to entry {made.size - 1:,}.")
    return HttpResponseRedirect(reverse("ledger:heads"))


@require_GET
def public_key(request: HttpRequest) -> HttpResponse:
    """The public half of the key that signs, for whoever checks elsewhere."""
    staff = cast(StaffRequest, request)
    found = queries.public_key(by=staff.actor, at=staff.at)
    if isinstance(found, Fault):
        raise Http404(found.words)
    return _attached(HttpResponse(public_text(found), content_type="application/x-pem-file"), "ledger.pub")


@require_GET
def consistency(request: HttpRequest) -> HttpResponse:
    """The proof that what was signed is unchanged in what is there now, as a file."""
    staff = cast(StaffRequest, request)
    old, new = _number(request.GET.get("old")), _number(request.GET.get("new"))
    made = queries.consistency(by=staff.actor, at=staff.at, old=old or 0, new=new)
    return _file(made, f"ledger-since-{old or 0}.json")


@require_GET
def subscribers(request: HttpRequest) -> HttpResponse:
    """Who is told of entries, and how far each is."""
    staff = cast(StaffRequest, request)
    context = {
        "tabs": _tabs("subscribers"),
        "subscribers": queries.subscribers(by=staff.actor, at=staff.at),
        "may_try": may(staff.actor, "ledger.try-again"),
    }
    return render(request, "ledger/subscribers.html", context)


@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Let a failing subscriber try again now."""
    staff = cast(StaffRequest, request)
    made = commands.try_again(by=staff.actor, at=staff.at, name=request.POST.get("name", ""))
    if isinstance(made, list):
        for fault in made:
            messages.error(request, fault.words)
    else:
        messages.success(request, f"{made.subscriber} is tried again within seconds.")
    return HttpResponseRedirect(reverse("ledger:subscribers"))


@require_GET
def export(request: HttpRequest) -> HttpResponseBase:
    """The entries that the filters leave, as a table."""
    staff = cast(StaffRequest, request)
    form = next((each for each in FORMS if each == request.GET.get("format", "csv")), None)
    found = queries.rows(by=staff.actor, at=staff.at, filters=_filters(request))
    if form is None or isinstance(found, list):
        return HttpResponseRedirect(f"{reverse('ledger:entries')}?{request.GET.urlencode()}")
    return exported(form, COLUMNS, found, title="ledger", at=staff.at, most=queries.MOST_ROWS)


@require_GET
def whole(request: HttpRequest) -> HttpResponseBase:
    """Every entry and signed head, as a file that `assay ledger verify` checks."""
    staff = cast(StaffRequest, request)
    lines = queries.export(by=staff.actor, at=staff.at)
    return _attached(StreamingHttpResponse(lines, content_type="application/x-ndjson"), "ledger.jsonl")


def _filters(request: HttpRequest) -> queries.Filters:
    given = {name: request.GET.get(name, "").strip()[:200] for name in ("kind", "actor", "subject", "day")}
    return queries.Filters(**given)


@lru_cache(maxsize=256)
def _kinds(chosen: str) -> SafeString:
    """The choices of the filter by kind; the same on every page, and long."""
    made = []
    for room, several in groupby(queries.kinds(), key=itemgetter(0)):
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((name, mark_safe(" selected") if name == chosen else "", title) for _, name, title in several),
        )
        made.append((room.replace("_", " ").capitalize(), options))
    return format_html_join("", '<optgroup label="{}">{}</optgroup>', made)


def _chips(request: HttpRequest, filters: queries.Filters) -> list[dict[str, str]]:
    """Filters in force, each with the address without it."""
    made = []
    for name, words in filters.words().items():
        rest = request.GET.copy()
        for gone in (name, "after"):
            rest.pop(gone, None)
        made.append({"name": _TITLES[name], "words": words, "off": f"?{rest.urlencode()}" if rest else ""})
    return made


def _tabs(current: str) -> list[dict[str, object]]:
    titles = {"entries": "Entries", "heads": "Signed heads", "subscribers": "Subscribers"}
    return [
        {"title": title, "url": reverse(f"ledger:{name}"), "current": name == current} for name, title in titles.items()
    ]


def _number(text: str | None) -> int | None:
    """A number from an address; nonsense is taken for one that names no tree."""
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _file(made: Document | Fault, name: str) -> HttpResponse:
    if isinstance(made, Fault):
        raise Http404(made.words)
    content = json.dumps(made, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    return _attached(HttpResponse(content, content_type="application/json"), name)


def _attached(response: ResponseT, name: str) -> ResponseT:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
