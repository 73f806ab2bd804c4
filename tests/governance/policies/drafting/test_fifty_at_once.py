"""Fifty people save, remark and take a change on at the same instant: no word is lost, no step is taken twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

import pytest

from assay.governance.ledger.models import Entry
from assay.governance.office.actor import Actor
from assay.governance.office.roles import Role
from assay.governance.people.models import Person
from assay.governance.policies.life.stages import Stage
from tests.governance.people.test_at_once import at_once
from tests.governance.policies.drafting.drafts import drafting, stands, written
from tests.governance.policies.life.houses import FILES, LIKENESS, only_gates
from tests.workbench.people import ActorOf, a_person

SAVERS, REMARKERS, TAKERS = 30, 20, 20


@pytest.mark.django_db(transaction=True)
def test_fifty_who_save_and_remark_at_once_lose_no_word(ada: Person, actor_of: ActorOf, at: datetime) -> None:
    from assay.governance.policies.drafting.commands import make_remark, save_draft
    from assay.governance.policies.drafting.commands.remarks import Lines
    from assay.governance.policies.drafting.models import Remark

    change = drafting(actor_of(ada), at)
    # A paragraph for each, as people do who share the work.
    spots = "\n\n".join(f"Spot {number} is empty." for number in range(SAVERS))
    first = written(change, FILES[LIKENESS].replace("We mark what is fake.", spots), 0, by=actor_of(ada), at=at)
    people = [actor_of(a_person(f"Lead {number:02}", Role.POLICY_LEAD)) for number in range(SAVERS + REMARKERS)]

    def save(number: int, by: Actor) -> object:
        text = first.text.replace(f"Spot {number} is empty.", f"Spot {number} has a word{number}.")
        return save_draft(change=change, path=LIKENESS, text=text, started_from=first.revision, by=by, at=at)

    def remark(number: int, by: Actor) -> object:
        lines = Lines(LIKENESS, first.revision, 3, 3)
        return make_remark(change=change, lines=lines, words=f"Is number {number} right?", by=by, at=at)

    jobs: list[Callable[[], object]] = [partial(save, number, people[number]) for number in range(SAVERS)]
    jobs += [partial(remark, number, people[SAVERS + number]) for number in range(REMARKERS)]
    before = Entry.objects.count()
    results = at_once(jobs)
    assert [result for result in results if isinstance(result, list)] == []
    text = stands(change)
    assert [number for number in range(SAVERS) if f"Spot {number} has a word{number}." not in text] == []
    assert Remark.objects.filter(change=change).count() == REMARKERS
    numbers = list(change.revisions.filter(path=LIKENESS).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert Entry.objects.count() == before + len(jobs)


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_take_a_change_on_at_once_one_does(ada: Person, actor_of: ActorOf, at: datetime) -> None:
    from assay.governance.policies.life.commands import advance
    from assay.governance.policies.life.models import Step

    change = drafting(actor_of(ada), at)
    people = [actor_of(a_person(f"Lead {number:02}", Role.POLICY_LEAD)) for number in range(TAKERS)]
    with only_gates({}):
        taken = at_once([partial(advance, change=change, by=by, at=at) for by in people])
    steps = [each for each in taken if isinstance(each, Step)]
    change.refresh_from_db()
    # Whoever read the page before the first had taken it on, takes nobody's step for their own.
    assert len(steps) == change.steps.filter(way="forward", at=at, leaves="drafting").count() == 1
    assert change.stage == "consultation"
    # And a page that stood open since then takes on nothing that its reader did not see.
    late = advance(change=change, to=Stage.CONSULTATION, by=people[0], at=at)
    assert isinstance(late, list)
    assert [fault.slug for fault in late] == ["moved-on"]
