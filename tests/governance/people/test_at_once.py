"""Fifty people press their buttons at the same instant: nothing is lost, nothing is done twice, on either store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import connection

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.models import Entry
from assay.governance.office.actor import SYSTEM, Scope
from assay.governance.office.roles import Role
from assay.governance.people import commands
from assay.governance.people.models import Approval, Delegation, Grant, Person, Proposal
from assay.governance.people.rules.granting import Wish
from assay.governance.people.sign_in.models import Recovery
from assay.governance.people.sign_in.recovery.commands import ask_recovery
from assay.governance.people.sign_in.single.commands import join
from tests.workbench.people import ActorOf, a_person

MARKETS = "DE DK FR IT ES PT NL BE SE FI PL CZ AT IE GR HU RO BG HR SK SI LT LV".split()


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_lose_nothing_and_do_nothing_twice(actor_of: ActorOf, at: datetime) -> None:
    admins = [a_person(f"Admin {number:02}", Role.ADMINISTRATOR) for number in range(27)]
    asked, gets, other = a_person("Asked"), a_person("Gets"), a_person("Other")
    made = commands.propose_role(person=asked, wish=Wish(Role.LEGAL), reason="", by=actor_of(admins[0]), at=at)
    assert isinstance(made, Proposal)
    proposal = made
    grants = [Grant.objects.get(person=admin) for admin in admins[:2]]
    by = [actor_of(admin) for admin in admins]

    def grant(market: str, place: int) -> object:
        wish = Wish(Role.REVIEWER, Scope(markets=frozenset({market})))
        return commands.grant_role(person=gets, wish=wish, by=by[place], at=at)

    jobs: list[Callable[[], object]] = [
        *(lambda market=market, place=place: grant(market, place) for place, market in enumerate(MARKETS)),
        *(
            lambda actor=actor: commands.approve(proposal=proposal, digest=proposal.digest, by=actor, at=at)
            for actor in by[2:]
        ),
        lambda: commands.revoke_role(grant=grants[0], by=by[1], at=at),
        lambda: commands.grant_role(person=other, wish=Wish(Role.ANALYST), by=by[3], at=at),
    ]
    before = Entry.objects.count()
    results = at_once(jobs)
    assert len(jobs) == 50
    assert set(gets.grants.values_list("markets__0", flat=True)) == set(MARKETS)
    refused = Counter(result[0].slug for result in results if isinstance(result, list))
    assert refused == {"settled": 24}
    assert (asked.grants.count(), Approval.objects.count(), other.grants.count()) == (1, 1, 1)
    numbers = list(Entry.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(before + 50 - 24))


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_remove_each_other_leave_one(actor_of: ActorOf, at: datetime) -> None:
    pair = [a_person("Dee", Role.ADMINISTRATOR), a_person("Eve", Role.ADMINISTRATOR)]
    grants = [Grant.objects.get(person=person) for person in pair]
    by = [actor_of(person) for person in pair]
    results = at_once(
        [
            lambda: commands.revoke_role(grant=grants[0], by=by[1], at=at),
            lambda: commands.close_account(person=pair[1], by=by[0], at=at),
        ]
    )
    assert sorted(result[0].slug for result in results if isinstance(result, list)) == ["last-administrator"]
    assert Grant.objects.filter(role="administrator", revoked_at=None, person__is_active=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_recovery_asked_for_twice_at_once_is_asked_for_once(bo: Person, at: datetime) -> None:
    ask = partial(ask_recovery, person=bo, first="address-given", by=SYSTEM, at=at)
    results = at_once([ask] * 8)
    assert [result[0].slug for result in results if isinstance(result, list)] == ["already-asked"] * 7
    assert Recovery.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_first_single_sign_on_twice_at_once_makes_one_account(at: datetime) -> None:
    enter = partial(join, email="ned@example.org", name="Ned", role=None, subject_id="ned-7", by=SYSTEM, at=at)
    results = at_once([enter] * 8)
    refused = {result[0].slug for result in results if isinstance(result, list)}
    assert refused <= {"joined-already", "address-taken"}
    assert Person.objects.filter(email="ned@example.org").count() == 1
    assert join(email="ned@example.com", name="Ned", role=None, subject_id="ned-7", by=SYSTEM, at=at) == [
        Fault("joined-already", "another sign-in of the same person came first; sign in once more")
    ]


def at_once(jobs: list[Callable[[], object]]) -> list[object]:
    """What each gives back, when all begin at the same instant, each with a connection of its own."""
    barrier = Barrier(len(jobs))

    def run(job: Callable[[], object]) -> object:
        barrier.wait(timeout=60)
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


@pytest.mark.django_db(transaction=True)
def test_two_who_lend_each_other_their_roles_do_not_wait_for_each_other(actor_of: ActorOf, at: datetime) -> None:
    people = [a_person(f"One {number}", Role.ANALYST) for number in range(6)]
    pairs = [(one, other) for one in people for other in people if one != other]
    by = {person.pk: actor_of(person) for person in people}

    def lend(giver: Person, taker: Person) -> object:
        roles, ends = frozenset({Role.ANALYST}), at + timedelta(days=3)
        return commands.delegate(taker=taker, roles=roles, starts=at, ends=ends, by=by[giver.pk], at=at)

    results = at_once([partial(lend, giver, taker) for giver, taker in pairs])
    assert all(isinstance(each, Delegation) for each in results)
