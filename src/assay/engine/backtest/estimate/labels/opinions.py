"""What people said of rows as opinions on measures: what each of them, and all of them, say is right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.estimate.labels.redecided import value_of, with_values
from assay.engine.backtest.estimate.labels.voices import NO, YES, Voices
from assay.engine.backtest.history.block import ELSEWHERE, HistoryBlock
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.pack.classes import REST
from assay.engine.language.pack.vocabulary import Signal
from assay.engine.program.columnar.compile import Columnar
from assay.engine.program.columnar.evaluate import Planes
from assay.engine.program.columnar.planes import pack, unpack
from assay.engine.program.columnar.table.block import LARGEST_BLOCK
from assay.engine.program.core import atoms_of
from assay.engine.program.lower import Program

# What a version does to a row: nothing, not settled, done.
NOT, OPEN, DONE = 0, 1, 2


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What is right for some rows, as people see it.

    rows    places in the block
    truth   whether the measure is right: what settled the matter, or else what most of them say
    share   of those who said something by themselves, how many say that it is right; the truth where nobody did
    tested  where it was settled, how often single people were wrong and right: by truth, then by whether they agree
    """

    rows: NDArray[np.intp]
    truth: NDArray[np.bool_]
    share: NDArray[np.float64]
    tested: NDArray[np.int64]


def read_by(program: Program) -> tuple[frozenset[str], ...]:
    """By measure, the signals that some rule which imposes it reads."""
    found: list[set[str]] = [set() for _ in program.pack.measures.all]
    for lowered in program.rules:
        names = {name for atom in atoms_of(lowered.condition) for name in atom.signals}
        for measure in (*lowered.then, *lowered.until_known):
            found[measure] |= names
    return tuple([frozenset(names) for names in found])


def states(
    planes: Planes, program: Program, version: int, reached: Mapping[str, NDArray[np.bool_]]
) -> NDArray[np.uint8]:
    """By measure and row whether it is done, in any of the markets that the row reached; shape (measures, rows)."""
    measures = len(program.pack.measures.all)
    done = np.zeros((measures, -(-planes.rows // 64)), np.uint64)
    waits = np.zeros_like(done)
    for market, rows in reached.items():
        here = pack(rows)
        standing = planes.standing(version, REST if market == ELSEWHERE else market)
        done |= standing.applied & here
        waits |= standing.unsettled & here
    found = np.zeros((measures, planes.rows), np.uint8)
    for measure in range(measures):
        if done[measure].any() or waits[measure].any():
            both = unpack(done[measure], planes.rows), unpack(waits[measure], planes.rows)
            found[measure] = np.where(both[0], DONE, np.where(both[1], OPEN, NOT))
    return found


class Spoken:
    """What was said of a block's rows, made ready to be held against either version.

    A label of a measure says itself what is right. A label of a signal says it by its value: each version decides the
    row again with it. What nobody labelled is taken as it was recorded, so that it speaks only of measures whose rules
    read a signal that was labelled, and of rows that it settles.
    """

    def __init__(self, history: HistoryBlock, columnar: Columnar, voices: Mapping[int, Voices]) -> None:
        self._history, self._columnar = history, columnar
        self._rows = list(voices)
        self._voices = list(voices.values())
        self._measured = _measured(self._voices)
        self._cases = _Cases(self._voices, _labelled_signals(columnar))
        blocks = [
            self._block(self._cases.owner[first : first + LARGEST_BLOCK], first)
            for first in range(0, len(self._cases.owner), LARGEST_BLOCK)
        ]
        self._decided = [(columnar.evaluate(block.block), block) for block in blocks]

    def _block(self, owner: Sequence[int], first: int) -> HistoryBlock:
        rows = [self._rows[place] for place in owner]
        said = self._cases.said[first : first + len(rows)]
        places = np.array(rows, np.intp)
        views = {market: views[places] for market, views in self._history.views.items()}
        block = with_values(self._history.block, rows, said)
        return HistoryBlock(block, self._history.stratum, self._history.probability[places], views, {})

    def judged(self, version: int) -> Iterator[tuple[int, Judged]]:
        """For one version, by the place of a measure: what is right for which rows."""
        program = self._columnar.bundles[version].program
        states_of = [
            states(planes, program, version, {market: block.present(market) for market in block.markets})
            for planes, block in self._decided
        ]
        found = np.concatenate(states_of, axis=1) if states_of else None
        reads = read_by(program)
        rows = np.array(self._rows, np.intp)
        for place, measure in enumerate(program.pack.measures.all):
            opinion = _Opinion(len(rows))
            if found is not None:
                self._cases.speak(opinion, found[place], reads[place])
            if measure.id in self._measured:
                opinion.outspoken(self._measured[measure.id])
            if opinion.known.any():
                yield place, opinion.judged(rows)


class _Opinion:
    """What is said of one measure, by row: what all of them say, whether it is settled, and how many say yes and no."""

    def __init__(self, rows: int) -> None:
        self.known = np.zeros(rows, np.bool_)
        self.truth = np.zeros(rows, np.bool_)
        self.final = np.zeros(rows, np.bool_)
        self.said = np.zeros((2, rows), np.int64)

    def outspoken(self, other: _Opinion) -> None:
        """Where people spoke of the measure itself, that counts and nothing else."""
        here = other.known
        for mine, theirs in ((self.truth, other.truth), (self.final, other.final)):
            mine[here] = theirs[here]
        self.said[:, here] = other.said[:, here]
        self.known |= here

    def judged(self, rows: NDArray[np.intp]) -> Judged:
        no, yes = self.said[:, self.known]
        truth = self.truth[self.known]
        spoke = no + yes
        share = np.where(spoke > 0, yes / np.maximum(spoke, 1), truth)
        settled = self.final[self.known]
        right, wrong = np.where(truth, yes, no), np.where(truth, no, yes)
        tested = [[int(one[settled & (truth == of)].sum()) for one in (wrong, right)] for of in (False, True)]
        return Judged(rows[self.known], truth, share, np.array(tested, np.int64))


def _measured(voices: Sequence[Voices]) -> dict[str, _Opinion]:
    """By measure, what people said of it by its own name; signals that are flags stand among them and are not used."""
    found: dict[str, _Opinion] = {}
    for row, one in enumerate(voices):
        for of, value in one.agreed.items():
            if value in (YES, NO):
                opinion = found.get(of)
                if opinion is None:
                    opinion = found[of] = _Opinion(len(voices))
                opinion.known[row], opinion.truth[row] = True, value == YES
                opinion.final[row] = of in one.settled
                for said in one.by.values():
                    if (word := said.get(of)) in (YES, NO):
                        opinion.said[int(word == YES), row] += 1
    return found


def _labelled_signals(columnar: Columnar) -> dict[str, Signal]:
    packs = [bundle.program.pack for bundle in columnar.bundles]
    return {signal.name: signal for pack in packs for signal in pack.vocabulary.signals if not signal.by_market}


class _Cases:
    """Rows decided again: each by what all of them say of its signals, and by what each of them says.

    owner  by case, the place of its row among those that were labelled; `said` the values
    """

    def __init__(self, voices: Sequence[Voices], signals: Mapping[str, Signal]) -> None:
        self._signals = signals
        self._read: dict[tuple[str, str], MaybeValue] = {}
        self.owner: list[int] = []
        self.said: list[dict[str, MaybeValue]] = []
        together, alone, settled = [], [], []
        for place, one in enumerate(voices):
            agreed = self._values(one.agreed)
            if not agreed:
                continue
            together.append(self._add(place, agreed))
            settled.append(frozenset(one.settled))
            single = len(one.by) == 1 and not one.settled
            for said in one.by.values():
                values = agreed if single else self._values(said)
                if values:
                    alone.append(together[-1] if single else self._add(place, values))
        self._together, self._alone = np.array(together, np.intp), np.array(alone, np.intp)
        self._owner = np.array(self.owner, np.intp)
        self._patterns, self._pattern = _patterns([frozenset(values) for values in self.said])
        self._ends, self._end = _patterns(settled)

    def _add(self, place: int, values: dict[str, MaybeValue]) -> int:
        self.owner.append(place)
        self.said.append(values)
        return len(self.owner) - 1

    def _values(self, said: Mapping[str, str]) -> dict[str, MaybeValue]:
        found = {}
        for of, text in said.items():
            if of in self._signals:
                key = of, text
                if key not in self._read:
                    self._read[key] = value_of(self._signals[of], text)
                if self._read[key] is not None:
                    found[of] = self._read[key]
        return found

    def speak(self, opinion: _Opinion, found: NDArray[np.uint8], reads: frozenset[str]) -> None:
        """What the cases say of a measure whose rules read some signals; `found` is what is done in each case."""
        about = np.array([bool(pattern & reads) for pattern in self._patterns], np.bool_)[self._pattern]
        told = about & (found != OPEN)
        if not told.any():
            return
        ends = np.array([bool(pattern & reads) for pattern in self._ends], np.bool_)[self._end]
        rows, known = self._owner[self._together], told[self._together]
        opinion.known[rows] = known
        opinion.truth[rows] = known & (found[self._together] == DONE)
        opinion.final[rows] = known & ends
        speakers = self._alone[told[self._alone]]
        for said, here in enumerate((found[speakers] != DONE, found[speakers] == DONE)):
            opinion.said[said] += np.bincount(self._owner[speakers[here]], minlength=opinion.known.size)


def _patterns(sets: Iterable[frozenset[str]]) -> tuple[list[frozenset[str]], NDArray[np.intp]]:
    """The different ones of some sets, and for each of them which it is."""
    places: dict[frozenset[str], int] = {}
    which = [places.setdefault(one, len(places)) for one in sets]
    return list(places), np.array(which, np.intp)
