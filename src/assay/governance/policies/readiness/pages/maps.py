"""What a change needs of the product, market by market, and what was accepted."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from assay.engine.kernel.errors import Fault
from assay.governance.office.operations import may
from assay.governance.office.requests import StaffRequest
from assay.governance.people.pages.doors import NOT_DONE, found
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.shell import found_change, in_shell
from assay.governance.policies.life.targets import target_of
from assay.governance.policies.readiness.commands.acceptances import accept_missing, withdraw_acceptance
from assay.governance.policies.readiness.forms import AcceptForm
from assay.governance.policies.readiness.queries.maps import acceptance_at, see_map
from assay.governance.policies.readiness.rules.standing import Effect

_NOTABLE = (Effect.BLOCKS, Effect.ACCEPTED, Effect.DEGRADES)


@require_safe
def product(request: StaffRequest, number: int) -> HttpResponse:
    """The map."""
    return _shown(request, found_change(request, number))


@require_POST
def accept(request: StaffRequest, number: int) -> HttpResponse:
    """Launch without something."""
    asked, form = found_change(request, number), AcceptForm(request.POST)
    if not form.is_valid():
        return _shown(request, asked, [Fault("no-words", "say why it can be launched without", "words")])
    given = form.cleaned_data
    made = accept_missing(
        change=asked, kind=given["kind"], name=given["name"], markets=given["markets"], words=given["words"],
        by=request.actor, at=request.at,
    )  # fmt: skip
    if isinstance(made, list):
        return _shown(request, asked, made)
    messages.success(request, "Accepted, for this draft. It blocks no more, and stays to be seen.")
    return redirect("readiness:map", number)


@require_POST
def withdraw(request: StaffRequest, number: int, key: UUID) -> HttpResponse:
    """It blocks again."""
    asked = found_change(request, number)
    made = withdraw_acceptance(
        change=asked, acceptance=found(acceptance_at(asked, key)), by=request.actor, at=request.at
    )
    if isinstance(made, list):
        return _shown(request, asked, made)
    messages.success(request, "Withdrawn. What is missing blocks again.")
    return redirect("readiness:map", number)


def _shown(request: StaffRequest, asked: Change, faults: object = ()) -> HttpResponse:
    found_map = see_map(change=asked, by=request.actor, at=request.at)
    target = target_of({"change": asked})
    columns = found_map.standing.columns
    notable = [
        (row, [(column, cell) for column, cell in zip(columns, row.cells, strict=True) if cell.effect in _NOTABLE])
        for row in found_map.standing.rows
        if row.effect in _NOTABLE
    ]
    context = {
        "map": found_map,
        "notable": notable,
        "fine": len(found_map.standing.rows) - len(notable),
        "may_accept": may(request.actor, "policies.accept-missing", target) and not request.actor.hands & asked.hands,
        "may_withdraw": may(request.actor, "policies.withdraw-acceptance", target),
        "may_edit": may(request.actor, "policies.save-feature"),
        "faults": faults,
    }
    return in_shell(request, asked, "readiness", "readiness/map.html", context, NOT_DONE if faults else 200)
