"""The tab `Pilot and launch` of a change, and its buttons."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from assay.engine.kernel.errors import Fault
from assay.governance.office.actor import Target
from assay.governance.office.operations import may
from assay.governance.office.requests import StaffRequest
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.shell import found_change, in_shell
from assay.governance.policies.life.targets import ROOM
from assay.governance.policies.releasing import commands, queries
from assay.governance.policies.releasing.pages.forms import ReasonForm
from assay.governance.policies.releasing.pages.releases import NOT_DONE
from assay.governance.policies.releasing.rules import STEPS, in_words, share_read


@require_safe
def change(request: StaffRequest, number: int) -> HttpResponse:
    """How far the release of a change has come."""
    return _shown(request, found_change(request, number))


@require_POST
def build(request: StaffRequest, number: int) -> HttpResponse:
    """Build and sign the bundle."""
    change = found_change(request, number)
    made = commands.build_bundle(change=change, by=request.actor, at=request.at)
    return _done(request, change, made, "The bundle is built and signed. Let it look on next.")


@require_POST
def pilot(request: StaffRequest, number: int) -> HttpResponse:
    """Let it look on."""
    return _with_share(request, number, commands.start_pilot, "It looks on as soon as services have looked.")


@require_POST
def end_pilot(request: StaffRequest, number: int) -> HttpResponse:
    """It looks on no more."""
    change = found_change(request, number)
    made = commands.end_pilot(change=change, reason=request.POST.get("reason", ""), by=request.actor, at=request.at)
    return _done(request, change, made, "It looks on no more; its hours stay counted.")


@require_POST
def launch(request: StaffRequest, number: int) -> HttpResponse:
    """Let it decide a share, or everything."""
    return _with_share(request, number, commands.launch, "It decides that share as soon as services have looked.")


@require_POST
def stop(request: StaffRequest, number: int) -> HttpResponse:
    """It decides its share no more."""
    change = found_change(request, number)
    made = commands.stop_launch(change=change, reason=request.POST.get("reason", ""), by=request.actor, at=request.at)
    return _done(
        request,
        change,
        made,
        "The launch is stopped: it decides nothing any more. Send it back to mend it, or begin again.",
    )


def _with_share(request: StaffRequest, number: int, act: Callable[..., object], said: str) -> HttpResponse:
    change = found_change(request, number)
    share = share_read(request.POST.get("share", ""))
    if share is None:
        return _done(request, change, [Fault("bad-share", "write a share such as 10 %", "share")], said)
    return _done(request, change, act(change=change, share=share, by=request.actor, at=request.at), said)


def _done(request: StaffRequest, change: Change, made: object, said: str) -> HttpResponse:
    if isinstance(made, list):
        change.refresh_from_db()
        return _shown(request, change, made)
    messages.success(request, said)
    return redirect("releasing:change", number=change.number)


def _shown(request: StaffRequest, change: Change, faults: object = ()) -> HttpResponse:
    view = queries.see_launch(change=change, by=request.actor, at=request.at)
    target = Target(ROOM, policy=change.policy)
    context = {
        "view": view,
        "faults": faults,
        "steps": [(step, in_words(step), step == view.more, step > view.share) for step in STEPS],
        "form": ReasonForm(request.POST if "reason" in request.POST else None),
        "may_release": may(request.actor, "policies.launch", target),
    }
    status = NOT_DONE if faults else 200
    return in_shell(request, change, "launch", "releasing/launch.html", context, status=status)
