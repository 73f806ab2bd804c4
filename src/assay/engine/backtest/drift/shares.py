"""Shares of categories in one period, with how far chance alone moves them. It compares nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.drift.categories import NO_CATEGORY, UNKNOWN, WITH, WITHOUT
from assay.engine.backtest.drift.counted import GROUPS, ROWS, SQUARES, WEIGHTS, Counted
from assay.engine.backtest.drift.watch import DONE, MIX, OPEN, OUTCOME, REACH, Thing, Watch
from assay.engine.backtest.moments import Stratum

# With fewer days they cannot tell how much days differ by themselves.
LEAST_DAYS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """The categories of one thing in one period.

    rows       sampled rows by category; `share` their shares, weighted
    variance   of each share, as one period differs from the next by chance: which uploads came, which were sampled,
               and how unlike days are
    degrees    of freedom with which that is known
    groups     by group of uploaders and category, by how much the group moves each share; None without uploaders
    """

    names: tuple[str, ...]
    rows: NDArray[np.float64]
    share: NDArray[np.float64]
    variance: NDArray[np.float64]
    degrees: float
    groups: NDArray[np.float64] | None = None

    @property
    def total(self) -> float:
        """Sampled rows of all categories."""
        return float(self.rows.sum())


def design_of(watch: Watch) -> dict[str, Stratum]:
    """The strata of a period."""
    found = {}
    for name, counts in watch.everything.by_stratum.items():
        least, most = watch.strata.weights[name]
        rows, weights, squares = counts.sum(1).tolist()
        found[name] = Stratum(name, int(rows), weights, squares, least == most)
    return found


def shares_of(watch: Watch, thing: Thing, names: Sequence[str]) -> Shares:
    """The categories of a thing, in the order of `names`."""
    strata = design_of(watch)
    counts = _by_stratum(watch, thing, names)
    rows = sum((one[ROWS] for one in counts.values()), np.zeros(len(names)))
    weights = sum((one[WEIGHTS] for one in counts.values()), np.zeros(len(names)))
    size = float(weights.sum())
    if size <= 0:
        nothing = np.zeros(len(names))
        return Shares(tuple(names), nothing, nothing, nothing, 1.0)
    share = weights / size
    variance = _of_sample(strata, counts, share, size) + share * (1 - share) / size
    days = _by_day(watch, thing, names)
    degrees = max(float(rows.sum()) - len(strata), 1.0)
    if len(days) >= LEAST_DAYS:
        apart = np.stack([of_day - share * of_day.sum() for of_day in days.values()])
        by_days = (apart**2).sum(0) / size**2 * len(days) / (len(days) - 1)
        # Uploads of one day are alike, so that days, and not rows, are what chance deals out.
        if bool((by_days > variance).any()):
            degrees = len(days) - 1.0
        variance = np.maximum(variance, by_days)
    return Shares(tuple(names), rows, share, variance, degrees, _by_group(watch, thing, names, share))


def _of_sample(
    strata: Mapping[str, Stratum], counts: Mapping[str, NDArray[np.float64]], share: NDArray[np.float64], size: float
) -> NDArray[np.float64]:
    """The variance that sampling brings to the share of each category (a linearised ratio, category by category)."""
    found = np.zeros(share.size)
    for name, one in counts.items():
        stratum, own = strata[name], one
        rows, of_all = float(own[ROWS].sum()), own.sum(1)
        if stratum.equal:
            # u = y - share within the thing's rows, and 0 in the stratum's other rows.
            first = own[ROWS] - share * of_all[ROWS]
            square = own[ROWS] * (1 - share) ** 2 + (of_all[ROWS] - own[ROWS]) * share**2
            about = np.maximum(0.0, square - first**2 / stratum.rows) / max(stratum.rows - 1, 1)
            left_out = max(0.0, 1 - stratum.rows / stratum.weights)
            found += stratum.weights**2 * left_out * about / stratum.rows if rows else 0.0
        else:
            by = own[SQUARES] - own[WEIGHTS]
            every = of_all[SQUARES] - of_all[WEIGHTS]
            found += by * (1 - share) ** 2 + (every - by) * share**2
    return np.asarray(found / size**2)


def _by_stratum(watch: Watch, thing: Thing, names: Sequence[str]) -> dict[str, NDArray[np.float64]]:
    counted, rest, whole = watch.things.get(thing, Counted()), rest_of(thing), whole_of(watch, thing)
    found = {}
    for stratum, every in whole.by_stratum.items():
        counts = np.zeros((3, len(names)))
        mine = counted.by_stratum.get(stratum)
        if mine is not None:
            _fold(counts, mine, counted.names, names)
        # Whatever was counted nowhere else is of the category that has no count of its own.
        counts[:, names.index(rest)] += _size(every, whole) - counts.sum(1)
        found[stratum] = counts
    return found


def _by_day(watch: Watch, thing: Thing, names: Sequence[str]) -> dict[int, NDArray[np.float64]]:
    counted, rest, whole = watch.things.get(thing, Counted()), rest_of(thing), whole_of(watch, thing)
    found = {}
    for day, every in whole.by_day.items():
        weights = np.zeros(len(names))
        mine = counted.by_day.get(day)
        if mine is not None:
            _fold(weights, mine, counted.names, names)
        weights[names.index(rest)] += float(_size(every, whole)) - weights.sum()
        found[day] = weights
    return found


def _by_group(
    watch: Watch, thing: Thing, names: Sequence[str], share: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    counted, rest, whole = watch.things.get(thing, Counted()), rest_of(thing), whole_of(watch, thing)
    if whole.by_group is None:
        return None
    weights = np.zeros((GROUPS, len(names)))
    if counted.by_group is not None:
        _fold(weights, counted.by_group, counted.names, names)
    sizes = _size(whole.by_group, whole)
    weights[:, names.index(rest)] += sizes - weights.sum(1)
    return np.asarray((weights - share * sizes[:, None]) / max(float(sizes.sum()), 1.0))


def _fold(into: NDArray[np.float64], mine: NDArray[np.float64], own: Sequence[str], names: Sequence[str]) -> None:
    for place in range(mine.shape[-1]):
        name = own[place]
        if name in names and name != NO_CATEGORY:
            into[..., names.index(name)] += mine[..., place]


def _size(counts: NDArray[np.float64], whole: Counted) -> NDArray[np.float64]:
    """All rows that have a category: of a market's, those that reached it."""
    here = [place for place, name in enumerate(whole.names[: counts.shape[-1]]) if name != NO_CATEGORY]
    return np.asarray(counts[..., here].sum(-1))


def whole_of(watch: Watch, thing: Thing) -> Counted:
    """What a thing's shares are of: all; of an outcome those that reached its market, of a set's value known sets."""
    if thing.part:
        return watch.things.get(thing, Counted())
    if thing.kind == OUTCOME:
        return watch.things.get(Thing(REACH, thing.market), Counted())
    return watch.everything


def rest_of(thing: Thing) -> str:
    """The category of rows that were counted nowhere."""
    if thing.part:
        return WITHOUT
    return NO_CATEGORY if thing.kind in (OUTCOME, REACH) else UNKNOWN


def names_of_thing(watches: Sequence[Watch], thing: Thing) -> tuple[str, ...]:
    """The categories of a thing in any of some periods, in the order first seen."""
    if thing.kind == OUTCOME:
        return NO_CATEGORY, OPEN, DONE
    if thing.kind == REACH:
        return NO_CATEGORY, DONE
    if thing.part:
        return WITHOUT, WITH
    found = dict.fromkeys([UNKNOWN])
    seen = [watch.things[thing].names for watch in watches if thing in watch.things]
    for names in seen:
        # Languages and cohorts come in the order of files; by name, they come alike for both periods.
        found |= dict.fromkeys(sorted(names) if thing.kind == MIX else names)
    return tuple(found)
