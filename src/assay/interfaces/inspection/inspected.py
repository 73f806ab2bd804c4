"""One file inspected: what was found, by whom, and what nobody looked at. It reads the file in a process of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assay.detection.evidence import Evidence, Kind
from assay.detection.inspection import Section
from assay.detection.judgement import Judgement, assertions, judge
from assay.detection.result import ScanResult
from assay.detection.run import inspect_file
from assay.detection.scanner import Card, Readiness, Settings
from assay.detection.weighing.settings import weighing_of
from assay.engine.decision.assertion import Assertion
from assay.interfaces.inspection.verdict import Verdict, verdict_of


@dataclass(frozen=True, slots=True)
class Reader:
    """An installed scanner: its card, or None where it cannot be loaded, and whether it can work here."""

    name: str
    card: Card | None
    readiness: Readiness

    @property
    def kind(self) -> Kind | None:
        """What it mostly looks for."""
        return self.card.kinds[0] if self.card is not None else None


@dataclass(frozen=True, slots=True)
class TrustedList:
    """One list that signers were held against: whose it is, what for, and its digest."""

    file: str
    keeper: str
    purpose: str
    certificates: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Inspected:
    """All that is shown of one file.

    name  its file name, which proves nothing
    size  in bytes, or None where it could not be read
    at    when it was inspected: what has expired depends on it
    """

    name: str
    size: int | None
    at: datetime
    result: ScanResult
    judgement: Judgement
    verdict: Verdict
    assertions: tuple[Assertion, ...]
    readers: tuple[Reader, ...]
    lists: tuple[TrustedList, ...]

    @property
    def found(self) -> tuple[Evidence, ...]:
        """The findings, without the records that somebody looked."""
        return tuple(one for one in self.result.evidence if one.found)

    def sections_of(self, scanner: str) -> tuple[Section, ...]:
        """What one scanner shows."""
        return tuple(section for name, section in self.result.sections if name == scanner)


def inspect(path: Path, settings: Settings, at: datetime, readers: Sequence[Reader]) -> Inspected:
    """One file through the scanners of these readers, the slow ones, too; raises as `inspect_file`, and
    UnusableWeighing."""
    weighing = weighing_of(settings.detectors)
    result = inspect_file(path, settings=settings, scanners=[reader.name for reader in readers])
    was_read = result.sha256 is not None
    judgement = judge(result.evidence, weighing)
    return Inspected(
        name=path.name,
        size=_size(path),
        at=at,
        result=result,
        judgement=judgement,
        verdict=verdict_of(result.evidence, judgement, was_read=was_read, wholly=not result.faults),
        assertions=assertions(result, weighing) if was_read else (),
        readers=tuple(readers),
        lists=_lists(settings.trust),
    )


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _lists(trust: Path | None) -> tuple[TrustedList, ...]:
    if trust is None:
        return ()
    from assay.detection.trust.folder import load_lists

    return tuple(
        TrustedList(each.file, each.keeper.value, each.purpose.value, len(each.anchors), each.sha256)
        for each in load_lists(trust)
    )
