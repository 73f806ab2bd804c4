"""A rehearsal made by hand, with figures as a month of uploads gives them. It holds no test."""

from __future__ import annotations

from collections.abc import Iterator

from assay.engine.backtest.figures import Bounds, Estimate
from assay.engine.backtest.rehearsal import (
    EVERYWHERE,
    Agreement,
    Case,
    Cell,
    ClockLoad,
    Comparison,
    Forecast,
    ForecastLine,
    HistoryFacts,
    Matrix,
    MeasureLine,
    Pitfall,
    Quality,
    Refusal,
    Rehearsal,
    Scope,
    Threshold,
    Version,
)
from assay.engine.backtest.replay.treatment import Lane, Treatment

LANES = tuple(
    Lane(name, title, rank)
    for rank, (name, title) in enumerate(
        (
            ("visible", "Visible"),
            ("labelled", "Visible, labelled"),
            ("not_recommended", "Not recommended"),
            ("behind_warning", "Behind a warning"),
            ("held", "Held"),
            ("removed", "Removed"),
        )
    )
)
# From, to, decisions everywhere: what stays, then what moves.
MOVES = (
    ("visible", "visible", 812_400),
    ("labelled", "labelled", 96_300),
    ("not_recommended", "not_recommended", 21_750),
    ("behind_warning", "behind_warning", 6_120),
    ("held", "held", 310),
    ("removed", "removed", 9_480),
    ("visible", "labelled", 8_940),
    ("labelled", "not_recommended", 3_120),
    ("visible", "not_recommended", 1_260),
    ("not_recommended", "removed", 1_480),
    ("labelled", "removed", 640),
    ("behind_warning", "removed", 410),
    ("not_recommended", "labelled", 1_190),
    ("removed", "behind_warning", 520),
    ("held", "visible", 60),
)
MARKETS = (("BR", 0.31), ("DE", 0.18), ("FR", 0.16), ("IN", 0.27), ("*", 0.08))
LANGUAGES = (("pt", 0.3), ("de", 0.17), ("fr", 0.16), ("hi", 0.2), ("en", 0.16), ("", 0.01))
COHORTS = (("regular", 0.62), ("new", 0.21), ("professional", 0.12), ("news", 0.05))
SURFACES = (("feed", 0.5), ("short_video", 0.3), ("advert", 0.2))


def around(value: float, spread: float = 0.04, rows: int = 0) -> Estimate:
    """A figure with an interval of so many hundredths on both sides."""
    rows = rows or max(int(abs(value) / 9), 1)
    if 0 < rows < 5:
        return Estimate(None, None, None, rows, "stratified", suppressed=True)
    low, high = sorted((value * (1 - spread), value * (1 + spread)))
    return Estimate(value, low, high, rows, "stratified")


def exactly(value: float, rows: int = 1) -> Estimate:
    return Estimate(value, value, value, rows, "census")


def share(value: float, half: float = 0.0011, rows: int = 48_211) -> Estimate:
    return Estimate(value, max(value - half, 0.0), min(value + half, 1.0), rows, "stratified")


def between(least: float, most: float) -> Bounds:
    return Bounds(around(least), around(most))


def matrix(scope: Scope, part: float, tilt: float = 1.0) -> Matrix:
    """A matrix of some part of all decisions, in which changes are more or less frequent by `tilt`."""
    rank = {lane.id: lane.rank for lane in LANES}
    counts = [(old, new, number * part * (1.0 if old == new else tilt)) for old, new, number in MOVES]
    whole = sum(number for _, _, number in counts)
    stricter = sum(number for old, new, number in counts if rank[new] > rank[old]) / whole
    milder = sum(number for old, new, number in counts if rank[new] < rank[old]) / whole
    half = 0.0009 / part**0.5
    return Matrix(
        scope=scope,
        cells=tuple(
            Cell(old, new, around(number), around(number * 212, 0.08), between(number * 0.4, number * 0.9))
            for old, new, number in counts
        ),
        decisions=around(whole, 0.002),
        views=around(whole * 212, 0.01),
        changed=share(stricter + milder, half),
        stricter=share(stricter, half),
        milder=share(milder, half / 2),
        opened=share(0.0031, 0.0004),
        settled=share(0.0012, 0.0003),
        changed_views=share(0.0121, 0.0018),
    )


def matrices() -> Iterator[Matrix]:
    yield matrix(Scope(), 1.0)
    for place, (market, part) in enumerate(MARKETS):
        yield matrix(Scope(market), part, 0.7 + 0.2 * place)
    for dimension, values in (("language", LANGUAGES), ("cohort", COHORTS), ("surface", SURFACES)):
        for place, (value, part) in enumerate(values):
            yield matrix(Scope(EVERYWHERE, dimension, value), part, 1.3 - 0.15 * place)


def measures() -> Iterator[MeasureLine]:
    for scope, part in ((Scope(), 1.0), *((Scope(market), part) for market, part in MARKETS)):
        yield MeasureLine(
            "removed",
            "Removed",
            scope,
            between(10_000 * part, 14_400 * part),
            between(12_010 * part, 15_100 * part),
            between(1_400 * part, 2_700 * part),
            around(2_530 * part, 0.07),
            around(520 * part, 0.12),
            (share(0.0018, 0.0001), share(0.0024, 0.0001)),
        )
        yield MeasureLine(
            "label:ai",
            "AI label",
            scope,
            between(100_060 * part, 131_000 * part),
            between(106_430 * part, 138_000 * part),
            between(5_100 * part, 8_300 * part),
            around(10_130 * part, 0.03),
            around(3_760 * part, 0.05),
            (share(0.081, 0.003), share(0.094, 0.003)),
        )


def line(slug: str, title: str, unit: str, old: float, new: float, *assumptions: str) -> ForecastLine:
    return ForecastLine(slug, title, unit, around(old, 0.06), around(new, 0.06), around(new - old, 0.2), assumptions)


def forecast() -> Forecast:
    hours = [620 + 80 * (hour % 12) for hour in range(24)]
    return Forecast(
        days=30,
        lines=(
            line("reviewer-hours", "Reviewers' time", "hours", 3_120, 3_910, "Every open item reaches a reviewer."),
            line("severe-hours", "Severe media seen by reviewers", "hours", 212, 231, "Media of S3 and above counts."),
            line("appeals", "Appeals", "appeals", 1_904, 2_288, "14 to 18 % of removals are appealed."),
            line("overturned", "Appeals that succeed", "appeals", 571, 640, "30 % of appealed decisions are reversed."),
            line("labelled-items", "Items that carry a label", "items", 100_060, 106_430),
        ),
        clocks=(
            ClockLoad(
                "clock:two_days",
                "Forty-eight hours",
                48,
                tuple(around(one, 0.05) for one in hours),
                tuple(around(one * 1.18, 0.05) for one in hours),
                1_760,
                2_102,
            ),
        ),
        thresholds=(
            Threshold(3, "A week without posts", around(812, 0.1), around(1_044, 0.1)),
            Threshold(7, "Account removed", around(61, 0.2), around(92, 0.2)),
        ),
        assumptions=("The next 30 days are like those of the history.", "Nobody behaves differently."),
    )


def cases() -> Iterator[Case]:
    facts = {"How much AI made": "AI made or altered the content", "Realism": "an ordinary viewer takes it for real"}
    removed = Treatment(("removed", "label:ai"), ())
    for place in range(6):
        yield Case(
            id=f"upload-{place + 1:05d}",
            day=f"2026-10-{place + 3:02d}",
            market=MARKETS[place % 5][0],
            stratum="high risk" if place % 2 else "ordinary",
            stands_for=1.0 if place % 2 else 36.4,
            views=1_240 * (place + 1) if place else None,
            old=Treatment(("not_recommended", "label:ai"), ("removed",)) if place else removed,
            new=removed if place else Treatment((), ()),
            facts=facts,
            unknown=("Consent of the person shown",) if place else (),
            because_old=("likeness/private-person: as long as consent is unknown, it is not recommended.",),
            because_new=("likeness/intimate: a real person is shown nude, and nobody has agreed.",) if place else (),
        )


def facts() -> HistoryFacts:
    return HistoryFacts(
        title="october.parquet",
        rows=48_211,
        refused=17,
        first_day="2026-10-01",
        last_day="2026-10-30",
        design="a stratified sample: rows of each stratum were drawn with one probability",
        strata={"ordinary": (30_000, 1_092_000.0), "high risk": (18_211, 18_211.0)},
        effective_rows=31_904.0,
        missing={"person.consent": 0.42, "detector.score": 0.11, "person.kind": 0.07, "realism": 0.02},
        markets=("BR", "DE", "FR", "IN", "*"),
        has_views=True,
        has_creators=True,
        has_labels=True,
        has_hours=True,
        digest="sha256:" + "5e" * 32,
    )


def pitfalls() -> tuple[Pitfall, ...]:
    return (
        Pitfall("missing-signals", "Signals are missing", True, "`person.consent` is missing in 42 % of rows."),
        Pitfall("selection", "Only reviewed items are seen", False, "The sample was drawn from all uploads."),
        Pitfall("novelty", "New kinds of upload", None, "The history spans one month only."),
        Pitfall("behaviour", "Creators adapt", True, "It is not modelled."),
    )


def refusals() -> tuple[Refusal, ...]:
    return (
        Refusal("unknown-value", "`ai_extent` allows no value `mostly`", "ai_extent", 12, "october.parquet:311"),
        Refusal("bad-probability", "a probability is above 1", "probability", 5, "october.parquet:902", "check it"),
    )


def made() -> Rehearsal:
    """The whole of it."""
    return Rehearsal(
        history=facts(),
        old=Version("A platform's policy", "2024.3.0", "sha256:" + "a1" * 32),
        new=Version("A platform's policy", "2025.1.0", "sha256:" + "b2" * 32),
        comparison=Comparison(
            lanes=LANES,
            matrices=tuple(matrices()),
            measures=tuple(measures()),
            items=around(1_110_211, 0.002),
            items_changed=around(16_900, 0.03),
            creators_changed=Bounds(exactly(2_904, 2_904), around(15_800, 0.05)),
            post_stratified=share(0.0179),
            then_as_decided=share(0.913, 0.004),
        ),
        forecast=forecast(),
        quality=tuple(
            Quality(
                "removed",
                "Removed",
                side,
                share(precision, 0.04, 412),
                share(recall, 0.06, 388),
                share(1 - precision, 0.04, 412),
                share(0.031, 0.004, 2_210),
                share(0.024, 0.006, 2_210),
            )
            for side, precision, recall in (("old", 0.84, 0.61), ("new", 0.81, 0.72))
        ),
        agreement=(Agreement("removed", 611, 9, share(0.71, 0.05, 611), share(0.73, 0.05, 611)),),
        cases=tuple(cases()),
        pitfalls=pitfalls(),
        refusals=refusals(),
        engine="local",
        not_worked_out=(),
        code="assay 0.1.0",
        settings={"markets": "all", "least rows": "5"},
    )
