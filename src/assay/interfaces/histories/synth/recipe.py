"""What a made-up history shall be. It draws nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from assay.engine.backtest.history.layout import DESIGNS
from assay.engine.kernel.errors import Fault
from assay.engine.kernel.markets import Markets

MOST_ROWS = 1_000_000_000
USUAL_SAMPLE = 0.05
# The reader takes days of these years only.
_EARLIEST, _LATEST = date(2000, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What decides every byte of a history, beside the packs.

    rows      uploads there were; of which the design takes all or some
    sample    how many are taken, by a design other than a census: below 1 a share, else rows
    labels    the share of rows taken that people judged
    missing   the share of signals that nobody knows, on average
    drift     whether uploads, detectors and what is missing change over the days
    markets   single markets that views are counted for; none: those that the packs tell apart
    """

    rows: int
    seed: int
    days: int = 30
    first_day: date = date(2026, 10, 1)
    design: str = "census"
    sample: float | None = None
    labels: float = 0.05
    missing: float = 0.08
    drift: bool = False
    markets: tuple[str, ...] = ()

    @property
    def wanted(self) -> int:
        """How many rows the design takes, or expects to take."""
        if self.design == "census":
            return self.rows
        sample = USUAL_SAMPLE if self.sample is None else self.sample
        return min(self.rows, round(sample * self.rows) if sample < 1 else int(sample))

    def as_json(self) -> dict[str, object]:
        """The recipe as it stands in the file that it made."""
        return {
            "rows": self.rows,
            "seed": self.seed,
            "days": self.days,
            "first_day": self.first_day.isoformat(),
            "design": self.design,
            "sample": self.sample,
            "labels": self.labels,
            "missing": self.missing,
            "drift": self.drift,
            "markets": list(self.markets),
        }


def faults_of(recipe: Recipe, markets: Markets) -> list[Fault]:
    """What is wrong with a recipe, everything at once."""
    found = []
    if not 0 <= recipe.rows <= MOST_ROWS:
        found.append(Fault("out-of-range", f"`{recipe.rows}` rows: at least 0 and at most {MOST_ROWS:,}", "--rows"))
    if recipe.seed < 0:
        found.append(Fault("out-of-range", f"`{recipe.seed}` is no seed: it is 0 or above", "--seed"))
    if not 1 <= recipe.days <= 3660:
        found.append(Fault("out-of-range", f"`{recipe.days}` days: at least 1 and at most 3660", "--days"))
    elif not _EARLIEST <= recipe.first_day <= _LATEST - timedelta(days=recipe.days):
        found.append(Fault("out-of-range", f"days from `{recipe.first_day}`: within 2000 to 2099", "--first-day"))
    if recipe.design not in DESIGNS:
        names = ", ".join(DESIGNS)
        found.append(Fault("unknown-value", f"`{recipe.design}` is no design; there are {names}", "--design"))
    if recipe.sample is not None:
        found += _sample_faults(recipe)
    for option, share in (("--labels", recipe.labels), ("--missing", recipe.missing)):
        if not 0 <= share <= 0.9:
            found.append(Fault("out-of-range", f"`{share:g}` is a share from 0 to 0.9", option))
    unknown = [code for code in recipe.markets if code not in markets.codes]
    found += [Fault("unknown-market", f"no single market is named `{code}`", "--markets") for code in unknown]
    return found


def _sample_faults(recipe: Recipe) -> list[Fault]:
    sample = recipe.sample or 0.0
    if recipe.design == "census":
        return [Fault("unused-option", "a census takes every row; name a design that takes some", "--sample")]
    if not 0 < sample <= max(recipe.rows, 1) or (sample >= 1 and sample != int(sample)):
        words = f"`{sample:g}` is neither a share below 1 nor a number of rows that there are"
        return [Fault("out-of-range", words, "--sample")]
    return []
