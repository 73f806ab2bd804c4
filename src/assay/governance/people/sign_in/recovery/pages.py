"""Pages of recovery: asking, the administrators' list, the link. They tell nobody whether an account exists."""

from __future__ import annotations

from typing import cast

from allauth.account.internal.stagekit import unstash_login
from allauth.core import ratelimit
from allauth.decorators import rate_limit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.governance.office.actor import SYSTEM
from assay.governance.office.requests import StaffRequest
from assay.governance.people.actors import actor_of
from assay.governance.people.models import Person
from assay.governance.people.sign_in.commands import recover
from assay.governance.people.sign_in.forms import AskRecoveryForm, KnownPasswordForm, NewPasswordForm
from assay.governance.people.sign_in.pages import keep_link, kept_link, let_in
from assay.governance.people.sign_in.recovery.commands import approve_recovery, ask_recovery, decline_recovery
from assay.governance.people.sign_in.recovery.queries import recoveries_waiting


@login_not_required
@require_http_methods(["GET", "POST"])
@rate_limit(action="recover")  # type: ignore[untyped-decorator]
def ask(request: StaffRequest) -> HttpResponse:
    """Ask for recovery: the answer is the same for every address."""
    form = AskRecoveryForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "sign_in/ask_recovery.html", {"form": form})
    email = form.cleaned_data["email"].strip().lower()
    over = ratelimit.consume_or_429(request, action="ask_recovery", key=email)
    if over is not None:
        return cast("HttpResponse", over)
    person = Person.objects.filter(email=email, is_active=True).first()
    if person is not None:
        login = unstash_login(request, peek=True)
        shown = login is not None and login.user is not None and login.user.pk == person.pk
        ask_recovery(person=person, first="password-shown" if shown else "address-given", by=SYSTEM, at=request.at)
    return render(request, "sign_in/recovery_asked.html")


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@rate_limit(action="recover")  # type: ignore[untyped-decorator]
def use(request: StaffRequest) -> HttpResponse:
    """The link that an administrator approved, together with the password."""
    if "link" in request.GET:
        return keep_link(request, "recovery")
    link = kept_link(request, "recovery")
    if link is None:
        return render(request, "sign_in/link_is_over.html", status=410)
    person = link.person
    known = person.has_usable_password()
    form = (KnownPasswordForm if known else NewPasswordForm)(request.POST or None, person=person)
    if request.method != "POST" or not form.is_valid():
        return render(request, "sign_in/recover.html", {"form": form, "person": person, "known": known})
    over = ratelimit.consume_or_429(request, action="try_recovery", key=str(link.pk))
    if over is not None:
        return cast("HttpResponse", over)
    by = actor_of(person, request.at)
    removed = recover(digest=link.digest, password=form.cleaned_data["password"], by=by, at=request.at)
    if isinstance(removed, list):
        for fault in removed:
            form.add_error(fault.field, fault.words)
        return render(request, "sign_in/recover.html", {"form": form, "person": person, "known": known})
    person.refresh_from_db()
    return let_in(request, person, None)


@require_safe
def waiting(request: StaffRequest) -> HttpResponse:
    """Who asks for recovery, for administrators."""
    found = recoveries_waiting(by=request.actor, at=request.at)
    return render(request, "sign_in/recoveries.html", {"recoveries": found})


@require_POST
def decide(request: StaffRequest, number: int) -> HttpResponse:
    """Approve or decline."""
    if request.POST.get("answer") != "approve":
        declined = decline_recovery(number=number, by=request.actor, at=request.at)
        if not isinstance(declined, list):
            messages.success(request, "Declined. Nothing has changed for the account.")
            return redirect("sign_in_recoveries")
        faults = declined
    else:
        made = approve_recovery(number=number, by=request.actor, at=request.at)
        if not isinstance(made, list):
            link = None if made.path is None else f"{settings.ASSAY_PUBLIC_ADDRESS}{made.path}"
            return render(request, "sign_in/recovery_approved.html", {"approved": made, "link": link})
        faults = made
    found = recoveries_waiting(by=request.actor, at=request.at)
    return render(request, "sign_in/recoveries.html", {"recoveries": found, "faults": faults}, status=409)
