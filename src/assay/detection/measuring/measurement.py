"""What was measured of a detector: as a whole, by generator, by corruption and by bucket. It asks no detector."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assay.detection.measuring.area import Rate, area_under_curve
from assay.detection.measuring.operating import Operating, operating_points
from assay.detection.measuring.sample import Sample, sample_of
from assay.detection.measuring.scoring import Scored, Scores

WHOLE, FAMILY, CORRUPTION, BUCKET = "whole", "family", "corruption", "bucket"
PREVALENCES = (0.1, 0.01, 0.001)
# Parts beyond these are left out of a card; a table of a thousand generators is read by nobody.
MOST_PARTS = 200


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the files: all of them, or those of one family, corruption or bucket.

    items   independent ones; files of one item are its variants
    """

    of: str
    name: str
    ai_files: int
    real_files: int
    ai_items: int
    real_items: int
    area: Rate | None
    points: tuple[Operating, ...]


@dataclass(frozen=True, slots=True)
class Precision:
    """Of files called AI, the share that AI made, where `prevalence` of all uploads are AI's."""

    share: float
    prevalence: float
    right: Rate


@dataclass(frozen=True, slots=True)
class Measurement:
    """All figures of one run.

    parts       the whole first
    precisions  for each share of false accusations that could be told
    faults      how many files have no score, by reason
    one_sided   share of the files that lie in buckets where every file is AI's, or none is: there a detector may have
                learnt the form of a file, and no figure here would show it
    overlap     families that the detector was also trained on, which makes its figures too good
    milliseconds_per_file   of one process on this machine, or None where every score was known already
    """

    parts: tuple[Part, ...]
    precisions: tuple[Precision, ...]
    faults: tuple[tuple[str, int], ...]
    overlap: tuple[str, ...]
    one_sided: float
    files: int
    milliseconds_per_file: float | None

    @property
    def whole(self) -> Part:
        return self.parts[0]

    @property
    def is_upside_down(self) -> bool:
        """Whether the detector ranks real files above AI's, more than chance would."""
        area = self.whole.area
        return area is not None and area.high < 0.5

    def of(self, kind: str) -> tuple[Part, ...]:
        """The parts of one kind."""
        return tuple(each for each in self.parts if each.of == kind)


def measured(scores: Scores, reached: Callable[[int], None] = lambda _done: None) -> Measurement:
    """The figures of a run; `reached` is told how many parts are done."""
    rows = [each for each in scores.scored if each.score is not None]
    sample = _sample(rows)
    parts = []
    for number, (kind, name, chosen) in enumerate(_chosen(rows), 1):
        parts.append(_part(kind, name, sample.part(chosen)))
        reached(number)
    faults = Counter(each.fault for each in scores.scored if each.fault)
    trained = {name.casefold() for name in scores.detector.trained_on}
    overlap = sorted({each.item.family for each in rows if each.item.family.casefold() in trained})
    return Measurement(
        parts=tuple(parts),
        precisions=tuple(_precisions(parts[0])),
        faults=tuple(sorted(faults.items())),
        overlap=tuple(overlap),
        one_sided=_one_sided(rows),
        files=len(scores.scored),
        milliseconds_per_file=1000 * scores.seconds / scores.asked if scores.asked else None,
    )


def _sample(rows: Sequence[Scored]) -> Sample:
    return sample_of(
        [each.score for each in rows if each.score is not None],
        [each.item.is_ai for each in rows],
        [each.item.group for each in rows],
        [each.item.weight for each in rows],
    )


def _chosen(rows: Sequence[Scored]) -> Iterator[tuple[str, str, np.ndarray[tuple[int], np.dtype[np.bool_]]]]:
    """Which files each part holds: a generator's are compared with all real ones, the rest within themselves."""
    ai = np.array([each.item.is_ai for each in rows], dtype=np.bool_)
    yield WHOLE, "", np.ones(len(rows), dtype=np.bool_)
    kinds: tuple[tuple[str, list[str]], ...] = (
        (FAMILY, [each.item.family for each in rows]),
        (CORRUPTION, [each.item.corruption for each in rows]),
        (BUCKET, [each.bucket for each in rows]),
    )
    for kind, names in kinds:
        array = np.array(names, dtype=object)
        present = array[ai] if kind == FAMILY else array
        for name in sorted({str(each) for each in present if each})[:MOST_PARTS]:
            same = (array == name).astype(np.bool_)
            yield kind, name, (same & ai) | ~ai if kind == FAMILY else same


def _part(kind: str, name: str, sample: Sample) -> Part:
    return Part(
        of=kind,
        name=name,
        ai_files=int(sample.ai.sum()),
        real_files=int((~sample.ai).sum()),
        ai_items=sample.independent_ai,
        real_items=sample.independent_real,
        area=area_under_curve(sample),
        points=operating_points(sample),
    )


def _one_sided(rows: Sequence[Scored]) -> float:
    truths: dict[str, set[bool]] = {}
    for each in rows:
        truths.setdefault(each.bucket, set()).add(each.item.is_ai)
    alone = sum(len(truths[each.bucket]) == 1 for each in rows)
    return alone / len(rows) if rows else 0.0


def _precisions(whole: Part) -> Iterator[Precision]:
    for point in whole.points:
        if point.found is None:
            continue
        for prevalence in PREVALENCES:
            right = _right(point.found.value, point.share, prevalence)
            low = _right(point.found.low, max(point.false_high, point.share), prevalence)
            high = _right(point.found.high, point.share, prevalence)
            yield Precision(point.share, prevalence, Rate(right, min(low, right), max(high, right)))


def _right(found: float, false: float, prevalence: float) -> float:
    called = prevalence * found + (1 - prevalence) * false
    return prevalence * found / called if called else 0.0
