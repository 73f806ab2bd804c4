from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from assay.governance.ledger.models import Entry
from assay.governance.people.commands import sign_out_everywhere
from assay.governance.people.models import Person
from assay.governance.people.sign_in.sessions import forget_ways_in, open_sessions
from assay.governance.people.sign_in.wiring.adapter import BEGAN, SEEN
from assay.governance.people.tokens.commands import MadeToken, make_token
from tests.governance.people.sign_in.conftest import PASSWORD, kinds
from tests.workbench.people import ActorOf, ClientOf

PAGE = "/account/sessions/"
ONE = frozenset({"notices.list"})


def backdated(client: Client, key: str, ago: timedelta) -> None:
    session = client.session
    session[key] = (datetime.fromisoformat(session[key]) - ago).isoformat()
    session.save()


def in_use(person: Person) -> Client:
    client = Client()
    client.post("/account/login/", {"login": person.email, "password": PASSWORD})
    assert client.get(PAGE).status_code == 200
    return client


@pytest.fixture(autouse=True)
def no_factor(settings: Settings) -> None:
    """What is tried here does not turn on it."""
    settings.ASSAY_SIGN_IN = replace(settings.ASSAY_SIGN_IN, require_second_factor=False)


@pytest.mark.parametrize(
    ("key", "ago", "stays"),
    [
        (SEEN, timedelta(hours=7, minutes=55), True),
        (SEEN, timedelta(hours=8), False),
        (BEGAN, timedelta(days=6, hours=23), True),
        (BEGAN, timedelta(days=7), False),
    ],
)
def test_a_session_ends_by_itself(eve: Person, key: str, ago: timedelta, stays: bool) -> None:
    client = in_use(eve)
    backdated(client, key, ago)
    answer = client.get(PAGE)
    assert answer.status_code == (200 if stays else 302)
    if not stays:
        assert answer.headers["Location"] == f"/account/login/?next={PAGE}"
        assert client.get("/api/me").status_code == 401


def test_a_page_that_asks_by_itself_does_not_keep_a_session_alive(eve: Person) -> None:
    client = in_use(eve)
    backdated(client, SEEN, timedelta(hours=1))
    before = client.session[SEEN]
    client.get(PAGE, headers={"X-Assay-Background": "1"})
    assert client.session[SEEN] == before
    client.get(PAGE)
    assert client.session[SEEN] > before


def test_signing_in_changes_the_session_s_key_and_csrf_token(eve: Person) -> None:
    client = Client()
    client.get("/account/login/")
    session = client.session
    session["planted"] = "by somebody who knew the key"
    session.save()
    planted = str(session.session_key)
    client.cookies[django_settings.SESSION_COOKIE_NAME] = planted
    token = client.get("/account/login/").context["csrf_token"]
    client.post("/account/login/", {"login": eve.email, "password": PASSWORD})
    assert client.session.session_key != planted
    assert str(client.get("/account/password/change/").context["csrf_token"]) != str(token)
    other = Client()
    other.cookies[django_settings.SESSION_COOKIE_NAME] = planted
    assert other.get(PAGE).status_code == 302


def test_one_session_is_ended_from_another(eve: Person) -> None:
    here, there = in_use(eve), in_use(eve)
    number = next(each.number for each in open_sessions(eve, current=here.session.session_key) if not each.current)
    assert here.post(PAGE, {"number": str(number)}).status_code == 302
    assert there.get(PAGE).status_code == 302
    assert here.get(PAGE).status_code == 200
    assert kinds()[2:] == ["sessions-ended"]


def test_all_others_are_ended_at_once(eve: Person) -> None:
    here, *others = (in_use(eve) for _ in range(3))
    here.post(PAGE)
    assert [each.get(PAGE).status_code for each in others] == [302, 302]
    assert here.get(PAGE).status_code == 200


def test_nobody_ends_a_session_of_somebody_else(eve: Person) -> None:
    fay = Person.objects.create_user("fay@example.org", PASSWORD, name="Fay")
    mine, theirs = in_use(eve), in_use(fay)
    number = UserSession.objects.get(user=fay).pk
    answer = mine.post(PAGE, {"number": str(number)})
    assert b"there is no such session" in answer.content.lower()
    assert theirs.get(PAGE).status_code == 200
    assert "sessions-ended" not in kinds()


def test_an_administrator_signs_somebody_out_everywhere(
    eve: Person, dee: Person, client_of: ClientOf, actor_of: ActorOf, at: datetime
) -> None:
    theirs = [in_use(eve), in_use(eve)]
    token = make_token(name="phone", operations=ONE, ends=at + timedelta(days=9), by=actor_of(eve), at=at)
    assert isinstance(token, MadeToken)
    bearer = {"Authorization": f"Bearer {token.text}"}
    assert Client().get("/api/me", headers=bearer).status_code == 200
    out = reverse("people:sign_out", kwargs={"key": eve.key})
    assert theirs[0].post(out).status_code == 403
    assert client_of(dee).post(out).status_code == 302
    assert [each.get(PAGE).status_code for each in theirs] == [302, 302]
    assert Client().get("/api/me", headers=bearer).status_code == 401
    assert json.loads(Entry.objects.latest("number").content) == {"sessions": 2, "tokens": 1}
    again = sign_out_everywhere(person=eve, by=actor_of(dee), at=at)
    assert isinstance(again, list)
    assert again[0].slug == "not-signed-in"
    # They were not shut out: whoever knows the password comes in again.
    in_use(eve)


def test_a_password_change_ends_every_other_session(eve: Person) -> None:
    here, there = in_use(eve), in_use(eve)
    new = "seventeen quiet lanterns"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post("/account/password/change/", form).status_code == 302
    assert here.get(PAGE).status_code == 200
    assert there.get(PAGE).status_code == 302
    assert kinds()[2:] == ["password-changed"]


def test_a_closed_account_is_out_at_once_and_keeps_no_way_in(eve: Person, now: datetime) -> None:
    client = in_use(eve)
    Person.objects.filter(pk=eve.pk).update(is_active=False)
    assert client.get(PAGE).status_code == 302
    forget_ways_in(eve, at=now)
    Person.objects.filter(pk=eve.pk).update(is_active=True)
    assert client.get(PAGE).status_code == 302
    eve.refresh_from_db()
    assert not eve.has_usable_password()


def test_an_address_that_was_changed_signs_in_and_the_old_one_does_not(eve: Person) -> None:
    eve.email = "eve@new.example.org"
    eve.save()
    answers = {
        email: Client().post("/account/login/", {"login": email, "password": PASSWORD}).status_code
        for email in ("eve@example.org", "eve@new.example.org")
    }
    assert answers == {"eve@example.org": 200, "eve@new.example.org": 302}


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5000, "²", "-1", "all"])
def test_a_number_that_is_none_ends_no_session(eve: Person, number: str) -> None:
    client, other = in_use(eve), in_use(eve)
    assert client.post(PAGE, {"number": number}).status_code == 200
    assert other.get(PAGE).status_code == 200
