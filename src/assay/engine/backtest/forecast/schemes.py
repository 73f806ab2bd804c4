"""Strike schemes: what strikes count, how long, and what follows from how many. They never look at an account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Step:
    """A number of points, and what follows when an account reaches it."""

    points: int
    consequence: str


@dataclass(frozen=True, slots=True)
class StrikeScheme:
    """How strikes add up.

    points       by measure: how many points an item costs on which it is done; of several the most counts
    other        points of a strike measure that is not named
    window_days  days after which a strike no longer counts
    steps        in order of points
    forgiven     how many first strikes of an account are only a warning
    """

    name: str
    source: str
    steps: tuple[Step, ...]
    window_days: int
    points: Mapping[str, int] = field(default_factory=dict)
    other: int = 1
    forgiven: int = 0

    def points_of(self, measure: str) -> int:
        """What a strike measure costs."""
        return self.points.get(measure, self.other)

    @property
    def worst(self) -> int:
        """The most that one item can cost."""
        return max([self.other, *self.points.values()])

    def words(self) -> str:
        """The scheme as a sentence."""
        steps = ", ".join(f"{step.points} for {step.consequence.lower()}" for step in self.steps)
        named = ", ".join(f"`{measure}` {points}" for measure, points in self.points.items())
        counted = f"{named}, any other strike {self.other}" if named else f"every strike {self.other}"
        warned = f"; the first {self.forgiven} of an account only warn" if self.forgiven else ""
        return f"Strikes count {self.window_days} days ({counted}){warned}; an account needs {steps} ({self.name})."


# Each says what its platform has published; where a platform keeps numbers to itself, it is not here.
YOUTUBE = StrikeScheme(
    "youtube",
    "YouTube Help, Community Guidelines strike basics: a warning first, then three strikes in 90 days end a channel",
    (Step(1, "One week without uploads"), Step(2, "Two weeks without uploads"), Step(3, "Channel removed")),
    90,
    forgiven=1,
)
META = StrikeScheme(
    "meta",
    "Meta Transparency Center, Restricting accounts (2023): restrictions from the seventh strike on",
    (
        Step(7, "One day without posting"),
        Step(8, "Three days without posting"),
        Step(9, "Seven days without posting"),
        Step(10, "Thirty days without posting"),
    ),
    365,
)
SEVERE_AT_ONCE = StrikeScheme(
    "severe-at-once",
    "TikTok Community Guidelines: strikes expire after 90 days, and a severe violation ends an account at once",
    (Step(10, "Account removed"),),
    90,
    points={"strike:severe": 10},
)
PRESETS: Mapping[str, StrikeScheme] = MappingProxyType(
    {scheme.name: scheme for scheme in (YOUTUBE, META, SEVERE_AT_ONCE)}
)
