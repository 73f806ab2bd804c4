"""What home shows: tasks by their clocks, news since the last visit, dates to come. Each room answers for its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from assay.governance.ledger.queries import Shown, changes
from assay.governance.office.actor import Actor
from assay.governance.office.contributions import TASKS, Date, Task, Tasks
from assay.governance.office.operations import NotAllowed, may, query
from assay.governance.people.notices.marks import mark_seen, visit_of
from assay.interfaces.web.calendar.queries import dates_between
from assay.interfaces.web.home.figures import Figure, figures_for

AHEAD = timedelta(days=30)
# What was due so lately may still be mended; older dates are history, and stand in the calendar.
OVERDUE = timedelta(days=2)
_MOST_NEWS, _MOST_DATES, _MOST_TASKS = 20, 12, 50


@dataclass(frozen=True, slots=True)
class Clocked:
    """A task, and how its clock stands at the time of reading."""

    task: Task
    overdue: bool
    soon: bool


@dataclass(frozen=True, slots=True)
class News:
    """What happened of one kind: how often, and the newest few."""

    title: str
    entries: tuple[Shown, ...]

    @property
    def more(self) -> tuple[Shown, ...]:
        """All but the newest."""
        return self.entries[1:]


@dataclass(frozen=True, slots=True)
class Home:
    """One person's home at one instant.

    since      when they were last here; None at the first visit
    more_news  where all of it can be read, when there may be more than is shown; empty where there is not
    """

    tasks: tuple[Clocked, ...]
    news: tuple[News, ...]
    news_count: int
    more_news: str
    since: datetime | None
    dates: tuple[tuple[Date, bool], ...]
    more_dates: int
    figures: tuple[Figure, ...]


@query("home.see", words="see one's own home", own=True)
def home_of(*, by: Actor, at: datetime) -> Home:
    """Everything on the page."""
    news, since, is_all = _news(by, at)
    dates = dates_between(start=at - OVERDUE, until=at + AHEAD, by=by, at=at)
    wanted = [date for date in dates if date.at >= at or date.kind == "due" or _is_today(date, at)]
    return Home(
        tasks_of(by, at),
        grouped(news),
        len(news),
        "" if is_all or not may(by, "ledger.entries") else reverse("ledger:entries"),
        since,
        tuple((date, date.kind == "due" and not date.whole_day and date.at < at) for date in wanted[:_MOST_DATES]),
        max(0, len(wanted) - _MOST_DATES),
        figures_for(by, at),
    )


def tasks_of(by: Actor, at: datetime) -> tuple[Clocked, ...]:
    """What waits, the clock that ends first on top; what has no clock after it, the oldest first."""
    tasks = [task for asked in list(TASKS.values()) for task in _asked(asked, by, at)]
    tasks.sort(key=lambda task: (task.due is None, task.due or task.since, task.since, task.words))
    soon = at + timedelta(days=1)
    return tuple(
        Clocked(task, task.due is not None and task.due < at, task.due is not None and at <= task.due < soon)
        for task in tasks[:_MOST_TASKS]
    )


def grouped(news: Iterable[Shown]) -> tuple[News, ...]:
    """News by kind, in the order of the newest of each."""
    found: dict[str, list[Shown]] = {}
    for each in news:
        found.setdefault(each.title, []).append(each)
    return tuple(News(title, tuple(entries)) for title, entries in found.items())


def _news(by: Actor, at: datetime) -> tuple[list[Shown], datetime | None, bool]:
    visit = visit_of(by, at)
    shown = changes(by=by, at=at, since_number=visit.number, most=_MOST_NEWS)
    mark_seen(visit, max((each.number for each in shown), default=-1), by=by, at=at)
    # What I did myself is no news to me.
    return [each for each in shown if each.who.reference != str(by.who)], visit.at, len(shown) < _MOST_NEWS


def _asked(asked: Tasks, by: Actor, at: datetime) -> list[Task]:
    try:
        return list(asked(by, at))
    except NotAllowed:
        return []


def _is_today(date: Date, at: datetime) -> bool:
    return date.whole_day and date.at.date() == at.date()
