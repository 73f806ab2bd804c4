"""Home: the clock that ends first on top, news since the last visit, dates to come; each only what one may see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assay.governance.office.actor import Actor
from assay.governance.office.contributions import DATES, TASKS, Date, Task
from assay.governance.office.operations import OPERATIONS, NotAllowed
from assay.governance.office.roles import Role
from assay.governance.people import commands
from assay.governance.people.actors import actor_of
from assay.governance.people.models import Person
from assay.governance.people.notices.marks import VISIT
from assay.governance.people.rules.granting import Wish
from assay.interfaces.web.home.queries import home_of, tasks_of
from tests.workbench.people import ActorOf, ClientOf

pytestmark = pytest.mark.django_db
_HOUR = timedelta(hours=1)


@pytest.fixture
def some_work(at: datetime) -> Iterator[None]:
    """Tasks with and without a clock, from two rooms; a third room refuses."""

    def tasks(by: Actor, now: datetime) -> Iterable[Task]:
        yield Task("a", "old", "/old", at - 9 * _HOUR)
        yield Task("a", "later", "/later", at - _HOUR, at + 50 * _HOUR)
        yield Task("a", "overdue", "/overdue", at - _HOUR, at - timedelta(minutes=12))

    def more(by: Actor, now: datetime) -> Iterable[Task]:
        return [Task("b", "soon <b>", "/soon", at - _HOUR, at + _HOUR), Task("b", "new", "/new", at - _HOUR)]

    def refused(by: Actor, now: datetime) -> Iterable[Task]:
        raise NotAllowed(OPERATIONS["home.see"])

    TASKS.update(a=tasks, b=more, c=refused)
    yield
    for name in "abc":
        del TASKS[name]


@pytest.mark.usefixtures("some_work")
def test_the_clock_that_ends_first_stands_on_top(ada: Person, actor_of: ActorOf, at: datetime) -> None:
    found = tasks_of(actor_of(ada), at)
    assert [one.task.words for one in found] == ["overdue", "soon <b>", "later", "old", "new"]
    assert [(one.overdue, one.soon) for one in found[:3]] == [(True, False), (False, True), (False, False)]


def test_news_lead_to_the_ledger_only_for_those_who_may_read_it(ada: Person, dee: Person, client_of: ClientOf) -> None:
    at = timezone.now()
    invited = commands.invite(name="Rae", email="rae@house.example", wish=None, by=actor_of(dee, at), at=at)
    assert not isinstance(invited, list)
    assert "/ledger/" in client_of(ada).get(reverse("home:home")).content.decode()
    told = client_of(invited.person).get(reverse("home:home")).content.decode()
    assert "invited" in told
    assert "/ledger/" not in told


@pytest.mark.usefixtures("some_work")
def test_the_page_says_by_how_much_a_clock_has_run_out(ada: Person, client_of: ClientOf) -> None:
    page = client_of(ada).get(reverse("home:home")).content.decode()
    assert "overdue by" in page or "in " in page
    assert "soon &lt;b&gt;" in page


def test_only_what_others_did_since_the_last_visit_is_news(
    ada: Person, bo: Person, dee: Person, actor_of: ActorOf, at: datetime
) -> None:
    def given(person: Person, role: Role, by: Person, moment: datetime) -> None:
        assert not isinstance(commands.grant_role(person=person, wish=Wish(role), by=actor_of(by), at=moment), list)

    first = home_of(by=actor_of(ada), at=at)
    assert (first.since, first.news) == (None, ())
    given(bo, Role.ANALYST, dee, at + _HOUR)
    given(ada, Role.DATA, dee, at + _HOUR)
    later = at + VISIT + 2 * _HOUR
    assert not isinstance(
        commands.change_profile(name="Ada B", time_zone="UTC", language="en", by=actor_of(ada), at=later), list
    )
    second = home_of(by=actor_of(ada), at=later)
    assert second.since == at
    assert [(group.title, len(group.entries)) for group in second.news] == [("Role granted", 2)]
    third = home_of(by=actor_of(ada), at=later + 2 * VISIT)
    assert third.news == ()


def test_whoever_may_not_read_the_ledger_hears_of_what_concerns_them_alone(
    bo: Person, dee: Person, actor_of: ActorOf, at: datetime
) -> None:
    from tests.workbench.people import a_person

    flo, gus = a_person("Flo", Role.EXTERNAL_EXPERT), a_person("Gus", Role.REVIEWER)
    for person in (bo, flo):
        assert not isinstance(
            commands.grant_role(person=person, wish=Wish(Role.ANALYST), by=actor_of(dee), at=at), list
        )
    seen = {name: home_of(by=actor_of(person), at=at).news_count for name, person in (("flo", flo), ("gus", gus))}
    assert seen == {"flo": 1, "gus": 0}


def test_dates_of_thirty_days_and_an_overdue_one_are_shown(ada: Person, actor_of: ActorOf, at: datetime) -> None:
    moments = {"gone": -3, "overdue": -0.1, "tomorrow": 1, "far": 31}

    def dates(by: Actor, start: datetime, until: datetime) -> Iterable[Date]:
        found = [Date("x", key, key, at + timedelta(days=days), "/") for key, days in moments.items()]
        return [one for one in found if start <= one.at < until]

    DATES["x"] = dates
    try:
        found = home_of(by=actor_of(ada), at=at)
    finally:
        del DATES["x"]
    assert [(date.key, late) for date, late in found.dates if date.room == "x"] == [
        ("overdue", True),
        ("tomorrow", False),
    ]


def test_somebody_new_is_told_what_comes_next(client_of: ClientOf, db: None) -> None:
    from tests.workbench.people import a_person

    page = client_of(a_person("Flo")).get(reverse("home:home")).content.decode()
    assert "You hold no role yet" in page
    assert "Nothing has happened yet" in page
    assert actor_of(Person.objects.get(name="Flo"), timezone.now()).held == ()
