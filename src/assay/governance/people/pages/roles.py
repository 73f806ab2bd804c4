"""Pages on which roles are given, proposed, asked for in an emergency, and taken away."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assay.governance.office.requests import StaffRequest
from assay.governance.office.roles import Role
from assay.governance.people import commands, queries
from assay.governance.people.forms.asking import EmergencyForm, RoleForm
from assay.governance.people.pages.doors import NOT_DONE, asked, found, need, person_at
from assay.governance.people.rules.granting import EMERGENCY_HOURS_MOST, SIGNING


@require_http_methods(["GET", "POST"])
def give(request: StaffRequest, key: UUID) -> HttpResponse:
    """A role for somebody: given at once, or proposed where a second administrator has to approve."""
    need(request, "people.grant-role")
    person = person_at(request, key)
    form = RoleForm(request.POST if request.method == "POST" else None)
    more = {"person": person, "signing": [role.words for role in sorted(SIGNING)]}
    if request.method != "POST" or not form.is_valid():
        return asked(request, "people/give.html", form, more=more)
    wish = form.wish()
    if "propose" not in request.POST:
        given = commands.grant_role(person=person, wish=wish, by=request.actor, at=request.at)
        if not isinstance(given, list):
            messages.success(request, f"{person.name} has the role of {wish.role.words} now.")
            return redirect("people:person", key=key)
        return asked(request, "people/give.html", form, given, more)
    made = commands.propose_role(
        person=person, wish=wish, reason=form.cleaned_data["reason"], by=request.actor, at=request.at
    )
    if isinstance(made, list):
        return asked(request, "people/give.html", form, made, more)
    messages.success(request, "It is proposed. The role is theirs once another administrator approves.")
    return redirect("people:approval", key=made.key)


@require_http_methods(["GET", "POST"])
def emergency(request: StaffRequest, key: UUID) -> HttpResponse:
    """A role for some hours, which two people of two functions approve."""
    need(request, "people.propose-in-emergency")
    person = person_at(request, key)
    form = EmergencyForm(request.POST if request.method == "POST" else None)
    more = {"person": person, "most": EMERGENCY_HOURS_MOST}
    if request.method != "POST" or not form.is_valid():
        return asked(request, "people/emergency.html", form, more=more)
    chosen = form.cleaned_data
    made = commands.propose_in_emergency(
        person=person, role=chosen["role"], scope=form.scope(), hours=chosen["hours"], reason=chosen["reason"],
        by=request.actor, at=request.at,
    )  # fmt: skip
    if isinstance(made, list):
        return asked(request, "people/emergency.html", form, made, more)
    messages.success(request, "It is asked for. Two people of two functions have to approve it within 24 hours.")
    return redirect("people:approval", key=made.key)


@require_http_methods(["GET", "POST"])
def revoke(request: StaffRequest, key: UUID) -> HttpResponse:
    """Take a role away; asks once more."""
    need(request, "people.revoke-role")
    grant = found(queries.grant_of(str(key)))
    context = {"grant": grant, "person": grant.person, "role": Role(grant.role).words}
    if request.method != "POST":
        return render(request, "people/revoke.html", context)
    made = commands.revoke_role(grant=grant, by=request.actor, at=request.at)
    if isinstance(made, list):
        return render(request, "people/revoke.html", {**context, "faults": made}, status=NOT_DONE)
    messages.success(request, f"{grant.person.name} is no longer {Role(grant.role).words}.")
    return redirect("people:person", key=grant.person.key)
