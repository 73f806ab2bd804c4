"""Scans files in a pool of processes with limits on time and memory. It never decodes one in the caller's process."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Lock

from pebble import ProcessFuture

from assay.detection.pool.alone import OF_THE_FILE, alone, joined
from assay.detection.pool.chunks import ChunkPool
from assay.detection.pool.processes import new_pool
from assay.detection.pool.station import Scanning
from assay.detection.registry import UnknownScanner, scanner_names
from assay.detection.result import ScanResult
from assay.detection.scanner import Settings
from assay.detection.worker import Duty, begin, scan_one

SECONDS = 20.0
MEGABYTES = 2048
WORKERS = 2
# Files that may wait for a process where they come one by one.
WAITING_PER_WORKER = 16
DECLARATION_SUFFIX = ".declared.json"


def media_paths(folder: Path) -> Iterator[Path]:
    """Every file below a folder in a stable order, without hidden ones and the uploaders' declarations.

    No more than the names of the folders on the way are held at once. A link to a folder is not followed.
    """
    try:
        with os.scandir(folder) as found:
            inside = sorted((each for each in found if not each.name.startswith(".")), key=lambda each: each.name)
    except OSError:
        # What may not be looked into, or is gone since, has no files.
        return
    for each in inside:
        if each.is_dir(follow_symlinks=False):
            yield from media_paths(folder / each.name)
        elif not each.name.endswith(DECLARATION_SUFFIX) and each.is_file():
            yield folder / each.name


def scan_files(
    paths: Iterable[Path],
    *,
    workers: int = WORKERS,
    seconds: float = SECONDS,
    megabytes: int = MEGABYTES,
    trust: Path | None = None,
    settings: Settings | None = None,
    scanners: Sequence[str] | None = None,
    deep: bool = False,
) -> Iterator[ScanResult]:
    """One result for each path, in the order of the paths, as they become ready.

    A scanner that crashes, hangs or runs out of memory costs its own finding on that one file; all else is kept.

    workers    processes
    seconds    for one scanner on one file, after which its process is killed
    megabytes  of address space for one process
    trust      a folder of PEM lists of trust anchors, or None: then no signer counts as trusted
    settings   all that an operator sets for scanners; `trust` given beside it counts before its own
    scanners   names of installed scanners or `module:factory`; all that are installed where None
    deep       asks also those that decode the picture or sound itself, and take long; whoever is named is asked anyway
    raises     UnknownScanner for a name that is not installed, UnusableTrust for a folder that cannot be used,
               ValueError for limits that make no sense
    """
    duty = duty_of(
        workers=workers,
        seconds=seconds,
        megabytes=megabytes,
        settings=_with(trust, settings),
        scanners=scanners,
        deep=deep,
    )
    return _scan(paths, duty, workers, seconds)


def duty_of(
    *,
    workers: int = WORKERS,
    seconds: float = SECONDS,
    megabytes: int = MEGABYTES,
    settings: Settings | None = None,
    scanners: Sequence[str] | None = None,
    deep: bool = False,
) -> Duty:
    """What the processes of a scan are started for; options, and what is raised, are those of `scan_files`."""
    names = tuple(scanner_names() if scanners is None else scanners)
    _check(names, workers, seconds, megabytes)
    return Duty(names, _sound(settings or Settings()), megabytes, deep=deep or scanners is not None)


def inspect_file(
    path: Path,
    *,
    seconds: float = SECONDS,
    megabytes: int = MEGABYTES,
    trust: Path | None = None,
    settings: Settings | None = None,
    scanners: Sequence[str] | None = None,
) -> ScanResult:
    """One file's evidence with the sections that its scanners show a reviewer, always deep; else as `scan_files`."""
    names = tuple(scanner_names() if scanners is None else scanners)
    _check(names, 1, seconds, megabytes)
    duty = Duty(names, _sound(_with(trust, settings)), megabytes, inspects=True)
    (result,) = _scan([path], duty, 1, seconds)
    return result


def _with(trust: Path | None, settings: Settings | None) -> Settings:
    whole = settings or Settings()
    return whole if trust is None else replace(whole, trust=trust)


def _sound(settings: Settings) -> Settings:
    if settings.trust is not None:
        # Loaded here only to be refused once and at once, rather than by every process for every file.
        from assay.detection.trust.folder import load_lists

        load_lists(settings.trust)
    return settings


def _check(names: tuple[str, ...], workers: int, seconds: float, megabytes: int) -> None:
    unknown = [name for name in names if ":" not in name and name not in scanner_names()]
    if unknown:
        raise UnknownScanner(f"no scanner is named `{unknown[0]}`; installed: {', '.join(scanner_names())}")
    if not names:
        raise UnknownScanner("no scanner is installed")
    if workers < 1 or seconds <= 0 or megabytes < 256:
        raise ValueError("scanning needs a worker, some time, and at least 256 megabytes")


def _scan(paths: Iterable[Path], duty: Duty, workers: int, seconds: float) -> Iterator[ScanResult]:
    with ChunkPool(Scanning(), duty, workers, seconds) as pool:
        yield from pool.done(paths)


class PoolFull(Exception):
    """The pool takes no file now: as many wait as may, or it closes."""


class ScanPool:
    """Processes that stay, for files that come one by one, as to a service. It may be used from several threads.

    workers       processes, which start with the first file
    seconds       for one scanner on one file, after which its process is killed and another takes its place
    megabytes     of address space for one process
    most_waiting  files that may wait for a process
    settings      what an operator sets for scanners
    scanners      names of installed scanners, which are then asked in any case; all that are installed where None
    raises        as `scan_files`
    """

    def __init__(
        self,
        *,
        workers: int = WORKERS,
        seconds: float = SECONDS,
        megabytes: int = MEGABYTES,
        most_waiting: int = WAITING_PER_WORKER,
        settings: Settings | None = None,
        scanners: Sequence[str] | None = None,
    ) -> None:
        names = tuple(scanner_names() if scanners is None else scanners)
        _check(names, workers, seconds, megabytes)
        self._duty = Duty(names, _sound(settings or Settings()), megabytes, deep=False)
        self._workers, self._seconds, self._most = workers, seconds, workers + most_waiting
        self._named = scanners is not None
        self._waited_for: set[Future[ScanResult]] = set()
        self._closed = False
        self._lock = Lock()
        self._pool = new_pool(workers, begin, (self._duty,))

    def submit(self, path: Path, *, deep: bool = False) -> Future[ScanResult]:
        """What will come of a file, which has to stay where it is until then; raises PoolFull."""
        with self._lock:
            if self._closed or len(self._waited_for) >= self._most:
                raise PoolFull
            deep = deep or self._named
            answer: Future[ScanResult] = Future()
            self._waited_for.add(answer)
        answer.add_done_callback(self._let_go)
        patience = self._seconds * len(self._duty.scanners)
        self._then(answer, path, None, patience, lambda found: self._whole(answer, path, found, deep), deep)
        return answer

    def close(self) -> None:
        """Stop the processes at once; what they were at is not finished."""
        with self._lock:
            pool, self._closed = self._pool, True
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()
        # What the pool was at it forgets; whoever waits for it would wait for ever.
        for answer in tuple(self._waited_for):
            _end(answer, PoolFull())

    def _let_go(self, answer: Future[ScanResult]) -> None:
        with self._lock:
            self._waited_for.discard(answer)

    def _whole(self, answer: Future[ScanResult], path: Path, found: Future[ScanResult], deep: bool) -> None:
        try:
            _end(answer, found.result())
        except OF_THE_FILE:
            self._singly(answer, ScanResult(path), self._duty.scanners, deep)

    def _singly(self, answer: Future[ScanResult], whole: ScanResult, names: tuple[str, ...], deep: bool) -> None:
        if not names:
            _end(answer, whole)
            return

        def go_on(found: Future[ScanResult]) -> None:
            part = alone(found, self._seconds, whole.path, names[0])
            self._singly(answer, joined(whole, part), names[1:], deep)

        self._then(answer, whole.path, names[0], self._seconds, go_on, deep)

    def _then(
        self,
        answer: Future[ScanResult],
        path: Path,
        only: str | None,
        seconds: float,
        go_on: Callable[[Future[ScanResult]], None],
        deep: bool,
    ) -> None:
        """Scan in the pool, and go on with what came of it; whatever else happens ends the answer: nobody waits on."""

        def done(found: Future[ScanResult]) -> None:
            if self._closed:
                # The process was stopped; that is no crash of a scanner.
                _end(answer, PoolFull())
                return
            try:
                go_on(found)
            except Exception as error:  # noqa: BLE001 (the outer edge of a job in another thread: whoever waits is told)
                _end(answer, error)

        try:
            self._scheduled(path, only, seconds, deep).add_done_callback(done)
        except RuntimeError as error:
            _end(answer, PoolFull() if self._closed else error)

    def _scheduled(self, path: Path, only: str | None, seconds: float, deep: bool) -> ProcessFuture[ScanResult]:
        with self._lock:
            try:
                return self._pool.schedule(scan_one, args=(path, only), kwargs={"deep": deep}, timeout=seconds)
            except RuntimeError:
                if self._closed:
                    raise
                # All its processes died at once, as they do where the machine runs out of memory.
                self._pool = new_pool(self._workers, begin, (self._duty,))
                return self._pool.schedule(scan_one, args=(path, only), kwargs={"deep": deep}, timeout=seconds)


def _end(answer: Future[ScanResult], with_: ScanResult | Exception) -> None:
    # The pool may close at the moment in which a file is done.
    with suppress(InvalidStateError):
        if isinstance(with_, Exception):
            answer.set_exception(with_)
        else:
            answer.set_result(with_)
