"""The checklist of what can mislead in a rehearsal, with what applies filled in. It never clears a figure of doubt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date

from assay.engine.backtest.estimate.design import Kind
from assay.engine.backtest.figures import CONFIDENCE, Bounds, Estimate
from assay.engine.backtest.forecast.gathered.strikes import BOUNDS
from assay.engine.backtest.forecast.gathered.trend import Trend
from assay.engine.backtest.rehearsal import (
    Agreement,
    Comparison,
    Forecast,
    HistoryFacts,
    MeasureLine,
    Pitfall,
    Quality,
    Scope,
)
from assay.engine.kernel.instants import DAY, day_of
from assay.engine.language.pack.vocabulary import Signal, SignalType
from assay.engine.program.core import atoms_of
from assay.engine.program.lower import Program

# Four whole weeks: fewer days leave weekdays and one-off events in the figures.
WHOLE_WEEKS = 28
# Below this, labels are too unreliable even for tentative conclusions (Krippendorff 2004, doi:10.1093/hcr/30.3.411).
TENTATIVE = 0.667
FAITHFUL = 0.95
_SURPRISING = 0.01
_MOST_NAMED = 3
_LEAST_LABELS = 10
_DETECTOR = "detector"


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that the checklist looks at.

    programs  the version in force and the candidate
    """

    programs: tuple[Program, Program]
    history: HistoryFacts
    comparison: Comparison
    forecast: Forecast
    trend: Trend
    quality: Sequence[Quality] = ()
    agreement: Sequence[Agreement] = ()

    @property
    def read(self) -> tuple[Signal, ...]:
        """The signals that some rule of either version reads, in the order of the newer vocabulary."""
        found: dict[str, Signal] = {}
        for program in reversed(self.programs):
            names = {name for lowered in program.rules for atom in atoms_of(lowered.condition) for name in atom.signals}
            for signal in program.pack.vocabulary.signals:
                if signal.name in names:
                    found.setdefault(signal.name, signal)
        return tuple(found.values())


def pitfalls(evidence: Evidence) -> tuple[Pitfall, ...]:
    """The whole checklist, always in one order; a line that does not apply says why not."""
    checks = (
        _selection, _views_after_action, _fidelity, _missing, _label_shift, _label_quality, _season, _elections,
        _behaviour, _metric, _recommender, _learning, _detectors, _looks, _small_cells,
    )  # fmt: skip
    return tuple(check(evidence) for check in checks)


def _applies(slug: str, title: str, words: str) -> Pitfall:
    return Pitfall(slug, title, applies=True, words=words)


def _spared(slug: str, title: str, words: str) -> Pitfall:
    return Pitfall(slug, title, applies=False, words=words)


def _unclear(slug: str, title: str, words: str) -> Pitfall:
    return Pitfall(slug, title, applies=None, words=words)


# --------------------------------------------------------------- the history


def _selection(evidence: Evidence) -> Pitfall:
    history = evidence.history
    items = sum(weights for _, weights in history.strata.values())
    title = "Selection: who is in the history"
    if items > history.rows * (1 + 1e-9):
        words = (
            f"{history.rows:,} rows were drawn with known probabilities and stand for {items:,.0f} items; they say as "
            f"much as {history.effective_rows:,.0f} rows drawn evenly. Every figure is weighted."
        )
        return _spared("selection", title, words)
    words = (
        f"The history says that its {history.rows:,} rows are all there was. It cannot show what never came into it: "
        "if only reviewed or reported items were kept, every figure is about those and about nothing else."
    )
    return _unclear("selection", title, words)


def _views_after_action(evidence: Evidence) -> Pitfall:
    title = "Views that enforcement took away"
    if not evidence.history.has_views:
        return _spared("views-after-action", title, "The history has no views, so no figure rests on them.")
    words = (
        "Items that were acted on then have fewer views than they would have had, so what is milder now would be seen "
        "more often than the figures say."
    )
    return _applies("views-after-action", title, words)


def _fidelity(evidence: Evidence) -> Pitfall:
    title = "Whether the policy in force explains what was done then"
    found = evidence.comparison.then_as_decided
    if found is None or found.value is None:
        return _unclear("fidelity", title, "The history does not say what was done then, so nobody can tell.")
    words = (
        f"The policy in force does today what was done then on {_percent(found)} of the rows that say what was done. "
        "The rest is reviewers, appeals, older versions or missing signals."
    )
    return Pitfall("fidelity", title, found.value < FAITHFUL, words)


def _missing(evidence: Evidence) -> Pitfall:
    title = "Signals that old items do not have"
    read = {signal.name for signal in evidence.read if signal.calendar is None}
    shares = [(share, name) for name, share in evidence.history.missing.items() if name in read and share > 0]
    if not shares:
        return _spared("missing", title, "Every row has every signal that a rule reads.")
    worst = ", ".join(f"`{name}` {share:.0%}" for share, name in sorted(shares, reverse=True)[:_MOST_NAMED])
    words = f"{len(shares)} of {len(read)} signals that rules read are missing on some rows, most of all {worst}."
    widest = _widest(evidence.comparison)
    if widest is not None:
        line, width = widest
        words += (
            f" Counts are given between the least and the most; they are furthest apart for “{line.title}”, where "
            f"{width:,.0f} decisions are open under the candidate."
        )
    return _applies("missing", title, words)


def _widest(comparison: Comparison) -> tuple[MeasureLine, float] | None:
    found = [(line, _width(line.new)) for line in comparison.measures if line.scope == Scope()]
    open_lines = [entry for entry in found if entry[1] > 0]
    return max(open_lines, key=lambda entry: entry[1]) if open_lines else None


def _width(bounds: Bounds) -> float:
    if bounds.least.value is None or bounds.most.value is None:
        return 0.0
    return bounds.most.value - bounds.least.value


# ---------------------------------------------------------------- the labels


def _label_shift(evidence: Evidence) -> Pitfall:
    title = "Label shift: whether the mix of content moved meanwhile"
    tables = {of: _halves(found, evidence.trend.middle) for of, found in sorted(evidence.trend.labels.items())}
    tested = {of: _surprise(table) for of, table in tables.items() if _is_enough(table)}
    if not tested:
        return _unclear("label-shift", title, f"There are too few labels to compare two halves.{_drifting(evidence)}")
    # The smallest of so many p-values is held against a limit that is as much stricter.
    moved = [of for of, chance in tested.items() if chance * len(tested) < _SURPRISING]
    named = ", ".join(f"`{of}`" for of in moved[:_MOST_NAMED])
    words = (
        f"What people found of {named} differs between the first and the second half of the time beyond chance "
        f"({len(moved)} of {len(tested)} labelled things; p below {_SURPRISING:g} after correction)."
        if moved
        else f"Of {len(tested)} labelled things none differs between the halves of the time beyond chance."
    )
    return Pitfall("label-shift", title, bool(moved), words + _drifting(evidence))


def _drifting(evidence: Evidence) -> str:
    """How the share of changed items moved from the first half of the time to the second."""
    trend = evidence.trend
    if trend.days < 2:
        return ""
    shares = []
    for half in _split(trend.rows, trend.changed, trend.middle):
        rows, changed = half
        shares.append(changed / rows if rows else 0.0)
    return f" The candidate changes {shares[0]:.2%} of the rows of the first half and {shares[1]:.2%} of the second."


def _split(rows: Counter[int], changed: Counter[int], middle: int) -> tuple[tuple[int, int], tuple[int, int]]:
    first, second = (
        (
            sum(times for day, times in rows.items() if (day >= middle) is late),
            sum(times for day, times in changed.items() if (day >= middle) is late),
        )
        for late in (False, True)
    )
    return first, second


def _halves(found: Counter[tuple[int, str]], middle: int) -> dict[str, list[int]]:
    """By finding, how often it was made in the first and in the second half."""
    table: dict[str, list[int]] = {}
    for (day, value), times in sorted(found.items()):
        table.setdefault(value, [0, 0])[day >= middle] += times
    return table


def _is_enough(table: dict[str, list[int]]) -> bool:
    halves = [sum(counts[half] for counts in table.values()) for half in (0, 1)]
    return len(table) > 1 and min(halves) >= _LEAST_LABELS


def _surprise(table: dict[str, list[int]]) -> float:
    """The chance of a difference as large where there is none: Pearson's test of a table."""
    # SciPy loads slowly, and a history without labels has no need of it.
    from scipy.stats import chi2_contingency

    return float(chi2_contingency([list(counts) for counts in table.values()]).pvalue)


def _label_quality(evidence: Evidence) -> Pitfall:
    title = "Labels that people disagree on"
    known = [(one.alpha.value, one.of) for one in evidence.agreement if one.alpha.value is not None]
    if not known:
        words = (
            "There are labels, but not several of the same items, so how reliable they are is not known."
            if evidence.history.has_labels
            else "The history has no labels, so whether the measures are right is not measured at all."
        )
        return _unclear("label-quality", title, words)
    alpha, of = min(known)
    low = [found for found in known if found[0] < TENTATIVE]
    words = f"Agreement is lowest on `{of}` (Krippendorff's alpha {alpha:.2f}); {len(low)} of {len(known)} lie below "
    return Pitfall("label-quality", title, bool(low), f"{words}{TENTATIVE}, under which labels support no conclusion.")


# ------------------------------------------------------------------ the time


def _season(evidence: Evidence) -> Pitfall:
    days, title = evidence.forecast.days, "Season"
    if not days:
        return _unclear("season", title, "The history spans no day.")
    span = f"The history spans {days} {'day' if days == 1 else 'days'}, {_dates(evidence.history)}"
    if days < WHOLE_WEEKS:
        return _applies("season", title, f"{span}: less than four whole weeks, so one weekend or event weighs much.")
    return _spared("season", title, f"{span}: other months may still differ.")


def _elections(evidence: Evidence) -> Pitfall:
    title = "Elections and other windows of the calendar"
    trend = evidence.trend
    if not trend.rows:
        return _unclear("elections", title, "The history spans no day.")
    start, until = min(trend.rows) * DAY, (max(trend.rows) + 1) * DAY
    windows = {window.id: window for program in evidence.programs for window in program.pack.windows}
    inside = [window for window in windows.values() if window.start < until and start < window.until]
    if not inside:
        return _spared("elections", title, "No window of the packs' calendars lies in the time of the history.")
    named = ", ".join(
        f"`{window.id}` ({day_of(window.start)} to {day_of(window.until - 1)})" for window in inside[:_MOST_NAMED]
    )
    words = f"{len(inside)} {'window lies' if len(inside) == 1 else 'windows lie'} in the time of the history: {named}."
    return _applies("elections", title, f"{words} Months outside such windows decide otherwise.")


def _dates(history: HistoryFacts) -> str:
    first, last = history.first_day, history.last_day
    weekday = date.fromisoformat(first).strftime("%A") if first else ""
    return f"{first} ({weekday}) to {last}" if first else "of unknown dates"


# ---------------------------------------------------------- what is not modelled


def _behaviour(evidence: Evidence) -> Pitfall:
    words = (
        "Not modelled: people who learn of the rule upload, disclose and word things otherwise, and those who evade it "
        "find its edges. The figures are for the same uploads under other rules."
    )
    return _applies("behaviour", "People respond to rules", words)


def _metric(evidence: Evidence) -> Pitfall:
    title = "The change moves its own measure"
    if evidence.programs[0].pack == evidence.programs[1].pack:
        return _spared("own-measure", title, "Both versions say the same.")
    moved = []
    for line in evidence.comparison.measures:
        if line.scope == Scope() and line.view_share is not None:
            old, new = line.view_share
            if old.value is not None and new.value is not None and old.value != new.value:
                moved.append((abs(new.value - old.value), line, old, new))
    words = "Prevalence counted by the candidate and by the policy in force are two measures; do not compare them."
    if moved:
        _, line, old, new = max(moved, key=lambda entry: entry[0])
        words += (
            f" On the same views “{line.title}” goes from {_percent(old)} to {_percent(new)} of views with nothing "
            "in the world having changed."
        )
    return _applies("own-measure", title, words)


def _recommender(evidence: Evidence) -> Pitfall:
    title = "Ranking reacts"
    if not evidence.history.has_views:
        return _spared("recommender", title, "The history has no views, so no figure rests on them.")
    words = "Not modelled: views that a measure takes from one item go to others, which ranking then learns from."
    return _applies("recommender", title, words)


def _learning(evidence: Evidence) -> Pitfall:
    title = "Reviewers learn"
    slugs = {line.slug for line in evidence.forecast.lines}
    if "reviewer-hours" not in slugs:
        return _spared("learning", title, "No reviewer hours are forecast.")
    words = (
        "Not modelled: a new rule is slower and more often wrong in its first weeks, and quicker later; hours rest on "
        "trained people's seconds."
    )
    return _applies("learning", title, words)


def _detectors(evidence: Evidence) -> Pitfall:
    title = "Signals that a model gave"
    by_model = [
        signal.name
        for signal in evidence.read
        if signal.type is SignalType.SCORE or signal.model or _DETECTOR in signal.asserted_by
    ]
    if not by_model:
        return _spared("detectors", title, "No rule reads a signal that a model may give.")
    named = ", ".join(f"`{name}`" for name in by_model[:_MOST_NAMED])
    words = (
        f"A detector or a language model may give {len(by_model)} of {len(evidence.read)} signals that rules read, "
        f"such as {named}. Another model, threshold or prompt gives the same items other values, which is not in the "
        "intervals."
    )
    return _applies("detectors", title, words)


# --------------------------------------------------------------- the figures


def _looks(evidence: Evidence) -> Pitfall:
    title = "Many looks"
    # A census has no sampling error, and bounds that hold for certain miss nothing.
    sampled = [one for one in _estimates(evidence) if one.method not in (Kind.CENSUS, BOUNDS)]
    intervals = sum(1 for one in sampled if one.low is not None and one.low != one.high)
    if not intervals:
        return _spared("many-looks", title, "No figure has an interval that could miss by chance.")
    missed = intervals * (1 - CONFIDENCE)
    words = (
        f"{intervals:,} intervals are given, each of which holds the truth in {CONFIDENCE:.0%} of samples: about "
        f"{missed:,.0f} are expected to miss it, so do not pick the one that stands out."
    )
    return Pitfall("many-looks", title, intervals > 1, words)


def _small_cells(evidence: Evidence) -> Pitfall:
    title = "Small cells"
    suppressed = sum(1 for one in _estimates(evidence) if one.suppressed)
    if not suppressed:
        return _spared("small-cells", title, "No figure rests on so few rows that it is kept back.")
    words = f"{suppressed:,} figures rest on too few rows and are kept back; they are not zero."
    return _applies("small-cells", title, words)


def _estimates(evidence: Evidence) -> Iterator[Estimate]:
    yield from _within((evidence.comparison, evidence.forecast, tuple(evidence.quality), tuple(evidence.agreement)))


def _within(value: object) -> Iterator[Estimate]:
    """Every estimate in a tree of values."""
    if isinstance(value, Estimate):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _within(part)
    elif is_dataclass(value):
        for each in fields(value):
            yield from _within(getattr(value, each.name))


def _percent(estimate: Estimate) -> str:
    return "an unknown share" if estimate.value is None else f"{estimate.value:.2%}"
