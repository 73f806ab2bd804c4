"""What this part adds to home, calendar and search: steps that are somebody's, days of changes, changes by name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from django.db.models import Q
from django.urls import reverse

from assay.governance.office.actor import Actor, Target
from assay.governance.office.contributions import Date, Hit, Task
from assay.governance.office.operations import may
from assay.governance.policies.life.models import Change, Document, StageOwner
from assay.governance.policies.life.queries.board import Row, mine_to_move
from assay.governance.policies.life.stages import Stage
from assay.governance.policies.life.targets import ROOM

MOST = 200
_OVER = (Stage.RETIRED.value, Stage.WITHDRAWN.value)


def tasks(by: Actor, at: datetime) -> Iterator[Task]:
    """Changes whose next step is this person's."""
    if not may(by, "policies.see-own-steps"):
        return
    for row in mine_to_move(by=by, at=at):
        change = row.change
        due = None if row.due is None else _instant(row.due)
        yield Task("changes", _words(row), _url(change), change.stage_since, due)


def dates(by: Actor, start: datetime, end: datetime) -> Iterator[Date]:
    """Days on which changes are wanted and stages are due, and on which what is in force is looked at again."""
    if not may(by, "policies.list-changes"):
        return
    days = (start.date(), end.date())
    wanted = Change.objects.exclude(stage__in=_OVER).filter(wanted_on__range=days)
    for change in wanted.order_by("wanted_on")[:MOST]:
        if change.wanted_on is not None and _sees(by, change.policy):
            words = f"Change {change.number} is wanted: {change.title}"
            yield _date(f"change-{change.number}-wanted", words, change.wanted_on, _url(change))
    stages = StageOwner.objects.filter(due_on__range=days).exclude(change__stage__in=_OVER)
    for each in stages.select_related("change", "person").order_by("due_on")[:MOST]:
        if each.due_on is not None and _sees(by, each.change.policy):
            words = f"{Stage(each.stage).words} of change {each.change.number} is due: {each.person.name}"
            yield _date(f"change-{each.change.number}-{each.stage}", words, each.due_on, _url(each.change))
    reviews = Document.objects.filter(review_on__range=days, retired_at=None)
    for document in reviews.order_by("review_on")[:MOST]:
        if document.review_on is not None and _sees(by, document.name):
            words = f"{document.title} is to be looked at again"
            url = f"{reverse('changes:list')}?shown=force&policy={document.name}"
            yield _date(f"review-{document.key}", words, document.review_on, url)


def search(by: Actor, text: str, most: int) -> Iterator[Hit]:
    """Changes by number, title or policy."""
    words = text.strip()
    if not words or not may(by, "policies.list-changes"):
        return
    plain = words.lower().removeprefix("change").strip().lstrip("#")
    is_number = plain.isascii() and plain.isdigit() and len(plain) < 10
    named = Q(title__icontains=words) | Q(policy__icontains=words)
    found = Change.objects.filter(named | Q(number=int(plain)) if is_number else named)
    for change in found.order_by("-number")[:most]:
        if not _sees(by, change.policy):
            continue
        exact = is_number and change.number == int(plain)
        score = 1.0 if exact else 0.8 if change.title.lower().startswith(words.lower()) else 0.5
        context = f"{change.at_stage.words} · {change.policy}"
        yield Hit("changes", "change", f"Change {change.number}: {change.title}", _url(change), context, score)


def _words(row: Row) -> str:
    change = row.change
    called = f"change {change.number}, {change.title}"
    if row.stage is Stage.REVIEW_DUE:
        return f"Look again at {change.policy}: {called}"
    if row.is_ready:
        return f"Take on {called}: nothing is open in {row.stage.words.lower()}"
    return f"{row.stage.words} of {called}"


def _sees(by: Actor, policy: str) -> bool:
    return may(by, "policies.see-change", Target(ROOM, policy=policy))


def _date(key: str, words: str, day: date, url: str) -> Date:
    return Date("changes", key, words, _instant(day), url, whole_day=True)


def _instant(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)


def _url(change: Change) -> str:
    return reverse("changes:change", args=[change.number])
