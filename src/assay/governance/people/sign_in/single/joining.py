"""Who comes in by single sign-on: known by the provider's subject, else by a verified address. It guesses nobody."""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from assay.governance.office.actor import SYSTEM
from assay.governance.people.models import Person
from assay.governance.people.sign_in.configuring import SingleSignOn
from assay.governance.people.sign_in.single.commands import join
from assay.governance.people.sign_in.single.provider import note_failure
from assay.governance.people.sign_in.wiring.adapter import sign_in_of_the_house
from assay.governance.people.sign_in.wiring.noting import instant_of

LONGEST_NAME = 120


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """What allauth asks us about people whom the provider sends."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Refuse who may not come in; make an account for who may and has none."""
        single = sign_in_of_the_house().single
        address = verified_address(sociallogin, single)
        if single is None or address is None:
            raise ImmediateHttpResponse(redirect("sign_in_refused"))
        if sociallogin.is_existing:
            return
        if not single.create:
            raise ImmediateHttpResponse(redirect("sign_in_refused"))
        made = join(
            email=address,
            name=sociallogin.user.name,
            role=single.first_role,
            subject_id=sociallogin.account.uid,
            by=SYSTEM,
            at=instant_of(request),
        )
        if isinstance(made, list):
            raise ImmediateHttpResponse(redirect("sign_in_refused"))
        sociallogin.lookup()

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """Leave word of it for the operator."""
        note_failure(exception)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Accounts are made above, by a command, or not at all."""
        return False

    def can_authenticate_by_email(self, login: Any, email: str) -> bool:
        """A verified address of a domain that is let in joins the account that has it."""
        single = sign_in_of_the_house().single
        return single is not None and verified_address(login, single) == email.lower()

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Person:
        """What the provider calls them."""
        person: Person = sociallogin.user
        person.email = str(data.get("email") or "").lower()
        both = " ".join(str(data[part]) for part in ("first_name", "last_name") if data.get(part))
        said = plain_name(str(data.get("name") or "")) or plain_name(both)
        person.name = said or plain_name(person.email.partition("@")[0])
        return person

    def get_requests_session(self) -> Any:
        """The only door to the provider: short, and without following it anywhere else."""
        session = super().get_requests_session()
        session.max_redirects = 0
        # Neither a proxy nor a password of the machine's environment is for the provider.
        session.trust_env = False
        return session


def plain_name(said: str) -> str:
    """A name as an invitation would take it: one line, and no sign that cannot be seen or turns the writing."""
    seen = "".join(sign if sign.isprintable() else " " for sign in said)
    return " ".join(seen.split())[:LONGEST_NAME].strip()


def verified_address(sociallogin: Any, single: SingleSignOn | None) -> str | None:
    """The address that the provider has verified, where its domain is let in."""
    if single is None:
        return None
    for address in sociallogin.email_addresses:
        email = str(address.email).lower()
        domain = email.rpartition("@")[2]
        if address.verified is True and (not single.domains or domain in {each.lower() for each in single.domains}):
            return email
    return None


@login_not_required
def refused(request: HttpRequest) -> HttpResponse:
    """Why somebody did not get in, without saying whether an account exists."""
    return render(request, "sign_in/refused.html", status=403)
