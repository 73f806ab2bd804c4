"""What tests of scans share: files, entries, and an engine that makes rows without a process. It holds no test."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.media import Media
from assay.detection.result import ScanFault, ScanResult
from assay.detection.weighing.settings import DEFAULT
from assay.interfaces.scans.given.entries import Entries, Entry
from assay.interfaces.scans.job import Row, stamp_of
from assay.interfaces.scans.rows import body_of, head_of
from assay.interfaces.scans.totals import Totals

CONDITIONS = {"program": "a", "seconds": "20", "banks": "none", "trust lists": "none", "scanner metadata": "2, ready"}


def files(folder: Path, count: int) -> list[Path]:
    """Some files, of which every seventh is empty."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number:03}.txt" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(b"" if number % 7 == 6 else f"text {number}".encode())
    return paths


def entries_of(paths: Iterable[Path]) -> list[Entry]:
    """An entry for each path."""
    return [Entry(str(path), str(path)) for path in paths]


class Engine:
    """Makes a row of a file's digest, as a scanner that finds a declaration would; and remembers what it was given.

    most  rows after which it is killed
    """

    def __init__(self, most: int | None = None) -> None:
        self.given: list[str] = []
        self._most = most

    def __call__(self, entries: Iterable[Entry]) -> Iterator[Row]:
        for number, entry in enumerate(entries):
            if number == self._most:
                raise KeyboardInterrupt
            self.given.append(Path(entry.path).name)
            yield row_of(entry)


def row_of(entry: Entry) -> Row:
    """The row of a file, all of it taken from its content."""
    stamp = stamp_of(entry.path)
    media = Media.from_path(Path(entry.path))
    found = Evidence(
        Kind.DECLARATION, Claim.GENERATED, Integrity.UNSIGNED, Tier.UNVERIFIED, "made:up", {"of": media.sha256[:8]}
    )
    faults = () if media.size else (ScanFault("empty-file", "the file has no bytes"),)
    result = ScanResult(Path(entry.path), media.sha256, "text", None, (found,) if media.size else (), faults)
    return Row(head_of(entry) + body_of(result, DEFAULT), entry.key, stamp)


def nobody(totals: Totals, entries: Entries) -> None:
    """Watches no progress."""
