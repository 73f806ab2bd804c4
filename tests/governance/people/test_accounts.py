"""Accounts are made, changed, closed and opened again; a closed one keeps its key and nothing of the person."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.ledger.models import Entry
from assay.governance.office.actor import SYSTEM, Actor
from assay.governance.office.operations import LedgerRule, command
from assay.governance.office.roles import EVERYONE, Role
from assay.governance.people import commands
from assay.governance.people.actors import NOBODY
from assay.governance.people.commands.accounts import Invited
from assay.governance.people.events import ProfileChanged
from assay.governance.people.models import Absence, Delegation, Grant, Person, Proposal
from assay.governance.people.notices.commands import MadeAddress, make_calendar_address
from assay.governance.people.notices.queries import owner_of_address
from assay.governance.people.rules.granting import Wish
from assay.governance.people.sign_in.models import Recovery
from assay.governance.people.sign_in.recovery.commands import approve_recovery, ask_recovery
from assay.governance.people.sign_in.recovery.queries import recoveries_waiting
from assay.governance.people.tokens.commands import MadeToken, make_token
from assay.governance.people.tokens.models import Token
from assay.governance.people.views.commands import save_view
from assay.governance.people.views.models import SavedView
from tests.workbench.people import ActorOf, a_person

pytestmark = pytest.mark.django_db


def slugs(result: object) -> list[str]:
    return [each.slug for each in result if isinstance(each, Fault)] if isinstance(result, list) else []


def test_the_first_administrator_is_made_once(at: datetime) -> None:
    made = commands.create_first_administrator(email="Ann@Example.org", name="Ann", by=SYSTEM, at=at)
    assert isinstance(made, Invited)
    assert made.person.email == "ann@example.org"
    assert made.link.path not in repr(made)
    again = commands.create_first_administrator(email="bea@example.org", name="Bea", by=SYSTEM, at=at)
    assert slugs(again) == ["has-administrator"]
    lost = commands.create_first_administrator(email="ann@example.org", name="", by=SYSTEM, at=at)
    assert isinstance(lost, Invited)
    assert lost.person == made.person
    kinds = [entry.kind for entry in Entry.objects.order_by("number")]
    assert kinds == ["people.first-administrator-made", "people.administrator-let-in-again"]


def test_an_address_is_one_account_whatever_its_case(dee: Person, actor_of: ActorOf, at: datetime) -> None:
    made = commands.invite(email="  FLO@Example.org", name="Flo", wish=None, by=actor_of(dee), at=at)
    assert isinstance(made, Invited)
    again = commands.invite(email="flo@example.ORG", name="Flo", wish=None, by=actor_of(dee), at=at)
    assert slugs(again) == ["has-account"]
    assert Person.objects.get_by_natural_key("Flo@EXAMPLE.org") == made.person


@pytest.mark.parametrize(
    ("name", "email", "expected"),
    [
        ("", "x@example.org", ["no-name"]),
        ("A\u202ebc", "x@example.org", ["not-printable"]),
        ("Bo\nSubject: hi", "x@example.org", ["not-printable"]),
        ("N" * 121, "nobody", ["too-long", "no-address"]),
        ("Ned", "ned@closed.invalid", ["no-address"]),
    ],
)
def test_a_name_or_address_that_cannot_be_is_named(
    name: str, email: str, expected: list[str], dee: Person, actor_of: ActorOf, at: datetime
) -> None:
    assert slugs(commands.invite(email=email, name=name, wish=None, by=actor_of(dee), at=at)) == expected
    assert not Entry.objects.exists()


def test_what_a_command_did_before_its_faults_is_undone(dee: Person, actor_of: ActorOf, at: datetime) -> None:
    wish = Wish(Role.REVIEWER, ends=at - timedelta(days=1))
    assert slugs(commands.invite(email="x@example.org", name="X", wish=wish, by=actor_of(dee), at=at)) == [
        "ends-too-early"
    ]
    assert not Person.objects.filter(email="x@example.org").exists()


def test_closing_an_account_erases_the_person_and_keeps_the_reference(
    ada: Person, bo: Person, dee: Person, actor_of: ActorOf, at: datetime
) -> None:
    a_person("Eve", Role.ADMINISTRATOR)
    key, end = bo.key, at + timedelta(days=5)
    commands.delegate(taker=ada, roles=frozenset({Role.LEGAL}), starts=at, ends=end, by=actor_of(bo), at=at)
    commands.record_absence(person=bo, stand_in=ada, starts=at, ends=end, by=actor_of(bo), at=at)
    commands.propose_role(person=bo, wish=Wish(Role.POLICY_LEAD), reason="Bo Bold asked", by=actor_of(dee), at=at)
    assert Role.LEGAL in actor_of(ada, at).roles
    assert isinstance(commands.close_account(person=bo, by=actor_of(dee), at=at), Person)
    bo.refresh_from_db()
    assert (bo.key, bo.is_active, bo.has_usable_password()) == (key, False, False)
    kept = " ".join(str(value) for row in Person.objects.filter(pk=bo.pk).values_list() for value in row)
    assert "Bo" not in kept
    assert "bo@example.org" not in kept
    assert Proposal.objects.get().reason == ""
    assert Proposal.objects.get().state == "withdrawn"
    assert not Grant.objects.filter(person=bo, revoked_at=None).exists()
    assert not Delegation.objects.filter(ended_at=None).exists()
    assert not Absence.objects.filter(ended_at=None).exists()
    assert Role.LEGAL not in actor_of(ada, at).roles
    assert actor_of(bo, at) is NOBODY
    assert Role.LEGAL not in actor_of(ada, at + timedelta(hours=1)).roles


def test_nothing_by_which_they_came_in_or_named_things_outlives_a_closed_account(
    bo: Person, dee: Person, actor_of: ActorOf, at: datetime
) -> None:
    own, soon = actor_of(bo), at + timedelta(days=9)
    address = make_calendar_address(by=own, at=at)
    token = make_token(name="Bo Bold's laptop", operations=frozenset({"notices.list"}), ends=soon, by=own, at=at)
    view = save_view(page="decisions", name="For Bo Bold", query="market=Bold", by=own, at=at)
    asked = ask_recovery(person=bo, first="address-given", by=SYSTEM, at=at)
    assert isinstance(address, MadeAddress)
    assert isinstance(token, MadeToken)
    assert isinstance(view, SavedView)
    assert isinstance(asked, Recovery)
    a_person("Eve", Role.ADMINISTRATOR)
    assert isinstance(commands.close_account(person=bo, by=actor_of(dee), at=at), Person)
    assert recoveries_waiting(by=actor_of(dee), at=at) == []
    assert slugs(approve_recovery(number=asked.pk, by=actor_of(dee), at=at)) == ["already-decided"]
    kept = [*Token.objects.values_list("name", flat=True), *SavedView.objects.values_list("name", "query")]
    assert "Bold" not in str(kept)
    commands.reopen_account(person=bo, email="bo@example.org", name="Bo", by=actor_of(dee), at=at)
    assert owner_of_address(address.token, at) is None


def test_who_has_come_in_is_not_invited_again_until_the_account_was_closed(
    dee: Person, cy: Person, actor_of: ActorOf, at: datetime
) -> None:
    Person.objects.filter(pk=cy.pk).update(last_login=at)
    assert slugs(commands.invite_again(person=cy, by=actor_of(dee), at=at)) == ["came-in"]
    commands.close_account(person=cy, by=actor_of(dee), at=at)
    commands.reopen_account(person=cy, email="cy@example.org", name="Cy", by=actor_of(dee), at=at)
    assert isinstance(commands.invite_again(person=cy, by=actor_of(dee), at=at), Invited)


def test_who_is_gone_acts_for_nobody_and_waits_for_nobody(
    ada: Person, bo: Person, dee: Person, actor_of: ActorOf, at: datetime
) -> None:
    end, later = at + timedelta(days=5), at + timedelta(days=1)
    commands.delegate(taker=ada, roles=frozenset({Role.LEGAL}), starts=at, ends=end, by=actor_of(bo), at=at)
    commands.record_absence(person=bo, stand_in=ada, starts=at, ends=end, by=actor_of(bo), at=at)
    commands.close_account(person=ada, by=actor_of(dee), at=at)
    assert not Delegation.objects.filter(ended_at=None).exists()
    assert not Absence.objects.filter(ended_at=None).exists()
    # Bo names somebody else for the same days.
    again = commands.record_absence(person=bo, stand_in=dee, starts=later, ends=end, by=actor_of(bo), at=later)
    assert isinstance(again, Absence)


def test_a_closed_account_is_given_nothing(dee: Person, cy: Person, actor_of: ActorOf, at: datetime) -> None:
    by = actor_of(dee)
    stale = Person.objects.get(pk=cy.pk)
    commands.close_account(person=cy, by=by, at=at)
    assert slugs(commands.grant_role(person=stale, wish=Wish(Role.ANALYST), by=by, at=at)) == ["account-closed"]
    assert slugs(commands.change_person(person=stale, name="Cy", email="cy@example.net", by=by, at=at)) == [
        "account-closed"
    ]
    assert slugs(commands.invite_again(person=stale, by=by, at=at)) == ["account-closed"]
    assert slugs(commands.close_account(person=stale, by=by, at=at)) == ["account-closed"]


def test_nothing_of_a_person_is_in_the_ledger(dee: Person, actor_of: ActorOf, at: datetime) -> None:
    made = commands.invite(email="zoe@example.org", name="Zoe Quill", wish=None, by=actor_of(dee), at=at)
    assert isinstance(made, Invited)
    later = at + timedelta(minutes=1)
    commands.change_person(person=made.person, name="Zoe Bell", email="zb@example.org", by=actor_of(dee), at=later)
    commands.close_account(person=made.person, by=actor_of(dee), at=later)
    commands.reopen_account(person=made.person, name="Zoe Again", email="za@example.org", by=actor_of(dee), at=later)
    written = " ".join(f"{entry.actor} {entry.subject} {entry.content}" for entry in Entry.objects.all())
    assert Entry.objects.count() == 4
    assert not [word for word in ("zoe", "quill", "bell", "example", "link") if word in written.lower()]


def test_who_comes_back_has_no_role_and_the_same_key(dee: Person, cy: Person, actor_of: ActorOf, at: datetime) -> None:
    commands.close_account(person=cy, by=actor_of(dee), at=at)
    back = commands.reopen_account(person=cy, name="Cy", email="cy@example.org", by=actor_of(dee), at=at)
    assert isinstance(back, Invited)
    assert (back.person.key, actor_of(back.person, at).roles) == (cy.key, frozenset())


def test_nobody_changes_their_own_address_by_being_an_administrator(
    dee: Person, actor_of: ActorOf, at: datetime
) -> None:
    made = commands.change_person(person=dee, name="Dee", email="d2@example.org", by=actor_of(dee), at=at)
    assert slugs(made) == ["own-address"]


def test_a_profile_that_did_not_change_writes_nothing(cy: Person, actor_of: ActorOf, at: datetime) -> None:
    by = actor_of(cy)
    same = commands.change_profile(name="Cy", time_zone="UTC", language="en", by=by, at=at)
    assert slugs(same) == ["nothing-changed"]
    wrong = commands.change_profile(name="Cy", time_zone="Mars/Olympus", language="tlh", by=by, at=at)
    assert slugs(wrong) == ["no-time-zone", "no-language"]
    assert isinstance(commands.change_profile(name="Cy", time_zone="Asia/Tokyo", language="en", by=by, at=at), Person)
    assert '"name":false' in Entry.objects.get().content


def test_a_command_that_writes_another_number_of_entries_is_a_fault_of_ours_and_changes_nothing(
    cy: Person, actor_of: ActorOf, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assay.governance.office import operations

    monkeypatch.setattr(operations, "OPERATIONS", {})
    monkeypatch.setattr(operations, "CALLS", {})

    @command("people.forget", words="write it down too seldom or too often", roles=EVERYONE)
    def forget(*, times: int, by: Actor, at: datetime) -> None:
        Person.objects.filter(pk=cy.pk).update(name="Changed")
        for _ in range(times):
            append(ProfileChanged(name=True, time_zone=False, language=False), subject=by.who, by=by, at=at)

    for times in (0, 2):
        with pytest.raises(LedgerRule, match=f"wrote {times} ledger entries"):
            forget(times=times, by=actor_of(cy), at=at)
    cy.refresh_from_db()
    assert cy.name == "Cy"
    assert not Entry.objects.exists()


def test_one_administrator_does_not_lead_the_mail_of_who_signs_elsewhere(
    ada: Person, bo: Person, cy: Person, dee: Person, actor_of: ActorOf, at: datetime
) -> None:
    eve = a_person("Eve", Role.ADMINISTRATOR)
    end = at + timedelta(days=3)
    commands.delegate(taker=cy, roles=frozenset({Role.POLICY_LEAD}), starts=at, ends=end, by=actor_of(ada), at=at)
    for person in (ada, bo, cy, eve):
        made = commands.change_person(person=person, name="Y", email="y@example.org", by=actor_of(dee), at=at)
        assert slugs(made) == ["needs-second"]
        renamed = commands.change_person(person=person, name="Z", email=person.email, by=actor_of(dee), at=at)
        assert isinstance(renamed, Person)
    for grant in Grant.objects.filter(person=bo):
        commands.revoke_role(grant=grant, by=actor_of(dee), at=at)
    moved = commands.change_person(person=bo, name="Bo", email="y@example.org", by=actor_of(dee), at=at)
    assert isinstance(moved, Person)
    # Not even by taking the role from the other administrator first.
    commands.revoke_role(grant=Grant.objects.get(person=eve), by=actor_of(dee), at=at)
    made = commands.change_person(person=ada, name="Y", email="z@example.org", by=actor_of(dee), at=at)
    assert slugs(made) == ["needs-second"]


def test_the_only_administrator_changes_an_address_alone(
    ada: Person, dee: Person, actor_of: ActorOf, at: datetime
) -> None:
    made = commands.change_person(person=ada, name="Ada", email="a2@example.org", by=actor_of(dee), at=at)
    assert isinstance(made, Person)
