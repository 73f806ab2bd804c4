"""What one process of the pool does with a chunk: each file by its job, with a mark before it. It knows no pool."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol, TypeVar

from assay.detection.pool.marks import Marks
from assay.detection.result import ScanResult
from assay.detection.worker import Duty, begin, scan_one

Entry = TypeVar("Entry")
Entry_contra = TypeVar("Entry_contra", contravariant=True)
Done = TypeVar("Done")
Done_co = TypeVar("Done_co", covariant=True)


class Job(Protocol[Entry_contra, Done_co]):
    """What is made of each file. It is copied into every process, so it holds nothing that stays in one."""

    def path(self, entry: Entry_contra) -> Path:
        """The file of an entry."""
        ...

    def begin(self) -> None:
        """Make ready, in the process that will do the entries."""
        ...

    def do(self, entry: Entry_contra) -> Done_co:
        """In a process of the pool: scan the file."""
        ...

    def given_up(self, entry: Entry_contra, result: ScanResult) -> Done_co:
        """In the caller's process, which reads no file: what is known of one that cost its process the life."""
        ...


@dataclass(frozen=True, slots=True)
class Scanning:
    """The plain job: a path comes to its result."""

    def path(self, entry: Path) -> Path:
        return entry

    def begin(self) -> None:
        return None

    def do(self, entry: Path) -> ScanResult:
        return scan_one(entry)

    def given_up(self, entry: Path, result: ScanResult) -> ScanResult:
        return result


@dataclass(slots=True)
class _Post:
    """This process's job and marks."""

    job: Job[Any, Any] | None = None
    marks: Marks | None = None


_POST = _Post()


def take_post(duty: Duty, job: Job[Any, Any], marks: tuple[Path, int]) -> None:
    """The first thing that a process of the pool does."""
    begin(duty)
    _POST.job, _POST.marks = job, Marks(*marks)
    job.begin()


def do_chunk(place: int, entries: Sequence[Any]) -> tuple[float, list[Any]]:
    """The seconds that a chunk took, and what came of each of its entries."""
    job, marks = _POST.job, _POST.marks
    if job is None or marks is None:
        raise RuntimeError("the process has no post")
    began = perf_counter()
    done = []
    for number, entry in enumerate(entries):
        marks.set(place, number)
        done.append(job.do(entry))
    return perf_counter() - began, done
