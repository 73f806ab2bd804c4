"""Closed by default: a stranger is sent to sign in by every address but the few that are for strangers."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

# What somebody needs before they are signed in, and what a calendar or a program calls with a credential of its own.
FOR_STRANGERS = frozenset(
    {
        *("account_login", "account_logout", "account_reauthenticate", "account_inactive", "account_signup"),
        *("account_reset_password", "account_reset_password_done", "account_reset_password_from_key"),
        *("account_reset_password_from_key_done", "account_email_verification_sent", "account_confirm_email"),
        *("sign_in_begin", "sign_in_recover", "sign_in_ask_recovery", "sign_in_refused"),
        *("socialaccount_login_cancelled", "socialaccount_login_error"),
    }
)
SAMPLES = {
    "int": "1",
    "uuid": "6f2f4a36-1d3b-4d5e-9f64-0a5f9f3f1c11",
    "slug": "x",
    "str": "x",
    "path": "x",
    "sha256": "x",
}
HIDDEN = {302, 401, 403, 404, 405}


def addresses(resolver: URLResolver, prefix: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    for each in resolver.url_patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from addresses(each, route, f"{space}{each.namespace}:" if each.namespace else space)
        elif isinstance(each, URLPattern):
            yield f"{space}{each.name or route}", "/" + sample(route)


def sample(route: str) -> str:
    plain = re.sub(r"(?<!\?P)<(?:(\w+):)?\w+>", lambda found: SAMPLES.get(found[1] or "str", "x"), route)
    # Patterns of allauth's that are regular expressions: a named part is anything that it takes.
    return re.sub(r"\(\?P<\w+>[^)]*\)", "x-y", plain).replace("^", "").replace("$", "").replace("\\Z", "")


def every_address() -> list[tuple[str, str]]:
    return sorted(set(addresses(get_resolver())))


@pytest.mark.django_db
def test_a_stranger_sees_nothing_that_is_not_for_strangers() -> None:
    client, seen = Client(raise_request_exception=False), {}
    found = every_address()
    for name, address in found:
        answer = client.get(address)
        to = answer.headers.get("location", "")
        shut = answer.status_code in HIDDEN and (answer.status_code != 302 or to.startswith("/account/login/"))
        if not shut:
            seen[name] = (answer.status_code, to)
    assert len(found) > 60
    assert set(seen) - FOR_STRANGERS == set(), seen


@pytest.mark.django_db
def test_a_part_of_a_page_is_never_filled_with_the_page_to_sign_in() -> None:
    part = {"HX-Request": "true"}
    asked = Client().get("/palette", headers=part)
    assert (asked.status_code, asked.headers.get("HX-Refresh"), asked.content) == (204, "true", b"")
    by_itself = Client().get("/notices/bell", headers={**part, "X-Assay-Background": "1"})
    assert (by_itself.status_code, by_itself.headers.get("HX-Refresh"), by_itself.content) == (204, None, b"")
    whole = Client().get("/palette")
    assert (whole.status_code, whole.headers["location"]) == (302, "/account/login/?next=/palette")


def test_an_address_is_made_from_a_route() -> None:
    assert sample("people/<uuid:key>/away") == f"people/{SAMPLES['uuid']}/away"
    assert sample("^reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$") == "reset/x-y-x-y/"
