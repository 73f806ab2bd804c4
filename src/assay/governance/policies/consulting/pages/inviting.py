"""The pages on which people are invited, reminded and taken off. They call commands and decide nothing."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from assay.engine.kernel.errors import Fault
from assay.governance.office.operations import may
from assay.governance.office.requests import StaffRequest
from assay.governance.people.models import Person
from assay.governance.people.pages.doors import colleagues
from assay.governance.people.queries.naming import key_of
from assay.governance.policies.consulting import commands
from assay.governance.policies.consulting.forms import InviteForm
from assay.governance.policies.consulting.pages.doors import TAB, blame, found, need
from assay.governance.policies.life.shell import in_shell


@require_http_methods(["GET", "POST"])
def invite(request: StaffRequest, number: int, key: UUID) -> HttpResponse:
    """Ask somebody who has an account."""
    change, held = found(request, number, key)
    need(request, "policies.invite-expert", change)
    form = InviteForm(request.POST if request.method == "POST" else None)
    faults: list[Fault] = []
    if request.method == "POST" and form.is_valid():
        person = form.cleaned_data["person"]
        made = commands.invite_expert(
            consultation=held, person=person, engagement=form.engagement(), by=request.actor, at=request.at
        )
        if not isinstance(made, list):
            messages.success(request, f"{person.name} is invited and is told so.")
            return redirect("consulting:one", number=number, key=key)
        faults = blame(form, made)
    context = {
        "held": held,
        "form": form,
        "faults": faults,
        "colleagues": colleagues(request),
        "may_invite_people": may(request.actor, "people.invite"),
    }
    wrong = bool(faults) or (form.is_bound and not form.is_valid())
    return in_shell(request, change, TAB, "consulting/invite.html", context, status=422 if wrong else 200)


@require_POST
def remind(request: StaffRequest, number: int, key: UUID) -> HttpResponse:
    """Ask those again whose view is missing."""
    _, held = found(request, number, key)
    made = commands.remind_invited(consultation=held, by=request.actor, at=request.at)
    if isinstance(made, list):
        messages.error(request, _sentence(made[0].words))
    else:
        messages.success(request, f"{made} {'person is' if made == 1 else 'people are'} reminded.")
    return redirect("consulting:one", number=number, key=key)


@require_POST
def withdraw(request: StaffRequest, number: int, key: UUID) -> HttpResponse:
    """Take somebody off."""
    _, held = found(request, number, key)
    wanted = key_of(request.POST.get("person", ""))
    person = None if wanted is None else Person.objects.filter(key=wanted).first()
    if person is None:
        raise Http404
    made = commands.withdraw_invitation(consultation=held, person=person, by=request.actor, at=request.at)
    if isinstance(made, list):
        messages.error(request, _sentence(made[0].words))
    else:
        messages.success(request, f"{person.name} sees nothing of it any more.")
    return redirect("consulting:one", number=number, key=key)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
