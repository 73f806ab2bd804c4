"""The service's scan behind its guard, with a folder of media. It holds no test."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.detection.scanners.metadata.examples.build import png, png_text
from assay.detection.scanners.metadata.examples.cases import label
from assay.interfaces.service.app import build_app
from assay.interfaces.service.guard.guard import Guard
from assay.interfaces.service.guard.settings import GuardSettings
from assay.interfaces.service.routes.table import Route
from assay.interfaces.service.scanned.settings import ScanSettings
from assay.interfaces.service.scanning import Scanner, open_scanner, scan_endpoint
from tests.interfaces.service.fakes import Bench, bench
from tests.interfaces.service.guard.made import bearer, made, opened

LABELLED = png(png_text("AIGC", label()))
MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Room:
    """A service that scans.

    media  the folder of media
    work   where the private folder for files under way is made
    """

    app: Guard
    scanner: Scanner
    bench: Bench
    media: Path
    work: Path
    headers: dict[str, str]

    def left(self) -> list[str]:
        """Names of files that lie in the private folder, apart from its lock."""
        return sorted(path.name for path in self.work.rglob("*") if path.is_file() and path.name != ".lock")


@contextlib.contextmanager
def room(folder: Path, *, most: int = MOST, guard: GuardSettings | None = None, **settings: Any) -> Iterator[Room]:
    media, work = folder / "media", folder / "work"
    media.mkdir()
    work.mkdir()
    whole = {"media": media, "folder": work, "seconds": 5.0, **settings}
    scanner = open_scanner(ScanSettings(**whole), most)
    assert isinstance(scanner, Scanner), scanner
    parts = bench()
    app = build_app(parts.parts, more=(Route("POST", "/v1/scan", "scan", scan_endpoint(scanner)),))
    token = made(folder / "tokens.json", scopes=["decide", "scan", "read", "operate"])
    headers = {**bearer(token), "content-type": "image/png"}
    found = guard or GuardSettings(scan_bytes=most)
    try:
        yield Room(Guard(app, opened(folder / "tokens.json"), found), scanner, parts, media, work, headers)
    finally:
        scanner.close()


def digest_of(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()
