"""Decision records made up for tests of the index: every shape, nothing of a pack. It holds no test."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass

from assay.interfaces.stores.entry import Entry
from assay.interfaces.stores.indexing.facts import HERE, OPEN, SETTLED
from assay.interfaces.stores.indexing.reading.wanted import Wanted

MARKETS = ("DE", "FR", "CN", "rest")
MEASURES = ("removed", "label:ai", "held")
RULES = ("likeness/intimate", "fraud/lure", "minors/any")
BUNDLES = tuple(f"sha256:{digit * 64}" for digit in "ab")


@dataclass(frozen=True, slots=True)
class Decided:
    """What a made-up record says."""

    item: str
    bundle: str
    outcomes: Sequence[dict[str, object]]

    @property
    def record(self) -> bytes:
        """The record, as much of it as the index reads."""
        return json.dumps(
            {
                "as_of": "2026-12-15T10:00:00Z",
                "bundle": self.bundle,
                "item": self.item,
                "outcomes": list(self.outcomes),
                "schema": "assay.decision/1",
            }
        ).encode()

    @property
    def entry(self) -> Entry:
        """The record on its way into a store, with a piece that others share."""
        head, middle, tail = self.record.partition(b'"outcomes"')
        return Entry([head, middle, tail], self.item)


def decided(count: int, seed: int = 1, rare: int = 400) -> list[Decided]:
    """Records of few items, of which the measure `held` is seldom certain."""
    chance = random.Random(seed)
    return [_one(number, chance, rare) for number in range(count)]


def _one(number: int, chance: random.Random, rare: int) -> Decided:
    codes = list(MARKETS[: chance.randint(1, 4)])
    cut = chance.randint(0, len(codes))
    outcomes = [_outcome(some, chance, rare) for some in (codes[:cut], codes[cut:]) if some]
    return Decided(f"item-{chance.randrange(40)}", chance.choice(BUNDLES), outcomes)


def _outcome(markets: list[str], chance: random.Random, rare: int) -> dict[str, object]:
    truths = {name: chance.choice(("yes", "no", "unknown")) for name in MEASURES[:2]}
    truths["held"] = "yes" if chance.randrange(rare) == 0 else "no"
    fired = [name for name in RULES if chance.random() < 0.3]
    settled = "unknown" not in truths.values()
    return {
        "markets": markets,
        "measures": truths,
        "fired": fired,
        "possible": [name for name in RULES if name not in fired and chance.random() < 0.3],
        "questions": [] if settled else ["consent"],
        "settled": settled,
    }


def fits(found: Decided, wanted: Wanted) -> bool:
    """Whether a record is wanted, by its own words and not by the index."""
    if wanted.item and found.item != wanted.item:
        return False
    here = [one for one in found.outcomes if not wanted.market or wanted.market in _list(one["markets"])]
    in_market = wanted.in_market or ((HERE,) if wanted.market else ())
    for fact in in_market:
        if fact in (OPEN, SETTLED) and not wanted.market:
            whole = all(one["settled"] for one in found.outcomes)
            if (fact == SETTLED) != whole:
                return False
        elif not any(_holds(one, fact) for one in here):
            return False
    return all(_said(found, fact) for fact in wanted.anywhere)


def _holds(one: dict[str, object], fact: str) -> bool:
    if fact == HERE:
        return True
    if fact in (OPEN, SETTLED):
        return (fact == SETTLED) == one["settled"]
    name, _, truth = fact.removeprefix("measure:").rpartition("=")
    measures = one["measures"]
    return isinstance(measures, dict) and measures[name] == truth


def _said(found: Decided, fact: str) -> bool:
    kind, _, rest = fact.partition(":")
    if kind == "bundle":
        return found.bundle == rest
    rule, _, truth = rest.rpartition("=")
    return any(rule in _list(one["fired" if truth == "yes" else "possible"]) for one in found.outcomes)


def _list(value: object) -> list[str]:
    return value if isinstance(value, list) else []
