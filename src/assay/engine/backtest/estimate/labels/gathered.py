"""What people found in a history, gathered block by block, and what it says in the end. It keeps no row and no item."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.estimate.bounds import LEAST_ROWS, suppress
from assay.engine.backtest.estimate.design import Design
from assay.engine.backtest.estimate.labels.agreement import Ratings, agreements
from assay.engine.backtest.estimate.labels.imperfect import rogan_gladen
from assay.engine.backtest.estimate.labels.opinions import Judged, Spoken, states
from assay.engine.backtest.estimate.labels.quality import (
    Found,
    Part,
    Parts,
    Rows,
    overturn,
    precision,
    prevalence,
    recall,
)
from assay.engine.backtest.estimate.labels.voices import Voices, voices_of
from assay.engine.backtest.history.block import HistoryBlock
from assay.engine.backtest.moments import Stratum
from assay.engine.backtest.rehearsal import Agreement, Quality
from assay.engine.backtest.replay.seen import NEW, OLD, Seen
from assay.engine.language.pack.vocabulary import WITH_VALUES, SignalType
from assay.engine.program.columnar.compile import Columnar

SIDES = {OLD: "old", NEW: "new"}
_STATES = 3
# Weights are rounded to parts of 2^-20, so that their sums are the same however rows are cut into blocks.
_FINE = float(1 << 20)

# Version, measure, stratum, state.
_Key = tuple[int, str, str, int]


class Labels:
    """What two versions do, held against what people found.

    Labels are taken to be drawn at random among rows of one stratum to which a version does one thing, so that it
    does no harm if people look more often at what was removed.
    """

    def __init__(self, columnar: Columnar) -> None:
        self._columnar: Columnar | None = columnar
        packs = [bundle.program.pack for bundle in columnar.bundles]
        self._titles = {measure.id: measure.title for pack in packs for measure in pack.measures.all}
        signals = [signal for pack in packs for signal in pack.vocabulary.signals]
        told = [one.name for one in signals if one.type in WITH_VALUES or one.type is SignalType.FLAG]
        self._order = tuple(dict.fromkeys((*told, *self._titles)))
        self._strata: dict[str, Rows] = {}
        self._weights: dict[str, tuple[float, float]] = {}
        self._all: dict[_Key, Rows] = {}
        self._truth: dict[_Key, Found] = {}
        self._said: dict[_Key, Found] = {}
        self._tested: dict[tuple[int, str], NDArray[np.int64]] = {}
        self._ratings: dict[str, Ratings] = {}

    def __getstate__(self) -> dict[str, object]:
        # What was gathered goes from one process to another; each has its own program.
        return {**self.__dict__, "_columnar": None}

    def add(self, seen: Seen) -> None:
        """The rows of a block."""
        if self._columnar is None:
            raise ValueError("these labels came from another process: they can be merged, and nothing is added to them")
        history = seen.history
        weights = np.rint(history.weights * _FINE) / _FINE
        squares = np.rint(weights**2 * _FINE) / _FINE
        self._add_strata(history, weights, squares)
        voices = voices_of(history.labels)
        self._add_ratings(voices.values())
        spoken = Spoken(history, self._columnar, voices) if voices else None
        reached = {market: history.present(market) for market in history.markets}
        for version, bundle in enumerate(self._columnar.bundles):
            done = states(seen.planes, bundle.program, version, reached)
            measures = [measure.id for measure in bundle.program.pack.measures.all]
            for measure, state in zip(measures, done, strict=True):
                self._add_rows((version, measure), history, state, weights, squares)
            for place, judged in spoken.judged(version) if spoken is not None else ():
                self._add_judged((version, measures[place]), history, done[place], judged, weights)

    def _add_strata(self, history: HistoryBlock, weights: NDArray[np.float64], squares: NDArray[np.float64]) -> None:
        for code, name in enumerate(history.stratum.names):
            here = history.stratum.codes == code
            if here.any():
                found = Rows(int(here.sum()), float(weights[here].sum()), float(squares[here].sum()))
                self._strata[name] = self._strata.get(name, Rows()) + found
                bounds = float(weights[here].min()), float(weights[here].max())
                self._weights[name] = _wider(self._weights.get(name, bounds), bounds)

    def _add_rows(
        self,
        of: tuple[int, str],
        history: HistoryBlock,
        state: NDArray[np.uint8],
        weights: NDArray[np.float64],
        squares: NDArray[np.float64],
    ) -> None:
        names = history.stratum.names
        codes = history.stratum.codes * _STATES + state
        width = len(names) * _STATES
        counts = np.bincount(codes, minlength=width)
        sums = np.bincount(codes, weights, width), np.bincount(codes, squares, width)
        for code in np.flatnonzero(counts).tolist():
            key = (*of, names[code // _STATES], code % _STATES)
            found = Rows(int(counts[code]), float(sums[0][code]), float(sums[1][code]))
            self._all[key] = self._all.get(key, Rows()) + found

    def _add_judged(
        self,
        of: tuple[int, str],
        history: HistoryBlock,
        state: NDArray[np.uint8],
        judged: Judged,
        weights: NDArray[np.float64],
    ) -> None:
        names = history.stratum.names
        codes = history.stratum.codes[judged.rows] * _STATES + state[judged.rows]
        own = weights[judged.rows]
        for into, x in ((self._truth, judged.truth.astype(np.float64)), (self._said, judged.share)):
            sums = _sums(codes, x, own, len(names) * _STATES)
            for code in np.flatnonzero(sums[0]).tolist():
                key = (*of, names[code // _STATES], code % _STATES)
                rows, *others = sums[:, code].tolist()
                into[key] = into.get(key, Found()) + Found(int(rows), *others)
        self._tested[of] = self._tested.get(of, np.zeros((2, 2), np.int64)) + judged.tested

    def _add_ratings(self, voices: Iterable[Voices]) -> None:
        for one in voices:
            if len(one.by) == 1:
                [(by, values)] = one.by.items()
                for of in values:
                    self._rated(of).people.add(by)
                continue
            said: dict[str, dict[str, str]] = {}
            for by, values in one.by.items():
                for of, value in values.items():
                    said.setdefault(of, {})[by] = value
            for of, by_person in said.items():
                self._rated(of).add(by_person)

    def _rated(self, of: str) -> Ratings:
        found = self._ratings.get(of)
        if found is None:
            found = self._ratings[of] = Ratings()
        return found

    def merge(self, other: Labels) -> None:
        """What was gathered of later rows."""
        for name, bounds in other._weights.items():
            self._weights[name] = _wider(self._weights.get(name, bounds), bounds)
        for name, rows in other._strata.items():
            self._strata[name] = self._strata.get(name, Rows()) + rows
        for key, rows in other._all.items():
            self._all[key] = self._all.get(key, Rows()) + rows
        for key, found in other._truth.items():
            self._truth[key] = self._truth.get(key, Found()) + found
        for key, found in other._said.items():
            self._said[key] = self._said.get(key, Found()) + found
        for of, tested in other._tested.items():
            self._tested[of] = self._tested.get(of, np.zeros((2, 2), np.int64)) + tested
        for name, ratings in other._ratings.items():
            self._rated(name).merge(ratings)

    @property
    def rows(self) -> int:
        """How many rows somebody's labels judged, for the measure and version of which there are most."""
        found: dict[tuple[int, str], int] = {}
        for (version, measure, _, _), one in self._truth.items():
            found[version, measure] = found.get((version, measure), 0) + one.rows
        return max(found.values(), default=0)

    def quality(self, hint: str = "", least_rows: int = LEAST_ROWS) -> tuple[Quality, ...]:
        """How often each measure was right under each version; `hint` is what the history says of its design."""
        strata = {
            name: Stratum(name, rows.rows, rows.weights, rows.squares, len(set(self._weights[name])) == 1)
            for name, rows in self._strata.items()
        }
        design = Design.of(strata, hint)
        judged = {(version, measure) for version, measure, _, _ in self._truth}
        return tuple(
            [
                self._quality(design, version, measure, least_rows)
                for measure in self._titles
                for version in SIDES
                if (version, measure) in judged
            ]
        )

    def _quality(self, design: Design, version: int, measure: str, least_rows: int) -> Quality:
        truth, said = self._parts(version, measure, self._truth), self._parts(version, measure, self._said)
        apparent = prevalence(design, said)
        tested = self._tested.get((version, measure), np.zeros((2, 2), np.int64))
        (let_pass, cleared), (missed, caught) = tested.tolist()
        corrected = None
        if caught + missed and cleared + let_pass:
            corrected = rogan_gladen(apparent, (caught, caught + missed), (cleared, cleared + let_pass))
        return Quality(
            measure,
            self._titles[measure],
            SIDES[version],
            suppress(precision(design, truth), least_rows),
            suppress(recall(design, truth), least_rows),
            suppress(overturn(design, said), least_rows),
            suppress(apparent, least_rows),
            None if corrected is None else suppress(corrected, least_rows),
        )

    def _parts(self, version: int, measure: str, found: dict[_Key, Found]) -> Parts:
        keys = [(version, measure, name, state) for name in sorted(self._strata) for state in range(_STATES)]
        return tuple(
            [Part(key[2], key[3], self._all[key], found.get(key, Found())) for key in keys if key in self._all]
        )

    def agreement(self) -> tuple[Agreement, ...]:
        """How far people agree on what they labelled."""
        return agreements(self._ratings, self._order)


def _wider(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    return min(one[0], other[0]), max(one[1], other[1])


def _sums(
    codes: NDArray[np.int64], x: NDArray[np.float64], weights: NDArray[np.float64], width: int
) -> NDArray[np.float64]:
    """By code what `Found` holds, in its order; every part is rounded before it is added."""
    squares = np.rint(weights**2 * _FINE) / _FINE
    parts = (np.ones(x.size), x, weights, squares, weights * x, squares * x, squares * x**2)
    return np.stack([np.bincount(codes, np.rint(part * _FINE) / _FINE, width) for part in parts])
