"""The pages of the room: each opens for who may, is refused to who may not, and does what its button says."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assay.governance.ledger.models import Entry
from assay.governance.office.roles import Role
from assay.governance.people import commands
from assay.governance.people.models import Absence, Delegation, Grant, Person, Proposal
from assay.governance.people.rules.granting import Wish
from tests.workbench.people import ActorOf, ClientOf, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def text_of(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def test_every_page_opens_for_an_administrator(dee: Person, cy: Person, client_of: ClientOf) -> None:
    client = client_of(dee)
    plain = ["people", "invite", "matrix", "matrix_file", "approvals", "me", "profile", "delegate"]
    about = ["person", "give", "emergency", "change", "away", "close", "reopen"]
    addresses = [reverse(f"people:{name}") for name in plain]
    addresses += [reverse(f"people:{name}", args=[cy.key]) for name in about]
    addresses.append(reverse("people:revoke", args=[Grant.objects.get(person=cy).key]))
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200)


def test_an_administrator_invites_and_sees_the_link_once(dee: Person, client_of: ClientOf) -> None:
    client = client_of(dee)
    given = {"name": "Flo", "email": "Flo@Example.org", "role": "reviewer", "markets": "de, us-ca"}
    answer = client.post(reverse("people:invite"), given)
    assert "/account/begin/?link=" in text_of(answer)
    flo = Person.objects.get(email="flo@example.org")
    assert list(flo.grants.values_list("role", "markets")) == [("reviewer", ["DE", "US-CA"])]
    assert "link=" not in text_of(client.get(reverse("people:person", args=[flo.key])))


def test_a_link_that_a_server_mails_is_shown_to_nobody_else(dee: Person, client_of: ClientOf, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    answer = client_of(dee).post(reverse("people:invite"), {"name": "Flo", "email": "flo@example.org"})
    assert "is invited" in text_of(answer)
    assert "link=" not in text_of(answer)


def test_what_was_typed_stays_and_every_fault_is_named(dee: Person, client_of: ClientOf) -> None:
    given = {"name": "Dee again", "email": "dee@example.org", "role": "analyst", "markets": "germany"}
    answer = client_of(dee).post(reverse("people:invite"), given)
    assert answer.status_code == 422
    assert "has an account already" in text_of(answer)
    assert 'value="Dee again"' in text_of(answer)


def test_a_signing_role_becomes_a_proposal_that_another_approves_on_its_page(
    dee: Person, cy: Person, client_of: ClientOf
) -> None:
    eve = a_person("Eve", Role.ADMINISTRATOR)
    answer = client_of(dee).post(
        reverse("people:give", args=[cy.key]), {"role": "legal", "reason": "<b>she</b> is new", "propose": "yes"}
    )
    proposal = Proposal.objects.get()
    address = reverse("people:approval", args=[proposal.key])
    assert answer["Location"] == address
    page = text_of(client_of(eve).get(address))
    assert "Approve for administration" in page
    assert "&lt;b&gt;she&lt;/b&gt;" in page
    assert "Approve for" not in text_of(client_of(dee).get(address))
    client_of(eve).post(reverse("people:approve", args=[proposal.key]), {"digest": proposal.digest})
    assert Grant.objects.filter(person=cy, role="legal", way="approved").exists()
    assert "proposed by Dee, approved by Eve" in text_of(client_of(cy).get(reverse("people:me"))).replace(
        "Proposed", "proposed"
    )


def test_a_proposal_is_not_there_for_somebody_whom_it_does_not_concern(
    dee: Person, cy: Person, ada: Person, client_of: ClientOf, actor_of: ActorOf, at: datetime
) -> None:
    a_person("Eve", Role.ADMINISTRATOR)
    commands.propose_role(person=cy, wish=Wish(Role.LEGAL), reason="", by=actor_of(dee), at=timezone.now())
    proposal = Proposal.objects.get()
    client = client_of(ada)
    assert client.get(reverse("people:approval", args=[proposal.key])).status_code == 404
    given = {"digest": proposal.digest}
    for name in ("approve", "decline", "withdraw"):
        assert client.post(reverse(f"people:{name}", args=[proposal.key]), given).status_code == 404


def test_an_outsider_sees_themselves_and_nobody_else(cy: Person, client_of: ClientOf) -> None:
    eli = a_person("Eli", Role.EXTERNAL_EXPERT)
    client = client_of(eli)
    assert client.get(reverse("people:person", args=[eli.key])).status_code == 200
    assert client.get(reverse("people:person", args=[cy.key])).status_code == 404
    assert client.get(reverse("people:people")).status_code == 403
    assert client.get(reverse("people:matrix")).status_code == 403


def test_what_others_did_about_somebody_is_not_said_to_be_their_own_doing(dee: Person, client_of: ClientOf) -> None:
    eli = a_person("Eli", Role.EXTERNAL_EXPERT)
    client_of(dee).post(reverse("people:give", args=[eli.key]), {"role": "reviewer", "markets": "DE"})
    client = client_of(eli)
    client.post(reverse("people:profile"), {"name": "Eli", "time_zone": "Asia/Tokyo", "language": "en"})
    page = text_of(client.get(reverse("people:me")))
    did = page[page.index('id="did"') :]
    assert "Changed their own profile" in did
    assert "Gave Eli" not in did


def test_delegations_and_absences_of_others_cannot_be_ended_by_guessing(
    ada: Person, bo: Person, cy: Person, client_of: ClientOf, now: datetime
) -> None:
    end = now + timedelta(days=2)
    lent = Delegation.objects.create(giver=ada, taker=bo, roles=["policy-lead"], starts=now, ends=end, made_at=now)
    away = Absence.objects.create(person=ada, stand_in=bo, starts=now, ends=end, made_at=now)
    client = client_of(cy)
    assert client.post(reverse("people:end_delegation", args=[lent.key])).status_code == 404
    assert client.post(reverse("people:end_absence", args=[away.key])).status_code == 404
    assert client.get(reverse("people:away", args=[ada.key])).status_code == 403
    client_of(bo).post(reverse("people:end_delegation", args=[lent.key]))
    lent.refresh_from_db()
    assert lent.ended_at is not None


def test_a_day_at_the_end_of_the_calendar_is_a_fault_and_no_error(ada: Person, bo: Person, client_of: ClientOf) -> None:
    Person.objects.filter(pk=ada.pk).update(time_zone="Pacific/Auckland")
    client, among = client_of(ada), {"taker": bo.email, "roles": ["policy-lead"], "name": "A", "operations": []}
    forms = [reverse("people:delegate"), reverse("people:away", args=[ada.key]), reverse("tokens:list")]
    for address in forms:
        for starts, ends in (("0001-01-01", "2026-01-02"), ("2026-01-01", "9999-12-31"), ("0001-01-01", "0001-01-01")):
            answer = client.post(address, among | {"starts": starts, "ends": ends})
            assert answer.status_code < 500
            assert "out of reach" in text_of(answer) or address == forms[2]
    assert not (Delegation.objects.exists() or Absence.objects.exists())


def test_somebody_lets_another_act_for_them(
    ada: Person, bo: Person, client_of: ClientOf, actor_of: ActorOf, now: datetime
) -> None:
    day = now.date()
    given = {"taker": "Bo", "roles": ["policy-lead"], "starts": day, "ends": day + timedelta(days=3)}
    client_of(ada).post(reverse("people:delegate"), given)
    assert "For whom I act" in text_of(client_of(bo).get(reverse("people:me")))
    assert Role.POLICY_LEAD in actor_of(bo, now + timedelta(hours=1)).roles


def test_the_list_is_narrowed_and_taken_along_with_a_ledger_entry(
    ada: Person, bo: Person, cy: Person, dee: Person, client_of: ClientOf
) -> None:
    Person.objects.filter(pk=bo.pk).update(name="=Bo()")
    client = client_of(dee)
    page = text_of(client.get(reverse("people:people"), {"role": "legal", "name": "=b"}))
    assert page.count('value="=b"') == 2
    assert '<option value="legal" selected>' in page
    assert ">=Bo()<" in page
    assert ">Cy<" not in page
    answer = client.post(reverse("people:export"), {"role": "legal", "format": "csv"})
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))  # type: ignore[attr-defined]
    assert [row["name"] for row in rows] == ["'=Bo()"]
    entry = Entry.objects.order_by("-number")[0]
    assert (entry.kind, '"rows":1' in entry.content) == ("people.list-exported", True)
    assert client_of(ada).post(reverse("people:export")).status_code == 403


def test_a_page_of_the_list_asks_the_store_at_most_12_times(
    dee: Person, client_of: ClientOf, django_assert_max_num_queries: object, now: datetime
) -> None:
    for place in range(30):
        a_person(f"Person {place:02}", Role.REVIEWER, Role.ANALYST)
    client = client_of(dee)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        assert client.get(reverse("people:people")).status_code == 200
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        assert client.get(reverse("people:approvals")).status_code == 200


def test_the_matrix_of_one_room_as_a_file_names_every_role(cy: Person, client_of: ClientOf) -> None:
    answer = client_of(cy).get(reverse("people:matrix_file"), {"room": "people"})
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))  # type: ignore[attr-defined]
    invite = next(row for row in rows if row["operation"] == "people.invite")
    assert (invite["administrator"], invite["auditor"]) == ("may", "no")
    assert {role.words for role in Role} <= set(invite)


def test_programs_see_and_approve_as_pages_do(dee: Person, ada: Person, cy: Person, client_of: ClientOf) -> None:
    eve = a_person("Eve", Role.ADMINISTRATOR)
    client_of(dee).post(reverse("people:give", args=[cy.key]), {"role": "legal", "propose": "yes"})
    found = client_of(ada).get("/api/people/", {"role": "auditor"}).json()
    assert [(row["name"], row["roles"]) for row in found["people"]] == [("Cy", ["auditor"])]
    assert client_of(ada).get("/api/people/approvals").json() == []
    [waiting] = client_of(eve).get("/api/people/approvals").json()
    address = f"/api/people/approvals/{waiting['key']}/approve"
    body = {"digest": "sha256:" + "0" * 64}
    assert client_of(ada).post(address, body, content_type="application/json").status_code == 404
    wrong = client_of(eve).post(address, body, content_type="application/json")
    assert (wrong.status_code, "has changed" in wrong.json()["detail"]) == (422, True)
    done = client_of(eve).post(address, {"digest": waiting["digest"]}, content_type="application/json")
    assert done.json()["state"] == "approved"
    assert client_of(cy).get(f"/api/people/{cy.key}").json()["roles"] == ["legal", "auditor"]
    assert client_of(cy).get("/api/people/matrix", {"room": "people"}).json()[0]["operation"].startswith("people.")


def test_every_button_about_roles_does_what_it_says(
    dee: Person, ada: Person, bo: Person, cy: Person, client_of: ClientOf
) -> None:
    eve = a_person("Eve", Role.ADMINISTRATOR)
    client, other, third = client_of(dee), client_of(ada), client_of(bo)
    emergency = {"role": "operations-lead", "hours": 6, "reason": "a wave of fakes"}
    assert press(other, "emergency", cy.key, emergency) == 302
    asked = Proposal.objects.get()
    assert press(third, "approve", asked.key, {"digest": asked.digest, "function": "legal"}) == 302
    assert press(third, "approve", asked.key, {"digest": asked.digest}) == 422
    assert press(other, "withdraw", asked.key) == 302
    assert press(client, "give", cy.key, {"role": "legal", "propose": "yes"}) == 302
    assert press(client_of(eve), "decline", Proposal.objects.get(state="waiting").key) == 302
    assert press(client, "give", cy.key, {"role": "legal"}) == 422
    assert press(client, "give", cy.key, {"role": "analyst", "ends": "2099-12-31"}) == 302
    given = Grant.objects.get(person=cy, role="analyst")
    assert given.ends == datetime(2100, 1, 1, tzinfo=UTC)
    assert press(client, "revoke", given.key) == 302
    assert press(client, "revoke", given.key) == 422
    kinds = set(Entry.objects.values_list("kind", flat=True))
    assert {"people.proposal-withdrawn", "people.proposal-declined", "people.role-revoked"} < kinds


def test_every_button_about_an_account_does_what_it_says(
    dee: Person, bo: Person, cy: Person, client_of: ClientOf
) -> None:
    client, today = client_of(dee), timezone.now().date()
    assert press(client, "change", cy.key, {"name": "Cyd", "email": "cyd@example.org"}) == 302
    assert press(client, "invite_again", cy.key) == 200
    assert press(client, "away", cy.key, {"starts": today, "ends": today, "stand_in": "bo@example.org"}) == 422
    assert press(client, "away", cy.key, {"starts": today, "ends": today}) == 302
    assert press(client, "close", cy.key) == 302
    assert press(client, "close", cy.key) == 422
    assert press(client, "reopen", cy.key, {"name": "Cy", "email": "bo@example.org"}) == 422
    assert press(client, "reopen", cy.key, {"name": "Cy", "email": "cy@example.org"}) == 200
    profile = {"name": "Bo L", "time_zone": "Asia/Tokyo", "language": "en"}
    assert client_of(bo).post(reverse("people:profile"), profile).status_code == 302
    kinds = set(Entry.objects.values_list("kind", flat=True))
    assert {"people.person-changed", "people.person-invited-again", "people.absence-recorded"} < kinds
    assert {"people.account-closed", "people.account-reopened", "people.profile-changed"} < kinds


def press(client: Client, name: str, key: object, given: dict[str, object] | None = None) -> int:
    """What a form answers: 302 when it is done, 200 with a link to show, 422 with what stands in the way."""
    return client.post(reverse(f"people:{name}", args=[key]), given or {}).status_code
