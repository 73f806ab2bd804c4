"""Light, dark or the system's: what somebody chose, kept in a cookie so that no page flashes. It is no secret."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest

COOKIE = "scheme"
SCHEMES: Mapping[str, str] = {"": "As the system", "light": "Light", "dark": "Dark"}
A_YEAR = 365 * 24 * 3_600


def scheme_of(request: HttpRequest) -> str:
    """`light`, `dark` or nothing; a cookie with anything else says nothing."""
    kept = request.COOKIES.get(COOKIE, "")
    return kept if kept in SCHEMES else ""
