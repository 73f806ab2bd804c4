"""The detector scanner: asks what the operator has configured, and says what each score is worth. It believes none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from assay.detection.container import Modality
from assay.detection.decoding.pictures import picture
from assay.detection.detectors.asking.asked import Loaded, is_fit, loaded, score_of
from assay.detection.detectors.asking.preparing import described_by_camera, upright
from assay.detection.detectors.buckets import bucket_of
from assay.detection.detectors.configured import Configured
from assay.detection.detectors.folder import UnusableDetectors, hindrances, sound_detectors
from assay.detection.evidence import Evidence
from assay.detection.inspection import Section
from assay.detection.media import Media
from assay.detection.scanner import READY, Card, Example, Readiness, ScanFailed, Settings, State
from assay.detection.scanners.detectors.told import calibration_of, evidence_of, section_of

if TYPE_CHECKING:
    from PIL.Image import Image

    from assay.detection.calibration.calibration import Calibration

NAME = "detectors"
MOST_PIXELS = 100_000_000
_TITLE = "Detectors"


@dataclass(slots=True)
class _Kept:
    """What this process has loaded, and its last answer, which an inspection shows without asking twice."""

    detectors: dict[str, Loaded | UnusableDetectors] = field(default_factory=dict)
    calibrations: dict[str, Calibration | str] = field(default_factory=dict)
    last: tuple[str, tuple[Evidence, ...]] | None = None


@dataclass(frozen=True, slots=True)
class DetectorsScanner:
    """Asks each configured detector that is fit for a file.

    folder  of the operator's detectors, or None where none is configured
    """

    card: Card
    folder: Path | None
    detectors: tuple[Configured, ...]
    _kept: _Kept = field(default_factory=_Kept, compare=False, repr=False)

    @property
    def name(self) -> str:
        return NAME

    def readiness(self) -> Readiness:
        if self.folder is None:
            step = "put NAME/detector.toml into a folder, and name that folder by --detectors"
            return Readiness(State.NO_DETECTORS, "no detector is configured", step)
        # Files are compared with their digests when they are loaded; that they are there is told at once.
        faults = [fault for each in self.detectors for fault in hindrances(each, digests=False)]
        if not faults:
            return READY
        first = faults[0]
        state = State.NO_PACKAGE if first.slug == "no-package" else State.NO_WEIGHTS
        words, _, step = first.words.partition("; ")
        return Readiness(state, words, step)

    def is_requested(self) -> bool:
        """An operator who names a folder of detectors wants them asked in every scan."""
        return self.folder is not None

    def scan(self, media: Media) -> list[Evidence]:
        found, failures = self._asked(media)
        if failures:
            words = "; ".join(dict.fromkeys(failed.words for failed in failures))[:400]
            raise ScanFailed(failures[0].slug, words, found)
        return list(found)

    def inspect(self, media: Media) -> tuple[Section, ...]:
        """Each detector's score, what it is worth, and on what that rests."""
        found, failures = self._asked(media)
        sections = [section_of(each, self._configured(each)) for each in found]
        sections += [Section(_TITLE, "not checked", note=f"{failed.words}.") for failed in failures]
        if not sections:
            return (Section(_TITLE, "not checked", note="No configured detector is fit for this file."),)
        return tuple(sections)

    def examples(self) -> Sequence[Example]:
        """None of ours: what a detector says of a file is known to its maker only."""
        return ()

    def _configured(self, evidence: Evidence) -> Configured:
        return next(each for each in self.detectors if evidence.source == f"{NAME}:{each.name}")

    def _asked(self, media: Media) -> tuple[tuple[Evidence, ...], tuple[ScanFailed, ...]]:
        last = self._kept.last
        if last is not None and last[0] == media.sha256:
            return last[1], ()
        found: list[Evidence] = []
        failures: list[ScanFailed] = []
        wanted = [each for each in self.detectors if media.modality in each.fitness.modalities]
        try:
            seen = _picture(media) if wanted else None
        except ScanFailed as failed:
            wanted, seen = [], None
            failures.append(failed)
        camera = seen is not None and described_by_camera(seen)
        bucket = bucket_of(media, seen.size if seen is not None else None, described_by_camera=camera)
        for detector in wanted:
            if not is_fit(detector, media, seen):
                continue
            try:
                found.append(self._evidence(detector, media, seen, bucket))
            except ScanFailed as failed:
                # One service that does not answer costs its own score, and no other detector's.
                failures.append(failed)
        # A service that failed may be there the next time the same file comes.
        self._kept.last = None if failures else (media.sha256, tuple(found))
        return tuple(found), tuple(failures)

    def _evidence(self, detector: Configured, media: Media, seen: Image | None, bucket: str) -> Evidence:
        ready = self._loaded(detector)
        score = score_of(ready, media, seen)
        if detector.name not in self._kept.calibrations:
            self._kept.calibrations[detector.name] = calibration_of(detector)
        return evidence_of(detector, score, bucket, self._kept.calibrations[detector.name])

    def _loaded(self, detector: Configured) -> Loaded:
        if detector.name not in self._kept.detectors:
            try:
                self._kept.detectors[detector.name] = loaded(detector)
            except UnusableDetectors as unusable:
                self._kept.detectors[detector.name] = unusable
        ready = self._kept.detectors[detector.name]
        if isinstance(ready, UnusableDetectors):
            raise ScanFailed("unusable-detector", str(ready))
        return ready


def _picture(media: Media) -> Image | None:
    if media.modality is not Modality.IMAGE:
        return None
    decoded = picture(media, most_pixels=MOST_PIXELS)
    return None if decoded is None else upright(decoded)


def build(settings: Settings) -> DetectorsScanner:
    """The entry point; raises UnusableDetectors where one of the configured detectors is not sound."""
    folder = settings.detectors
    detectors = () if folder is None else sound_detectors(folder)
    return DetectorsScanner(Card.load(Path(__file__).with_name("card.toml")), folder, detectors)
