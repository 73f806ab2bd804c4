"""What people found of made-up uploads: reviewers who err, and adjudications that do not. It asks nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from assay.engine.backtest.history.layout import INSTANT, LABEL
from assay.engine.kernel.instants import DAY
from assay.engine.language.pack.vocabulary import SignalType
from assay.engine.program.columnar.planes import Plane, unpack
from assay.engine.program.lower import Program
from assay.interfaces.histories.synth.chance import Wheel, bits_of, mixed, stream
from assay.interfaces.histories.synth.deciding import EPOCH_DAY
from assay.interfaces.histories.synth.plan import Plan, SignalPlan, most_read
from assay.interfaces.histories.synth.population import Uploads

REVIEWERS = 24
# How often a reviewer sees a measure that is right, lets one be that is not, and gets a signal's value.
SENSITIVITY, SPECIFICITY, ACCURACY = 0.92, 0.985, 0.93
# How far the best and the worst reviewer are from that.
_SPREAD = 0.04
# So many of the judged uploads go to two or three people, whose differences are then settled.
_SEVERAL = 0.4
_MEASURES, _SIGNALS = 5, 3
_NAMES = pa.array([f"reviewer-{number:02d}" for number in range(1, REVIEWERS + 1)] + ["adjudicator"])
_ADJUDICATOR = REVIEWERS
_HOUR = DAY // 24
_NAMED = (SignalType.CHOICE, SignalType.SCALE, SignalType.FLAG)


@dataclass(frozen=True, slots=True, eq=False)
class Judging:
    """What is judged of an upload: some measures and some signals.

    words  what a label can say, by code; `measures` by place in the pack, `firsts` the code of a signal's first value
    """

    plan: Plan
    words: tuple[str, ...]
    measures: tuple[int, ...]
    signals: tuple[SignalPlan, ...]
    firsts: tuple[int, ...]

    @classmethod
    def of(cls, plan: Plan) -> Judging:
        """The measures that most rules impose, and the signals that most rules read and reviewers answer first."""
        program = plan.programs[0]
        by_name = {each.name: each for each in plan.signals}
        named = [by_name[name] for name in most_read(program) if name in by_name]
        asked = [each for each in named if each.signal.type in _NAMED and _left_to_people(each)][:_SIGNALS]
        words, firsts = ["no", "yes"], []
        for each in asked:
            firsts.append(len(words))
            words += [word_of(value) for value in each.menu.values[1:]]
        return cls(plan, tuple(words), _most_imposed(program), tuple(asked), tuple(firsts))

    @property
    def names(self) -> list[str]:
        """What labels are of."""
        measures = self.plan.programs[0].pack.measures.all
        return [measures[place].id for place in self.measures] + [each.name for each in self.signals]

    def labels(self, uploads: Uploads, right: Sequence[Plane], judged: NDArray[np.bool_], part: int) -> Any:
        """The column of labels. `right` has by measure the uploads for which it is right, of those that are judged."""
        seed = self.plan.recipe.seed
        rows = np.flatnonzero(judged)
        chance = bits_of(stream(seed, part, "people"), rows.size)
        people = np.where(chance < _SEVERAL * 65536, 2 + (chance & 1), 1).astype(np.int64)
        # Where several judged, somebody settles it.
        voices = people + (people > 1)
        owner = np.repeat(np.arange(rows.size), voices)
        number = np.arange(owner.size) - np.repeat(np.cumsum(voices) - voices, voices)
        final = number == people[owner]
        first = mixed(uploads.places[rows].astype(np.uint64), f"{seed} people") % np.uint64(REVIEWERS)
        by = np.where(final, _ADJUDICATOR, (first.astype(np.int64)[owner] + 7 * number) % REVIEWERS)
        said = [self._of_measure(right[place], rows, owner, by, part, place) for place in self.measures]
        said += [
            self._of_signal(each, first, uploads.codes[each.name][rows][owner], by, part)
            for each, first in zip(self.signals, self.firsts, strict=True)
        ]
        at = self._instants(uploads, rows, part)[owner] + number * 2 * _HOUR
        return _listed(judged, voices, self.names, np.stack(said, axis=1), by, at, final, self.words)

    def _of_measure(
        self, right: Plane, rows: NDArray[np.intp], owner: NDArray[Any], by: NDArray[Any], part: int, place: int
    ) -> NDArray[np.int64]:
        truth = unpack(right, rows.size)[owner]
        skill = _SPREAD * (by.astype(np.float64) / (REVIEWERS - 1) - 0.5)
        yes = np.where(truth, SENSITIVITY + skill, 1.0 - SPECIFICITY - skill * (1.0 - SPECIFICITY))
        chance = bits_of(stream(self.plan.recipe.seed, part, f"judged {place}"), owner.size)
        return np.where(by == _ADJUDICATOR, truth, chance < yes * 65536).astype(np.int64)

    def _of_signal(
        self, each: SignalPlan, first: int, codes: NDArray[Any], by: NDArray[Any], part: int
    ) -> NDArray[np.int64]:
        seed, values = self.plan.recipe.seed, len(each.menu.values) - 1
        wrong = bits_of(stream(seed, part, f"slip {each.name}"), by.size) >= int(ACCURACY * 65536)
        others = Wheel.of([[1.0] * values]).spin(0, bits_of(stream(seed, part, f"instead {each.name}"), by.size))
        return np.where(wrong & (by != _ADJUDICATOR), others, codes.astype(np.int64) - 1) + first

    def _instants(self, uploads: Uploads, rows: NDArray[np.intp], part: int) -> NDArray[np.int64]:
        """When the first judged it: one to 64 hours after the upload."""
        first = (self.plan.recipe.first_day.toordinal() - EPOCH_DAY) * DAY
        later = bits_of(stream(self.plan.recipe.seed, part, "judged at"), rows.size).astype(np.int64) >> 10
        return first + (uploads.slot[rows] + 1 + later) * _HOUR


def word_of(value: object) -> str:
    """A value as labels write it."""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _left_to_people(each: SignalPlan) -> bool:
    signal = each.signal
    return signal.precedence[:1] == ("reviewer",) and not signal.by_market and signal.subject == "item"


def _most_imposed(program: Program) -> tuple[int, ...]:
    counts = Counter(place for rule in program.rules for place in set(rule.then))
    return tuple(sorted(sorted(counts, key=lambda place: (-counts[place], place))[:_MEASURES]))


def _listed(
    judged: NDArray[np.bool_],
    voices: NDArray[np.int64],
    names: Sequence[str],
    said: NDArray[np.int64],
    by: NDArray[np.int64],
    at: NDArray[np.int64],
    final: NDArray[np.bool_],
    words: Sequence[str],
) -> Any:
    """Lists of labels: a voice says something of every name."""
    width = len(names)
    lengths = np.zeros(judged.size + 1, np.int32)
    lengths[1:][judged] = voices * width
    columns: Mapping[str, Any] = {
        "of": pa.array(list(names)).take(pa.array(np.tile(np.arange(width), by.size))),
        "value": pa.array(list(words)).take(pa.array(said.ravel())),
        "by": _NAMES.take(pa.array(np.repeat(by, width))),
        "at": pa.array(np.repeat(at, width)).cast(INSTANT),
        "final": pa.array(np.repeat(final, width)),
    }
    each = pa.StructArray.from_arrays(list(columns.values()), fields=list(LABEL))
    offsets = pa.array(np.cumsum(lengths, dtype=np.int32), mask=np.append(~judged, False))
    return pa.ListArray.from_arrays(offsets, each, type=pa.list_(LABEL))
