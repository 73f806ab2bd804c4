"""The penalty simulator: whom strikes would take over which threshold under both versions. It punishes nobody."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.estimate.design import POISSON, Design, Kind
from assay.engine.backtest.estimate.domain import domain
from assay.engine.backtest.estimate.totals import total
from assay.engine.backtest.figures import Estimate
from assay.engine.backtest.forecast.schemes import StrikeScheme
from assay.engine.backtest.forecast.wholes import whole_of
from assay.engine.backtest.moments import Moments, Stratum
from assay.engine.backtest.replay.seen import Seen
from assay.engine.backtest.sampling.reached import VERSIONS, Reached
from assay.engine.kernel.digest import share_of
from assay.engine.kernel.instants import DAY
from assay.engine.language.pack.measures import Measures
from assay.engine.program.columnar.planes import unpack

KIND = "kind"
MOST_ACCOUNTS = 50_000
_SALT = "accounts with strikes"
BOUNDS = "bounds"


class Strike(NamedTuple):
    """One or more strikes of an account on one day under one version."""

    day: int
    points: int
    version: int


class Strikes:
    """Strikes by account, of accounts drawn by their names where there are more than can be kept.

    halvings      accounts are kept whose share is below 2 to the minus this
    accounts      by account: how many strikes it has of each kind
    unattributed  by version, rows with a strike and no uploader
    partial       whether rows were a sample, so that accounts are seen in part
    nameless      whether some rows have no column of uploaders
    """

    def __init__(self, scheme: StrikeScheme, most: int = MOST_ACCOUNTS) -> None:
        self.scheme, self.most = scheme, most
        self.halvings = 0
        self.accounts: dict[str, dict[Strike, int]] = {}
        self.unattributed = [0, 0]
        self.partial = self.nameless = False

    def add(self, seen: Seen, reached: Reached, points: tuple[NDArray[np.int64], NDArray[np.int64]]) -> None:
        """Count a block's strikes; `points` are those of each item, by version."""
        history = seen.history
        self.partial = self.partial or bool((history.probability < 1.0).any())
        if history.creators is None:
            self.nameless = self.nameless or history.rows > 0
            return
        names, codes = history.creators.names, history.creators.codes
        known = np.array([bool(name) for name in names], np.bool_)
        as_of = history.block.as_of
        days = np.full(history.rows, as_of // DAY) if isinstance(as_of, int) else as_of // DAY
        for version in VERSIONS:
            struck = points[version] != 0
            unknown = struck & ~known[codes]
            self.unattributed[version] += int(np.count_nonzero(unknown))
            rows = np.flatnonzero(struck & ~unknown)
            if rows.size:
                self._count(version, codes[rows], names, days[rows], points[version][rows])
        self._shrink()

    def _count(
        self,
        version: int,
        codes: NDArray[np.int64],
        names: Sequence[str],
        days: NDArray[np.int64],
        points: NDArray[np.int64],
    ) -> None:
        """Count strikes, those of one account, day and cost together."""
        first, width, height = int(days.min()), int(points.max()) + 1, int(days.max() - days.min()) + 1
        joint, times = np.unique((codes * height + days - first) * width + points, return_counts=True)
        wanted = {code: self._wanted(names[code]) for code in np.unique(codes).tolist()}
        for code, found in zip(joint.tolist(), times.tolist(), strict=True):
            left, cost = divmod(code, width)
            creator, day = divmod(left, height)
            if wanted[creator]:
                into = self.accounts.setdefault(names[creator], {})
                strike = Strike(day + first, cost, version)
                into[strike] = into.get(strike, 0) + found

    def merge(self, other: Strikes) -> None:
        """Take in strikes of other blocks."""
        self.partial, self.nameless = self.partial or other.partial, self.nameless or other.nameless
        self.unattributed = [mine + theirs for mine, theirs in zip(self.unattributed, other.unattributed, strict=True)]
        for account, strikes in other.accounts.items():
            into = self.accounts.setdefault(account, {})
            for strike, times in strikes.items():
                into[strike] = into.get(strike, 0) + times
        self.halvings = max(self.halvings, other.halvings)
        self._drop()
        self._shrink()

    def _wanted(self, account: str) -> bool:
        return account in self.accounts or not self.halvings or share_of(account, _SALT) < 0.5**self.halvings

    def _drop(self) -> None:
        if self.halvings:
            limit = 0.5**self.halvings
            self.accounts = {name: kept for name, kept in self.accounts.items() if share_of(name, _SALT) < limit}

    def _shrink(self) -> None:
        while len(self.accounts) > self.most:
            self.halvings += 1
            self._drop()

    def peaks(self, version: int) -> Counter[int]:
        """How many of the accounts kept have which peak: the most points that they had at once."""
        found: Counter[int] = Counter()
        for strikes in self.accounts.values():
            of_version = [(strike, times) for strike, times in sorted(strikes.items()) if strike.version == version]
            if of_version:
                found[peak_of(of_version, self.scheme)] += 1
        return found

    def reaching(self, peaks: Counter[int], points: int, struck: Estimate) -> Estimate:
        """Accounts that have so many points at once, or more.

        struck  points that strikes come to, over all items: the most there can be of accounts that are seen in part
        """
        seen = sum(times for peak, times in peaks.items() if peak >= points)
        if self.partial:
            most = None if struck.high is None else max(float(seen), struck.high / points)
            return Estimate(None, float(seen), most, seen, BOUNDS)
        if not self.halvings:
            return Estimate(float(seen), float(seen), float(seen), seen, Kind.CENSUS)
        weight = 2.0**self.halvings
        rows = len(self.accounts)
        design = Design.of({"": Stratum("", rows, rows * weight, rows * weight**2, equal=True)}, POISSON)
        found = Moments(seen, seen, seen * weight, seen, seen * weight, seen * weight**2)
        return total(design, domain({"": found}), whole_of(design, 1.0))


def peak_of(strikes: Sequence[tuple[Strike, int]], scheme: StrikeScheme) -> int:
    """The most points that an account has at once; strikes in order of days, of one day the mildest first."""
    forgiven, held, peak = scheme.forgiven, 0, 0
    running: deque[tuple[int, int]] = deque()
    for strike, times in strikes:
        counted = max(0, times - forgiven)
        forgiven -= times - counted
        while running and strike.day - running[0][0] >= scheme.window_days:
            held -= running.popleft()[1]
        running.append((strike.day, counted * strike.points))
        held += counted * strike.points
        peak = max(peak, held)
    return peak


def points_of(reached: Reached, scheme: StrikeScheme) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """By version, the points that each item of a block costs its uploader: of several strikes the worst."""
    old, new = (_points(reached, version, scheme) for version in VERSIONS)
    return old, new


def _points(reached: Reached, version: int, scheme: StrikeScheme) -> NDArray[np.int64]:
    measures = reached.seen.programs[version].pack.measures
    found = np.zeros(reached.rows, np.int64)
    for measure in strike_measures(measures):
        plane = reached.anywhere[version][measures.index[measure]]
        if plane.any():
            np.maximum(found, unpack(plane, reached.rows) * np.int64(scheme.points_of(measure)), out=found)
    return found


def strike_measures(measures: Measures) -> Iterable[str]:
    """The measures that are strikes: the kinds of every counter."""
    return [measure.id for measure in measures.all if measure.kind == KIND]
