"""How far a cluster has spread: items, accounts, surfaces and markets, and how fast it grows. It knows no today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from assay.detection.copies.clusters.circumstances import Circumstance
from assay.detection.copies.clusters.grouping import Cluster

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# A row of bars on a page: so many are told apart at a glance, and no cluster needs more.
BARS = 24


@dataclass(frozen=True, slots=True)
class Spread:
    """Of one cluster.

    items           how many there are
    known           of how many the platform knows anything
    accounts        different ones, the most active with its number of items first
    surfaces        and `markets`: each with its number of items, the largest first
    first, last     when the first and the last were uploaded, or None where no time is known
    timed           of how many the time is known
    busiest_hour    most items within any 60 minutes
    last_day        items within the 24 hours that end with the last one, and `day_before` in the 24 before those
    bars            items in each of equal spans from first to last
    """

    items: int
    known: int
    accounts: tuple[tuple[str, int], ...]
    surfaces: tuple[tuple[str, int], ...]
    markets: tuple[tuple[str, int], ...]
    first: datetime | None
    last: datetime | None
    timed: int
    busiest_hour: int
    last_day: int
    day_before: int
    bars: tuple[int, ...]

    @property
    def per_day(self) -> float | None:
        """Items a day between the first and the last; None where they are less than an hour apart."""
        if self.first is None or self.last is None or self.last - self.first < HOUR:
            return None
        return (self.timed - 1) / ((self.last - self.first) / DAY)


def spread_of(cluster: Cluster, ids: Sequence[str], known: Mapping[str, Circumstance]) -> Spread:
    """What is known of the cluster's items.

    ids    of all items, by their places
    known  circumstances by id; an item that is not in it counts as an item and nothing else
    """
    about = [known[ids[place]] for place in cluster.members if ids[place] in known]
    times = sorted(each.at for each in about if each.at is not None)
    last = times[-1] if times else None
    return Spread(
        items=len(cluster.members),
        known=len(about),
        accounts=_counted(each.account for each in about),
        surfaces=_counted(each.surface for each in about),
        markets=_counted(each.market for each in about),
        first=times[0] if times else None,
        last=last,
        timed=len(times),
        busiest_hour=_busiest(times, HOUR),
        last_day=sum(last - each < DAY for each in times) if last else 0,
        day_before=sum(DAY <= last - each < 2 * DAY for each in times) if last else 0,
        bars=_bars(times),
    )


def _counted(names: Iterable[str]) -> tuple[tuple[str, int], ...]:
    counts = Counter(name for name in names if name)
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _busiest(times: Sequence[datetime], span: timedelta) -> int:
    most = start = 0
    for end, moment in enumerate(times):
        while moment - times[start] >= span:
            start += 1
        most = max(most, end - start + 1)
    return most


def _bars(times: Sequence[datetime]) -> tuple[int, ...]:
    if len(times) < 2 or times[0] == times[-1]:
        return ()
    whole = times[-1] - times[0]
    counts = [0] * BARS
    for each in times:
        counts[min(BARS - 1, int((each - times[0]) / whole * BARS))] += 1
    return tuple(counts)
