"""How measures stand under both versions, as planes of what is counted of them. It counts nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.replay.seen import NEW, OLD, Seen

# Shape (measures, words).
Stack = NDArray[np.uint64]


class Count(StrEnum):
    """What is counted of a measure."""

    OLD_LEAST = "certain under the old version"
    OLD_MOST = "certain or unknown under the old version"
    NEW_LEAST = "certain under the new version"
    NEW_MOST = "certain or unknown under the new version"
    CHANGE_LEAST = "the least that the new version adds"
    CHANGE_MOST = "the most that the new version adds"
    GAINED = "newly done"
    LOST = "no longer done"
    DONE_OLD = "done under the old version"
    DONE_NEW = "done under the new version"


# Of these, views are counted too.
VIEWED = (Count.DONE_OLD, Count.DONE_NEW)


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """Rows that count up and rows that count down, by measure; no row does both."""

    up: Stack
    down: Stack | None = None


class Aligned:
    """The measures of two versions side by side.

    ids     those of the old version in its order, then what only the new one has
    places  by version and measure its place there; a version without it has the place after its last
    """

    def __init__(self, seen: Seen) -> None:
        packs = [program.pack.measures for program in seen.programs]
        self.ids = tuple(dict.fromkeys([measure.id for measures in packs for measure in measures.all]))
        self.places = [
            np.array([measures.index.get(name, len(measures.all)) for name in self.ids], np.intp) for measures in packs
        ]
        self.pairs: list[tuple[int | None, int | None]] = [
            (packs[OLD].index.get(name), packs[NEW].index.get(name)) for name in self.ids
        ]

    def of(self, version: int, planes: Stack) -> Stack:
        """A version's planes in the order of `ids`; measures it does not have are nowhere."""
        places = self.places[version]
        if places.size == len(planes) and np.array_equal(places, np.arange(places.size)):
            return planes
        return np.concatenate((planes, np.zeros((1, planes.shape[1]), np.uint64)))[places]


def states_of(seen: Seen, market: str, aligned: Aligned) -> tuple[list[int], dict[Count, Counted]]:
    """The measures that some row has in a market, and what is counted of each, as if all rows reached it."""
    old, new = seen.measures(OLD, market), seen.measures(NEW, market)
    before, after = seen.standing(OLD, market), seen.standing(NEW, market)
    possible = [aligned.of(OLD, old.possible), aligned.of(NEW, new.possible)]
    applied = [aligned.of(OLD, before.applied), aligned.of(NEW, after.applied)]
    true = [aligned.of(OLD, old.true), aligned.of(NEW, new.true)]
    some = np.flatnonzero((possible[0] | possible[1] | applied[0] | applied[1]).any(axis=1))
    (true_old, true_new), (may_old, may_new) = [found[some] for found in true], [found[some] for found in possible]
    done_old, done_new = [found[some] for found in applied]
    pairs = [aligned.pairs[at] for at in some.tolist()]
    apart = seen.planes.apart((OLD, seen.place(OLD, market)), (NEW, seen.place(NEW, market)), pairs)
    return some.tolist(), {
        Count.OLD_LEAST: Counted(true_old),
        Count.OLD_MOST: Counted(may_old),
        Count.NEW_LEAST: Counted(true_new),
        Count.NEW_MOST: Counted(may_new),
        # What both versions leave unknown by the same rules, they would answer alike.
        Count.CHANGE_LEAST: Counted(true_new & ~may_old, may_old & ~true_new & apart),
        Count.CHANGE_MOST: Counted(may_new & ~true_old & apart, true_old & ~may_new),
        Count.GAINED: Counted(done_new & ~done_old),
        Count.LOST: Counted(done_old & ~done_new),
        Count.DONE_OLD: Counted(done_old),
        Count.DONE_NEW: Counted(done_new),
    }
