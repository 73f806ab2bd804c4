"""Ends sessions that have lasted too long, and leads to a second factor whoever must have one. It signs nobody in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect

from assay.governance.office.requests import StaffRequest
from assay.governance.people.actors import NOBODY
from assay.governance.people.models import Person
from assay.governance.people.sign_in.rules import is_over, needs_second_factor
from assay.governance.people.sign_in.wiring.adapter import BEGAN, FACTOR, SEEN, sign_in_of_the_house

# A page that asks again by itself says so, and does not keep a session alive that nobody uses.
BACKGROUND = "X-Assay-Background"
SEEN_EVERY = timedelta(minutes=1)
# What somebody without their second factor may open: what they need to set one up, and the way out.
SETTING_UP = frozenset(
    {"sign_in_second_factor", "account_logout", "account_reauthenticate", "mfa_activate_totp", "mfa_add_webauthn"}
)
NEXT = Callable[[HttpRequest], HttpResponseBase]


class SessionLifetime:
    """After so long without a request, and after so long in any case, a session ends."""

    def __init__(self, get_response: NEXT) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """End it, or note that it is in use."""
        if isinstance(request.user, Person):
            self._look(cast("StaffRequest", request))
        return self.get_response(request)

    def _look(self, request: StaffRequest) -> None:
        at = request.at
        began, seen = _moment(request, BEGAN) or at, _moment(request, SEEN) or at
        house = sign_in_of_the_house()
        if is_over(began=began, seen=seen, at=at, idle=house.idle, longest=house.longest):
            logout(request)
            request.actor = NOBODY
            return
        if BEGAN not in request.session:
            request.session[BEGAN] = at.isoformat()
        used = BACKGROUND not in request.headers
        if used and (at - seen >= SEEN_EVERY or SEEN not in request.session):
            request.session[SEEN] = at.isoformat()


class SecondFactor:
    """Whoever must have a second factor, and has none, sets one up before anything else."""

    def __init__(self, get_response: NEXT) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; the check is made once it is known which page is asked for."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Lead to the page that sets one up."""
        if not isinstance(request.user, Person) or not lacks_second_factor(cast("StaffRequest", request)):
            return None
        match = request.resolver_match
        if match is not None and match.url_name in SETTING_UP:
            return None
        if request.path.startswith("/api/"):
            return JsonResponse(_problem(request), status=403, content_type="application/problem+json")
        return redirect("sign_in_second_factor")


def lacks_second_factor(request: StaffRequest) -> bool:
    """Whether somebody who is signed in must have a second factor, and has none."""
    house = sign_in_of_the_house()
    person = cast("Person", request.user)
    if not needs_second_factor(request.actor.roles, required=house.require_second_factor):
        return False
    if house.single is not None and house.single.second_factor:
        records = get_authentication_records(request, person)
        if any(record.get("method") == "socialaccount" for record in records):
            return False
    if request.session.get(FACTOR):
        return False
    found = bool(is_mfa_enabled(person, ["totp", "webauthn"]))
    if found:
        # Asked once a session: where the last factor is removed, this is forgotten (`wiring/recorded.py`).
        request.session[FACTOR] = True
    return not found


def _problem(request: HttpRequest) -> dict[str, object]:
    return {
        "type": "urn:assay:problem:second-factor-missing",
        "title": "Forbidden",
        "status": 403,
        "detail": "set up a second factor on the workbench's pages first",
        "slug": "second-factor-missing",
        "faults": [],
        "request": str(request.META.get("assay.request", "")),
    }


def _moment(request: HttpRequest, key: str) -> datetime | None:
    kept = request.session.get(key)
    return datetime.fromisoformat(kept) if isinstance(kept, str) else None
