from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from assay.governance.office.actor import SYSTEM
from assay.governance.people.actors import actor_of
from assay.governance.people.models import Person
from assay.governance.people.notices.models import Outgoing
from assay.governance.people.sign_in.links import make_link
from assay.governance.people.sign_in.models import Recovery
from assay.governance.people.sign_in.recovery.commands import Approved, approve_recovery, ask_recovery
from assay.governance.people.sign_in.recovery.queries import recovery_tasks
from assay.governance.people.sign_in.rules import RECOVERY_LASTS
from tests.governance.people.sign_in.conftest import PASSWORD, kinds
from tests.workbench.people import ClientOf, a_client


def asks(email: str) -> bytes:
    answer = Client().post("/account/recovery/", {"email": email})
    assert answer.status_code == 200
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", answer.content)


def test_the_whole_way_back_in(eve: Person, dee: Person, now: datetime) -> None:
    lost = a_client(eve)
    assert lost.get("/account/sessions/").status_code == 200
    asks(eve.email)
    by = actor_of(dee, now)
    assert [task.words for task in recovery_tasks(by, now)] == ["Decide on the recovery of Eve"]

    number = Recovery.objects.get().pk
    answer = a_client(dee).post(f"/account/recoveries/{number}/", {"answer": "approve"})
    assert answer.status_code == 200
    path = Outgoing.objects.get().link
    assert answer.context["approved"].path in (None, path)
    assert list(recovery_tasks(by, now)) == []

    client = Client()
    client.get(path)
    assert b"password is not right" in client.post("/account/recovery/use/", {"password": "guessed"}).content
    back = client.post("/account/recovery/use/", {"password": PASSWORD})
    assert back.status_code == 302
    assert not Authenticator.objects.filter(user=eve).exists()
    assert client.get("/account/sessions/").headers["Location"] == "/account/second-factor/"
    assert lost.get("/account/sessions/").status_code == 302
    assert Client().get(path, follow=True).status_code == 410
    assert kinds() == ["recovery-asked", "recovery-approved", "recovered", "signed-in"]


def test_asking_tells_nobody_whether_an_account_exists(eve: Person) -> None:
    assert asks("nobody@example.org") == asks(eve.email) == asks(eve.email)
    assert Recovery.objects.count() == 1


def test_no_administrator_decides_on_their_own(dee: Person, now: datetime, client_of: ClientOf) -> None:
    recovery = ask_recovery(person=dee, first="address-given", by=SYSTEM, at=now)
    assert isinstance(recovery, Recovery)
    answer = client_of(dee).post(f"/account/recoveries/{recovery.pk}/", {"answer": "approve"})
    assert answer.status_code == 409
    assert not Outgoing.objects.exists()
    recovery.refresh_from_db()
    assert recovery.decided_at is None


@pytest.mark.parametrize("who", ["ada", "bo", "cy", "eve"])
def test_only_administrators_see_and_decide(
    request: pytest.FixtureRequest, who: str, dee: Person, now: datetime, client_of: ClientOf
) -> None:
    recovery = ask_recovery(person=dee, first="address-given", by=SYSTEM, at=now)
    assert isinstance(recovery, Recovery)
    client = client_of(request.getfixturevalue(who))
    assert client.get("/account/recoveries/").status_code == 403
    assert client.post(f"/account/recoveries/{recovery.pk}/", {"answer": "approve"}).status_code == 403
    assert not Outgoing.objects.exists()


def test_a_recovery_is_decided_once(eve: Person, dee: Person, now: datetime) -> None:
    recovery = ask_recovery(person=eve, first="address-given", by=SYSTEM, at=now)
    assert isinstance(recovery, Recovery)
    done = [approve_recovery(number=recovery.pk, by=actor_of(dee, now), at=now) for _ in range(2)]
    assert isinstance(done[0], Approved)
    assert isinstance(done[1], list)
    assert [fault.slug for fault in done[1]] == ["already-decided"]


def test_what_nobody_decided_ends_and_can_be_asked_again(eve: Person, dee: Person, now: datetime) -> None:
    first = ask_recovery(person=eve, first="address-given", by=SYSTEM, at=now)
    assert isinstance(first, Recovery)
    later = now + RECOVERY_LASTS
    late = approve_recovery(number=first.pk, by=actor_of(dee, now), at=later)
    assert isinstance(late, list)
    again = ask_recovery(person=eve, first="address-given", by=SYSTEM, at=later)
    assert isinstance(again, Recovery)
    assert Recovery.objects.filter(decided_at=None).count() == 1


def test_who_signs_in_by_passkey_alone_sets_a_password(eve: Person, now: datetime) -> None:
    eve.set_unusable_password()
    eve.save()
    client = Client()
    client.get(make_link(eve, "recovery", at=now).path)
    assert client.post("/account/recovery/use/", {"password": "short"}).context["form"].errors
    assert client.post("/account/recovery/use/", {"password": PASSWORD}).status_code == 302
    eve.refresh_from_db()
    assert eve.check_password(PASSWORD)


def test_guessing_the_password_behind_a_link_is_limited(eve: Person, now: datetime) -> None:
    client = Client()
    client.get(make_link(eve, "recovery", at=now).path)
    answers = [client.post("/account/recovery/use/", {"password": f"guess {each}"}).status_code for each in range(6)]
    assert answers == [200] * 5 + [429]
    assert client.post("/account/recovery/use/", {"password": PASSWORD}).status_code == 429


def test_a_link_of_yesterday_recovers_nothing(eve: Person, now: datetime) -> None:
    path = make_link(eve, "recovery", at=now - timedelta(hours=24)).path
    assert Client().get(path, follow=True).status_code == 410
