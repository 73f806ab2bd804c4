"""Hashes files in a pool of processes with limits on time and memory. It never decodes one in the caller's process."""

from __future__ import annotations

import resource
import warnings
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pebble import ProcessExpired, ProcessFuture

from assay.detection.copies.hashing.fingerprints import hashed
from assay.detection.copies.kinds import Fingerprint, HashKind
from assay.detection.media import Media, Unreadable
from assay.detection.pixels import pixel_count
from assay.detection.pool.processes import new_pool
from assay.engine.kernel.errors import Fault

SECONDS = 60.0
# A film is decoded for ten minutes of it where a bank is to keep it.
SECONDS_WHEN_THOROUGH = 300.0
MEGABYTES = 2048
WORKERS = 2
# As everywhere in the pool: a camera's largest pictures have some 200 million pixels.
MAXIMUM_PIXELS = 300_000_000
_WAITING_PER_WORKER = 16
_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Wish:
    """Which hashes are made of a file, in words that can be handed to another process.

    thorough  follows a long film as far as a bank keeps it, which can take minutes
    """

    kinds: tuple[HashKind, ...]
    dihedral: bool = False
    crops: bool = False
    thorough: bool = False


@dataclass(frozen=True, slots=True)
class Hashed:
    """One file's hashes; none where it is of no form that these kinds are made of.

    fault  why it could not be hashed, or None
    """

    path: Path
    sha256: str | None = None
    fingerprints: tuple[Fingerprint, ...] = ()
    fault: Fault | None = None


def hash_files(
    paths: Iterable[Path],
    wish: Wish,
    *,
    workers: int = WORKERS,
    seconds: float = SECONDS,
    megabytes: int = MEGABYTES,
) -> Iterator[Hashed]:
    """One result for each path, in the order of the paths. A hostile file costs itself only.

    seconds    for one file, after which its process is killed
    megabytes  of address space for one process
    """
    pool = new_pool(workers, _begin, (megabytes,))
    waiting: deque[tuple[Path, ProcessFuture[Hashed]]] = deque()
    try:
        for path in paths:
            waiting.append((path, pool.schedule(_hash, args=(path, wish), timeout=seconds)))
            if len(waiting) >= workers * _WAITING_PER_WORKER:
                yield _collected(*waiting.popleft(), seconds)
        while waiting:
            yield _collected(*waiting.popleft(), seconds)
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def _collected(path: Path, future: ProcessFuture[Hashed], seconds: float) -> Hashed:
    try:
        return future.result()
    except FutureTimeout:
        fault = Fault("scanner-timed-out", f"hashing it was stopped after {seconds:g} seconds")
    except ProcessExpired:
        fault = Fault("scanner-crashed", "the process that hashed it ended before it was done")
    except MemoryError:
        fault = Fault("out-of-memory", "hashing it asked for more memory than one file is given")
    except Exception as error:  # noqa: BLE001
        # The outer edge of one file's job: a decoder may raise anything, and it costs its own file only.
        fault = Fault("scanner-failed", f"hashing it failed with {type(error).__name__}")
    return Hashed(path, fault=fault)


def _begin(megabytes: int) -> None:
    warnings.simplefilter("ignore")
    _limit(resource.RLIMIT_AS, megabytes * _MEBIBYTE)
    # A decoder that crashes must not write a core file for every hostile file.
    _limit(resource.RLIMIT_CORE, 0)


def _limit(which: int, most: int) -> None:
    _soft, hard = resource.getrlimit(which)
    # Some systems know the limit and refuse to set it; the time limit still holds there.
    with suppress(ValueError, OSError):
        resource.setrlimit(which, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _hash(path: Path, wish: Wish) -> Hashed:
    try:
        media = Media.from_path(path)
    except Unreadable as unreadable:
        return Hashed(path, fault=Fault("unreadable-file", str(unreadable)))
    if media.size == 0:
        return Hashed(path, fault=Fault("empty-file", "the file has no bytes"))
    pixels = pixel_count(media) or 0
    if pixels > MAXIMUM_PIXELS:
        words = f"the header says {pixels:,} pixels, more than {MAXIMUM_PIXELS:,}"
        return Hashed(path, media.sha256, fault=Fault("too-many-pixels", words))
    try:
        made = hashed(media, wish.kinds, dihedral=wish.dihedral, crops=wish.crops, thorough=wish.thorough)
    except MemoryError:
        return Hashed(
            path, media.sha256, fault=Fault("out-of-memory", "it asked for more memory than one file is given")
        )
    failed = made.failures[0] if made.failures else None
    fault = Fault(failed.slug, failed.words) if failed is not None else None
    return Hashed(path, media.sha256, made.fingerprints, fault)
