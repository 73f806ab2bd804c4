"""Who uploads and who sees it: uploaders, markets, languages, hours, views. It knows nothing of what is uploaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.history.block import ELSEWHERE
from assay.engine.language.pack.classes import market_classes
from assay.engine.language.pack.pack import Pack
from assay.interfaces.histories.synth.chance import Bits, Wheel

COHORTS = {"new": 25.0, "regular": 55.0, "professional": 13.0, "news": 2.0, "mass": 5.0}
# How many views their items have, beside a regular uploader's.
FOLLOWED = {"new": 0.4, "regular": 1.0, "professional": 8.0, "news": 25.0, "mass": 0.6}
SURFACES = {"feed": 14.0, "search": 2.0, "live": 1.0, "message": 1.0, "advert": 1.0, "profile": 1.0, "comment": 2.0}
# How many views a market has beside the others, and the languages of what is uploaded there.
REACH: dict[str, tuple[float, str]] = {
    "IN": (18, "hi:6 en:3"), "US": (11, "en:8 es:2"), "BR": (9, "pt:1"), "ID": (7, "id:1"), "MX": (5, "es:1"),
    "JP": (5, "ja:1"), "DE": (4, "de:8 en:1"), "GB": (4, "en:1"), "FR": (4, "fr:8 en:1"), "TR": (3, "tr:1"),
    "KR": (3, "ko:1"), "VN": (3, "vi:1"), "PH": (3, "en:2 id:1"), "US-CA": (2.5, "en:7 es:3"), "IT": (2.5, "it:1"),
    "ES": (2.5, "es:1"), "CN": (2, "zh:1"), "CA": (2, "en:3 fr:1"), "PL": (2, "pl:1"), "US-TX": (2, "en:6 es:4"),
    "TW": (1.5, "zh:1"), "AU": (1.5, "en:1"), "MY": (1.5, "en:1 zh:1"), "US-NY": (1.2, "en:8 es:2"),
    "SG": (0.6, "en:2 zh:1"), "KZ": (0.5, "ru:1"), "NO": (0.5, "en:1"), ELSEWHERE: (12, "en:3 es:3 ar:3 fr:1 ru:1"),
}  # fmt: skip
_ANY_MARKET = (0.4, "en:1")
_FEWEST_MARKETS = 5
_LARGE_CLASS = 10
# Views of an item, at equally likely steps: most are seen a few times, one in thousands by millions.
_TYPICAL_VIEWS = 60.0
# Uploads by hour of the day (UTC) and by day of the week, from Monday.
HOURS = (4, 3, 3, 2, 2, 3, 4, 5, 6, 6, 6, 6, 7, 7, 7, 7, 8, 8, 9, 9, 9, 8, 7, 5)
WEEK = (10, 10, 10, 10, 11, 13, 13)


def markets_for(packs: Sequence[Pack]) -> tuple[str, ...]:
    """Markets that packs tell apart, the largest first: of a class its largest, of a large class two."""
    found: dict[str, None] = {}
    for pack in packs:
        for each in market_classes(pack)[:-1]:
            ordered = sorted(each.codes, key=_order)
            found |= dict.fromkeys(ordered[: 2 if len(ordered) > _LARGE_CLASS else 1])
    for code in sorted(packs[0].markets.codes & REACH.keys(), key=_order):
        if len(found) >= _FEWEST_MARKETS:
            break
        # A subdivision that no rule names is part of its country.
        found |= {} if "-" in code else {code: None}
    return tuple(sorted(found, key=_order))


def _order(code: str) -> tuple[float, str]:
    return -REACH.get(code, _ANY_MARKET)[0], code


@dataclass(frozen=True, slots=True, eq=False)
class Audience:
    """Markets with their languages, and how views spread over them.

    markets    codes, everywhere else last; `home` and `language` are wheels for an item's own
    languages  the empty one is unknown
    spread     by language and market, the share of an item's views that a market which is not its home has
    """

    markets: tuple[str, ...]
    languages: tuple[str, ...]
    home: Wheel
    language: Wheel
    spread: NDArray[np.float64]
    noise: NDArray[np.float64]
    sizes: NDArray[np.float64]

    @classmethod
    def of(cls, markets: Sequence[str]) -> Audience:
        """The audience of some markets and of everywhere else."""
        codes = (*markets, ELSEWHERE)
        reach = [REACH.get(code, _ANY_MARKET) for code in codes]
        by_market = [_weights(line) for _, line in reach]
        names = sorted({name for line in by_market for name in line})
        total = sum(size for size, _ in reach)
        spread = np.empty((len(names), len(codes)))
        for row, name in enumerate(names):
            for column, (size, _) in enumerate(reach):
                # Views go where the language is spoken, and a few anywhere.
                known = by_market[column].get(name, 0.0) / sum(by_market[column].values())
                spread[row, column] = 0.2 * size / total * (0.15 + 2.0 * known)
        return cls(
            codes,
            ("", *names),
            Wheel.of([[size for size, _ in reach]]),
            Wheel.of([[line.get(name, 0.0) for name in names] for line in by_market], first=1),
            spread,
            _heavy(256, 1.0, 2),
            _heavy(8192, _TYPICAL_VIEWS, 1),
        )

    def views(
        self, market: int, home: NDArray[Any], language: NDArray[Any], size: NDArray[np.float64], bits: Bits
    ) -> NDArray[np.int64]:
        """How often items were seen in a market; in its home market an item is seen at least once."""
        share = self.spread[:, market].take(language.astype(np.int64) - 1)
        at_home = home == market
        share[at_home] = 0.7
        share *= size
        share *= self.noise.take((bits >> 8).astype(np.int64))
        # The low bits round up as often as the fraction says, or small markets would see nothing.
        share += (bits & 255).astype(np.float64) / 256.0
        return np.asarray(np.maximum(share.astype(np.int64), at_home), np.int64)


def _heavy(steps: int, middle: float, roots: int) -> NDArray[np.float64]:
    """Values at equally likely steps around a middle, with a heavy tail: the odds, of which roots are taken."""
    places = (np.arange(steps) + 0.5) / steps
    odds = places / (1.0 - places)
    for _ in range(roots):
        # Square roots are the same on every machine to the last digit; other powers are not.
        odds = np.sqrt(odds)
    return np.asarray(middle * odds, np.float64)


def slots(days: int, first_weekday: int, rows: int) -> NDArray[np.int64]:
    """The first row of each hour of each day, by the rhythm of day and week; and at the end how many rows there are."""
    weights = [WEEK[(first_weekday + day) % 7] * hour for day in range(days) for hour in HOURS]
    total, reached, found = sum(weights), 0, [0]
    for weight in weights:
        reached += weight
        found.append(rows * reached // total)
    return np.array(found, np.int64)


def _weights(text: str) -> dict[str, float]:
    return {name: float(weight) for name, _, weight in (part.rpartition(":") for part in text.split())}
