"""Rows of one period counted by category, stratum and day. It keeps no row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.history.block import Group, HistoryBlock
from assay.engine.kernel.digest import share_of
from assay.engine.kernel.instants import DAY

# Weights are rounded to parts of 2^-20, so that their sums are the same however rows are cut into blocks.
FINE = float(1 << 20)
ROWS, WEIGHTS, SQUARES = 0, 1, 2
# Uploaders are dealt out to so many groups, always to the same; the last holds uploads of nobody that is known.
GROUPS = 128
_SALT = "groups of uploaders"


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where the rows of a block belong: the stratum and the day of each, and its weight.

    at       for each row the place of its day among `days` times the number of strata, and that of its stratum
    weight   by stratum the weight of its rows, where in this block it has but one
    groups   the group of each row's uploader; None where no uploader is known
    """

    days: tuple[int, ...]
    strata: tuple[str, ...]
    at: NDArray[np.int64]
    weights: NDArray[np.float64]
    squares: NDArray[np.float64]
    weight: NDArray[np.float64] | None
    groups: NDArray[np.int64] | None

    @classmethod
    def of(cls, history: HistoryBlock) -> Places:
        """The places of a block's rows."""
        as_of = history.block.as_of
        days = np.full(history.rows, as_of // DAY, np.int64) if isinstance(as_of, int) else as_of // DAY
        named, places = np.unique(days, return_inverse=True)
        weights = np.rint(history.weights * FINE) / FINE
        codes, strata = history.stratum.codes, history.stratum.names
        return cls(
            tuple(named.tolist()),
            strata,
            places.astype(np.int64) * len(strata) + codes,
            weights,
            np.rint(weights**2 * FINE) / FINE,
            _one_weight(weights, codes, len(strata)),
            None if history.creators is None else _groups_of(history.creators),
        )

    def count(self, codes: NDArray[np.int64], kinds: int) -> NDArray[np.float64]:
        """Rows, weights and their squares by day, stratum and category: shape (3, days, strata, kinds)."""
        shape = (len(self.days), len(self.strata), kinds)
        size = shape[0] * shape[1] * kinds
        joint = self.at * kinds + codes
        rows = np.bincount(joint, minlength=size).astype(np.float64)
        if self.weight is not None:
            by_row = np.broadcast_to(self.weight[None, :, None], shape).reshape(-1)
            by_square = np.rint(by_row**2 * FINE) / FINE
            return np.stack([rows, rows * by_row, rows * by_square]).reshape(3, *shape)
        weights, squares = np.bincount(joint, self.weights, size), np.bincount(joint, self.squares, size)
        return np.stack([rows, weights, squares]).reshape(3, *shape)

    def by_group(self, codes: NDArray[np.int64], kinds: int) -> NDArray[np.float64] | None:
        """Weights by group of uploaders and category: shape (groups, kinds)."""
        if self.groups is None:
            return None
        found = np.bincount(self.groups * kinds + codes, self.weights, (GROUPS + 1) * kinds).astype(np.float64)
        return found.reshape(GROUPS + 1, kinds)[:GROUPS]


def _groups_of(creators: Group) -> NDArray[np.int64]:
    """The group of each row's uploader; the same one in every history."""
    groups = np.full(len(creators.names), GROUPS, np.int64)
    for code in np.unique(creators.codes).tolist():
        if name := creators.names[code]:
            groups[code] = int(share_of(name, _SALT) * GROUPS)
    return groups[creators.codes]


def _one_weight(weights: NDArray[np.float64], codes: NDArray[np.int64], strata: int) -> NDArray[np.float64] | None:
    found = np.zeros(strata)
    found[codes] = weights
    return found if bool((found[codes] == weights).all()) else None


class Counted:
    """How often each category of one thing was seen, by stratum and by day.

    names       the categories, in the order in which they were first seen
    by_stratum  for each stratum rows, weights and squares by category
    by_day      for each day the weights by category
    by_group    for each group of uploaders the same; None where no uploader is known
    """

    def __init__(self, names: Sequence[str] = ()) -> None:
        self.names: list[str] = list(names)
        self.by_stratum: dict[str, NDArray[np.float64]] = {}
        self.by_day: dict[int, NDArray[np.float64]] = {}
        self.by_group: NDArray[np.float64] | None = None

    def add(self, places: Places, names: Sequence[str], codes: NDArray[np.int64]) -> None:
        """The rows of a block, each with the place of its category in `names`."""
        counts = places.count(codes, len(names))
        here = self._places_of(names)
        for stratum, found in zip(places.strata, np.moveaxis(counts.sum(1), 1, 0), strict=True):
            self._put_stratum(stratum, here, found)
        for day, weights in zip(places.days, counts[WEIGHTS].sum(1), strict=True):
            self._put_day(day, here, weights)
        self._put_groups(here, places.by_group(codes, len(names)))

    def merge(self, other: Counted) -> None:
        """The rows of later blocks."""
        here = self._places_of(other.names)
        for stratum, found in other.by_stratum.items():
            self._put_stratum(stratum, here, found)
        for day, weights in other.by_day.items():
            self._put_day(day, here, weights)
        self._put_groups(here, other.by_group)

    def _places_of(self, names: Sequence[str]) -> list[int]:
        self.names += [name for name in names if name not in self.names]
        return [self.names.index(name) for name in names]

    def _put_stratum(self, stratum: str, places: list[int], counts: NDArray[np.float64]) -> None:
        if counts.any():
            mine = self._wide(self.by_stratum.get(stratum), (3, len(self.names)))
            mine[:, places[: counts.shape[-1]]] += counts
            self.by_stratum[stratum] = mine

    def _put_day(self, day: int, places: list[int], weights: NDArray[np.float64]) -> None:
        if weights.any():
            mine = self._wide(self.by_day.get(day), (len(self.names),))
            mine[places[: weights.size]] += weights
            self.by_day[day] = mine

    def _put_groups(self, places: list[int], weights: NDArray[np.float64] | None) -> None:
        if weights is not None:
            mine = self._wide(self.by_group, (GROUPS, len(self.names)))
            mine[:, places[: weights.shape[-1]]] += weights
            self.by_group = mine

    @staticmethod
    def _wide(found: NDArray[np.float64] | None, shape: tuple[int, ...]) -> NDArray[np.float64]:
        wide = np.zeros(shape)
        if found is not None:
            wide[..., : found.shape[-1]] = found
        return wide
