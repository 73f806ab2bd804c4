"""The page of a change: where it stands, what keeps it there, how it came so far; and the ways from there."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from assay.engine.kernel.errors import Fault
from assay.governance.office.operations import may
from assay.governance.office.requests import StaffRequest
from assay.governance.policies.life import commands
from assay.governance.policies.life.gates import Stands
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.queries.overview import overview_of
from assay.governance.policies.life.shell import found_change, in_shell
from assay.governance.policies.life.stages import Stage, may_go_back, may_withdraw
from assay.governance.policies.life.targets import target_of

NOT_DONE = 422
_ASKED = (
    "advance", "send-back", "withdraw-change", "waive", "rebase", "call-review", "confirm-review", "describe-change",
    "name-owner", "add-source", "open-change",
)  # fmt: skip


@require_safe
def change(request: StaffRequest, number: int) -> HttpResponse:
    """Where it stands."""
    return shown(request, found_change(request, number))


@require_POST
def advance(request: StaffRequest, number: int) -> HttpResponse:
    """On through the gate."""
    held = found_change(request, number)
    meant = next((stage for stage in Stage if stage.value == request.POST.get("to")), None)
    made = commands.advance(change=held, to=meant, by=request.actor, at=request.at)
    if isinstance(made, list):
        return shown(request, held, made)
    messages.success(request, f"Change {number} is in {Stage(made.enters).words.lower()} now.")
    return redirect("changes:change", number=number)


def shown(request: StaffRequest, held: Change, faults: list[Fault] | None = None) -> HttpResponse:
    """The overview, with all that stood in the way of what was asked."""
    view = overview_of(change=held, by=request.actor, at=request.at)
    target = target_of({"change": held})
    given = {
        "view": view,
        "faults": faults or [],
        "may": {name.replace("-", "_"): may(request.actor, f"policies.{name}", target) for name in _ASKED},
        "may_waive": may(request.actor, "policies.waive", target) and not request.actor.hands & held.hands,
        "steps": tuple(reversed(view.steps)),
        "can_go_back": may_go_back(held.at_stage, Stage.IDEA),
        "can_withdraw": may_withdraw(held.at_stage),
        "gates": _gates(held, view.gate, view.before),
    }
    return in_shell(request, held, "overview", "changes/change.html", given, status=NOT_DONE if faults else 200)


def _gates(held: Change, own: tuple[Stands, ...], before: tuple[Stands, ...]) -> list[dict[str, object]]:
    """What must hold, what is open first; what was true earlier and still is needs nobody's eyes."""
    words = held.at_stage.words.lower()
    found = []
    for title, stands in ((f"To leave {words}", own), ("Asked again from earlier stages", before)):
        shut = sum(not one.holds for one in stands)
        ordered = sorted(stands, key=lambda one: one.holds)
        if stands:
            found.append({"title": title, "stands": ordered, "open": shut, "folded": stands is before and not shut})
    return found
