"""What came of scanning one file: its evidence, and every fault beside it. It never judges the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assay.detection.container import Modality
from assay.detection.evidence import Evidence
from assay.detection.inspection import Section


@dataclass(frozen=True, slots=True)
class ScanFault:
    """What went wrong with one file: a slug, words for a person, and the scanner, or None for the file itself."""

    slug: str
    words: str
    scanner: str | None = None


@dataclass(frozen=True, slots=True)
class ScanResult:
    """One file's evidence, in the order of the scanners; `scanners` names those that reached its end.

    versions  of those scanners, in their order
    sections  what each scanner shows a reviewer, by the scanner's name; only where the file was inspected
    """

    path: Path
    sha256: str | None = None
    container: str | None = None
    modality: Modality | None = None
    evidence: tuple[Evidence, ...] = ()
    faults: tuple[ScanFault, ...] = ()
    scanners: tuple[str, ...] = ()
    sections: tuple[tuple[str, Section], ...] = ()
    versions: tuple[str, ...] = ()
