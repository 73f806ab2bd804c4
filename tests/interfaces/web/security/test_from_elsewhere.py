"""What another site, or a link that somebody was sent, can make a browser do here: nothing."""

from __future__ import annotations

import pytest
from django.conf import settings as django_settings
from django.test import Client

from assay.governance.ledger.models import Entry
from assay.governance.people.models import Person
from assay.governance.people.notices.models import Outgoing
from assay.governance.people.sign_in.configuring import SignIn, sign_in_settings
from tests.governance.people.sign_in.conftest import PASSWORD
from tests.interfaces.web.security.every_address import every_address
from tests.workbench.people import ClientOf

# Who calls is asked by the API itself, and a session's token for forms with it (tests/interfaces/web/api).
ASKED_ELSEWHERE = "api:"


@pytest.fixture
def strict(client_of: ClientOf, dee: Person) -> Client:
    """The browser of an administrator, on a page of another site."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = client_of(dee).cookies
    return client


def test_no_address_takes_a_form_that_did_not_come_from_our_own_page(strict: Client) -> None:
    addresses = every_address()
    assert len(addresses) > 60
    for each in addresses:
        if not each.name.startswith(ASKED_ELSEWHERE):
            answer = strict.post(each.path, {"answer": "approve", "email": "mal@example.org", "password": PASSWORD})
            assert answer.status_code == 403, each.name
    assert not Entry.objects.exists()


def test_nobody_is_signed_in_by_a_form_of_another_site(db: None) -> None:
    mal = Person.objects.create_user("mal@example.org", PASSWORD, name="Mal")
    victim = Client(enforce_csrf_checks=True)
    answer = victim.post("/account/login/", {"login": mal.email, "password": PASSWORD})
    assert (answer.status_code, "_auth_user_id" in victim.session) == (403, False)


def test_everything_but_what_says_so_is_closed_to_strangers(db: None) -> None:
    opened = set()
    for each in every_address():
        if each.open:
            opened.add(each.name.partition(":")[0] if each.name.startswith(("api:", "health")) else each.name)
            continue
        answer = Client().get(each.path)
        assert answer.status_code == 302, each.name
        assert answer.headers["Location"].startswith("/account/login/?next="), each.name
    assert opened <= {
        "account_inactive",
        "account_login",
        "account_logout",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "account_signup",
        "api",
        "calendar:feed",
        "look:scheme",
        "mfa_authenticate",
        "mfa_login_webauthn",
        "openid_connect_callback",
        "openid_connect_login",
        "sign_in_ask_recovery",
        "sign_in_begin",
        "sign_in_recover",
        "sign_in_refused",
        "socialaccount_login_cancelled",
    }, opened


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example.com/",
        "//evil.example.com/",
        "/\\evil.example.com/",
        "\\\\evil.example.com",
        "https:evil.example.com",
        "javascript:alert(1)",
        "data:text/html,x",
        " //evil.example.com",
        "http://testserver@evil.example.com/",
        "https://testserver.evil.example.com/",
        "/%09/evil.example.com",
    ],
)
def test_signing_in_and_out_leads_nowhere_else(db: None, to: str) -> None:
    person = Person.objects.create_user("gus@example.org", PASSWORD, name="Gus")
    client = Client()
    form = {"login": person.email, "password": PASSWORD, "next": to}
    for path, sent in (("/account/login/", form), ("/account/logout/", {"next": to})):
        answer = client.post(path, sent)
        assert answer.status_code == 302
        assert answer.headers["Location"] in {"/", "/account/login/", "/%09/evil.example.com"}, path
    assert client.get("/account/login/", {"next": to}).status_code == 200
    client.force_login(person)
    again = client.post("/account/reauthenticate/", {"password": PASSWORD, "next": to})
    assert again.headers.get("Location", "/") in {"/", "/account/second-factor/", "/%09/evil.example.com"}


def test_signing_in_leads_to_the_page_that_was_asked_for(db: None) -> None:
    person = Person.objects.create_user("gus@example.org", PASSWORD, name="Gus")
    client = Client()
    asked = client.get("/account/sessions/?x=1")
    assert asked.headers["Location"] == "/account/login/?next=/account/sessions/%3Fx%3D1"
    form = {"login": person.email, "password": PASSWORD, "next": "/account/sessions/?x=1"}
    assert client.post("/account/login/", form).headers["Location"] == "/account/sessions/?x=1"


def test_a_name_of_the_host_that_somebody_sends_reaches_no_mail_and_no_page(db: None) -> None:
    Person.objects.create_user("gus@example.org", PASSWORD, name="Gus")
    for header in ("HTTP_HOST", "HTTP_X_FORWARDED_HOST"):
        client = Client(**{header: "evil.example.com"})  # type: ignore[arg-type]
        client.post("/account/password/reset/", {"email": "gus@example.org"})
        assert b"evil" not in client.get("/account/login/").content
    assert "evil" not in str(list(Outgoing.objects.values()))


@pytest.mark.parametrize("path", ["/account/login/", "/account/tokens/", "/no/such/page"])
def test_no_page_stands_in_a_frame_or_runs_what_is_written_into_it(client_of: ClientOf, dee: Person, path: str) -> None:
    for client in (Client(), client_of(dee)):
        headers = client.get(path).headers
        policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
        assert headers["X-Frame-Options"] == "DENY"
        assert policy["frame-ancestors"] == "'none'"
        assert policy["default-src"] == "'none'"
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(db: None) -> None:
    person = Person.objects.create_user("gus@example.org", PASSWORD, name="Gus")
    client = Client()
    client.get("/account/login/")
    client.post("/account/login/", {"login": person.email, "password": PASSWORD})
    for name in (django_settings.SESSION_COOKIE_NAME, django_settings.CSRF_COOKIE_NAME):
        cookie = client.cookies[name]
        assert (cookie["httponly"], cookie["samesite"], cookie["domain"]) == (True, "Lax", ""), name
        assert cookie["path"] == "/"


def test_by_https_cookies_are_bound_to_it_and_to_this_host() -> None:
    made = sign_in_settings(SignIn(secure=True))
    for cookie in ("SESSION", "CSRF"):
        assert made[f"{cookie}_COOKIE_SECURE"] is True
        assert made[f"{cookie}_COOKIE_NAME"].startswith("__Host-")
    assert not made["MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN"]
