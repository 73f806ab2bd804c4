from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client

from assay.governance.people.actors import actor_of
from assay.governance.people.models import Person
from assay.governance.people.notices.models import Outgoing
from assay.governance.people.sign_in.commands import note_password
from assay.governance.people.sign_in.links import LASTS, digest_of, make_link
from assay.governance.people.sign_in.models import Link
from tests.governance.people.sign_in.conftest import PASSWORD, kinds


@pytest.fixture
def fay(db: None) -> Person:
    """Invited, and not begun."""
    return Person.objects.create_user("fay@example.org", None, name="Fay")


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_an_invitation_sets_the_first_password_and_works_once(fay: Person, now: datetime) -> None:
    made = make_link(fay, "invitation", at=now)
    first, second = Client(), Client()
    for client in (first, second):
        assert client.get(made.path, follow=True).status_code == 200
    assert first.post("/account/begin/", {"password": PASSWORD}).status_code == 302
    assert is_signed_in(first)
    assert second.post("/account/begin/", {"password": "another fine sentence"}).status_code == 410
    assert not is_signed_in(second)
    fay.refresh_from_db()
    assert fay.check_password(PASSWORD)
    assert kinds() == ["invitation-accepted", "signed-in"]


def test_opening_an_invitation_uses_nothing_up(fay: Person, now: datetime) -> None:
    made = make_link(fay, "invitation", at=now)
    for _ in range(3):
        assert Client().get(made.path, follow=True).status_code == 200
    assert Link.objects.get().is_open(now)
    assert kinds() == []


def test_the_secret_of_a_link_is_kept_nowhere(fay: Person, now: datetime) -> None:
    made = make_link(fay, "invitation", at=now)
    secret = made.path.partition("link=")[2]
    client = Client()
    answer = client.get(made.path)
    assert secret not in answer.headers["Location"]
    assert secret not in str(dict(client.session))
    assert secret not in str(Link.objects.values())
    assert secret not in repr(made)
    assert Link.objects.get().digest == digest_of(secret)


@pytest.mark.parametrize("password", ["short", "123456789012345", "password1234", "fay@example.org"])
def test_a_weak_first_password_is_refused_and_the_invitation_stays(fay: Person, now: datetime, password: str) -> None:
    made = make_link(fay, "invitation", at=now)
    client = Client()
    client.get(made.path)
    answer = client.post("/account/begin/", {"password": password})
    assert answer.status_code == 200
    assert answer.context["form"].errors["password"]
    assert Link.objects.get().is_open(now)


@pytest.mark.parametrize("ending", ["time", "newer", "closed", "another"])
def test_a_link_that_has_ended_opens_nothing(fay: Person, now: datetime, ending: str) -> None:
    made = make_link(fay, "invitation", at=now - LASTS["invitation"] if ending == "time" else now)
    if ending == "newer":
        make_link(fay, "invitation", at=now)
    if ending == "closed":
        Person.objects.filter(pk=fay.pk).update(is_active=False)
    path = "/account/begin/?link=guessed" if ending == "another" else made.path
    client = Client()
    assert client.get(path, follow=True).status_code == 410
    assert client.post("/account/begin/", {"password": PASSWORD}).status_code == 410
    assert not is_signed_in(client)


def test_a_link_of_one_purpose_does_not_open_another(fay: Person, now: datetime) -> None:
    secret = make_link(fay, "invitation", at=now).path.partition("link=")[2]
    assert Client().get(f"/account/recovery/use/?link={secret}", follow=True).status_code == 410


def test_who_begins_with_a_passkey_is_led_to_add_one(fay: Person, now: datetime) -> None:
    client = Client()
    client.get(make_link(fay, "invitation", at=now).path)
    answer = client.post("/account/begin/", {"first": "passkey"}, follow=True)
    assert answer.redirect_chain == [("/account/2fa/webauthn/add/", 302)]
    form = answer.context["form"]
    assert form.fields["passwordless"].disabled
    fay.refresh_from_db()
    assert not fay.has_usable_password()


def test_nobody_makes_an_account_for_themselves(db: None) -> None:
    client = Client()
    answer = client.post("/account/signup/", {"email": "mal@example.org", "password1": PASSWORD})
    assert b"People are invited here" in answer.content
    assert not Person.objects.exists()


def test_the_mailbox_of_somebody_who_never_began_does_not_replace_an_invitation(fay: Person) -> None:
    Client().post("/account/password/reset/", {"email": fay.email})
    assert not Outgoing.objects.exists()


def test_a_forgotten_password_is_reset_by_a_link_that_works_once_and_lets_nobody_in(eve: Person) -> None:
    Client().post("/account/password/reset/", {"email": "EVE@example.org"})
    link = Outgoing.objects.get().link
    new, statuses = "seventeen quiet lanterns", []
    for _ in range(2):
        client = Client()
        client.get(link)
        form = re.sub(r"-[^/-]+-[^/]+/$", "-set-password/", link)
        statuses.append(client.post(form, {"password1": new, "password2": new}).status_code)
        assert not is_signed_in(client)
    eve.refresh_from_db()
    assert statuses == [302, 200]
    assert eve.check_password(new)
    assert kinds() == ["password-changed"]


def test_a_password_change_ends_open_links(eve: Person, now: datetime) -> None:
    make_link(eve, "recovery", at=now - timedelta(minutes=1))
    note_password(how="changed", by=actor_of(eve, now), at=now)
    assert not Link.objects.get().is_open(now)
