"""The example detector on the shared pictures, its figures printed as they are. It sets no bar for it."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from assay.detection.calibration.calibration import Origin
from assay.detection.calibration.fitting import fit
from assay.detection.calibration.sample import Sample, sample_of
from assay.detection.detectors.configured import Configured
from assay.detection.detectors.folder import detectors_in, hindrances, sentence
from assay.detection.measuring.labelled import labels_of
from assay.detection.measuring.measurement import measured
from assay.detection.measuring.scoring import Cache, Scores, scores_of
from assay.detection.measuring.worded import header_of, part_row, precision_sentences, warnings_of
from benchmarks.material.table import table

_FORM = re.compile(r"_(?P<corruption>none|jpeg_q70|jpeg_q40|webp|screenshot)$")


def example_text(detectors: Path, pictures: Path) -> str:
    """The example's table and what it says, or why there is none."""
    if not pictures.is_dir():
        return "the example detector was not measured: the shared pictures are not beside the project"
    found = detectors_in(detectors)
    faults = [*found.faults, *(fault for one in found.detectors for fault in hindrances(one))]
    if faults:
        return f"the example detector was not measured: {sentence(faults[0])}"
    return "\n\n".join(_measured(one, pictures) for one in found.detectors)


def _measured(detector: Configured, pictures: Path) -> str:
    items = labels_of(pictures, pattern=_FORM).items
    with tempfile.TemporaryDirectory() as kept, Cache(Path(kept), detector) as cache:
        scores = scores_of(detector, items, workers=2, seconds=120.0, cache=cache)
    measurement = measured(scores)
    rows = [list(part_row(part)) for part in measurement.parts]
    parts = [
        f"{detector.name} {detector.version} on {len(items)} pictures, as it is",
        "\n".join(f"! {words}" for words in warnings_of(measurement)),
        table(list(header_of(measurement)), rows),
        "\n".join([*precision_sentences(measurement), _calibrated(scores)]),
    ]
    return "\n\n".join(part for part in parts if part)


def _calibrated(scores: Scores) -> str:
    """Whether these pictures are enough to say what its scores are worth."""
    rows = [one for one in scores.scored if one.score is not None]
    groups = [one.item.group or one.sha256 for one in rows]
    sample = sample_of([one.score or 0.0 for one in rows], [one.item.is_ai for one in rows], groups)
    made = fit(sample, Origin("example", "", "", "2026-11-23")) if isinstance(sample, Sample) else sample
    if isinstance(made, list):
        return "not calibrated: " + "; ".join(fault.words for fault in made)
    return f"calibrated: Cllr {made.whole.figures.cllr}"
