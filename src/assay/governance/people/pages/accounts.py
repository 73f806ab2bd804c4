"""Pages on which administrators make, change, close and open accounts. A link that lets somebody in is shown once."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from assay.engine.kernel.errors import Fault
from assay.governance.office.operations import may
from assay.governance.office.requests import StaffRequest
from assay.governance.people import commands
from assay.governance.people.commands.accounts import Invited
from assay.governance.people.forms.asking import AbsenceForm, InviteForm, PersonForm
from assay.governance.people.pages.doors import NOT_DONE, asked, colleagues, need, person_at

BY_SMTP = "django.core.mail.backends.smtp.EmailBackend"


@require_http_methods(["GET", "POST"])
def invite(request: StaffRequest) -> HttpResponse:
    """Somebody new: the answer shows their link, once."""
    need(request, "people.invite")
    form = InviteForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return asked(request, "people/invite.html", form)
    chosen = form.cleaned_data
    made = commands.invite(
        email=chosen["email"], name=chosen["name"], wish=form.wish(), by=request.actor, at=request.at
    )
    return _invited(request, made) if isinstance(made, Invited) else asked(request, "people/invite.html", form, made)


@require_POST
def invite_again(request: StaffRequest, key: UUID) -> HttpResponse:
    """A new link for somebody who never came in."""
    made = commands.invite_again(person=person_at(request, key), by=request.actor, at=request.at)
    return _invited(request, made) if isinstance(made, Invited) else _back(request, key, made)


@require_POST
def sign_out(request: StaffRequest, key: UUID) -> HttpResponse:
    """End all by which somebody is signed in."""
    made = commands.sign_out_everywhere(person=person_at(request, key), by=request.actor, at=request.at)
    if isinstance(made, list):
        return _back(request, key, made)
    messages.success(request, "Every session and token of theirs has ended. They can sign in again.")
    return redirect("people:person", key=key)


@require_http_methods(["GET", "POST"])
def change(request: StaffRequest, key: UUID) -> HttpResponse:
    """Somebody's name and address."""
    need(request, "people.change-person")
    person = person_at(request, key)
    given = request.POST if request.method == "POST" else None
    form = PersonForm(given, initial={"name": person.name, "email": person.email})
    more = {"person": person}
    if request.method != "POST" or not form.is_valid():
        return asked(request, "people/change.html", form, more=more)
    chosen = form.cleaned_data
    made = commands.change_person(
        person=person, name=chosen["name"], email=chosen["email"], by=request.actor, at=request.at
    )
    if isinstance(made, list):
        return asked(request, "people/change.html", form, made, more)
    messages.success(request, "The details are changed.")
    return redirect("people:person", key=key)


@require_http_methods(["GET", "POST"])
def close(request: StaffRequest, key: UUID) -> HttpResponse:
    """Asks once more, since a name that was erased does not come back."""
    need(request, "people.close-account")
    person = person_at(request, key)
    if request.method != "POST":
        return render(request, "people/close.html", {"person": person})
    made = commands.close_account(person=person, by=request.actor, at=request.at)
    if isinstance(made, list):
        return render(request, "people/close.html", {"person": person, "faults": made}, status=NOT_DONE)
    messages.success(request, "The account is closed. What its person did stays in the ledger, under their reference.")
    return redirect("people:person", key=key)


@require_http_methods(["GET", "POST"])
def reopen(request: StaffRequest, key: UUID) -> HttpResponse:
    """The same person comes back."""
    need(request, "people.reopen-account")
    person = person_at(request, key)
    form = PersonForm(request.POST if request.method == "POST" else None)
    more = {"person": person}
    if request.method != "POST" or not form.is_valid():
        return asked(request, "people/reopen.html", form, more=more)
    chosen = form.cleaned_data
    made = commands.reopen_account(
        person=person, name=chosen["name"], email=chosen["email"], by=request.actor, at=request.at
    )
    if isinstance(made, list):
        return asked(request, "people/reopen.html", form, made, more)
    return _invited(request, made)


@require_http_methods(["GET", "POST"])
def away(request: StaffRequest, key: UUID) -> HttpResponse:
    """An administrator says when somebody is away who cannot say it themselves; everybody for themselves."""
    person = person_at(request, key)
    if person.reference != request.actor.who:
        need(request, "people.close-account")
    form = AbsenceForm(request.POST if request.method == "POST" else None)
    own = person.reference == request.actor.who
    more = {"person": person, "own": own, "colleagues": colleagues(request)}
    if request.method != "POST" or not form.is_valid():
        return asked(request, "people/away.html", form, more=more)
    chosen = form.cleaned_data
    made = commands.record_absence(
        person=person, stand_in=chosen["stand_in"], starts=chosen["starts"], ends=chosen["ends"],
        by=request.actor, at=request.at,
    )  # fmt: skip
    if isinstance(made, list):
        return asked(request, "people/away.html", form, made, more)
    messages.success(request, "The absence is written down.")
    return redirect("people:me") if own else redirect("people:person", key=key)


def _invited(request: StaffRequest, made: Invited) -> HttpResponse:
    """The link stands in this answer alone: not in an address, a session or a log.

    Where mails leave the house it stands in the person's mail alone: else who invites could begin in their place, and
    get by the approval of others what was meant for them.
    """
    mailed = settings.EMAIL_BACKEND == BY_SMTP
    context = {
        "person": made.person,
        "address": None if mailed else request.build_absolute_uri(made.link.path),
        "expires": made.link.expires,
        "may_grant": may(request.actor, "people.grant-role"),
    }
    return render(request, "people/invited.html", context)


def _back(request: StaffRequest, key: UUID, faults: list[Fault]) -> HttpResponseRedirect:
    for fault in faults:
        messages.error(request, fault.words)
    return redirect("people:person", key=key)
