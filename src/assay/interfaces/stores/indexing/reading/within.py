"""Decisions as one market has them: of the others nothing is left. It reads the index and no record."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np

from assay.interfaces.stores.indexing.facts import HERE, OPEN
from assay.interfaces.stores.indexing.layout import CHUNK
from assay.interfaces.stores.indexing.planes import MOST_NAMES, Bits, fact, unpacked
from assay.interfaces.stores.indexing.reading.wanted import Listed

_MEASURE = "measure:"


class MarketFacts:
    """What is so of rows in one market. The rows of a chunk are read at once, for they mostly come together."""

    def __init__(self, connection: sqlite3.Connection, names: Mapping[int, str], market: int | None) -> None:
        self._connection, self._texts, self._market = connection, names, market
        self._chunk = -1
        self._names: list[int] = []
        self._bits: Bits = np.empty((0, CHUNK), np.bool_)

    def of(self, number: int) -> frozenset[str]:
        """Facts of a row."""
        if self._market is None:
            return frozenset()
        return frozenset(self._texts[each] for each in self._numbers(number, self._market))

    def _numbers(self, number: int, market: int) -> list[int]:
        row = self._connection.execute("SELECT facts FROM fresh WHERE number = ?", (number,)).fetchone()
        if row is not None:
            facts = np.frombuffer(row[0], "<u4")
            names: list[int] = (facts[facts // MOST_NAMES == market] % MOST_NAMES).tolist()
            return names
        if self._chunk != number // CHUNK:
            self._read(number // CHUNK, market)
        return [self._names[place] for place in np.flatnonzero(self._bits[:, number % CHUNK]).tolist()]

    def _read(self, chunk: int, market: int) -> None:
        first = fact(market, 0)
        query = "SELECT fact, rows FROM plane WHERE chunk = ? AND fact >= ? AND fact < ?"
        planes = self._connection.execute(query, (chunk, first, first + MOST_NAMES)).fetchall()
        self._chunk, self._names = chunk, [number % MOST_NAMES for number, _ in planes]
        self._bits = np.array([unpacked(content) for _, content in planes], np.bool_).reshape(len(planes), CHUNK)


def as_in_market(listed: Listed, facts: Collection[str]) -> Listed | None:
    """A decision by the facts of one market alone; None where it was not made for it.

    Rules and the question to ask stand for a decision as a whole in the index, so that they are left out.
    """
    if HERE not in facts:
        return None
    measures = [each.removeprefix(_MEASURE).rpartition("=") for each in facts if each.startswith(_MEASURE)]
    return replace(
        listed,
        everywhere=tuple(sorted(name for name, _, truth in measures if truth == "yes")),
        somewhere=(),
        rules=(),
        question="",
        waiting=sum(truth == "unknown" for _, _, truth in measures),
        markets=1,
        open_markets=int(OPEN in facts),
    )
