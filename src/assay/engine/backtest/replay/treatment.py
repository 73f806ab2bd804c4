"""What is done to an item, in words that two versions of a policy share. It never knows of bits or places."""

from __future__ import annotations

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
        found: dict[str, str] = {}
        labels: set[str] = set()
        for measures in reversed(versions):
            labels |= {measure.id for measure in measures.all if measure.kind == "member" and measure.family == "label"}
            for ladder in measures.ladders[:1]:
                found.setdefault(ladder.base.id, ladder.base.title)
                if labels:
                    found.setdefault(LABELLED, f"{ladder.base.title}, labelled")
                for step in ladder.steps:
                    found.setdefault(step.id, step.title)
        if not found:
            found = {"none": "Nothing done", LABELLED: "Something done"}
            labels = {measure.id for measures in versions for measure in measures.all}
        self._labels = frozenset(labels)
        self.all = tuple(Lane(name, title, rank) for rank, (name, title) in enumerate(found.items()))
        self.by_id = {lane.id: lane for lane in self.all}

    def rank_of(self, measure: str) -> int:
        """The rank of the lane that a measure names; 0 where it names none."""
        lane = self.by_id.get(LABELLED if measure in self._labels else measure)
        return 0 if lane is None else lane.rank

    def lane(self, treatment: Treatment) -> Lane:
        """Where a treatment belongs: the strongest lane that one of its measures names."""
        return self.all[max([self.rank_of(name) for name in treatment.applied], default=0)]
