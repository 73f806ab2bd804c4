"""A person's own pages: profile, roles and why, stand-ins, and the way to how they sign in."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.governance.office.requests import StaffRequest
from assay.governance.office.roles import Role
from assay.governance.people import commands, queries
from assay.governance.people.forms.asking import DelegateForm, ProfileForm
from assay.governance.people.models import Person
from assay.governance.people.pages.doors import asked, colleagues, found


@require_safe
def me(request: StaffRequest) -> HttpResponse:
    """Who I am here, what I may do and why, who acts for me and for whom I act."""
    view = found(queries.see_person(key=request.actor.who.key, by=request.actor, at=request.at))
    running = [each for each in view.periods if each.when != "over"]
    context = {
        "person": view,
        "given": [each for each in running if each.giver_key == view.key],
        "taken": [each for each in running if each.taker_key == view.key],
        "lent": [held for held in request.actor.held if held.stands_for is not None],
        "functions": sorted(request.actor.functions),
    }
    return render(request, "people/me.html", context)


@require_http_methods(["GET", "POST"])
def profile(request: StaffRequest) -> HttpResponse:
    """Name, time zone, language."""
    person = _myself(request)
    given = request.POST if request.method == "POST" else None
    initial = {"name": person.name, "time_zone": person.time_zone, "language": person.language}
    form = ProfileForm(given, initial=initial)
    more = {"person": person}
    if request.method != "POST" or not form.is_valid():
        return asked(request, "people/profile.html", form, more=more)
    made = commands.change_profile(**form.cleaned_data, by=request.actor, at=request.at)
    if isinstance(made, list):
        return asked(request, "people/profile.html", form, made, more)
    messages.success(request, "Your profile is changed.")
    return redirect("people:me")


@require_http_methods(["GET", "POST"])
def delegate(request: StaffRequest) -> HttpResponse:
    """Let somebody act with roles of mine."""
    own = sorted({held.role for held in request.actor.held if held.stands_for is None}, key=list(Role).index)
    form = DelegateForm(request.POST if request.method == "POST" else None, own=own)
    more = {"own": own, "colleagues": colleagues(request)}
    if request.method != "POST" or not form.is_valid():
        return asked(request, "people/delegate.html", form, more=more)
    chosen = form.cleaned_data
    made = commands.delegate(
        taker=chosen["taker"], roles=frozenset(chosen["roles"]), starts=chosen["starts"], ends=chosen["ends"],
        by=request.actor, at=request.at,
    )  # fmt: skip
    if isinstance(made, list):
        return asked(request, "people/delegate.html", form, made, more)
    messages.success(request, f"{made.taker.name} can act for you in that time.")
    return redirect("people:me")


@require_POST
def end_delegation(request: StaffRequest, key: UUID) -> HttpResponse:
    """Before its time."""
    delegation = found(queries.delegation_of(str(key), request.actor))
    return _ended(request, commands.end_delegation(delegation=delegation, by=request.actor, at=request.at))


@require_POST
def end_absence(request: StaffRequest, key: UUID) -> HttpResponse:
    """They are back, or do not go."""
    absence = found(queries.absence_of(str(key), request.actor))
    return _ended(request, commands.end_absence(absence=absence, by=request.actor, at=request.at))


def _ended(request: StaffRequest, made: object) -> HttpResponse:
    if isinstance(made, list):
        for fault in made:
            messages.error(request, fault.words)
    else:
        messages.success(request, "It has ended, from now on.")
    back = request.POST.get("person", "")
    person = queries.person_of(back, request.actor)
    if person is None or person.reference == request.actor.who:
        return redirect("people:me")
    return redirect("people:person", key=person.key)


def _myself(request: StaffRequest) -> Person:
    return found(queries.person_of(request.actor.who.key, request.actor))
