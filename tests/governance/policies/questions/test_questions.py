"""A question is asked, ruled on by another, holds until its last day, and is found where it bears on a decision."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from assay.governance.office.operations import NotAllowed
from assay.governance.office.roles import Role
from tests.governance.policies.life.houses import begun
from tests.governance.policies.questions.asking import asked, day, ruled
from tests.workbench.people import ActorOf, a_person

if TYPE_CHECKING:
    from assay.governance.people.models import Person

pytestmark = pytest.mark.django_db


def slugs(made: object) -> list[str]:
    """Of faults, what each is."""
    return [fault.slug for fault in made] if isinstance(made, list) else []


@pytest.fixture
def _house(ada: Person, actor_of: ActorOf, at: datetime) -> None:
    begun(actor_of(ada), at)


@pytest.mark.usefixtures("_house")
def test_a_reviewer_asks_and_another_rules_and_the_asker_is_told(ada: Person, actor_of: ActorOf, at: datetime) -> None:
    from assay.governance.ledger.subscribers import deliver
    from assay.governance.people.notices.models import Notice
    from assay.governance.policies.questions.contributing import tasks

    rae = a_person("Rae", Role.REVIEWER)
    row = asked(actor_of(rae), at, rule="fake", item="upload-1", decision="1-103")
    assert [task.words for task in tasks(actor_of(ada), at)] == ["Rule on known question 1: Is a puppet a fake?"]
    with pytest.raises(NotAllowed):
        ruled(row, actor_of(rae), at)
    ruled(row, actor_of(ada), at)
    assert not list(tasks(actor_of(ada), at))
    assert [task.words for task in tasks(actor_of(ada), at + timedelta(days=80))] == [
        "Look again at known question 1, whose ruling ends soon"
    ]
    while deliver(at):
        pass
    assert Notice.objects.filter(person=rae, kind="question-answered").exists()
    assert Notice.objects.filter(person=ada, kind="question-asked").exists()


@pytest.mark.usefixtures("_house")
def test_nobody_rules_on_their_own_question_nor_for_whoever_they_stand_in_for(
    ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    from assay.governance.people.models import Delegation
    from assay.governance.policies.questions.commands import answer_question, confirm_ruling

    eve = a_person("Eve", Role.ANALYST)
    row = asked(actor_of(ada), at)
    given: dict[str, Any] = {"asked": row, "ruling": "Yes.", "rationale": "So.", "expires_on": day(at, 9), "at": at}
    assert slugs(answer_question(by=actor_of(ada), **given)) == ["own-question"]
    end = at + timedelta(days=2)
    Delegation.objects.create(giver=ada, taker=eve, roles=["policy-lead"], starts=at, ends=end, made_at=at)
    assert slugs(answer_question(by=actor_of(eve), **given)) == ["own-question"]
    ruled(row, actor_of(a_person("Fay", Role.POLICY_LEAD)), at)
    longer = confirm_ruling(asked=row, expires_on=day(at, 200), note="Still so.", by=actor_of(ada), at=at)
    assert slugs(longer) == ["own-question"]


@pytest.mark.usefixtures("_house")
def test_a_ruling_is_a_precedent_on_its_last_day_and_not_on_the_day_after(
    ada: Person, cy: Person, actor_of: ActorOf, at: datetime
) -> None:
    from assay.governance.policies.questions import commands
    from assay.governance.policies.questions.precedents import precedents_for

    def numbers(days: int, **wanted: Any) -> list[int]:
        found = precedents_for(**({"policy": "likeness"} | wanted), day=day(at, days))
        return [each.number for each in found]

    one = ruled(asked(actor_of(cy), at, rule="fake"), actor_of(ada), at, days=30)
    two = ruled(asked(actor_of(cy), at, markets=("DE",)), actor_of(ada), at, days=60)
    asked(actor_of(cy), at)
    assert numbers(0) == [2, 1]
    # What is about the very rule comes first, and what holds for another market not at all.
    assert [numbers(0, rule="fake"), numbers(0, rule="fake", market="FR"), numbers(0, market="DE")] == [
        [1, 2], [1], [2, 1],
    ]  # fmt: skip
    assert [numbers(30), numbers(31), numbers(61)] == [[2, 1], [2], []]
    # Guidance as of an earlier day knows nothing of what was ruled later.
    assert numbers(-1) == []
    assert [one.standing(day(at, days)) for days in (30, 31)] == ["ruled", "expired"]
    late = at + timedelta(days=31)
    confirmed = commands.confirm_ruling(asked=one, expires_on=day(at, 99), note="So.", by=actor_of(ada), at=late)
    assert slugs(confirmed) == []
    given: dict[str, Any] = {"asked": one, "note": "Better put.", "by": actor_of(ada), "at": late}
    assert slugs(commands.supersede_question(by_number=3, **given)) == ["no-other-ruling"]
    assert slugs(commands.supersede_question(by_number=1, **given)) == ["no-other-ruling"]
    assert slugs(commands.supersede_question(by_number=two.number, **given)) == []
    assert numbers(31) == [2]
    assert slugs(commands.withdraw_question(asked=two, note="Wrong.", by=actor_of(cy), at=late)) == ["not-yours"]
    assert slugs(commands.withdraw_question(asked=two, note="Wrong.", by=actor_of(ada), at=late)) == []
    assert numbers(31) == []
    history = list(one.steps.values_list("kind", flat=True))
    assert history == ["asked", "ruled", "confirmed", "superseded"]


@pytest.mark.usefixtures("_house")
def test_what_takes_the_place_of_a_ruling_is_in_force_and_of_the_same_policy(
    ada: Person, cy: Person, actor_of: ActorOf, at: datetime
) -> None:
    from assay.governance.policies.questions import commands

    one, two = (ruled(asked(actor_of(cy), at), actor_of(ada), at, days=60) for _ in range(2))
    other = ruled(asked(actor_of(cy), at, policy="fraud"), actor_of(ada), at, days=90)
    late = at + timedelta(days=61)
    given: dict[str, Any] = {"asked": one, "note": "Better.", "by": actor_of(ada)}
    assert slugs(commands.supersede_question(by_number=two.number, at=late, **given)) == ["no-other-ruling"]
    assert slugs(commands.supersede_question(by_number=other.number, at=late, **given)) == ["other-policy"]
    assert slugs(commands.confirm_ruling(expires_on=day(at, 60), at=at, **given)) == ["no-longer"]


@pytest.mark.usefixtures("_house")
def test_all_that_is_wrong_with_a_question_is_said_with_the_next_step(
    cy: Person, ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    from assay.governance.policies.questions.commands import answer_question, ask_question
    from assay.governance.policies.questions.rules import About

    about = About("likness", rule="fke", markets=("germany",), decision="../1")
    wrong = ask_question(about=about, question=" ", context="x" * 9_000, by=actor_of(cy), at=at)
    assert set(slugs(wrong)) == {"nothing-written", "too-long", "bad-market", "unknown-policy", "no-decision"}
    assert isinstance(wrong, list)
    assert "did you mean `likeness`" in " ".join(fault.words for fault in wrong)
    rule = ask_question(about=About("likeness", rule="fke"), question="Is it?", context="", by=actor_of(cy), at=at)
    assert isinstance(rule, list)
    assert rule[0].words == "`likeness` has no rule `fke`; did you mean `fake`"
    row = asked(actor_of(cy), at)
    for days, slug in ((0, "expires-in-the-past"), (400, "expires-too-late")):
        made = answer_question(
            asked=row, ruling="No.", rationale="So.", expires_on=day(at, days), by=actor_of(ada), at=at
        )
        assert slugs(made) == [slug]
