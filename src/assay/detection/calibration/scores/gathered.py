"""Read rows as a sample, and several detectors' rows joined by item. It reads no file."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from assay.detection.calibration.joint.fitting import Scored
from assay.detection.calibration.sample import Sample, sample_of
from assay.detection.calibration.scores.table import ITEM, LABEL, Scores
from assay.engine.kernel.errors import Fault


def sample_from(scores: Scores) -> Sample | list[Fault]:
    """Labelled rows as a sample."""
    return sample_of(
        scores.scores, [bool(label) for label in scores.labels], scores.groups, scores.buckets, scores.weights
    )


def joined(by_detector: Mapping[str, Scores]) -> Scored | list[Fault]:
    """Items that any of the detectors scored, each once; a detector that did not score one has NaN there.

    The truth, source, bucket and weight of an item are those of the first file that names it; files that contradict
    each other about the truth are refused.
    """
    nameless = [name for name, scores in by_detector.items() if not scores.named]
    if nameless:
        words = f"the scores of `{nameless[0]}` have no column `item`, by which they are joined with the others'"
        return [Fault("no-column", words, ITEM)]
    rows: dict[str, tuple[bool, str, str, float]] = {}
    doubtful: set[str] = set()
    for scores in by_detector.values():
        columns = (scores.items, scores.labels, scores.groups, scores.buckets, scores.weights.tolist())
        for item, label, group, bucket, weight in zip(*columns, strict=True):
            known = rows.setdefault(item, (bool(label), group, bucket, weight))
            if known[0] != bool(label):
                doubtful.add(item)
    if doubtful:
        first = min(doubtful)[:60]
        words = f"{len(doubtful):,} items have two truths, such as `{first}`; correct the labels"
        return [Fault("two-truths", words, LABEL)]
    if not _overlap(by_detector):
        words = "no item was scored by two of the detectors; score the same items, and name them in `item`"
        return [Fault("nothing-shared", words, ITEM)]
    names = sorted(rows)
    labels, groups, buckets, weights = zip(*(rows[name] for name in names), strict=True)
    sample = sample_of(np.zeros(len(names)), labels, groups, buckets, weights)
    if isinstance(sample, list):
        return sample
    place = {name: number for number, name in enumerate(names)}
    found = {}
    for detector, scores in by_detector.items():
        column = np.full(len(names), np.nan)
        column[[place[name] for name in scores.items]] = scores.scores
        found[detector] = column
    return Scored(sample, found)


def _overlap(by_detector: Mapping[str, Scores]) -> bool:
    seen: set[str] = set()
    for scores in by_detector.values():
        items = set(scores.items)
        if items & seen:
            return True
        seen |= items
    return False
