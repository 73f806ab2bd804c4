"""A consultation from the question to what was done with each view, and what it opens at the gate."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from assay.governance.office.roles import Role
from tests.governance.policies.consulting.asking import asked_change, consultation, invited, said
from tests.workbench.people import ActorOf, a_person

if TYPE_CHECKING:
    from assay.engine.kernel.errors import Fault
    from assay.governance.people.models import Person

pytestmark = pytest.mark.django_db


def slugs(made: object) -> list[str]:
    """Of faults, what each is."""
    faults: list[Fault] = made if isinstance(made, list) else []
    return [fault.slug for fault in faults]


def all_told(at: datetime) -> None:
    """Hand every entry to whoever waits for it."""
    from assay.governance.ledger.subscribers import deliver

    while deliver(at):
        pass


def test_a_view_is_asked_for_given_answered_and_then_the_gate_is_open(
    ada: Person, bo: Person, actor_of: ActorOf, at: datetime
) -> None:
    from assay.governance.policies.consulting import commands
    from assay.governance.policies.consulting.gates import answered, views
    from assay.governance.policies.consulting.queries import asked_in, summary_of

    change, eli = asked_change(actor_of(ada), at), a_person("Eli", Role.EXTERNAL_EXPERT)
    assert not views(change, at).met
    held = consultation(change, actor_of(ada), at)
    invited(held, eli, actor_of(ada), at)
    view = said(held, actor_of(eli), at)
    # An open consultation holds the change, whatever was said in it.
    assert [views(change, at).met, answered(change, at).met] == [False, False]
    over = at + timedelta(days=11)
    # No job has run: the date alone ended it.
    assert [views(change, over).met, answered(change, over).met] == [True, False]
    refused = commands.answer_view(view=view, outcome="adopted", words="Yes.", revision=99, by=actor_of(ada), at=over)
    assert slugs(refused) == ["no-revision"]
    done = commands.answer_view(view=view, outcome="adopted", words="Said so.", revision=1, by=actor_of(ada), at=over)
    assert not isinstance(done, list)
    assert answered(change, over).met
    seen = asked_in(key=held.key, by=actor_of(eli), at=over)
    assert seen is not None and seen.answer is not None and seen.answer.words == "Said so."
    (summary,) = summary_of(change, over)
    assert (summary.views, summary.regions, summary.named) == (1, (("Kenya", 1),), ())
    # One view alone would say where its giver stands.
    assert summary.positions == ()


def test_a_view_that_changed_after_its_answer_is_answered_anew(ada: Person, actor_of: ActorOf, at: datetime) -> None:
    from assay.governance.policies.consulting import commands
    from assay.governance.policies.consulting.models import ViewRevision
    from assay.governance.policies.consulting.queries import standing_of

    change, eli = asked_change(actor_of(ada), at), a_person("Eli", Role.EXTERNAL_EXPERT)
    held = consultation(change, actor_of(ada), at)
    invited(held, eli, actor_of(ada), at)
    view = said(held, actor_of(eli), at)
    commands.answer_view(view=view, outcome="not-adopted", words="Too late.", revision=None, by=actor_of(ada), at=at)
    assert standing_of(change, at).unanswered == 0
    said(held, actor_of(eli), at, words="It misses news, too.")
    assert standing_of(change, at).unanswered == 1
    assert list(ViewRevision.objects.values_list("number", "words")) == [
        (2, "It misses news, too."),
        (1, "It misses satire."),
    ]


def test_nothing_is_said_without_a_declaration_after_the_end_or_by_whoever_is_not_asked(
    ada: Person, bo: Person, actor_of: ActorOf, at: datetime
) -> None:
    from assay.governance.policies.consulting import commands

    change, eli = asked_change(actor_of(ada), at), a_person("Eli", Role.EXTERNAL_EXPERT)
    fay = a_person("Fay", Role.EXTERNAL_EXPERT)
    held = consultation(change, actor_of(ada), at)
    invited(held, eli, actor_of(ada), at, stale_on=(at + timedelta(days=5)).date())

    def say(person: Person, when: datetime) -> list[str]:
        return slugs(
            commands.give_view(
                consultation=held, position="for", confidence="low", words="Yes.", part=None,
                by=actor_of(person), at=when,
            )
        )  # fmt: skip

    assert say(eli, at) == ["not-declared"]
    assert say(fay, at) == say(ada, at) == ["not-asked"]
    given: dict[str, Any] = {"consultation": held, "conflict": "paid", "named": False, "by": actor_of(eli), "at": at}
    assert slugs(commands.declare(words=" ", **given)) == ["nothing-written"]
    assert slugs(commands.declare(words="They pay me.", **given)) == []
    assert say(eli, at + timedelta(days=5)) == ["engagement-over"]
    assert say(eli, held.closes_at) == ["consultation-over"]
    assert say(eli, at) == []
    commands.withdraw_invitation(consultation=held, person=eli, by=actor_of(ada), at=at)
    assert say(eli, at) == ["not-asked"]


def test_nobody_is_asked_about_their_own_work_and_nobody_answers_their_own_view(
    ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    from assay.governance.policies.consulting import commands
    from assay.governance.policies.consulting.rules.asking import Engagement

    eve = a_person("Eve", Role.ANALYST)
    change = asked_change(actor_of(ada), at)
    held = consultation(change, actor_of(ada), at)
    mine = Engagement(viewpoint="inside")
    asked = commands.invite_expert(consultation=held, person=ada, engagement=mine, by=actor_of(eve), at=at)
    assert slugs(asked) == ["own-work"]
    invited(held, eve, actor_of(ada), at)
    view = said(held, actor_of(eve), at)
    own = commands.answer_view(view=view, outcome="not-adopted", words="No.", revision=None, by=actor_of(eve), at=at)
    assert slugs(own) == ["own-view"]


def test_who_is_asked_is_told_and_reminded_at_most_once_a_day(ada: Person, actor_of: ActorOf, at: datetime) -> None:
    from assay.governance.people.notices.models import Notice
    from assay.governance.policies.consulting import commands
    from assay.governance.policies.consulting.contributing import dates, tasks

    change, eli = asked_change(actor_of(ada), at), a_person("Eli", Role.EXTERNAL_EXPERT)
    held = consultation(change, actor_of(ada), at)
    invited(held, eli, actor_of(ada), at)
    assert [task.due for task in tasks(actor_of(eli), at)] == [held.closes_at]
    assert [date.at for date in dates(actor_of(eli), at, at + timedelta(days=30))] == [held.closes_at]
    later = at + timedelta(hours=1)
    assert commands.remind_invited(consultation=held, by=actor_of(ada), at=later) == 1
    assert slugs(commands.remind_invited(consultation=held, by=actor_of(ada), at=later)) == ["reminded-lately"]
    all_told(later)
    view = said(held, actor_of(eli), later)
    assert not list(tasks(actor_of(eli), later))
    commands.close_consultation(consultation=held, words="All are in.", by=actor_of(ada), at=later)
    assert ["1 view on change" in task.words for task in tasks(actor_of(ada), later)] == [True]
    commands.answer_view(view=view, outcome="not-adopted", words="No.", revision=None, by=actor_of(ada), at=later)
    all_told(later)
    told = Notice.objects.filter(person=eli).order_by("entry").values_list("kind", flat=True)
    assert list(told) == ["view-wanted", "view-wanted", "view-answered"]
    assert list(Notice.objects.filter(person=ada, kind="view-given").values_list("kind", flat=True)) == ["view-given"]
