"""Fifty people work at once: each command takes effect once or is refused, and the ledger has an entry for each."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Any

from assay.engine.kernel.errors import Fault
from assay.governance.office.roles import Role
from tests.workbench.people import ActorOf, a_person

WRITERS = 50


def all_at_once(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each of some works came to, each in a thread and a connection of its own, begun at one moment."""
    from django.db import connection

    start = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        start.wait(20)
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(60) for future in [pool.submit(run, work) for work in works]]


def slugs(results: Sequence[Any]) -> list[str]:
    """What those that were refused were refused for."""
    return [
        fault.slug for result in results if isinstance(result, list) for fault in result if isinstance(fault, Fault)
    ]


def assert_whole(entries: int) -> None:
    """The ledger has so many entries, numbered without a gap, and nothing is found in it."""
    from assay.governance.ledger.checking.stored import check_store
    from assay.governance.ledger.models import Entry

    assert list(Entry.objects.order_by("number").values_list("number", flat=True)) == list(range(entries))
    chain, _ = check_store()
    assert not chain.findings


def test_fifty_writers_at_once_lose_nothing(transactional_db: None, actor_of: ActorOf, at: datetime) -> None:
    from assay.governance.people import commands
    from assay.governance.people.models import Person

    dee = a_person("Dee", Role.ADMINISTRATOR)
    own = [a_person(f"Writer {each}", email=f"writer-{each}@example.org") for each in range(WRITERS // 2)]
    changes = [
        partial(
            commands.change_profile, name=f"Changed {each}", time_zone="UTC", language="en", by=actor_of(person), at=at
        )
        for each, person in enumerate(own)
    ]
    invitations = [
        partial(
            commands.invite, email=f"new-{each}@example.org", name=f"New {each}", wish=None, by=actor_of(dee), at=at
        )
        for each in range(WRITERS - len(changes))
    ]
    results = all_at_once([*changes, *invitations])
    assert slugs(results) == []
    assert Person.objects.filter(name__startswith="Changed ").count() == len(changes)
    assert Person.objects.filter(email__startswith="new-").count() == len(invitations)
    assert_whole(WRITERS)


def test_of_fifty_who_give_the_same_role_one_does(transactional_db: None, actor_of: ActorOf, at: datetime) -> None:
    from assay.governance.people import commands
    from assay.governance.people.models import Grant
    from assay.governance.people.rules.granting import Wish

    administrators = [a_person(f"Dee {each}", Role.ADMINISTRATOR, email=f"dee-{each}@example.org") for each in range(5)]
    gus = a_person("Gus")
    wish = Wish(Role.REVIEWER)
    results = all_at_once(
        [
            partial(commands.grant_role, person=gus, wish=wish, by=actor_of(administrators[each % 5]), at=at)
            for each in range(WRITERS)
        ]
    )
    assert slugs(results) == ["already-held"] * (WRITERS - 1)
    assert Grant.objects.filter(person=gus).count() == 1
    assert_whole(1)


def test_of_ten_who_invite_the_same_address_one_does(transactional_db: None, actor_of: ActorOf, at: datetime) -> None:
    from assay.governance.people import commands

    dee = a_person("Dee", Role.ADMINISTRATOR)
    invite = partial(commands.invite, email="gus@example.org", name="Gus", wish=None, by=actor_of(dee), at=at)
    assert slugs(all_at_once([invite] * 10)) == ["has-account"] * 9
    assert_whole(1)
