"""Every figure of a comparison by name, and how often intervals of samples hold what is true. It tests nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assay.engine.backtest.figures import Bounds, Estimate
from assay.engine.backtest.rehearsal import Comparison, Forecast, Matrix, MeasureLine, Rehearsal, Scope
from assay.engine.language.pack.pack import Pack
from assay.interfaces.rehearsals.running import Settings, rehearse

# What kind of figure it is, and where it stands.
Name = tuple[str, ...]
_SLACK = 1e-6


def rehearsed(history: Path, old: Pack, new: Pack, *, least_rows: int = 5) -> Rehearsal:
    """A rehearsal without items to read."""
    found = rehearse(history, old, new, Settings(least_rows=least_rows, cases=0), lambda done, rows: None)
    assert isinstance(found, Rehearsal), found
    assert found.refusals == ()
    return found


def estimates_of(comparison: Comparison) -> dict[Name, Estimate]:
    """Every estimate in it. Of bounds, both ends where nothing missing holds them apart."""
    found: dict[Name, Estimate] = {("items",): comparison.items, ("items changed",): comparison.items_changed}
    for matrix in comparison.matrices:
        found |= dict(_of_matrix(matrix))
    for line in comparison.measures:
        found |= dict(_of_measure(line))
    return found


def forecasts_of(forecast: Forecast) -> dict[Name, Estimate]:
    """Every line of a forecast, under both versions and as the change."""
    return {
        (f"forecast: {line.slug}", side): estimate
        for line in forecast.lines
        for side, estimate in (("old", line.old), ("new", line.new), ("change", line.change))
    }


def exact(found: Mapping[Name, Estimate]) -> dict[Name, Estimate]:
    """Those that rest on no assumption, once everything is known."""
    return {name: one for name, one in found.items() if one.value is not None and one.low == one.high}


def _of_matrix(matrix: Matrix) -> Iterator[tuple[Name, Estimate]]:
    where = _words(matrix.scope)
    for name in ("decisions", "views", "changed", "stricter", "milder", "opened", "settled", "changed_views"):
        estimate = getattr(matrix, name)
        if estimate is not None:
            yield (f"matrix: {name}", *where), estimate
    for cell in matrix.cells:
        yield ("cell: decisions", *where, cell.old, cell.new), cell.decisions
        if cell.views is not None:
            yield ("cell: views", *where, cell.old, cell.new), cell.views


def _of_measure(line: MeasureLine) -> Iterator[tuple[Name, Estimate]]:
    where = (*_words(line.scope), line.measure)
    yield ("measure: gained", *where), line.gained
    yield ("measure: lost", *where), line.lost
    for name, bounds in (("old", line.old), ("new", line.new), ("change", line.change)):
        if bounds.is_point:
            yield (f"measure: {name}", *where), bounds.least
    if line.view_share is not None:
        yield ("measure: views before", *where), line.view_share[0]
        yield ("measure: views after", *where), line.view_share[1]


def _words(scope: Scope) -> Name:
    return scope.market, scope.dimension, scope.value


def bounds_of(comparison: Comparison) -> dict[Name, Bounds]:
    """The bounds of every measure."""
    return {
        (name, *_words(line.scope), line.measure): bounds
        for line in comparison.measures
        for name, bounds in (("old", line.old), ("new", line.new), ("change", line.change))
    }


@dataclass(slots=True)
class Held:
    """How often intervals held the truth, by kind of figure and by figure."""

    kinds: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    figures: Counter[Name] = field(default_factory=Counter)
    missed: Counter[Name] = field(default_factory=Counter)

    def add(self, printed: Mapping[Name, Estimate], true: Mapping[Name, Estimate]) -> None:
        """The figures of one sample. What a report keeps back promises nothing."""
        for name, estimate in printed.items():
            if estimate.low is None or estimate.high is None:
                continue
            value = true[name].value if name in true else 0.0
            assert value is not None, name
            good = estimate.low - _SLACK * abs(value) <= value <= estimate.high + _SLACK * abs(value)
            self.kinds[name[0]] += 1
            self.held[name[0]] += good
            self.figures[name] += 1
            self.missed[name] += not good

    def shares(self) -> dict[str, float]:
        """The share of intervals that held, by kind of figure."""
        return {kind: self.held[kind] / times for kind, times in sorted(self.kinds.items())}
