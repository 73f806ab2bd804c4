"""One loaded detector, asked about one file: its score with AI at the upper end, or nothing. It weighs no score."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assay.detection.container import Modality
from assay.detection.detectors.asking.service import Service, connect
from assay.detection.detectors.asking.session import Session, load
from assay.detection.detectors.configured import Configured, Endpoint
from assay.detection.media import Media
from assay.detection.scanner import ScanFailed

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class Loaded:
    """A detector that is ready to be asked."""

    detector: Configured
    by: Session | Service


def loaded(detector: Configured) -> Loaded:
    """Loads the model or prepares the connection; raises UnusableDetectors where that cannot be done."""
    how = detector.how
    return Loaded(detector, connect(detector, how) if isinstance(how, Endpoint) else load(detector, how))


def is_fit(detector: Configured, media: Media, picture: Image | None) -> bool:
    """Whether a detector may be asked about a file; what it was not made for tells nothing."""
    fitness = detector.fitness
    if media.modality not in fitness.modalities or media.container.name in fitness.excluded:
        return False
    most = min(
        fitness.most_bytes, detector.how.most_request_bytes if isinstance(detector.how, Endpoint) else media.size
    )
    if media.size > most:
        return False
    if media.modality is not Modality.IMAGE:
        return True
    if picture is None:
        return isinstance(detector.how, Endpoint) and not fitness.least_side
    return min(picture.size) >= max(fitness.least_side, 1)


def score_of(asked: Loaded, media: Media, picture: Image | None) -> float:
    """The detector's score of a file that is fit for it, within its range, higher for AI; raises ScanFailed.

    picture  decoded, in RGB and upright, where the file is one
    """
    if isinstance(asked.by, Service):
        raw = asked.by.score(media)
    elif picture is None:
        raise ScanFailed("undecodable-picture", "a model was to be shown a file that is no picture")
    else:
        raw = asked.by.score(picture)
    scale = asked.detector.scale
    if not math.isfinite(raw) or not scale.low <= raw <= scale.high:
        words = f"{asked.detector.name} gives {raw:g}, which is not between {scale.low:g} and {scale.high:g}"
        raise ScanFailed("strange-answer", words)
    return raw if scale.higher_means == "ai" else scale.low + scale.high - raw
