"""What is done to an item, in words that two versions of a policy share. It never knows of bits or places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.engine.language.pack.measures import Measures

LABELLED = "labelled"


@dataclass(frozen=True, slots=True)
class Treatment:
    """What is done to an item in a market.

    applied  the measures that hold now, on a ladder the strongest only, in the pack's order
    open     the measures of which an answer may still change whether they hold
    """

    applied: tuple[str, ...]
    open: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lane:
    """One row and column of the matrix: a step of the pack's first ladder, or its base with a label.

    rank  0 for what is mildest
    """

    id: str
    title: str
    rank: int


class Lanes:
    """The lanes of two versions of a pack, the mildest first."""

    def __init__(self, *versions: Measures) -> None:
        every = [measure for measures in versions for measure in measures.all]
        labels = {measure.id for measure in every if measure.kind == "member" and measure.family == "label"}
        found = _steps(versions)
        if found and labels:
            found.insert(1, (LABELLED, f"{found[0][1]}, labelled"))
        if not found:
            found = [("none", "Nothing done"), (LABELLED, "Something done")]
            labels = {measure.id for measure in every}
        self._labels = frozenset(labels)
        self.all = tuple(Lane(name, title, rank) for rank, (name, title) in enumerate(found))
        self.by_id = {lane.id: lane for lane in self.all}

    def rank_of(self, measure: str) -> int:
        """The rank of the lane that a measure names; 0 where it names none."""
        lane = self.by_id.get(LABELLED if measure in self._labels else measure)
        return 0 if lane is None else lane.rank

    def lane(self, treatment: Treatment) -> Lane:
        """Where a treatment belongs: the strongest lane that one of its measures names."""
        return self.all[max([self.rank_of(name) for name in treatment.applied], default=0)]


def _steps(versions: Sequence[Measures]) -> list[tuple[str, str]]:
    """Steps of the first ladders by name and title, in the order of the newest; others behind the step they follow."""
    found: list[tuple[str, str]] = []
    for measures in reversed(versions):
        for ladder in measures.ladders[:1]:
            place = 0
            for step in (ladder.base, *ladder.steps):
                names = [name for name, _ in found]
                if step.id in names:
                    place = names.index(step.id)
                else:
                    place = min(place + 1, len(found))
                    found.insert(place, (step.id, step.title))
    return found
