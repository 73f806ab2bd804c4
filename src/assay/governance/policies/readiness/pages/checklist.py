"""The launch checklist of a change, and that of the house."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.governance.office.operations import may
from assay.governance.office.requests import StaffRequest
from assay.governance.people.pages.doors import NOT_DONE, colleagues, need
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.shell import found_change, in_shell
from assay.governance.policies.life.targets import target_of
from assay.governance.policies.readiness.commands.checklist import assign_item, change_template, mark_item
from assay.governance.policies.readiness.forms import DutyForm, ItemRows, MarkForm, items_of
from assay.governance.policies.readiness.queries.checklists import see_checklist, see_template
from assay.governance.policies.readiness.queries.maps import see_map
from assay.governance.policies.readiness.rules.items import ItemState, written


@require_safe
def change(request: StaffRequest, number: int) -> HttpResponse:
    """The tab."""
    return _shown(request, found_change(request, number))


@require_POST
def mark(request: StaffRequest, number: int, item: str) -> HttpResponse:
    """Say how it stands with an item."""
    asked, form = found_change(request, number), MarkForm(request.POST)
    state = next((each for each in ItemState if each.value == request.POST.get("state")), ItemState.OPEN)
    given = form.cleaned_data if form.is_valid() else {"words": "", "link": ""}
    made = mark_item(
        change=asked, item=item, state=state, words=given["words"], link=given["link"], by=request.actor, at=request.at
    )
    if isinstance(made, list):
        return _shown(request, asked, made, at=item)
    messages.success(request, f"Marked as {state.words}, for this draft.")
    return _back(number, item)


@require_POST
def assign(request: StaffRequest, number: int, item: str) -> HttpResponse:
    """Give an item to somebody."""
    asked, form = found_change(request, number), DutyForm(request.POST)
    if not form.is_valid():
        return _shown(request, asked, at=item, form=form)
    made = assign_item(
        change=asked, item=item, owner=form.cleaned_data["owner"], due_on=form.cleaned_data["due_on"],
        by=request.actor, at=request.at,
    )  # fmt: skip
    if isinstance(made, list):
        return _shown(request, asked, made, at=item)
    messages.success(request, "Given." if made.owner is not None else "It is whoever has the role again.")
    return _back(number, item)


@require_safe
def template(request: StaffRequest) -> HttpResponse:
    """The checklist of the house."""
    number, items, versions = see_template(by=request.actor, at=request.at)
    context = {
        "number": number,
        "items": items,
        "versions": versions,
        "may_change": may(request.actor, "policies.change-checklist"),
    }
    return render(request, "readiness/template.html", context)


@require_http_methods(["GET", "POST"])
def change_house(request: StaffRequest) -> HttpResponse:
    """Another checklist for the house."""
    need(request, "policies.change-checklist")
    _, items, _ = see_template(by=request.actor, at=request.at)
    if request.method != "POST":
        return render(request, "readiness/template_change.html", {"rows": ItemRows(initial=written(items))})
    rows = ItemRows(request.POST, initial=written(items))
    faults: object = ()
    if rows.is_valid():
        made = change_template(items=items_of(rows), by=request.actor, at=request.at)
        if not isinstance(made, list):
            messages.success(request, "Changed. It is asked of every change that is not yet out.")
            return redirect("readiness:template")
        faults = made
    return render(request, "readiness/template_change.html", {"rows": rows, "faults": faults}, status=NOT_DONE)


def _shown(
    request: StaffRequest, asked: Change, faults: object = (), *, at: str = "", form: DutyForm | None = None
) -> HttpResponse:
    target = target_of({"change": asked})
    sheet = see_checklist(change=asked, by=request.actor, at=request.at)
    # What failed, and what somebody just answered, is not hidden behind a press.
    further_open = any(each.state is ItemState.FAILED or each.item.name == at for each in sheet.further)
    context = {
        "sheet": sheet,
        "further_open": further_open,
        "map": see_map(change=asked, by=request.actor, at=request.at),
        "faults": faults,
        "form": form,
        "opened": at,
        "may_mark": may(request.actor, "policies.mark-item", target),
        "may_assign": may(request.actor, "policies.assign-item", target),
        "colleagues": colleagues(request),
    }
    wrong = bool(faults) or form is not None
    return in_shell(request, asked, "readiness", "readiness/change.html", context, NOT_DONE if wrong else 200)


def _back(number: int, item: str) -> HttpResponse:
    response = redirect("readiness:change", number)
    response["Location"] += f"#item-{item}"
    return response
