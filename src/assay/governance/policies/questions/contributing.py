"""What this part adds to other pages, and what is found by name. It shows nobody more than its own pages do."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, time
from importlib import import_module

from django.urls import reverse
from django.utils import timezone

from assay.governance.ledger.meaning.naming import name_things
from assay.governance.ledger.subscribers import Happened
from assay.governance.office.actor import Actor
from assay.governance.office.contributions import Date, Hit, Place, Task, contribute
from assay.governance.office.operations import may
from assay.governance.office.references import Reference
from assay.governance.people.notices.kinds import Kind, Way
from assay.governance.people.notices.recipients import Told, holders_of
from assay.governance.people.notices.subscribing import register as register_notices
from assay.governance.policies.life.targets import MAKERS, ROOM
from assay.governance.policies.questions.models import KnownQuestion
from assay.governance.policies.questions.queries import search_questions
from assay.governance.policies.questions.rules import SOON
from assay.governance.policies.questions.targets import asked_about

MOST = 100
_SHOWN = 80
_KINDS = (
    Kind(
        "question-asked",
        "A question has no answer yet",
        "Rule on it, so that reviewers decide alike.",
        "questions:list",
        Way.DAILY,
        leads=True,
    ),
    Kind(
        "question-answered", "Your question was ruled on", "Read the ruling.", "questions:list", Way.AT_ONCE, leads=True
    ),
)


def register() -> None:
    """Make the part known; called once when Django is ready."""
    import_module("assay.governance.policies.questions.commands")
    place = Place("Known questions", "questions:list", "k", "policies.list-questions", "question", 30)
    contribute("known-questions", tasks=tasks, dates=dates, search=search, place=place)
    name_things("known-question", _names, url=lambda key: _url(int(key)) if key.isdigit() else None)
    told = dict.fromkeys(
        ("policies.question-answered", "policies.ruling-confirmed", "policies.question-superseded"), _answered
    )
    register_notices(_KINDS, {"policies.question-asked": _asked, **told})


def tasks(by: Actor, at: datetime) -> Iterator[Task]:
    """Questions without a ruling, and rulings that end soon or have ended, for those who make policy."""
    if not by.enters(MAKERS, ROOM):
        return
    day = at.date()
    open_ones = KnownQuestion.objects.filter(state="open").select_related("asked_by").order_by("number")
    ending = KnownQuestion.objects.filter(state="ruled", expires_on__lt=day + SOON).select_related("asked_by")
    for row in [*open_ones[:MOST], *ending.order_by("expires_on")[:MOST]]:
        own = row.asked_by is not None and row.asked_by.reference in by.hands
        if own or not may(by, "policies.answer-question", asked_about({"asked": row})):
            continue
        if row.state == "open":
            yield Task(
                "policies",
                f"Rule on known question {row.number}: {_short(row.question)}",
                _url(row.number),
                row.asked_at,
            )
        elif row.expires_on is not None:
            verb = "has expired" if row.expires_on < day else "ends soon"
            due = datetime.combine(row.expires_on, time(23, 59, 59), UTC)
            words = f"Look again at known question {row.number}, whose ruling {verb}"
            yield Task("policies", words, _url(row.number), row.ruled_at or row.asked_at, due)


def dates(by: Actor, start: datetime, end: datetime) -> Iterator[Date]:
    """Last days of rulings."""
    if not may(by, "policies.list-questions"):
        return
    rows = KnownQuestion.objects.filter(state="ruled", expires_on__gte=start.date(), expires_on__lte=end.date())
    # There may be many, and every home reads them: neither whole questions nor an address worked out for each.
    place = reverse("questions:list")
    for number, expires_on in rows.order_by("expires_on").values_list("number", "expires_on")[:MOST]:
        if expires_on is None:
            continue
        at = datetime.combine(expires_on, time.min, UTC)
        words = f"Last day of the ruling on known question {number}"
        url = f"{place}{number}/"
        yield Date("policies", f"known-question-{number}", words, at, url, whole_day=True, kind="ends")


def search(by: Actor, text: str, most: int) -> Iterator[Hit]:
    """Known questions by their words."""
    if not may(by, "policies.search-questions"):
        return
    for row, score in search_questions(text=text, most=most, by=by, at=timezone.now()):
        about = f"{row.state_words} · {row.policy}{'/' if row.rule else ''}{row.rule}"
        ruling = f" · {_short(row.ruling)}" if row.standing == "ruled" else ""
        named = text.strip().isdigit() and int(text.strip()) == row.number
        yield Hit(
            ROOM, "known-question", _short(row.question), _url(row.number), about + ruling, 0.95 if named else score
        )


def _asked(happened: Happened) -> Iterator[Told]:
    able = holders_of(MAKERS, happened.at) - {happened.actor}
    return (("question-asked", who) for who in sorted(able, key=str))


def _answered(happened: Happened) -> Iterator[Told]:
    number = happened.subject.key
    row = (
        KnownQuestion.objects.select_related("asked_by").filter(number=int(number)).first()
        if number.isdigit()
        else None
    )
    wanted: list[Reference] = [row.asked_by.reference] if row is not None and row.asked_by is not None else []
    return (("question-answered", who) for who in wanted if who != happened.actor)


def _names(keys: Collection[str]) -> Mapping[str, str]:
    return {key: f"known question {key}" for key in keys if key.isdigit()}


def _url(number: int) -> str:
    return reverse("questions:one", args=[number])


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN].rpartition(' ')[0]} …"
