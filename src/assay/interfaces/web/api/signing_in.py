"""Who calls: a token in the header, or the session of somebody who is signed in. It looks at nothing else."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from ninja.security import HttpBearer, SessionAuth

from assay.governance.office.actor import Actor
from assay.governance.office.requests import StaffRequest
from assay.governance.people.tokens.queries import who_shows


class TokenAuth(HttpBearer):
    """`Authorization: Bearer assay_me_…`: no cookie is looked at, so no CSRF token is needed."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The actor of a token that holds; the request acts as it from here on."""
        staff = cast("StaffRequest", request)
        shown = who_shows(token.strip(), at=staff.at)
        if shown is None:
            return None
        staff.user, staff.actor = shown
        return staff.actor


class PageAuth(SessionAuth):
    """The session of a page; a request that writes must carry the page's CSRF token."""

    def __call__(self, request: HttpRequest) -> Actor | None:
        """Only where no token was sent: one that does not hold is not covered up by a cookie."""
        if "Authorization" in request.headers:
            return None
        return cast("Actor | None", super().__call__(request))

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        """The actor of somebody who is signed in."""
        return cast("StaffRequest", request).actor if request.user.is_authenticated else None
