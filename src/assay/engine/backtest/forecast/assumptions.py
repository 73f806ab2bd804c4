"""What a forecast rests on besides the history, and where it comes from. It never knows a platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from assay.engine.backtest.forecast.schemes import YOUTUBE, StrikeScheme

DEFAULT_LANE = "*"


@dataclass(frozen=True, slots=True)
class Range:
    """A number that is not known better than between two bounds.

    at  where a forecast's point rests; without it, halfway between the bounds
    """

    low: float
    high: float
    at: float | None = None

    @property
    def middle(self) -> float:
        """What a forecast's point rests on."""
        return (self.low + self.high) / 2 if self.at is None else self.at

    @property
    def is_point(self) -> bool:
        """Whether it is known."""
        return self.low == self.high

    def words(self, factor: float = 1.0, unit: str = "") -> str:
        """It as people say it: `30%`, `1% to 5%`."""
        low, high = (f"{round(bound * factor, 6):g}{unit}" for bound in (self.low, self.high))
        return low if low == high else f"{low} to {high}"

    def percent(self) -> str:
        """It as a share of a hundred."""
        return self.words(100, "%")


ALL = Range(1.0, 1.0)
# 165 million decisions were appealed inside platforms in the first two years of the EU's Digital Services Act, and
# about 30% of them were reversed (European Commission).
EU_OVERTURNED = Range(0.30, 0.30)
# No source gives a rate that holds for platforms in general, so the default is wide and says so.
UNSOURCED_APPEALS = Range(0.01, 0.05)
# Hours under the names that the starter pack gives to its clocks.
CLOCK_HOURS: Mapping[str, int] = MappingProxyType(
    {"clock:one_hour": 1, "clock:two_hours": 2, "clock:three_hours": 3, "clock:one_day": 24, "clock:two_days": 48}
)


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What forecasts assume; all of it can be given.

    seconds         by signal: what an answer takes, where the vocabulary's own seconds are not meant
    reviewed        the share of open items that reach a reviewer
    appealed        by lane (`*` is every other): the share of items in it that are appealed
    overturned      the share of appeals that succeed, where labels do not tell
    clocks          by measure: the hours that its clock runs
    strikes         the scheme by which strikes add up
    hours_a_week    hours that a reviewer spends on questions in a week
    most_questions  after so many questions a reviewer hands an item on
    given           the names of what was given, and is not a default
    """

    seconds: Mapping[str, float] = field(default_factory=dict)
    reviewed: Range = ALL
    appealed: Mapping[str, Range] = field(default_factory=lambda: {DEFAULT_LANE: UNSOURCED_APPEALS})
    overturned: Range = EU_OVERTURNED
    clocks: Mapping[str, int] = field(default_factory=lambda: dict(CLOCK_HOURS))
    strikes: StrikeScheme = YOUTUBE
    hours_a_week: Range = Range(25.0, 30.0)
    most_questions: int = 30
    given: frozenset[str] = frozenset()

    def appeals_of(self, lane: str) -> Range:
        """The share of items in a lane that are appealed."""
        return self.appealed.get(lane, self.appealed.get(DEFAULT_LANE, UNSOURCED_APPEALS))
