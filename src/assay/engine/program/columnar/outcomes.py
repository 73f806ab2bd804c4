"""From measures to what is done in a whole block: ladders, what is open, a code for each row. It reads no item."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assay.engine.language.pack.measures import Measures
from assay.engine.program.columnar.planes import Plane, codes_of, union


@dataclass(frozen=True, slots=True, eq=False)
class MeasurePlanes:
    """Measures by their places, each with one plane: shape (measures, words).

    true       where it is certain
    possible   where it is certain or unknown
    meanwhile  where a rule that is open imposes it until more is known
    """

    true: NDArray[np.uint64]
    possible: NDArray[np.uint64]
    meanwhile: NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class StandingPlanes:
    """What measures come to, each with one plane: shape (measures, words). Answers are not tried, as decisions do.

    applied    where it is done now: certain measures and those of the meantime, on ladders the strongest only
    unsettled  where an answer may still change whether it is done
    """

    applied: NDArray[np.uint64]
    unsettled: NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is done to a row: measures as a set of bits, and whether an answer may still change that."""

    applied: int
    is_open: bool


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """A code for each row, and what each code stands for. Another block has other codes for the same outcomes."""

    codes: NDArray[np.uint32]
    kinds: tuple[Outcome, ...]

    def counts(self) -> dict[Outcome, int]:
        """How many rows have each outcome."""
        return dict(zip(self.kinds, np.bincount(self.codes, minlength=len(self.kinds)).tolist(), strict=True))

    def moves(self, to: Outcomes) -> dict[tuple[Outcome, Outcome], int]:
        """How many rows have one outcome here and another one there, by both; also those that have the same."""
        width = len(to.kinds)
        joint = np.bincount(self.codes.astype(np.int64) * width + to.codes)
        found = np.flatnonzero(joint)
        return {
            (self.kinds[place // width], to.kinds[place % width]): rows
            for place, rows in zip(found.tolist(), joint[found].tolist(), strict=True)
        }


def standing_of(planes: MeasurePlanes, measures: Measures) -> StandingPlanes:
    """What is done now, and what may still change."""
    applied = planes.true | planes.meanwhile
    unsettled = (planes.possible | planes.meanwhile) & ~planes.true
    for ladder in measures.ladders:
        # From the strongest step down: one that is done hides those below, one that is certain settles them.
        places = sorted((measures.index[step.id] for step in ladder.steps), reverse=True)
        done, certain = np.zeros_like(applied[0]), np.zeros_like(applied[0])
        for place in places:
            reached = applied[place].copy()
            applied[place] &= ~done
            unsettled[place] &= ~certain
            done |= reached
            certain |= planes.true[place]
    return StandingPlanes(applied, unsettled)


def outcomes_of(standing: StandingPlanes, rows: int) -> Outcomes:
    """A code for what is done to each row."""
    applied: list[Plane] = list(standing.applied)
    codes, sets = codes_of([*applied, union(standing.unsettled, rows)], rows)
    top = 1 << len(applied)
    return Outcomes(codes, tuple([Outcome(found & top - 1, bool(found & top)) for found in sets]))
