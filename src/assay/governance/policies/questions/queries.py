"""Known questions as lists, one by one, and those near a rule. It changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from assay.governance.office.actor import Actor
from assay.governance.office.listing import Listing, listed
from assay.governance.office.operations import query
from assay.governance.office.roles import INSIDE
from assay.governance.policies.questions import finding
from assay.governance.policies.questions.models import KnownQuestion, QuestionStep
from assay.governance.policies.questions.precedents import Precedent, precedents_for
from assay.governance.policies.questions.rules import STATES

MOST = 50
_TOO_MANY = (
    f"{finding.MOST} questions or more have these words; the newest {finding.MOST} were looked at, "
    "for this list and for its file. Add a word to find older ones."
)
# Of a question in the list, and of one that is not in force, how much its fit counts.
_LONGEST_TEXT = 400
_NOT_IN_FORCE = 0.6


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; empty is everything."""

    text: str = ""
    policy: str = ""
    rule: str = ""
    market: str = ""
    state: str = ""

    def __bool__(self) -> bool:
        return any((self.text, self.policy, self.rule, self.market, self.state))


@dataclass(frozen=True, slots=True)
class Row:
    """A question in the list.

    standing  its state on the day of the look
    """

    number: int
    question: str
    ruling: str
    policy: str
    rule: str
    markets: tuple[str, ...]
    standing: str
    asked_at: datetime
    expires_on: date | None

    @property
    def state_words(self) -> str:
        """Its state as people read it."""
        return STATES[self.standing]


@dataclass(frozen=True, slots=True)
class Seen:
    """A question with its history.

    others  known questions near it: of the same rule, in force
    """

    row: KnownQuestion
    standing: str
    steps: tuple[QuestionStep, ...]
    supersedes: tuple[int, ...]
    others: tuple[Precedent, ...]

    @property
    def state_words(self) -> str:
        """Its state as people read it."""
        return STATES[self.standing]


@query("policies.list-questions", words="read the known questions", roles=INSIDE, reach="room")
def list_questions(*, filters: Filters, after: str | None, by: Actor, at: datetime) -> Listing[Row]:
    """A page of the list, the newest first; with words to look for, the best fits first, in one page."""
    rows, day = _narrowed(filters, at.date()), at.date()
    if filters.text.strip():
        fits = finding.find(filters.text)
        found = [_row(each, day) for each in _ranked(rows, filters.text, day, MOST, fits)]
        return Listing(found, note=_TOO_MANY if len(fits) == finding.MOST else "")
    listing = listed(rows, order="-pk", after=after, most=MOST)
    return Listing([_row(each, day) for each in listing.rows], listing.next, listing.previous, listing.note)


@query("policies.read-questions", words="read known questions for a file", roles=INSIDE, reach="room")
def all_questions(*, filters: Filters, by: Actor, at: datetime) -> Iterator[KnownQuestion]:
    """Every question that the filters ask for, as it is read."""
    rows = _narrowed(filters, at.date())
    if filters.text.strip():
        return iter(_ranked(rows, filters.text, at.date(), finding.MOST))
    return rows.order_by("-number").iterator(chunk_size=500)


@query("policies.see-question", words="read a known question", roles=INSIDE, reach="room")
def see_question(*, number: int, by: Actor, at: datetime) -> Seen | None:
    """One, with its history; None where there is none."""
    rows = KnownQuestion.objects.select_related("asked_by", "ruled_by", "superseded_by")
    row = rows.filter(number=number).first() if 0 < number < 2**31 else None
    if row is None:
        return None
    near = precedents_for(policy=row.policy, rule=row.rule, day=at.date())
    return Seen(
        row=row,
        standing=row.standing(at.date()),
        steps=tuple(row.steps.select_related("by").order_by("pk")),
        supersedes=tuple(row.supersedes.order_by("number").values_list("number", flat=True)),
        others=tuple(each for each in near if each.number != row.number and (not row.rule or each.rule == row.rule))[
            :8
        ],
    )


@query("policies.find-precedents", words="find rulings near a rule", roles=INSIDE, reach="room")
def find_precedents(*, policy: str, rule: str, market: str, by: Actor, at: datetime) -> tuple[Precedent, ...]:
    """Rulings in force on a rule, for a page beside it."""
    return precedents_for(policy=policy, rule=rule, market=market, day=at.date())


@query("policies.search-questions", words="search the known questions", roles=INSIDE, reach="room")
def search_questions(*, text: str, most: int, by: Actor, at: datetime) -> list[tuple[Row, float]]:
    """The best fits with how well each fits, up to 1."""
    day = at.date()
    fits = finding.find(text)
    best = max(fits.values(), default=1.0) or 1.0
    found = _ranked(KnownQuestion.objects.all(), text, day, most, fits)
    weights = (_weight(fits[each.pk], each.state, each.expires_on, day) for each in found)
    return [(_row(each, day), 0.4 + 0.4 * weight / best) for each, weight in zip(found, weights, strict=True)]


def _narrowed(filters: Filters, day: date) -> QuerySet[KnownQuestion]:
    rows = KnownQuestion.objects.all()
    for name in ("policy", "rule"):
        if value := getattr(filters, name):
            rows = rows.filter(**{name: value})
    if filters.market:
        # A list of codes is kept as JSON: the code in its quotes is found in every store.
        rows = rows.alias(places=Cast("markets", TextField()))
        rows = rows.filter(Q(places__contains=f'"{filters.market}"') | Q(places="[]"))
    if filters.state == "expired":
        return rows.filter(state="ruled", expires_on__lt=day)
    if filters.state == "ruled":
        # Said so that no store sorts all of them by their last day first: they are shown by their number.
        return rows.filter(state="ruled").exclude(expires_on__lt=day)
    return rows.filter(state=filters.state) if filters.state in STATES else rows


def _ranked(
    rows: QuerySet[KnownQuestion], text: str, day: date, most: int, fits: dict[int, float] | None = None
) -> list[KnownQuestion]:
    """Those that fit some words, the best first; what is in force before what is not, where they fit alike."""
    fits = finding.find(text) if fits is None else fits
    if not fits:
        return []
    # Only what the order needs is read of all of them, and whole rows of those that are shown.
    light = rows.filter(pk__in=list(fits)).values_list("pk", "state", "expires_on")
    weights = {pk: _weight(fits[pk], state, expires_on, day) for pk, state, expires_on in light}
    order = sorted(weights, key=lambda pk: (-weights[pk], -pk))[:most]
    found = KnownQuestion.objects.in_bulk(order)
    return [found[pk] for pk in order]


def _weight(fit: float, state: str, expires_on: date | None, day: date) -> float:
    holds = state == "open" or (state == "ruled" and expires_on is not None and expires_on >= day)
    return fit * (1.0 if holds else _NOT_IN_FORCE)


def _row(row: KnownQuestion, day: date) -> Row:
    return Row(
        number=row.number,
        question=_short(row.question),
        ruling=_short(row.ruling),
        policy=row.policy,
        rule=row.rule,
        markets=tuple(row.markets),
        standing=row.standing(day),
        asked_at=row.asked_at,
        expires_on=row.expires_on,
    )


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT].rpartition(' ')[0]} …"
