"""Clusters of near-duplicates: what hangs together by close pairs, each with its middle and width. It shows nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assay.detection.copies.clusters.closeness import Closeness, apart
from assay.detection.copies.clusters.pairs import close_pairs

# So many members are compared with each other one by one; of larger clusters, this many spread evenly over it.
MOST_COMPARED = 1_000
MOST_COMPARED_SLOWLY = 60


@dataclass(frozen=True, slots=True)
class Cluster:
    """Items that hang together by pairs of which each is close.

    members   places among the items, in their order
    medoid    the item that is nearest to all others: the one to look at
    diameter  how far the two most different members are apart
    reach     how far the member farthest from the medoid lies from it
    strays    members that are not close to the medoid themselves: they belong by a chain of others only
    compared  of how many members diameter and strays are known, where not all could be compared
    """

    members: tuple[int, ...]
    medoid: int
    diameter: float
    reach: float
    strays: int
    compared: int

    @property
    def is_chained(self) -> bool:
        """Whether it holds what is close to nothing but its neighbours, so that its ends may be different things."""
        return self.strays > 0


def clusters_of(
    values: Sequence[str],
    closeness: Closeness,
    *,
    smallest: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> list[Cluster]:
    """Clusters of at least `smallest` items, the largest first; of the same size, in the order of their first members.

    values  one hash for each item, of one kind; equal ones belong together whatever the distance
    """
    different: dict[str, list[int]] = {}
    for place, value in enumerate(values):
        different.setdefault(value, []).append(place)
    kept = list(different)
    roots = np.arange(len(kept), dtype=np.int64)
    for pairs in close_pairs(kept, closeness, progress):
        _join(roots, pairs)
    together: dict[int, list[int]] = {}
    for place in range(len(kept)):
        together.setdefault(_root(roots, place), []).append(place)
    found = [
        _cluster(kept, group, different, closeness)
        for group in together.values()
        if _size(kept, group, different) >= smallest
    ]
    return sorted(found, key=lambda each: (-len(each.members), each.members))


def _size(kept: Sequence[str], group: Sequence[int], different: dict[str, list[int]]) -> int:
    return sum(len(different[kept[place]]) for place in group)


def _join(roots: NDArray[np.int64], pairs: NDArray[np.int64]) -> None:
    """Join the trees of each pair; the smaller place becomes the root, so that the order of pairs changes nothing."""
    if not len(pairs):
        return
    # Most pairs of a batch are within one tree already; what is left are few.
    both = np.unique(np.sort(roots[pairs], axis=1), axis=0)
    for one, other in both.tolist():
        first, second = _root(roots, one), _root(roots, other)
        if first != second:
            roots[max(first, second)] = min(first, second)


def _root(roots: NDArray[np.int64], place: int) -> int:
    top = place
    while roots[top] != top:
        top = int(roots[top])
    while roots[place] != top:
        roots[place], place = top, int(roots[place])
    return top


def _cluster(
    kept: Sequence[str], group: Sequence[int], different: dict[str, list[int]], closeness: Closeness
) -> Cluster:
    most = MOST_COMPARED if closeness.is_distance else MOST_COMPARED_SLOWLY
    step = -(-len(group) // most)
    sample = list(group[::step])
    # An item that comes a thousand times is the middle of more than one that comes once.
    weights = np.array([len(different[kept[place]]) for place in sample], np.float64)
    between = apart(kept, sample, sample, closeness)
    middle = int(np.argmin(between @ weights))
    from_middle = between[middle]
    limit = closeness.within if closeness.is_distance else 1.0 - closeness.within
    strays = int((weights * (from_middle > limit + 1e-9)).sum())
    members = sorted(place for each in group for place in different[kept[each]])
    return Cluster(
        members=tuple(members),
        medoid=different[kept[sample[middle]]][0],
        diameter=float(between.max()),
        reach=float(from_middle.max()),
        strays=strays,
        compared=int(weights.sum()),
    )
