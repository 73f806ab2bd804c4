"""Pages of one's own way in: the invitation, the second factor, open sessions. They decide nothing."""

from __future__ import annotations

from typing import cast

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.decorators import rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from assay.governance.office.requests import StaffRequest
from assay.governance.people.actors import actor_of
from assay.governance.people.models import Person
from assay.governance.people.sign_in.commands import accept_invitation, end_sessions
from assay.governance.people.sign_in.forms import NewPasswordForm
from assay.governance.people.sign_in.links import Purpose, digest_of, find_link
from assay.governance.people.sign_in.middleware import lacks_second_factor
from assay.governance.people.sign_in.models import Link
from assay.governance.people.sign_in.sessions import open_sessions

# Of a number that every database holds.
LONGEST_NUMBER = 18


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@rate_limit(action="begin")  # type: ignore[untyped-decorator]
def begin(request: StaffRequest) -> HttpResponse:
    """An invitation: the first password, or a passkey."""
    if "link" in request.GET:
        return keep_link(request, "invitation")
    link = kept_link(request, "invitation")
    if link is None:
        return render(request, "sign_in/link_is_over.html", status=410)
    person = link.person
    with_passkey = request.POST.get("first") == "passkey"
    form = NewPasswordForm(request.POST if request.method == "POST" and not with_passkey else None, person=person)
    if request.method != "POST" or not (with_passkey or form.is_valid()):
        return render(request, "sign_in/begin.html", {"form": form, "person": person, "expires": link.expires_at})
    password = None if with_passkey else form.cleaned_data["password"]
    by = actor_of(person, request.at)
    accepted = accept_invitation(digest=link.digest, password=password, by=by, at=request.at)
    if isinstance(accepted, list):
        return render(request, "sign_in/link_is_over.html", status=410)
    return let_in(request, accepted, reverse("mfa_add_webauthn") if with_passkey else None)


@require_safe
def second_factor(request: StaffRequest) -> HttpResponse:
    """Why a second factor, and how to set one up."""
    if not lacks_second_factor(request):
        return redirect("mfa_index")
    return render(request, "sign_in/second_factor.html")


@require_http_methods(["GET", "POST"])
def sessions(request: StaffRequest) -> HttpResponse:
    """Where one is signed in; end one, or all but this."""
    person, current = cast("Person", request.user), request.session.session_key
    faults = []
    if request.method == "POST":
        ended = end_sessions(
            numbers=_numbers(request.POST.get("number", "")), keep=current, by=request.actor, at=request.at
        )
        if isinstance(ended, int):
            messages.success(request, f"{ended} session{'s' if ended != 1 else ''} ended.")
            return redirect("usersessions_list")
        faults = ended
    held = open_sessions(person, current=current)
    if not any(each.current for each in held):
        # Such as one that was made before the list was kept: from now on it can be ended from elsewhere too.
        UserSession.objects.create_from_request(request)
        held = open_sessions(person, current=current)
    return render(request, "usersessions/usersession_list.html", {"sessions": held, "faults": faults})


def _numbers(asked: str) -> frozenset[int] | None:
    """Which sessions a form asks for: one, or every one where it names none; none where it names something else."""
    if not asked:
        return None
    fits = asked.isascii() and asked.isdigit() and len(asked) <= LONGEST_NUMBER
    return frozenset({int(asked)} if fits else ())


class RemoveKey(RemoveWebAuthnView):  # type: ignore[misc]
    """Remove a passkey or security key, unless it is the only way in."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Refuse the last key of somebody who has nothing else."""
        person = cast("Person", request.user)
        keys = Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN).count()
        other = person.has_usable_password() or SocialAccount.objects.filter(user=person).exists()
        if keys <= 1 and not other:
            messages.error(request, "This key is your only way in. Add another key or set a password first.")
            return redirect("mfa_list_webauthn")
        return cast("HttpResponse", super().post(request, *args, **kwargs))


remove_key = RemoveKey.as_view()


def keep_link(request: HttpRequest, purpose: Purpose) -> HttpResponse:
    """Take the secret out of the address, where logs and other sites could see it. Opening a link uses nothing up."""
    request.session[f"assay_{purpose}"] = digest_of(request.GET["link"])
    return redirect(request.path)


def kept_link(request: StaffRequest, purpose: Purpose) -> Link | None:
    """The link that was opened in this browser, where it can still be used."""
    digest = request.session.get(f"assay_{purpose}")
    return find_link(digest, purpose, at=request.at) if isinstance(digest, str) else None


def let_in(request: StaffRequest, person: Person, to: str | None) -> HttpResponse:
    """Sign somebody in who has shown who they are by a link; a second factor is asked for where they have one."""
    for purpose in ("invitation", "recovery"):
        request.session.pop(f"assay_{purpose}", None)
    record_authentication(request, person, method="link")
    return cast("HttpResponse", perform_login(request, Login(user=person, redirect_url=to)))
