"""When rules hold on one block, as pairs of planes: condition, period, subject, rollout. It imposes no measure."""

from __future__ import annotations

import numpy as np

from assay.engine.program.columnar.atoms.instants import Rows
from assay.engine.program.columnar.atoms.leaves import Answers
from assay.engine.program.columnar.atoms.rollout import Shares
from assay.engine.program.columnar.bundles import Firing, Parts, Place
from assay.engine.program.columnar.conditions import Conditions
from assay.engine.program.columnar.graph import Scope
from assay.engine.program.columnar.planes import Pair, Plane, pack, unpack
from assay.engine.program.columnar.table.block import Block
from assay.engine.program.core import Among, InRollout


class Firings:
    """The firings of several bundles on one block; each is worked out once, when it is first asked for."""

    def __init__(self, parts: Parts, block: Block, answers: Answers) -> None:
        self._graph, self._block = parts.graph, block
        self._firings = tuple(parts.firings)
        self._conditions = Conditions(parts.graph, block, answers)
        self.instants = self._conditions.instants
        self.none = np.stack([self._conditions.leaves.nothing] * 2)
        self._shares = None if block.ids is None else Shares(block.ids, block.rows)
        self._scopes = [self._graph.scopes[firing.step] for firing in self._firings]
        self._pairs: dict[tuple[int, tuple[str | None, ...]], Pair] = {}
        self._open: dict[tuple[int, tuple[str | None, ...]], Plane] = {}

    def of(self, firing: int) -> Firing:
        """A firing by its place."""
        return self._firings[firing]

    def scope(self, firing: int) -> Scope:
        """What of a place a firing reads."""
        return self._scopes[firing]

    def pair(self, firing: int, place: Place) -> Pair:
        """Where a firing is certain, and where it may be. The array is shared: nobody may write to it."""
        key = (firing, place.seen(self._scopes[firing]))
        found = self._pairs.get(key)
        if found is None:
            found = self._pairs[key] = self._work_out(self._firings[firing], place)
        return found

    def open(self, firing: int, place: Place) -> Plane:
        """Where a firing is unknown."""
        key = (firing, place.seen(self._scopes[firing]))
        found = self._open.get(key)
        if found is None:
            true, possible = self.pair(firing, place)
            found = self._open[key] = true ^ possible
        return found

    def _work_out(self, firing: Firing, place: Place) -> Pair:
        active = _both(self.instants.within(firing.period), self._of_subject(firing.subject))
        if active is False:
            return self.none
        found = self._conditions.pair(firing.step, place)
        if not isinstance(active, bool):
            found = found & active
        for rollout in firing.rollouts:
            found = self._rolled(found, rollout)
        return found

    def _of_subject(self, subject: str) -> Rows:
        given = self._block.subject
        if isinstance(given, str):
            return given == subject
        return self._conditions.leaves.holds(given, Among("subject", frozenset((subject,))))

    def _rolled(self, pair: Pair, rollout: InRollout) -> Pair:
        """A pair where the item is among the share of a rollout; an item without an id may be."""
        if self._shares is None:
            return np.stack((self._conditions.leaves.nothing, pair[1]))
        wanted = np.flatnonzero(unpack(pair[1], self._block.rows))
        if not wanted.size:
            return self.none
        shares = self._shares.of(rollout.rule, wanted)
        inside = pack(shares < rollout.share)
        return pair & np.stack((inside, inside | pack(np.isnan(shares))))


def _both(one: Rows, other: Rows) -> Rows:
    if isinstance(one, bool):
        return other if one else False
    if isinstance(other, bool):
        return one if other else False
    return one & other
