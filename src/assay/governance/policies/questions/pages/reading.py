"""The list of known questions, its file, one of them, and the part that stands beside a rule. They change nothing."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from assay.governance.office.actor import Target
from assay.governance.office.exporting import FORMS, Columns, Form, exported
from assay.governance.office.operations import may
from assay.governance.office.requests import StaffRequest
from assay.governance.policies.life.targets import ROOM
from assay.governance.policies.questions.commands import export_questions
from assay.governance.policies.questions.known import policy_names
from assay.governance.policies.questions.models import KnownQuestion
from assay.governance.policies.questions.pages.forms import FilterForm
from assay.governance.policies.questions.queries import (
    Filters,
    all_questions,
    find_precedents,
    list_questions,
    see_question,
)
from assay.governance.policies.questions.rules import STATES
from assay.governance.policies.questions.targets import asked_about

_CHIPS = {"text": "Words", "policy": "Policy", "rule": "Rule", "market": "Market", "state": "State"}
_MOST_TAKEN = 20_000


@require_safe
def questions(request: StaffRequest) -> HttpResponse:
    """The list, narrowed by what stands in the address."""
    filters = _filters(FilterForm(request.GET))
    listing = list_questions(filters=filters, after=request.GET.get("after"), by=request.actor, at=request.at)
    context = {
        "listing": listing,
        "rows": listing.rows,
        "filters": filters,
        "chips": _CHIPS,
        "narrowed": bool(filters),
        "policies": [name for name in policy_names() if name != filters.policy],
        "states": [("", "Any state"), *STATES.items()],
        "forms": [form for form in FORMS if form != "jsonl"],
        "may_ask": may(request.actor, "policies.ask-question"),
        "ask": _asking(filters),
    }
    return render(request, "known_questions/questions.html", context)


@require_POST
def export(request: StaffRequest) -> HttpResponseBase:
    """The same list as a file; that it was taken is written into the ledger first."""
    filters = _filters(FilterForm(request.POST))
    form: Form = next((each for each in FORMS if each == request.POST.get("format")), "csv")
    rows = list(all_questions(filters=filters, by=request.actor, at=request.at))
    export_questions(count=len(rows), by=request.actor, at=request.at)
    day = request.at.date()
    columns: Columns[KnownQuestion] = {
        "number": lambda row: row.number,
        "state": lambda row: row.standing(day),
        "policy": lambda row: row.policy,
        "rule": lambda row: row.rule,
        "example": lambda row: row.example,
        "markets": lambda row: row.markets,
        "question": lambda row: row.question,
        "ruling": lambda row: row.ruling,
        "rationale": lambda row: row.rationale,
        "asked": lambda row: row.asked_at,
        "ruled": lambda row: row.ruled_at,
        "last_day": lambda row: row.expires_on,
    }
    return exported(form, columns, rows, title="known-questions", at=request.at, most=_MOST_TAKEN)


@require_safe
def one(request: StaffRequest, number: int) -> HttpResponse:
    """One question: its ruling, why, until when, where it came from, what happened to it."""
    seen = see_question(number=number, by=request.actor, at=request.at)
    if seen is None:
        raise Http404
    row, target = seen.row, asked_about({"asked": seen.row})
    makes = may(request.actor, "policies.answer-question", target)
    own = row.asked_by is not None and row.asked_by.reference in request.actor.hands
    context = {
        "seen": seen,
        "row": row,
        "may_rule": makes and not own and row.state in ("open", "ruled"),
        "waits_for_other": makes and own and row.state == "open",
        "may_confirm": makes and not own and row.state == "ruled",
        "may_supersede": makes and row.state == "ruled",
        "may_withdraw": (makes and row.state in ("open", "ruled")) or (own and row.state == "open"),
        "may_change": may(request.actor, "policies.open-change", Target(ROOM, policy=row.policy)),
        "change": _changing(row),
        "days_over": (request.at.date() - row.expires_on).days if seen.standing == "expired" and row.expires_on else 0,
    }
    return render(request, "known_questions/one.html", context)


@require_safe
def near(request: StaffRequest) -> HttpResponse:
    """Rulings on a rule, to stand beside it on another page."""
    form = FilterForm(request.GET)
    filters = _filters(form)
    found = find_precedents(
        policy=filters.policy, rule=filters.rule, market=filters.market, by=request.actor, at=request.at
    )
    context = {"found": found[:8], "more": max(0, len(found) - 8), "filters": filters, "ask": _asking(filters)}
    return render(request, "known_questions/part_near.html", context)


def _filters(form: FilterForm) -> Filters:
    form.is_valid()
    given = form.cleaned_data
    return Filters(
        text=given.get("text", "").strip(),
        policy=given.get("policy", "").strip(),
        rule=given.get("rule", "").strip(),
        market=given.get("market", "").strip().upper(),
        state=given.get("state", ""),
    )


def _asking(filters: Filters) -> str:
    """The page of a new question, with what one looks at filled in."""
    given = {name: getattr(filters, name) for name in ("policy", "rule", "market") if getattr(filters, name)}
    given |= {"question": filters.text} if filters.text else {}
    return f"{reverse('questions:new')}{'?' if given else ''}{urlencode(given)}"


def _changing(row: KnownQuestion) -> str:
    """The page of a new change, with why filled in."""
    why = f"Known question {row.number}: {row.question}\n\nRuling: {row.ruling}\n\n{row.rationale}".strip()
    given = {"kind": "amend", "policy": row.policy, "title": f"Settle known question {row.number}", "why": why[:4_000]}
    return f"{reverse('changes:new')}?{urlencode(given)}"
