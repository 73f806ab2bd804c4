"""Parts of a rehearsal as its page shows them: words, and places on a line. It never writes HTML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assay.engine.backtest.figures import Estimate
from assay.engine.backtest.history.block import ELSEWHERE
from assay.engine.backtest.rehearsal import (
    EVERYWHERE,
    Case,
    Forecast,
    ForecastLine,
    Matrix,
    Quality,
    Rehearsal,
    Scope,
)
from assay.engine.backtest.replay.treatment import Treatment
from assay.interfaces.look.markets import title_of
from assay.interfaces.rehearsals.figures import Kind, Said, interval_of, said, said_bounds, spelt

# What a leader asks first; the table has the others.
FELT = ("review-items", "reviewer-hours", "severe-hours", "appeals", "overturned", "labelled-items")
SIDES = {"old": "Now", "new": "Proposed"}


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One of the few figures at the top."""

    figure: Said
    words: str
    side: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """An interval and its point as places on a line, in hundredths of its length."""

    start: float
    length: float
    point: float


@dataclass(frozen=True, slots=True)
class ForecastView:
    """One forecast, with both versions drawn on one line that begins at zero; `felt` are the few shown at once."""

    title: str
    titled: str
    unit: str
    old: Said
    new: Said
    change: Said
    direction: str
    drawing: tuple[tuple[str, Stretch], ...]
    felt: bool
    assumptions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ScopeRow:
    """One line of the table of all scopes."""

    title: str
    figures: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class QualityRow:
    """How often one measure was right, under one version."""

    measure: str
    side: str
    figures: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class CaseView:
    """An item to read."""

    case: Case
    where: str
    stands_for: str
    views: str
    old: tuple[tuple[str, str], ...]
    new: tuple[tuple[str, str], ...]


def place_title(scope: Scope, *, alone: bool = False) -> str:
    """What a scope is called; `alone` where the history tells no markets apart."""
    if scope.dimension:
        return scope.value or "unknown"
    if scope.market == EVERYWHERE:
        return "All decisions"
    if scope.market == ELSEWHERE:
        return "Everywhere" if alone else "Everywhere else"
    return title_of(scope.market)


def key_figures(rehearsal: Rehearsal, whole: Matrix) -> tuple[KeyFigure, ...]:
    """Four or five figures that a leader takes away."""
    found = [
        KeyFigure(said(whole.changed, Kind.SHARE), "of decisions change"),
        KeyFigure(said(whole.stricter, Kind.SHARE), "become stricter", "stricter"),
        KeyFigure(said(whole.milder, Kind.SHARE), "become milder", "milder"),
        KeyFigure(said(rehearsal.comparison.items_changed), "items change in some market"),
    ]
    hours = next((line for line in rehearsal.forecast.lines if line.slug == "reviewer-hours"), None)
    if hours is not None:
        words = f"{hours.unit} of reviewing in {_days(rehearsal.forecast)}"
        found.append(KeyFigure(said(hours.change, kind_of(hours.unit), signed=True), words))
    elif whole.changed_views is not None:
        found.append(KeyFigure(said(whole.changed_views, Kind.SHARE), "of views are on decisions that change"))
    return tuple(found)


def forecast_views(forecast: Forecast) -> tuple[ForecastView, ...]:
    """Every forecast."""
    known = [line.slug for line in forecast.lines]
    felt = [slug for slug in FELT if slug in known] or known[: len(FELT)]
    numbers = {words: number for number, words in enumerate(assumptions_of(forecast), 1)}
    return tuple(_forecast(line, numbers, felt=line.slug in felt) for line in forecast.lines)


def assumptions_of(forecast: Forecast) -> tuple[str, ...]:
    """Everything that some forecast rests on, each once, in the order in which it is first needed."""
    return tuple(dict.fromkeys(words for line in forecast.lines for words in line.assumptions))


def kind_of(unit: str) -> Kind:
    """How figures of a unit are written."""
    return {"share": Kind.SHARE, "hours": Kind.AMOUNT, "seconds": Kind.AMOUNT}.get(unit, Kind.COUNT)


def titled(line: ForecastLine) -> str:
    """What is forecast, with its unit where the title does not name it."""
    words = line.title.lower().replace(",", "").split()
    return line.title if all(word in words for word in line.unit.split()) else f"{line.title}, {line.unit}"


def scope_rows(matrices: Iterable[Matrix], *, alone: bool) -> tuple[ScopeRow, ...]:
    """One line for each matrix: all decisions, then what happens to them."""
    rows = []
    for one in matrices:
        shares = (one.changed, one.stricter, one.milder, one.opened, one.settled)
        figures = [said(one.decisions), *(said(share, Kind.SHARE) for share in shares)]
        if one.changed_views is not None:
            figures.append(said(one.changed_views, Kind.SHARE))
        rows.append(ScopeRow(place_title(one.scope, alone=alone), tuple(figures)))
    return tuple(rows)


def quality_rows(quality: Iterable[Quality]) -> tuple[QualityRow, ...]:
    """One line for each measure and version."""
    missing = Said("not measured", "", "", known=False)
    rows = []
    for one in quality:
        shares = (one.precision, one.recall, one.overturn, one.apparent)
        figures = [said(share, Kind.SHARE) for share in shares]
        figures.append(missing if one.corrected is None else said(one.corrected, Kind.SHARE))
        rows.append(QualityRow(one.title, SIDES.get(one.side, one.side), tuple(figures)))
    return tuple(rows)


def case_views(cases: Iterable[Case], titles: Mapping[str, str], *, alone: bool) -> tuple[CaseView, ...]:
    """The items to read; `titles` are those of measures."""
    return tuple(
        CaseView(
            case=case,
            where=place_title(Scope(case.market), alone=alone),
            stands_for=spelt(case.stands_for),
            views="" if case.views is None else f"{case.views:,}",
            old=_badges(case.old, titles),
            new=_badges(case.new, titles),
        )
        for case in cases
    )


def strata_rows(strata: Mapping[str, tuple[int, float]]) -> tuple[tuple[str, str, str, str], ...]:
    """Each stratum: its sampled rows, the items they stand for, and one row in how many was taken."""
    return tuple(
        (name or "all rows", spelt(rows), spelt(items), f"1 in {spelt(items / rows)}" if rows else "")
        for name, (rows, items) in strata.items()
    )


def creators_of(rehearsal: Rehearsal) -> str:
    """How many uploaders are behind changed items, where that can be told."""
    found = rehearsal.comparison.creators_changed
    return "" if found is None else said_bounds(found)


def _forecast(line: ForecastLine, numbers: Mapping[str, int], *, felt: bool) -> ForecastView:
    kind = kind_of(line.unit)
    change = line.change
    direction = ""
    if change.low is not None and change.high is not None:
        direction = "more" if change.low > 0 else "less" if change.high < 0 else ""
    return ForecastView(
        line.title,
        titled(line),
        line.unit,
        said(line.old, kind),
        said(line.new, kind),
        said(change, kind, signed=True),
        direction,
        stretches({"old": line.old, "new": line.new}),
        felt,
        tuple(dict.fromkeys(numbers[words] for words in line.assumptions)),
    )


def stretches(sides: Mapping[str, Estimate]) -> tuple[tuple[str, Stretch], ...]:
    """Figures that are compared, on one line from zero to the highest bound."""
    known = {name: found for name, one in sides.items() if (found := interval_of(one)) is not None}
    most = max((high for _, _, high in known.values()), default=0.0)
    if most <= 0 or any(low < 0 for low, _, _ in known.values()):
        return ()
    return tuple(
        (name, Stretch(*(round(100 * part / most, 2) for part in (low, high - low, value))))
        for name, (low, value, high) in known.items()
    )


def _days(forecast: Forecast) -> str:
    return "1 day" if forecast.days == 1 else f"{forecast.days:,} days"


def _badges(treatment: Treatment, titles: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What is done, and what may be once an answer is there."""
    done = [("certain", titles.get(name, name)) for name in treatment.applied]
    return (*done, *(("open", titles.get(name, name)) for name in treatment.open if name not in treatment.applied))
