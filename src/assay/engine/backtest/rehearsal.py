"""What a rehearsal comes to: every table and figure of its report, as values. It works nothing out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assay.engine.backtest.figures import Bounds, Estimate
from assay.engine.backtest.replay.treatment import Lane, Treatment

EVERYWHERE = "every market"
# Reasons for which something in a row is left out, and not the row.
ROW_STAYS = frozenset(("unknown-label", "bad-label", "left-unknown"))


@dataclass(frozen=True, slots=True)
class Scope:
    """Which decisions a table is about.

    market     a market of the history, or `every market`
    dimension  `language`, `cohort` or `surface`, with the value in it; both empty where rows are not told apart
    """

    market: str = EVERYWHERE
    dimension: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """Decisions that go from one lane to another; views are None where the history has none."""

    old: str
    new: str
    decisions: Estimate
    views: Estimate | None
    creators: Bounds | None = None


@dataclass(frozen=True, slots=True)
class Matrix:
    """A transition matrix: one cell for every pair of lanes that some row has.

    decisions, views     all decisions of the scope, and their views
    changed              decisions that end up in another lane, as a share of all
    stricter, milder     the same, by direction
    opened, settled      decisions that wait for an answer only under the candidate, or no longer
    changed_views        views of decisions that end up in another lane, as a share of all views
    """

    scope: Scope
    cells: tuple[Cell, ...]
    decisions: Estimate
    views: Estimate | None
    changed: Estimate
    stricter: Estimate
    milder: Estimate
    opened: Estimate
    settled: Estimate
    changed_views: Estimate | None = None


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One measure under both versions, in decisions and, with views, as prevalence per view.

    old, new       least: where it is certain; most: where it is certain or unknown
    change         the least and the most that the candidate adds (below zero: takes away)
    gained, lost   decisions on which it is newly done now, or no longer done now
    view_share     the share of views on items it is done to, under the old version and the new one
    """

    measure: str
    title: str
    scope: Scope
    old: Bounds
    new: Bounds
    change: Bounds
    gained: Estimate
    lost: Estimate
    view_share: tuple[Estimate, Estimate] | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both versions on the same history.

    matrices          the whole first, then by market, language, cohort, surface
    measures          by scope, only measures that some row has
    items_changed     distinct items that end up in another lane in some market
    creators_changed  distinct uploaders of such items; None where the history names none
    post_stratified   changed decisions reweighted to totals that are known from elsewhere; None without such totals
    then_as_decided   share of rows for which the old version does what was done then; None where that is unknown
    """

    lanes: tuple[Lane, ...]
    matrices: tuple[Matrix, ...]
    measures: tuple[MeasureLine, ...]
    items: Estimate
    items_changed: Estimate
    creators_changed: Bounds | None = None
    post_stratified: Estimate | None = None
    then_as_decided: Estimate | None = None


@dataclass(frozen=True, slots=True)
class ForecastLine:
    """One forecast, under both versions, for the time that the history spans.

    slug         such as `reviewer-hours`; `unit` such as `hours`, `items`, `accounts`
    change       new less old
    assumptions  what it rests on, each a sentence
    """

    slug: str
    title: str
    unit: str
    old: Estimate
    new: Estimate
    change: Estimate
    assumptions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClockLoad:
    """How many items run under a legal clock in each hour of the day (UTC), on average over the days, and the peak."""

    measure: str
    title: str
    hours: int
    old: tuple[Estimate, ...]
    new: tuple[Estimate, ...]
    peak_old: int
    peak_new: int


@dataclass(frozen=True, slots=True)
class Threshold:
    """Accounts that reach a consequence of the strike scheme."""

    points: int
    consequence: str
    old: Estimate
    new: Estimate


@dataclass(frozen=True, slots=True)
class Forecast:
    """What people, clocks and accounts would feel of it."""

    days: int
    lines: tuple[ForecastLine, ...]
    clocks: tuple[ClockLoad, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quality:
    """How often a measure was right, by what people found.

    side       `old` or `new`
    precision  of items that it is done to, the share for which it is right
    recall     of items for which it is right, the share that it is done to
    overturn   of items that it is done to, the share that a fresh look would reverse
    apparent   share of items for which people say that it is right
    corrected  the same, corrected for what people get wrong (Rogan and Gladen 1978); None without a measure of that
    """

    measure: str
    title: str
    side: str
    precision: Estimate
    recall: Estimate
    overturn: Estimate
    apparent: Estimate
    corrected: Estimate | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far people agree on what they labelled; kappa is None unless two people labelled the same items."""

    of: str
    items: int
    people: int
    alpha: Estimate
    kappa: Estimate | None


@dataclass(frozen=True, slots=True)
class Case:
    """One changed item to read: what is known of it, what both versions do, and why.

    facts              signals in the words of the vocabulary; `unknown` what matters and is missing
    because_old, _new  the rules behind it, each with its reason in plain words
    stands_for         how many items of the history it stands for
    """

    id: str
    day: str
    market: str
    stratum: str
    stands_for: float
    views: int | None
    old: Treatment
    new: Treatment
    facts: Mapping[str, str]
    unknown: tuple[str, ...]
    because_old: tuple[str, ...]
    because_new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pitfall:
    """One line of the checklist: whether it applies here, and what was found.

    applies  yes, no, or None where the history cannot tell
    """

    slug: str
    title: str
    applies: bool | None
    words: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Rows that were left out, or columns or something in rows that was, for one reason.

    column  the column it is about, or nothing
    rows    how many rows it is about; 0 where a column as a whole is meant
    first   the first such row as `file:row`, rows counted from 1
    """

    slug: str
    words: str
    column: str
    rows: int
    first: str
    hint: str = ""

    @property
    def rows_stay(self) -> bool:
        """Whether the rows were decided all the same."""
        return self.slug in ROW_STAYS


@dataclass(frozen=True, slots=True)
class HistoryFacts:
    """What a history is.

    rows, refused     rows that were decided, and rows that were left out
    design            the sampling design in words; `strata` by name: sampled rows, and items they stand for
    effective_rows    rows of a simple random sample that would say as much (Kish)
    missing           by signal: the share of rows that do not have it, the most missing first
    digest            of the files, in order
    """

    title: str
    rows: int
    refused: int
    first_day: str
    last_day: str
    design: str
    strata: Mapping[str, tuple[int, float]]
    effective_rows: float
    missing: Mapping[str, float]
    markets: tuple[str, ...]
    has_views: bool
    has_creators: bool
    has_labels: bool
    has_hours: bool
    digest: str


@dataclass(frozen=True, slots=True)
class Version:
    """One side of the comparison."""

    title: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The whole of it."""

    history: HistoryFacts
    old: Version
    new: Version
    comparison: Comparison
    forecast: Forecast
    quality: tuple[Quality, ...] = ()
    agreement: tuple[Agreement, ...] = ()
    cases: tuple[Case, ...] = ()
    pitfalls: tuple[Pitfall, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    engine: str = "local"
    not_worked_out: tuple[str, ...] = ()
    code: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
