"""Somebody acts for another: with their roles, on the days that were said, and never as a second pair of eyes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from assay.engine.kernel.errors import Fault
from assay.governance.office.contributions import DATES, SEARCHES, TASKS
from assay.governance.office.operations import NotAllowed
from assay.governance.office.roles import Function, Role
from assay.governance.people import commands
from assay.governance.people.models import Absence, Delegation, Grant, Person, Proposal
from assay.governance.people.rules.granting import Wish
from tests.workbench.people import ActorOf, a_person

pytestmark = pytest.mark.django_db
DAYS = timedelta(days=4)


def slugs(result: object) -> list[str]:
    return [each.slug for each in result if isinstance(each, Fault)] if isinstance(result, list) else []


def lend(giver: Person, taker: Person, *roles: Role, actor_of: ActorOf, at: datetime) -> Delegation:
    made = commands.delegate(
        taker=taker, roles=frozenset(roles), starts=at, ends=at + DAYS, by=actor_of(giver, at), at=at
    )
    assert isinstance(made, Delegation)
    return made


def test_a_delegate_acts_within_the_days_and_no_longer_than_the_giver_holds(
    ada: Person, bo: Person, cy: Person, actor_of: ActorOf, at: datetime
) -> None:
    Grant.objects.filter(person=bo, role="legal").update(ends=at + timedelta(days=2))
    lend(bo, ada, Role.LEGAL, Role.OPERATIONS_LEAD, actor_of=actor_of, at=at)
    got = {held.role: held for held in actor_of(ada, at).held if held.stands_for == bo.reference}
    assert set(got) == {Role.LEGAL, Role.OPERATIONS_LEAD}
    assert (got[Role.LEGAL].until, got[Role.OPERATIONS_LEAD].until) == (at + timedelta(days=2), at + DAYS)
    assert actor_of(ada, at + DAYS).roles == {Role.POLICY_LEAD}
    assert actor_of(ada, at).functions == {Function.POLICY}
    again = commands.delegate(
        taker=cy, roles=frozenset({Role.LEGAL}), starts=at, ends=at + DAYS, by=actor_of(ada, at), at=at
    )
    assert slugs(again) == ["not-own-role"]


def test_the_same_role_is_lent_to_somebody_once_at_a_time(
    ada: Person, bo: Person, actor_of: ActorOf, at: datetime
) -> None:
    first = lend(bo, ada, Role.LEGAL, actor_of=actor_of, at=at)
    both = frozenset({Role.LEGAL, Role.OPERATIONS_LEAD})

    def again(starts: datetime) -> object:
        return commands.delegate(taker=ada, roles=both, starts=starts, ends=starts + DAYS, by=actor_of(bo), at=at)

    assert slugs(again(first.ends - timedelta(hours=1))) == ["delegated-already"]
    assert isinstance(again(first.ends), Delegation)
    assert isinstance(commands.end_delegation(delegation=first, by=actor_of(ada), at=at), Delegation)
    assert slugs(commands.end_delegation(delegation=first, by=actor_of(bo), at=at)) == ["ended"]


def test_who_has_lost_every_role_of_their_own_stands_in_no_longer(
    ada: Person, bo: Person, dee: Person, actor_of: ActorOf, at: datetime
) -> None:
    lend(bo, ada, Role.LEGAL, actor_of=actor_of, at=at)
    commands.record_absence(person=bo, stand_in=ada, starts=at, ends=at + DAYS, by=actor_of(bo), at=at)
    assert Role.OPERATIONS_LEAD in actor_of(ada, at).roles
    commands.revoke_role(grant=Grant.objects.get(person=ada), by=actor_of(dee), at=at)
    assert actor_of(ada, at).roles == frozenset()


def test_a_stand_in_does_not_approve_what_they_stand_in_for_proposed(
    bo: Person, cy: Person, dee: Person, actor_of: ActorOf, at: datetime
) -> None:
    eve = a_person("Eve", Role.ADMINISTRATOR)
    lend(dee, bo, Role.ADMINISTRATOR, actor_of=actor_of, at=at)
    made = commands.propose_role(person=cy, wish=Wish(Role.LEGAL), reason="", by=actor_of(dee), at=at)
    assert isinstance(made, Proposal)
    assert list(TASKS["people"](actor_of(bo, at), at)) == []
    assert slugs(commands.approve(proposal=made, digest=made.digest, by=actor_of(bo, at), at=at)) == ["own-proposal"]
    hers = commands.propose_role(person=cy, wish=Wish(Role.ANALYST), reason="", by=actor_of(eve), at=at)
    assert isinstance(hers, Proposal)
    [task] = TASKS["people"](actor_of(bo, at), at)
    assert task.words == "Approve or decline: give Cy the role of analyst, standing in for Dee"
    assert isinstance(commands.approve(proposal=hers, digest=hers.digest, by=actor_of(bo, at), at=at), Proposal)


def test_what_was_proposed_as_somebodys_stand_in_is_not_approved_by_them(
    bo: Person, cy: Person, dee: Person, actor_of: ActorOf, at: datetime
) -> None:
    a_person("Eve", Role.ADMINISTRATOR)
    lend(dee, bo, Role.ADMINISTRATOR, actor_of=actor_of, at=at)
    made = commands.propose_role(person=cy, wish=Wish(Role.ANALYST), reason="", by=actor_of(bo, at), at=at)
    assert isinstance(made, Proposal)
    assert slugs(commands.approve(proposal=made, digest=made.digest, by=actor_of(dee), at=at)) == ["own-proposal"]


def test_while_somebody_is_away_their_stand_in_has_every_role_of_theirs(
    ada: Person, bo: Person, actor_of: ActorOf, at: datetime
) -> None:
    made = commands.record_absence(person=bo, stand_in=ada, starts=at, ends=at + DAYS, by=actor_of(bo), at=at)
    assert isinstance(made, Absence)
    assert {Role.LEGAL, Role.OPERATIONS_LEAD} <= actor_of(ada, at).roles
    assert {date.kind for date in DATES["people"](actor_of(ada), at, at + DAYS * 2)} == {"begins", "ends"}
    commands.end_absence(absence=made, by=actor_of(ada, at), at=at)
    assert actor_of(ada, at).roles == {Role.POLICY_LEAD}


def test_what_is_not_theirs_is_refused_by_the_command_itself(
    ada: Person, bo: Person, cy: Person, dee: Person, actor_of: ActorOf, at: datetime
) -> None:
    eve = a_person("Eve", Role.ADMINISTRATOR)
    lent = lend(bo, ada, Role.LEGAL, actor_of=actor_of, at=at)
    away = commands.record_absence(person=bo, stand_in=None, starts=at, ends=at + DAYS, by=actor_of(bo), at=at)
    made = commands.propose_role(person=cy, wish=Wish(Role.LEGAL), reason="", by=actor_of(dee), at=at)
    assert isinstance(away, Absence)
    assert isinstance(made, Proposal)
    stranger = actor_of(cy)
    with pytest.raises(NotAllowed):
        commands.end_delegation(delegation=lent, by=stranger, at=at)
    with pytest.raises(NotAllowed):
        commands.end_absence(absence=away, by=stranger, at=at)
    with pytest.raises(NotAllowed):
        commands.record_absence(person=bo, stand_in=cy, starts=at, ends=at + DAYS, by=stranger, at=at)
    with pytest.raises(NotAllowed):
        commands.withdraw(proposal=made, by=actor_of(eve), at=at)
    # May approve emergencies, and so gets past the first check, but this kind is for administrators.
    with pytest.raises(NotAllowed):
        commands.approve(proposal=made, digest=made.digest, by=actor_of(ada, at), at=at)
    with pytest.raises(NotAllowed):
        commands.decline(proposal=made, by=actor_of(ada, at), at=at)


def test_an_administrator_writes_somebody_away_and_names_nobody_to_act_for_them(
    bo: Person, dee: Person, actor_of: ActorOf, at: datetime
) -> None:
    eve, puppet = a_person("Eve", Role.ADMINISTRATOR), a_person("Puck", Role.ANALYST)
    for person in (bo, eve):
        for stand_in in (dee, puppet):
            made = commands.record_absence(
                person=person, stand_in=stand_in, starts=at, ends=at + DAYS, by=actor_of(dee), at=at
            )
            assert slugs(made) == ["not-yours-to-choose"]
    alone = commands.record_absence(person=bo, stand_in=None, starts=at, ends=at + DAYS, by=actor_of(dee), at=at)
    assert isinstance(alone, Absence)


def test_nobody_outside_the_house_stands_in(bo: Person, actor_of: ActorOf, at: datetime) -> None:
    for taker in (a_person("Eli", Role.EXTERNAL_EXPERT), a_person("New")):
        made = commands.delegate(
            taker=taker, roles=frozenset({Role.LEGAL}), starts=at, ends=at + DAYS, by=actor_of(bo), at=at
        )
        assert slugs(made) == ["outsider"]
        away = commands.record_absence(person=bo, stand_in=taker, starts=at, ends=at + DAYS, by=actor_of(bo), at=at)
        assert slugs(away) == ["outsider"]


def test_people_are_found_by_name_for_those_inside(ada: Person, bo: Person, actor_of: ActorOf) -> None:
    hits = list(SEARCHES["people"](actor_of(ada), "bo", 5))
    assert [(hit.title, hit.score, hit.context) for hit in hits] == [("Bo", 1.0, "legal, operations lead")]
    eli = a_person("Eli", Role.EXTERNAL_EXPERT)
    assert list(SEARCHES["people"](actor_of(eli), "bo", 5)) == []
