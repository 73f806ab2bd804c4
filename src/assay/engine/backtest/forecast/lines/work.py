"""The lines of a forecast about reviewers: items, questions, hours, people, exposure. They walk through nothing."""

from __future__ import annotations

from collections.abc import Callable

from assay.engine.backtest.estimate.design import Design
from assay.engine.backtest.estimate.totals import scaled, total
from assay.engine.backtest.figures import Estimate
from assay.engine.backtest.forecast.assumptions import Range
from assay.engine.backtest.forecast.carrying import carried
from assay.engine.backtest.forecast.foreseen import OPEN, Foreseen
from assay.engine.backtest.forecast.lines.line import Triple, each, line
from assay.engine.backtest.forecast.reviewing import Figure, Reviewing
from assay.engine.backtest.forecast.walk import Walk
from assay.engine.backtest.forecast.wholes import whole_of
from assay.engine.backtest.rehearsal import ForecastLine

_HOUR = 3600.0
_WEEK = 7


def review_lines(foreseen: Foreseen, reviewing: Reviewing, design: Design, days: int) -> tuple[ForecastLine, ...]:
    """What reviewers would have to do."""
    reviewed, walked = foreseen.assumptions.reviewed, _walks_words(foreseen, reviewing)
    share = _share_words(reviewed)
    items = each(_open_items(foreseen, design), lambda one: carried(one, reviewed))
    questions = _walked(reviewing, lambda walk: float(walk.questions), reviewed)
    hours = _walked(reviewing, lambda walk: walk.seconds / _HOUR, reviewed)
    severe = _walked(reviewing, lambda walk: walk.seconds * walk.severe / _HOUR, reviewed)
    weighted = _walked(reviewing, lambda walk: walk.weighted * walk.severe / _HOUR, reviewed)
    people = each(hours, lambda one: _people(one, foreseen.assumptions.hours_a_week, days))
    exposed = (
        "An item's time counts where a rule of severity S3 or S4 holds when the questions end, or still may; nothing "
        "is taken off for blurring or for media that nobody opens."
    )
    weights = "Each severe hour counts as often as the vocabulary says that its question exposes a reviewer (0 to 4)."
    a_week = f"A reviewer answers questions {foreseen.assumptions.hours_a_week.words()} hours a week."
    once = "An item is looked at once, whichever markets it reached."
    return (
        line("review-items", "Items that wait for a person", "items", items, (share, once)),
        line("review-items-a-day", "Items that wait for a person, a day", "items a day", _rate(items, days), (share,)),
        line("questions", "Questions to answer", "questions", questions, (*walked, share)),
        line("reviewer-hours", "Reviewer hours", "hours", hours, (*walked, share)),
        line("reviewers", "Full-time reviewers", "people", people, (*walked, share, a_week)),
        line("severe-hours", "Hours of severe media seen", "hours", severe, (*walked, share, exposed)),
        line(
            "exposure", "Hours of severe media, by exposure", "weighted hours", weighted,
            (*walked, share, exposed, weights),
        ),
    )  # fmt: skip


def _open_items(foreseen: Foreseen, design: Design) -> Triple:
    cells, whole = foreseen.cells, whole_of(design, 1.0)
    return (
        total(design, cells.domain(OPEN, lambda old, new: float(old)), whole),
        total(design, cells.domain(OPEN, lambda old, new: float(new)), whole),
        total(design, cells.domain(OPEN, lambda old, new: float(new - old), signed=True), whole),
    )


def _walked(reviewing: Reviewing, of: Callable[[Walk], float], reviewed: Range) -> Triple:
    figures: tuple[tuple[Figure, bool], ...] = (
        (lambda old, new: of(old), False),
        (lambda old, new: of(new), False),
        (lambda old, new: of(new) - of(old), True),
    )
    old, new, change = (carried(reviewing.total(figure, signed=signed), reviewed) for figure, signed in figures)
    return old, new, change


def _rate(found: Triple, days: int) -> Triple:
    return each(found, lambda one: scaled(one, 1 / days))


def _people(hours: Estimate, a_week: Range, days: int) -> Estimate:
    weeks = days / _WEEK
    found = carried(hours, Range(1 / (weeks * a_week.high), 1 / (weeks * a_week.low)))
    return Estimate(
        None if hours.value is None else hours.value / (weeks * a_week.middle),
        found.low,
        found.high,
        found.rows,
        found.method,
    )


def _share_words(reviewed: Range) -> str:
    if reviewed.is_point and reviewed.low == 1.0:
        return "Every item with something open is looked at by a person."
    return f"{reviewed.percent()} of the items with something open are looked at by a person."


def _walks_words(foreseen: Foreseen, reviewing: Reviewing) -> tuple[str, ...]:
    assumptions = foreseen.assumptions
    found = [
        f"The questions of {reviewing.walked:,} open items were walked through, the most telling for its cost first.",
        "Answers were drawn by the vocabulary's priors, the same for both versions, not from what these items are.",
        "An answer takes the seconds that the vocabulary gives it.",
    ]
    if assumptions.seconds:
        found.append(f"For {', '.join(f'`{name}`' for name in assumptions.seconds)} the seconds were given.")
    if reviewing.capped:
        found.append(
            f"{reviewing.capped:,} of these walks ended after {assumptions.most_questions} questions with some left."
        )
    return tuple(found)
