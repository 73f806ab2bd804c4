"""One file again, each scanner in a task of its own: the guilty one is named. What the others found is never lost."""

from __future__ import annotations

from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import replace
from pathlib import Path

from pebble import ProcessExpired, ProcessPool

from assay.detection.result import ScanFault, ScanResult
from assay.detection.worker import Duty, scan_one

# What a future of the pool raises where a file, and not our own code, is to blame.
OF_THE_FILE = (FutureTimeout, ProcessExpired, MemoryError)


def one_by_one(pool: ProcessPool, duty: Duty, seconds: float, path: Path) -> ScanResult:
    """What each scanner finds in a file of which some scanner's process dies."""
    whole = ScanResult(path)
    for name in duty.scanners:
        future = pool.schedule(scan_one, args=(path, name), timeout=seconds)
        whole = joined(whole, alone(future, seconds, path, name))
    return whole


def joined(whole: ScanResult, part: ScanResult) -> ScanResult:
    """A file's result with what one more scanner found."""
    news = tuple(fault for fault in part.faults if fault not in whole.faults)
    return replace(
        whole,
        sha256=whole.sha256 or part.sha256,
        container=whole.container or part.container,
        modality=whole.modality or part.modality,
        evidence=(*whole.evidence, *part.evidence),
        faults=(*whole.faults, *news),
        scanners=(*whole.scanners, *part.scanners),
        sections=(*whole.sections, *part.sections),
        versions=(*whole.versions, *part.versions),
    )


def alone(future: Future[ScanResult], seconds: float, path: Path, name: str) -> ScanResult:
    """What came of one scanner on one file, its end included."""
    try:
        return future.result()
    except FutureTimeout:
        fault = ScanFault("scanner-timed-out", f"the scanner was stopped after {seconds:g} seconds", name)
    except ProcessExpired as expired:
        code = f" with code {expired.exitcode}" if expired.exitcode else ""
        fault = ScanFault("scanner-crashed", f"the scanner's process ended{code}", name)
    except MemoryError:
        fault = ScanFault("out-of-memory", "the process ran out of the memory that one file is given", name)
    return ScanResult(path, faults=(fault,))
