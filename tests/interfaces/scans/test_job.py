"""What a process of the pool makes of a file: kept and found again by all that its row depends on."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.media import Media
from assay.detection.result import ScanResult
from assay.interfaces.scans import job as job_module
from assay.interfaces.scans.given.entries import Entry
from assay.interfaces.scans.job import Looked, MakingRows
from assay.interfaces.scans.kept.cache import ANY_DAY, CacheWriter

DAY = 800_000
SIGNED = Evidence(Kind.SIGNED_PROVENANCE, Claim.GENERATED, Integrity.OK, Tier.TRUSTED, "c2pa")
MARKED = Evidence(Kind.DECLARATION, Claim.GENERATED, Integrity.UNSIGNED, Tier.UNVERIFIED, "made:up")
Scan = Callable[[Path, Media], ScanResult]


def finds(*evidence: Evidence) -> Scan:
    return lambda path, media: ScanResult(path, media.sha256, "text", None, evidence)


@pytest.fixture
def entry(tmp_path: Path) -> Entry:
    path = tmp_path / "a.txt"
    path.write_bytes(b"a text")
    return Entry(str(path), "a.txt")


@pytest.fixture
def job(tmp_path: Path) -> MakingRows:
    return MakingRows(Looked(tmp_path / "cache", bytes(32), DAY))


def test_a_row_is_found_again_for_the_same_file_on_the_same_surface_only(
    tmp_path: Path, entry: Entry, job: MakingRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_module, "scan_media", finds(MARKED))
    writer = CacheWriter(tmp_path / "cache")
    job.begin()
    first = job.do(entry)
    assert first.kept is not None
    assert first.kept.day == ANY_DAY
    writer.put([first.kept])
    assert (job.do(entry).hit, job.do(entry).line) == (first.kept.key, first.line)
    assert job.do(replace(entry, surface="ads")).hit is None
    assert replace(job, looked=Looked(tmp_path / "cache", bytes(31) + b"1", DAY)).do(entry).hit is None
    writer.close()


def test_what_a_signature_says_is_kept_for_a_day_and_not_at_all_where_hosts_are_asked(
    entry: Entry, job: MakingRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_module, "scan_media", finds(SIGNED))
    job.begin()
    kept = job.do(entry).kept
    assert kept is not None
    assert kept.day == DAY
    assert replace(job, fetches=True).do(entry).kept is None


def test_a_file_that_is_written_to_while_it_is_scanned_is_not_kept(
    entry: Entry, job: MakingRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(path: Path, media: Media) -> ScanResult:
        os.utime(path, ns=(1, 1))
        return finds(MARKED)(path, media)

    monkeypatch.setattr(job_module, "scan_media", meanwhile)
    job.begin()
    row = job.do(entry)
    assert row.kept is None
    # A run that goes on sees that the file is not what it was.
    assert row.stamp != job_module.stamp_of(entry.path)
