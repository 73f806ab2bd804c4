"""Clusters with their spread and what has to be said beside them, as terminal and page show them. It draws nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from assay.detection.copies.clusters.circumstances import Circumstance, Circumstances
from assay.detection.copies.clusters.closeness import Closeness
from assay.detection.copies.clusters.grouping import Cluster, clusters_of
from assay.detection.copies.clusters.items import Gathered
from assay.detection.copies.clusters.spread import Spread, spread_of


@dataclass(frozen=True, slots=True)
class Told:
    """One cluster, numbered from 1 by size, with the names of its members and of the one in its middle."""

    number: int
    cluster: Cluster
    members: tuple[str, ...]
    medoid: str
    spread: Spread


@dataclass(frozen=True, slots=True)
class Report:
    """All clusters of a set of items.

    items    how many were compared
    remarks  sentences about what was left out
    """

    name: str
    closeness: Closeness
    items: int
    clusters: tuple[Told, ...]
    remarks: tuple[str, ...]
    has_context: bool


def report_of(
    name: str,
    gathered: Gathered,
    closeness: Closeness,
    known: Circumstances | None,
    *,
    smallest: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Group the items and say of each cluster how far it has spread."""
    by_id: Mapping[str, Circumstance] = known.by_id if known is not None else {}
    found = clusters_of(gathered.values, closeness, smallest=smallest, progress=progress)
    told = tuple(
        Told(
            number=number,
            cluster=cluster,
            members=tuple(gathered.ids[place] for place in cluster.members),
            medoid=gathered.ids[cluster.medoid],
            spread=spread_of(cluster, gathered.ids, by_id),
        )
        for number, cluster in enumerate(found, 1)
    )
    remarks = tuple(_remarks(gathered, known))
    return Report(name, closeness, len(gathered.ids), told, remarks, known is not None)


def _remarks(gathered: Gathered, known: Circumstances | None) -> list[str]:
    said = []
    if gathered.unhashed:
        hint = " (films have vpdq, sound chromaprint, texts tlsh and minhash: name one by --kind)"
        words = _counted(
            gathered.unhashed,
            f"item has no {gathered.kind} hash and was",
            f"items have no {gathered.kind} hash and were",
        )
        said.append(f"{words} left out{hint}.")
    if gathered.poor:
        words = _counted(
            gathered.poor,
            "item was left out: there is too little in it",
            "items were left out: there is too little in them",
        )
        said.append(f"{words} to be told by.")
    if gathered.other:
        said.append(f"{_counted(gathered.other, 'hash of another kind was', 'hashes of other kinds were')} left out.")
    if gathered.unread:
        said.append(f"{_counted(gathered.unread, 'item', 'items')} could not be read.")
    if known is not None:
        strange = sum(each not in known.by_id for each in gathered.ids)
        if strange:
            said.append(f"Nothing but the content is known of {_counted(strange, 'item', 'items')}.")
    return said


def _counted(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"
