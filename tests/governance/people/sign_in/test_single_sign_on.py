from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from pytest_django import Settings

from assay.governance.office.roles import Role
from assay.governance.people.models import Grant, Person
from assay.governance.people.sign_in.configuring import SignIn, SingleSignOn, sign_in_settings
from tests.governance.people.sign_in.conftest import PASSWORD, kinds
from tests.governance.people.sign_in.stand_in import CLIENT, ISSUER, OTHER_KEY, StandIn

BEGIN = "/account/sso/sso/login/"
BACK = "/account/sso/sso/login/callback/"


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> StandIn:
    """The provider, and a workbench that is set to it."""
    stand_in = StandIn()
    monkeypatch.setattr(requests.Session, "get_adapter", lambda *_, **__: stand_in)
    set_to(settings)
    return stand_in


@pytest.fixture
def gus(db: None) -> Person:
    """Invited by address, and never begun."""
    return Person.objects.create_user("gus@example.org", None, name="Gus")


def set_to(settings: Settings, **more: Any) -> None:
    single = SingleSignOn("House", ISSUER, CLIENT, "a-secret", **more)
    made = sign_in_settings(SignIn(single=single, require_second_factor=False, secure=False))
    settings.SOCIALACCOUNT_PROVIDERS = made["SOCIALACCOUNT_PROVIDERS"]
    settings.ASSAY_SIGN_IN = made["ASSAY_SIGN_IN"]


def sent_out(client: Client, path: str = BEGIN) -> dict[str, str]:
    """What the provider is asked when somebody goes there."""
    answer = client.post(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"{ISSUER}/authorize?")
    asked = parse_qs(urlsplit(answer.headers["Location"]).query)
    return {key: value[0] for key, value in asked.items()}


def comes_back(provider: StandIn, client: Client | None = None, *, path: str = BEGIN) -> Any:
    """Go there and come back with a code; the answer of our page."""
    client = client or Client()
    asked = sent_out(client, path)
    provider.nonce = asked["nonce"]
    return client.get(BACK, {"code": "a-code", "state": asked["state"]})


def test_somebody_invited_comes_in_by_their_verified_address(provider: StandIn, gus: Person) -> None:
    client = Client()
    answer = comes_back(provider, client)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(gus.pk)
    assert kinds() == ["signed-in"]
    account = SocialAccount.objects.get()
    assert (account.user, account.uid, account.extra_data) == (gus, "subject-1", {})
    assert provider.asked == [f"{ISSUER}/.well-known/openid-configuration"] * 2 + [f"{ISSUER}/token", f"{ISSUER}/keys"]


def test_the_provider_is_asked_with_a_nonce_and_a_challenge_and_nothing_of_the_address(
    provider: StandIn, db: None
) -> None:
    asked = sent_out(Client(), f"{BEGIN}?scope=admin&auth_params=nonce%3Dchosen%26prompt%3Dnone")
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["nonce"]) == 43
    assert "prompt" not in asked


def test_once_joined_the_subject_counts_and_not_the_address(provider: StandIn, gus: Person) -> None:
    comes_back(provider)
    gus.email = "gus@elsewhere.example.org"
    gus.save()
    client = Client()
    comes_back(provider, client)
    assert client.session["_auth_user_id"] == str(gus.pk)
    stranger = Client()
    provider.claims = {"sub": "subject-2"}
    comes_back(provider, stranger)
    assert "_auth_user_id" not in stranger.session


BENT: dict[str, Callable[[StandIn], None]] = {
    "another audience": lambda it: it.claims.update(aud="another-program"),
    "several audiences": lambda it: it.claims.update(aud=[CLIENT, "another-program"]),
    "another issuer": lambda it: it.claims.update(iss="https://id.example.com"),
    "another nonce": lambda it: it.claims.update(nonce="from-another-sign-in"),
    "no nonce": lambda it: it.claims.update(nonce=None),
    "over": lambda it: it.claims.update(exp=int(time.time()) - 120),
    "of the future": lambda it: it.claims.update(iat=int(time.time()) + 3600, nbf=int(time.time()) + 3600),
    "no end": lambda it: it.claims.update(exp=None),
    "no subject": lambda it: it.claims.update(sub=None),
    "signed by another key": lambda it: setattr(it, "signed_by", OTHER_KEY),
    "not signed": lambda it: setattr(it, "signed_by", None),
    "signed by the client's secret": lambda it: setattr(it, "secret", "a-secret-that-is-long-enough-for-hs256"),
    "an unverified address": lambda it: it.claims.update(email_verified=False),
    "an address verified in words": lambda it: it.claims.update(email_verified="true"),
    "no word on the address": lambda it: it.claims.update(email_verified=None),
    "no address": lambda it: it.claims.update(email=None),
    "an address of nobody": lambda it: it.claims.update(email="mal@example.org"),
    "discovery of another": lambda it: it.config.update(issuer="https://id.example.com"),
    "no id token": lambda it: setattr(it, "token", lambda: ""),
}


@pytest.mark.parametrize("bent", BENT)
def test_whoever_brings_a_token_that_does_not_hold_stays_out(provider: StandIn, gus: Person, bent: str) -> None:
    client = Client()
    asked = sent_out(client)
    provider.nonce = asked["nonce"]
    BENT[bent](provider)
    answer = client.get(BACK, {"code": "a-code", "state": asked["state"]})
    assert "_auth_user_id" not in client.session
    assert not SocialAccount.objects.exists()
    assert Person.objects.count() == 1
    assert kinds() == []
    refused = answer.headers.get("Location") == "/account/sso/refused/"
    assert refused or b"Single sign-on did not work" in answer.content


def test_a_sign_in_that_another_browser_began_is_refused(provider: StandIn, gus: Person) -> None:
    asked = sent_out(Client())
    provider.nonce = asked["nonce"]
    victim = Client()
    answer = victim.get(BACK, {"code": "a-code", "state": asked["state"]})
    assert b"Single sign-on did not work" in answer.content
    assert "_auth_user_id" not in victim.session


def test_a_nonce_is_used_once(provider: StandIn, gus: Person) -> None:
    client = Client()
    asked = sent_out(client)
    provider.nonce = asked["nonce"]
    client.get(BACK, {"code": "a-code", "state": asked["state"]})
    client.post("/account/logout/")
    again = client.get(BACK, {"code": "a-code", "state": asked["state"]})
    assert b"Single sign-on did not work" in again.content


def test_the_workbench_does_not_follow_the_provider_elsewhere(provider: StandIn, gus: Person) -> None:
    provider.redirects_to = "http://127.0.0.1:8080/inside"
    answer = Client().post(BEGIN)
    assert b"Single sign-on did not work" in answer.content
    assert provider.asked == [f"{ISSUER}/.well-known/openid-configuration"]


@pytest.mark.parametrize(("domains", "let_in"), [((), True), (("Example.org",), True), (("example.com", "org"), False)])
def test_only_domains_of_the_settings_are_let_in(
    provider: StandIn, gus: Person, settings: Settings, domains: tuple[str, ...], let_in: bool
) -> None:
    set_to(settings, domains=domains)
    client = Client()
    comes_back(provider, client)
    assert ("_auth_user_id" in client.session) == let_in


def test_somebody_unknown_gets_an_account_only_where_the_settings_say_so(
    provider: StandIn, settings: Settings, db: None
) -> None:
    assert comes_back(provider).headers["Location"] == "/account/sso/refused/"
    set_to(settings, create=True)
    client = Client()
    comes_back(provider, client)
    person = Person.objects.get()
    assert (person.email, person.name, person.has_usable_password()) == ("gus@example.org", "Gus", False)
    assert client.session["_auth_user_id"] == str(person.pk)
    assert not Grant.objects.exists()
    assert kinds() == ["joined", "signed-in"]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Gus\r\nBcc: all@example.org", "Gus Bcc: all@example.org"),
        ("\u202eeeD\u200b", "eeD"),
        ("\u2066\n", "gus"),
        ("G" * 200, "G" * 120),
    ],
)
def test_what_the_provider_calls_somebody_is_one_line_that_can_be_seen(
    provider: StandIn, settings: Settings, db: None, said: str, kept: str
) -> None:
    set_to(settings, create=True)
    provider.claims = {"name": said}
    comes_back(provider)
    assert Person.objects.get().name == kept


@pytest.mark.parametrize("verified", [False, "true", None])
def test_an_address_that_the_provider_did_not_verify_gets_no_account(
    provider: StandIn, settings: Settings, db: None, verified: object
) -> None:
    set_to(settings, create=True)
    provider.claims = {"email_verified": verified}
    assert comes_back(provider).headers["Location"] == "/account/sso/refused/"
    assert not Person.objects.exists()


@pytest.mark.parametrize(("role", "given"), [("analyst", [Role.ANALYST]), ("administrator", []), ("legal", [])])
def test_a_first_role_is_never_one_with_power(
    provider: StandIn, settings: Settings, db: None, role: str, given: list[Role]
) -> None:
    set_to(settings, create=True, first_role=role)
    comes_back(provider)
    assert list(Grant.objects.values_list("role", flat=True)) == [each.value for each in given]
    assert Person.objects.exists() == bool(given)


def test_a_closed_account_stays_closed(provider: StandIn, gus: Person, settings: Settings) -> None:
    set_to(settings, create=True)
    comes_back(provider)
    Person.objects.filter(pk=gus.pk).update(is_active=False)
    client = Client()
    comes_back(provider, client)
    assert "_auth_user_id" not in client.session
    assert Person.objects.count() == 1


def test_going_to_the_provider_is_asked_for_by_a_form_and_not_by_a_link(provider: StandIn, gus: Person) -> None:
    answer = Client().get(BEGIN)
    assert (answer.status_code, provider.asked) == (200, [])
    assert Client(enforce_csrf_checks=True).post(BEGIN).status_code == 403


def test_the_second_factor_is_ours_unless_the_provider_sees_to_it(
    provider: StandIn, dee: Person, settings: Settings
) -> None:
    provider.claims = {"email": dee.email}
    for theirs, status in ((False, 302), (True, 200)):
        set_to(settings, second_factor=theirs)
        client = Client()
        comes_back(provider, client)
        assert client.get("/account/sessions/").status_code == status


def test_without_a_provider_its_addresses_are_not_there(db: None) -> None:
    assert Client().post(BEGIN).status_code == 404
    assert b"Sign in by" not in Client().get("/account/login/").content


def test_signing_in_by_the_provider_keeps_a_password_that_was_there(provider: StandIn, gus: Person) -> None:
    gus.set_password(PASSWORD)
    gus.save()
    comes_back(provider)
    gus.refresh_from_db()
    assert gus.check_password(PASSWORD)
