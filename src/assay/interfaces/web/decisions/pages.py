"""The pages of decisions. They call queries and commands and decide nothing."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from assay.engine.kernel.errors import Fault
from assay.governance.office.actor import Target
from assay.governance.office.exporting import FORMS, Form, exported
from assay.governance.office.operations import may
from assay.governance.office.requests import StaffRequest
from assay.governance.people.views.queries import views_of
from assay.governance.people.views.rules import plain_query
from assay.interfaces.look.markets import title_of
from assay.interfaces.web.decisions.commands import MOST_ROWS, export_decisions
from assay.interfaces.web.decisions.filters import NAMES, Filters, read_filters
from assay.interfaces.web.decisions.one.view import moment_of
from assay.interfaces.web.decisions.queries import (
    MOST_NEWER,
    SEE_ITEMS,
    count_newer,
    decide_again,
    item_history,
    list_decisions,
    read_record,
    see_decision,
)
from assay.interfaces.web.decisions.reach import markets_of, narrowed_to
from assay.interfaces.web.decisions.shown import chips_of, choices_of, columns_of, market_links, rows_of, words_of
from assay.interfaces.web.decisions.wording import shown
from assay.interfaces.web.policies.in_force import measure_titles

PAGE = "decisions"
_WHY_NONE = {
    "no-list": "This store keeps no list",
    "no-records": "No decision has been recorded yet",
    "no-index": "The list is being made",
}


@require_GET
def decisions(request: StaffRequest) -> HttpResponse:
    """The list, and how it is narrowed."""
    after = request.GET.get("after")
    found = list_decisions(filters=_filters(request), after=after, by=request.actor, at=request.at)
    filters = found.filters
    query = plain_query(request.GET.urlencode())
    live = not after and request.GET.get("live") != "off"
    titles = measure_titles()
    given = {
        "found": found,
        "filters": filters,
        "faults": filters.faults,
        "chips": chips_of(filters, found.narrowed),
        "choices": choices_of(found.choices, filters.given, titles),
        "titles": titles,
        "listing": found.listing,
        "rows": rows_of(found.listing.rows, found.versions, found.one_market),
        "reached": words_of(found.markets),
        "why_none": _WHY_NONE.get(found.fault.slug, "There is no list just now") if found.fault else "",
        "why_words": f"{found.fault.words[:1].upper()}{found.fault.words[1:]}." if found.fault else "",
        "query": query,
        "more_filters": any(name in filters.given for name in ("rule", "bundle", "from", "until")),
        "live": live,
        "first": not after,
        "views": views_of(page=PAGE, query=query, by=request.actor, at=request.at),
        "save": f"{reverse('views:new')}?page={PAGE}&query={_quoted(query)}",
        "may_export": may(request.actor, "decisions.export", Target("decisions", market=filters.wanted.market or None)),
        "followed": moment_of(found.condition.followed) if found.condition and found.condition.followed else None,
    }
    return render(request, "decisions/decisions.html", given)


@require_GET
def newer(request: StaffRequest) -> HttpResponse:
    """How many decisions came since the list was shown; asked every few seconds."""
    since = _whole(request.GET.get("since", ""))
    filters = _filters(request)
    count = count_newer(filters=filters, since=since, by=request.actor, at=request.at)
    given = {
        "count": count,
        "many": count > MOST_NEWER,
        "most": MOST_NEWER,
        "since": since,
        "query": plain_query(_only_filters(filters)),
    }
    return render(request, "decisions/part_newer.html", given)


@require_POST
def export(request: StaffRequest) -> HttpResponseBase:
    """The decisions that the filters ask for, as a file."""
    filters = read_filters(request.POST.dict(), timezone.get_current_timezone())
    form: Form = next((each for each in FORMS if each == request.POST.get("format")), "csv")
    taken = export_decisions(filters=filters, form=form, by=request.actor, at=request.at)
    if isinstance(taken, list):
        return render(request, "decisions/not_taken.html", {"faults": taken}, status=400)
    return exported(
        taken.form, columns_of(taken.market), taken.rows(), title="decisions", at=request.at, most=MOST_ROWS
    )


@require_GET
def decision(request: StaffRequest, key: str) -> HttpResponse:
    """One decision: what is certain, what is open, the question, the rules, the evidence."""
    found = see_decision(key=key, market=request.GET.get("market", ""), by=request.actor, at=request.at)
    if found is None:
        raise Http404
    if isinstance(found, Fault):
        return render(request, "decisions/unreadable.html", {"fault": found, "key": key}, status=404)
    again = request.GET.get("again") == "1"
    given = {
        "found": found,
        "key": key,
        "asked_again": again,
        "again": decide_again(key=key, by=request.actor, at=request.at) if again else None,
        "may_record": may(request.actor, "decisions.read-record"),
        "may_again": may(request.actor, "decisions.decide-again"),
        "others": market_links(markets_of(request.actor, SEE_ITEMS), found.market),
        "titles": {one.id: one.title for one in found.pack.measures.all} if found.pack else {},
        "open_in": sum(len(one.markets) for one in found.outcomes if not one.settled),
    }
    given["again_fault"] = given["again"] if isinstance(given["again"], Fault) else None
    return render(request, "decisions/decision.html", given)


@require_GET
def again(request: StaffRequest, key: str) -> HttpResponse:
    """Decide it again, and say whether the bytes are the same."""
    found = decide_again(key=key, by=request.actor, at=request.at)
    if found is None:
        raise Http404
    fault = found if isinstance(found, Fault) else None
    return render(request, "decisions/part_again.html", {"again": found, "again_fault": fault, "asked_again": True})


@require_GET
def record(request: StaffRequest, key: str) -> HttpResponse:
    """The record, byte for byte."""
    found = read_record(key=key, by=request.actor, at=request.at)
    if not isinstance(found, bytes):
        raise Http404
    response = HttpResponse(found, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="decision-{key}.json"'
    response["Cache-Control"] = "no-store"
    return response


@require_GET
def item(request: StaffRequest) -> HttpResponse:
    """All decisions of one item, and what changed between them."""
    wanted = request.GET.get("id", "")[:600]
    asked, after, by = request.GET.get("market", ""), request.GET.get("after"), request.actor
    found = item_history(item=wanted, after=after, market=asked, by=by, at=request.at)
    if isinstance(found, Fault):
        return render(request, "decisions/unreadable.html", {"fault": found}, status=404)
    if not wanted or not found.rows:
        raise Http404
    only = narrowed_to(by, SEE_ITEMS, asked)
    given = {
        "item": shown(wanted, 600),
        "id": wanted,
        "listing": found,
        "titles": measure_titles(),
        "market": only,
        "market_title": title_of(only) if only else "",
        "others": market_links(markets_of(by, SEE_ITEMS), only),
    }
    return render(request, "decisions/item.html", given)


def _filters(request: StaffRequest) -> Filters:
    return read_filters(request.GET.dict(), timezone.get_current_timezone())


def _only_filters(filters: Filters) -> str:
    return urlencode([(name, filters.given[name]) for name in NAMES if name in filters.given])


def _quoted(text: str) -> str:
    return quote(text, safe="")


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
