from __future__ import annotations

import re
from dataclasses import replace

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from pytest_django import Settings

from assay.governance.people.models import Person
from tests.governance.people.sign_in.conftest import PASSWORD, code_of, kinds
from tests.workbench.people import ClientOf


def set_up_app(client: Client) -> tuple[str, list[str]]:
    """Somebody who is signed in sets up an app: its secret, and the recovery codes that they are shown."""
    secret = client.get("/account/2fa/totp/activate/").context["form"].secret
    # One step ahead, since a code works once and the next sign-in of the same test needs its own.
    shown = client.post("/account/2fa/totp/activate/", {"code": code_of(secret, steps=-1)}, follow=True)
    return secret, re.findall(r"<code>(\d{8})</code>", shown.content.decode())


def signed_in_by_password(person: Person) -> Client:
    client = Client()
    client.post("/account/login/", {"login": person.email, "password": PASSWORD})
    return client


@pytest.mark.parametrize(
    "path", ["/account/tokens/", "/account/sessions/", "/account/password/change/", "/account/2fa/"]
)
def test_who_has_no_second_factor_is_led_to_set_one_up_before_anything_else(eve: Person, path: str) -> None:
    answer = signed_in_by_password(eve).get(path)
    assert answer.headers["Location"] == "/account/second-factor/"


def test_the_api_says_so_in_a_problem(eve: Person) -> None:
    answer = signed_in_by_password(eve).get("/api/me")
    assert (answer.status_code, answer.json()["slug"]) == (403, "second-factor-missing")


def test_after_it_is_set_up_every_page_opens_and_the_next_sign_in_asks_for_it(eve: Person) -> None:
    client = signed_in_by_password(eve)
    secret, codes = set_up_app(client)
    assert len(codes) == 10
    assert client.get("/account/sessions/").status_code == 200

    again = Client()
    asked = again.post("/account/login/", {"login": eve.email, "password": PASSWORD})
    assert asked.headers["Location"] == "/account/2fa/authenticate/"
    assert again.get("/account/sessions/").status_code == 302
    wrong = again.post("/account/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    assert again.get("/api/me").status_code == 401
    again.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert again.get("/account/sessions/").status_code == 200
    assert kinds() == ["signed-in", "factor-added", "factor-added", "signed-in"]


def test_a_code_works_once(eve: Person) -> None:
    secret, _ = set_up_app(signed_in_by_password(eve))
    code = code_of(secret)
    answers = []
    for _ in range(2):
        client = signed_in_by_password(eve)
        answers.append(client.post("/account/2fa/authenticate/", {"code": code}).status_code)
    assert answers == [302, 200]


def test_a_recovery_code_stands_in_for_the_app_once(eve: Person) -> None:
    _, codes = set_up_app(signed_in_by_password(eve))
    answers = []
    for _ in range(2):
        client = signed_in_by_password(eve)
        answers.append(client.post("/account/2fa/authenticate/", {"code": codes[0]}).status_code)
    assert answers == [302, 200]


def test_recovery_codes_are_shown_once(eve: Person) -> None:
    client = signed_in_by_password(eve)
    _, codes = set_up_app(client)
    shown = client.get("/account/2fa/recovery-codes/").content.decode()
    assert not any(code in shown for code in codes)


def test_secrets_of_factors_are_not_readable_in_the_database(eve: Person) -> None:
    secret, codes = set_up_app(signed_in_by_password(eve))
    kept = str(list(Authenticator.objects.values()))
    assert secret not in kept
    assert not any(code in kept for code in codes)


def test_a_changed_secret_key_still_opens_what_the_one_before_closed(eve: Person, settings: Settings) -> None:
    secret, _ = set_up_app(signed_in_by_password(eve))
    before = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new one", [before]
    client = signed_in_by_password(eve)
    assert client.post("/account/2fa/authenticate/", {"code": code_of(secret)}).status_code == 302


def test_who_removes_the_last_factor_is_led_to_set_one_up_at_once(eve: Person) -> None:
    client = signed_in_by_password(eve)
    set_up_app(client)
    assert client.get("/account/sessions/").status_code == 200
    client.post("/account/2fa/totp/deactivate/")
    assert client.get("/account/sessions/").headers["Location"] == "/account/second-factor/"
    assert kinds()[-2:] == ["factor-removed", "factor-removed"]


@pytest.mark.parametrize("required", [True, False])
def test_a_role_with_power_needs_one_whatever_the_setting(
    eve: Person, dee: Person, settings: Settings, required: bool
) -> None:
    settings.ASSAY_SIGN_IN = replace(settings.ASSAY_SIGN_IN, require_second_factor=required)
    dee.set_password(PASSWORD)
    dee.save()
    led = {person.name: signed_in_by_password(person).get("/account/sessions/").status_code for person in (eve, dee)}
    assert led == {"Eve": 302 if required else 200, "Dee": 302}


def test_the_only_key_of_somebody_without_a_password_cannot_be_removed(client_of: ClientOf, eve: Person) -> None:
    client = client_of(eve)
    eve.set_unusable_password()
    eve.save()
    client.force_login(eve)
    Authenticator.objects.filter(user=eve).delete()
    key = Authenticator.objects.create(user=eve, type=Authenticator.Type.WEBAUTHN, data={"name": "laptop"})
    answer = client.post(f"/account/2fa/webauthn/keys/{key.pk}/remove/")
    assert answer.headers["Location"] == "/account/2fa/webauthn/"
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_nobody_removes_or_renames_a_key_of_somebody_else(client_of: ClientOf, eve: Person, dee: Person) -> None:
    key = Authenticator.objects.create(user=dee, type=Authenticator.Type.WEBAUTHN, data={"name": "laptop"})
    client = client_of(eve)
    for path in ("remove", "edit"):
        assert client.post(f"/account/2fa/webauthn/keys/{key.pk}/{path}/", {"name": "mine"}).status_code in (302, 404)
    key.refresh_from_db()
    assert key.data == {"name": "laptop"}
