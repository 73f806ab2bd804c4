"""Roles are given, proposed, approved and taken; each by the right hands, and the ledger says how."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.models import Entry
from assay.governance.office.actor import Scope
from assay.governance.office.operations import NotAllowed
from assay.governance.office.roles import Function, Role
from assay.governance.people import commands
from assay.governance.people.models import Grant, Person, Proposal
from assay.governance.people.queries import approvals
from assay.governance.people.rules.granting import Wish
from tests.workbench.people import ActorOf, a_person

pytestmark = pytest.mark.django_db


def slugs(result: object) -> list[str]:
    return [each.slug for each in result if isinstance(each, Fault)] if isinstance(result, list) else []


def last_entry() -> Entry:
    entry = Entry.objects.order_by("-number").first()
    assert entry is not None
    return entry


def proposed(person: Person, role: Role, by: Person, actor_of: ActorOf, at: datetime) -> Proposal:
    made = commands.propose_role(person=person, wish=Wish(role), reason="she is new", by=actor_of(by), at=at)
    assert isinstance(made, Proposal)
    return made


def test_a_plain_role_is_given_at_once(dee: Person, cy: Person, actor_of: ActorOf, at: datetime) -> None:
    wish = Wish(Role.REVIEWER, Scope(markets=frozenset({"DE"})))
    grant = commands.grant_role(person=cy, wish=wish, by=actor_of(dee), at=at)
    assert isinstance(grant, Grant)
    assert (grant.way, last_entry().kind) == ("granted", "people.role-granted")
    assert wish.scope in {held.scope for held in actor_of(cy, at).held if held.role is Role.REVIEWER}


def test_the_only_administrator_gives_a_signing_role_alone_and_the_ledger_says_so(
    dee: Person, cy: Person, actor_of: ActorOf, at: datetime
) -> None:
    grant = commands.grant_role(person=cy, wish=Wish(Role.LEGAL), by=actor_of(dee), at=at)
    assert isinstance(grant, Grant)
    assert grant.way == "alone"
    assert '"way":"alone"' in last_entry().content


def test_of_two_administrators_neither_gives_a_signing_role_alone(
    dee: Person, cy: Person, actor_of: ActorOf, at: datetime
) -> None:
    a_person("Eve", Role.ADMINISTRATOR)
    result = commands.grant_role(person=cy, wish=Wish(Role.LEGAL), by=actor_of(dee), at=at)
    assert slugs(result) == ["needs-second"]
    assert not Entry.objects.exists()


def test_a_proposed_role_is_theirs_once_another_administrator_approves(
    dee: Person, cy: Person, actor_of: ActorOf, at: datetime
) -> None:
    eve = a_person("Eve", Role.ADMINISTRATOR)
    proposal = proposed(cy, Role.LEGAL, dee, actor_of, at)
    assert Role.LEGAL not in actor_of(cy, at).roles
    own = commands.approve(proposal=proposal, digest=proposal.digest, by=actor_of(dee), at=at)
    assert slugs(own) == ["own-proposal"]
    done = commands.approve(proposal=proposal, digest=proposal.digest, by=actor_of(eve), at=at)
    assert isinstance(done, Proposal)
    assert done.state == "approved"
    assert Role.LEGAL in actor_of(cy, at).roles
    assert last_entry().kind == "people.role-granted"
    assert slugs(commands.approve(proposal=proposal, digest=proposal.digest, by=actor_of(eve), at=at)) == ["settled"]


def test_who_gets_a_role_does_not_approve_it(dee: Person, actor_of: ActorOf, at: datetime) -> None:
    eve = a_person("Eve", Role.ADMINISTRATOR)
    a_person("Fay", Role.ADMINISTRATOR)
    proposal = proposed(eve, Role.LEGAL, dee, actor_of, at)
    assert slugs(commands.approve(proposal=proposal, digest=proposal.digest, by=actor_of(eve), at=at)) == ["own-gain"]


def test_a_change_behind_the_approvers_back_voids_the_digest(
    dee: Person, cy: Person, actor_of: ActorOf, at: datetime
) -> None:
    eve = a_person("Eve", Role.ADMINISTRATOR)
    proposal = proposed(cy, Role.ANALYST, dee, actor_of, at)
    read = proposal.digest
    Proposal.objects.filter(pk=proposal.pk).update(content=proposal.content | {"role": "administrator"})
    for digest in (read, ""):
        assert slugs(commands.approve(proposal=proposal, digest=digest, by=actor_of(eve), at=at)) == ["changed"]
    assert Role.ADMINISTRATOR not in actor_of(cy, at).roles


def test_an_emergency_needs_two_people_of_two_functions(
    ada: Person, bo: Person, cy: Person, dee: Person, actor_of: ActorOf, at: datetime
) -> None:
    flo = a_person("Flo", Role.POLICY_LEAD)
    gil = a_person("Gil", Role.POLICY_LEAD)
    made = commands.propose_in_emergency(
        person=cy, role=Role.OPERATIONS_LEAD, scope=Scope(), hours=6, reason="a wave of fakes", by=actor_of(ada), at=at
    )
    assert isinstance(made, Proposal)
    first = commands.approve(proposal=made, digest=made.digest, by=actor_of(flo), at=at)
    assert isinstance(first, Proposal)
    assert first.state == "waiting"
    assert last_entry().kind == "people.proposal-approved"
    assert slugs(commands.approve(proposal=made, digest=made.digest, by=actor_of(gil), at=at)) == ["same-function"]
    # Nobody speaks for a function of which they hold no role.
    other = commands.approve(proposal=made, digest=made.digest, by=actor_of(gil), at=at, function=Function.LEGAL)
    assert slugs(other) == ["not-your-function"]
    assert slugs(commands.approve(proposal=made, digest=made.digest, by=actor_of(ada), at=at)) == [
        "own-proposal",
        "same-function",
    ]
    commands.approve(proposal=made, digest=made.digest, by=actor_of(bo), at=at, function=Function.LEGAL)
    grant = Grant.objects.get(person=cy, role="operations-lead")
    assert grant.ends == at + timedelta(hours=6)
    assert Role.OPERATIONS_LEAD not in actor_of(cy, at + timedelta(hours=6)).roles


def test_an_approval_counts_only_while_who_gave_it_could_give_it(
    ada: Person, bo: Person, cy: Person, dee: Person, actor_of: ActorOf, at: datetime
) -> None:
    made = commands.propose_in_emergency(
        person=cy, role=Role.LEGAL, scope=Scope(), hours=6, reason="a wave of fakes", by=actor_of(dee), at=at
    )
    assert isinstance(made, Proposal)
    commands.approve(proposal=made, digest=made.digest, by=actor_of(bo), at=at, function=Function.LEGAL)
    # Bo's account was stolen: whoever sees it closes it, and what was approved with it is nobody's word.
    commands.close_account(person=bo, by=actor_of(dee), at=at)
    after = commands.approve(proposal=made, digest=made.digest, by=actor_of(ada), at=at)
    assert isinstance(after, Proposal)
    assert after.state == "waiting"
    flo = a_person("Flo", Role.LEGAL)
    done = commands.approve(proposal=made, digest=made.digest, by=actor_of(flo), at=at)
    assert isinstance(done, Proposal)
    assert done.state == "approved"


def test_an_emergency_has_a_reason_and_somebody_who_is_there(
    ada: Person, cy: Person, dee: Person, actor_of: ActorOf, at: datetime
) -> None:
    commands.close_account(person=cy, by=actor_of(dee), at=at)
    cy.refresh_from_db()
    asked = commands.propose_in_emergency(
        person=cy, role=Role.REVIEWER, scope=Scope(), hours=6, reason=" ", by=actor_of(ada), at=at
    )
    assert slugs(asked) == ["account-closed", "no-reason"]


def test_a_role_is_held_from_its_start_until_its_end(dee: Person, cy: Person, actor_of: ActorOf, at: datetime) -> None:
    starts, ends = at + timedelta(days=2), at + timedelta(days=4)
    wish = Wish(Role.ANALYST, Scope(), starts, ends)
    assert isinstance(commands.grant_role(person=cy, wish=wish, by=actor_of(dee), at=at), Grant)
    moment = timedelta(microseconds=1)
    held = [Role.ANALYST in actor_of(cy, each).roles for each in (at, starts - moment, starts, ends - moment, ends)]
    assert held == [False, False, True, True, False]
    # What has not begun can be taken back; it is gone for good.
    commands.revoke_role(grant=Grant.objects.get(person=cy, role="analyst"), by=actor_of(dee), at=at)
    assert Role.ANALYST not in actor_of(cy, starts).roles


def test_the_last_administrator_stays_one(dee: Person, actor_of: ActorOf, at: datetime) -> None:
    own = Grant.objects.get(person=dee)
    assert slugs(commands.revoke_role(grant=own, by=actor_of(dee), at=at)) == ["last-administrator"]
    eve = a_person("Eve", Role.ADMINISTRATOR)
    assert isinstance(commands.revoke_role(grant=own, by=actor_of(eve), at=at), Grant)
    assert Role.ADMINISTRATOR not in actor_of(dee, at).roles
    assert slugs(commands.close_account(person=eve, by=actor_of(eve), at=at)) == ["own-account"]


def test_an_administrator_whose_role_ends_does_not_count_as_the_last(
    dee: Person, actor_of: ActorOf, at: datetime
) -> None:
    eve = a_person("Eve")
    Grant.objects.create(person=eve, role=Role.ADMINISTRATOR, starts=at, ends=at + timedelta(days=1))
    grant = Grant.objects.get(person=dee)
    assert slugs(commands.revoke_role(grant=grant, by=actor_of(eve), at=at)) == ["last-administrator"]


def test_who_stands_in_for_an_administrator_gives_themselves_nothing(
    dee: Person, bo: Person, actor_of: ActorOf, at: datetime
) -> None:
    commands.delegate(
        taker=bo, roles=frozenset({Role.ADMINISTRATOR}), starts=at, ends=at + timedelta(days=3), by=actor_of(dee), at=at
    )
    by = actor_of(bo, at)
    assert Role.ADMINISTRATOR in by.roles
    assert slugs(commands.grant_role(person=bo, wish=Wish(Role.ADMINISTRATOR), by=by, at=at)) == ["own-gain"]
    assert slugs(commands.close_account(person=dee, by=by, at=at)) == ["own-account"]


def test_a_proposal_that_nobody_could_approve_is_not_made(
    dee: Person, cy: Person, actor_of: ActorOf, at: datetime
) -> None:
    wish = Wish(Role.LEGAL)
    assert slugs(commands.propose_role(person=cy, wish=wish, reason="", by=actor_of(dee), at=at)) == ["no-second"]


def test_the_same_is_proposed_once_until_its_time_is_over(
    dee: Person, cy: Person, actor_of: ActorOf, at: datetime
) -> None:
    a_person("Eve", Role.ADMINISTRATOR)
    first = proposed(cy, Role.LEGAL, dee, actor_of, at)
    again = commands.propose_role(person=cy, wish=Wish(Role.LEGAL), reason="she is new", by=actor_of(dee), at=at)
    assert slugs(again) == ["waits-already"]
    long = commands.propose_role(person=cy, wish=Wish(Role.LEGAL), reason="x" * 601, by=actor_of(dee), at=at)
    assert slugs(long) == ["too-long"]
    later = first.ends
    assert proposed(cy, Role.LEGAL, dee, actor_of, later).pk != first.pk
    first.refresh_from_db()
    assert first.state == "lapsed"


def test_a_proposal_is_withdrawn_by_its_author_and_declined_by_another(
    dee: Person, cy: Person, actor_of: ActorOf, at: datetime
) -> None:
    eve = a_person("Eve", Role.ADMINISTRATOR)
    made = proposed(cy, Role.LEGAL, dee, actor_of, at)
    with pytest.raises(NotAllowed):
        commands.withdraw(proposal=made, by=actor_of(eve), at=at)
    assert slugs(commands.decline(proposal=made, by=actor_of(dee), at=at)) == ["own-proposal"]
    assert isinstance(commands.decline(proposal=made, by=actor_of(eve), at=at), Proposal)
    assert slugs(commands.withdraw(proposal=made, by=actor_of(dee), at=at)) == ["settled"]


def test_nothing_is_declined_or_withdrawn_after_its_time(
    dee: Person, cy: Person, actor_of: ActorOf, at: datetime
) -> None:
    eve = a_person("Eve", Role.ADMINISTRATOR)
    made = proposed(cy, Role.LEGAL, dee, actor_of, at)
    over = made.ends
    assert slugs(commands.decline(proposal=made, by=actor_of(eve, over), at=over)) == ["settled"]
    assert slugs(commands.withdraw(proposal=made, by=actor_of(dee, over), at=over)) == ["settled"]
    assert last_entry().kind == "people.role-proposed"


def test_an_approval_by_an_account_that_was_closed_since_does_not_count(
    ada: Person, bo: Person, cy: Person, dee: Person, actor_of: ActorOf, at: datetime
) -> None:
    flo, eve = a_person("Flo", Role.POLICY_LEAD), actor_of(a_person("Eve", Role.ADMINISTRATOR))
    made = commands.propose_in_emergency(
        person=cy, role=Role.OPERATIONS_LEAD, scope=Scope(), hours=6, reason="a wave of fakes", by=actor_of(ada), at=at
    )
    assert isinstance(made, Proposal)
    commands.approve(proposal=made, digest=made.digest, by=actor_of(flo), at=at)
    assert isinstance(commands.close_account(person=flo, by=actor_of(dee), at=at), Person)
    (waiting,) = approvals(by=eve, at=at)
    assert ([each.counts for each in waiting.given], waiting.counted) == ([False], 0)
    second = commands.approve(proposal=made, digest=made.digest, by=actor_of(bo), at=at, function=Function.LEGAL)
    assert isinstance(second, Proposal)
    assert second.state == "waiting"
    commands.approve(proposal=made, digest=made.digest, by=eve, at=at)
    assert Grant.objects.filter(person=cy, role="operations-lead").exists()


def test_who_took_the_role_from_the_other_administrator_is_not_alone_for_some_days(
    dee: Person, cy: Person, actor_of: ActorOf, at: datetime
) -> None:
    eve = a_person("Eve", Role.ADMINISTRATOR)
    commands.revoke_role(grant=Grant.objects.get(person=eve), by=actor_of(dee), at=at)
    legal = Wish(Role.LEGAL)
    assert slugs(commands.grant_role(person=cy, wish=legal, by=actor_of(dee), at=at)) == ["lately-two"]
    made = commands.invite(email="fay@example.org", name="Fay", wish=legal, by=actor_of(dee), at=at)
    assert slugs(made) == ["lately-two"]
    later = at + timedelta(days=8)
    assert isinstance(commands.grant_role(person=cy, wish=legal, by=actor_of(dee, later), at=later), Grant)


def test_nobody_but_an_administrator_gives_or_takes(ada: Person, cy: Person, actor_of: ActorOf, at: datetime) -> None:
    with pytest.raises(NotAllowed):
        commands.grant_role(person=cy, wish=Wish(Role.ANALYST), by=actor_of(ada), at=at)
    with pytest.raises(NotAllowed):
        commands.revoke_role(grant=Grant.objects.get(person=cy), by=actor_of(ada), at=at)
