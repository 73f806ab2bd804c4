"""Reads thousands of wrong files in a process with limits, and says what it cost. It stops at no single file."""

from __future__ import annotations

import io
import multiprocessing
import resource
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from types import FrameType

from assay.detection.container import Container
from assay.detection.labels.formats.writers import WRITERS
from assay.detection.labels.marking import IPTC, Marking
from assay.detection.labels.pieces import Original, write_pieces
from assay.detection.labels.refused import CannotLabel
from assay.detection.media import Media
from assay.detection.registry import load_scanner
from assay.detection.scanner import Inspecting, ScanFailed, Settings
from benchmarks.fuzzing.mutations import mutated

SECONDS, MEGABYTES = 2.0, 512
# A process that has not come to its next file by then hangs where no signal reaches it; starting one takes a while.
PATIENCE = 30.0
MEBIBYTE = 1024 * 1024
KEYS = {"Label": "1", "ContentPropagator": "001191610133596325171T22588", "PropagateID": "Q-1"}
PROPERTIES = {(IPTC, "DigitalSourceType"): "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"}


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that was read as it must not be: its number, and what happened."""

    number: int
    words: str


@dataclass(frozen=True, slots=True)
class Ran:
    """What reading the files of one reader came to.

    refused  how many the reader said were malformed or too much, which is an answer
    """

    reader: str
    files: int
    refused: int
    slowest: float
    slowest_number: int
    seconds: float
    megabytes: float
    failures: tuple[Failure, ...] = field(default=())

    @property
    def is_sound(self) -> bool:
        """Whether no file crashed it, none took too long and none too much memory."""
        return not self.failures and self.slowest <= SECONDS and self.megabytes <= MEGABYTES


class TooSlow(BaseException):
    """One file took longer than one file may; no reader's own `except` may swallow it."""


def fuzz_reader(reader: str, seeds: Sequence[bytes], files: int, *, first: int = 0) -> Ran:
    """Reads the files of these numbers in a process of its own; one that dies is started anew behind the file."""
    ran = Ran(reader, 0, 0, 0.0, 0, 0.0, 0.0)
    while ran.files < files:
        part = _in_process(reader, seeds, first + ran.files, files - ran.files)
        ran = Ran(
            reader,
            ran.files + part.files,
            ran.refused + part.refused,
            max(ran.slowest, part.slowest),
            part.slowest_number if part.slowest > ran.slowest else ran.slowest_number,
            ran.seconds + part.seconds,
            max(ran.megabytes, part.megabytes),
            (*ran.failures, *part.failures),
        )
    return ran


def _in_process(reader: str, seeds: Sequence[bytes], first: int, files: int) -> Ran:
    # Never a fork: a native library that was loaded before is in a state that nobody can use.
    context = multiprocessing.get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    reached = context.Value("q", first - 1)
    process = context.Process(target=_work, args=(reader, list(seeds), first, files, sending, reached))
    process.start()
    sending.close()
    ran, failures = _awaited(receiving, process, reached)
    process.join()
    if ran is not None:
        return replace(ran, failures=tuple(failures))
    number = int(reached.value)
    if number < first:
        raise RuntimeError(f"the process for {reader} ended with code {process.exitcode} before its first file")
    died = Failure(number, f"the process ended with code {process.exitcode}")
    return Ran(reader, number - first + 1, 0, 0.0, number, 0.0, 0.0, (*failures, died))


def _awaited(
    receiving: Connection, process: BaseProcess, reached: Synchronized[int]
) -> tuple[Ran | None, list[Failure]]:
    """What the process sends: failures as they come, then the sum, or None for it where the process dies first.

    One that hangs inside a native library, where no signal reaches it, is killed.
    """
    failures: list[Failure] = []
    number, since = -1, time.monotonic()
    with suppress(EOFError):
        while True:
            if receiving.poll(0.2):
                told = receiving.recv()
                if isinstance(told, Ran):
                    return told, failures
                failures.append(told)
            elif reached.value != number:
                number, since = reached.value, time.monotonic()
            elif time.monotonic() - since > PATIENCE:
                process.kill()
                break
    return None, failures


def _work(
    reader: str, seeds: list[bytes], first: int, files: int, sending: Connection, reached: Synchronized[int]
) -> None:
    read = reading(reader)
    read(seeds[0])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (_address_space() + MEGABYTES * MEBIBYTE,) * 2)
    signal.signal(signal.SIGALRM, _stop)
    refused, slowest, slowest_number, whole = 0, 0.0, first, 0.0
    for number in range(first, first + files):
        reached.value = number
        content = mutated(seeds, number, reader)
        began = time.perf_counter()
        signal.setitimer(signal.ITIMER_REAL, 2 * SECONDS)
        try:
            refused += not read(content)
        except (Exception, TooSlow) as error:  # noqa: BLE001 (the edge: what a reader raises is the finding)
            # Told at once: the next file may be the process's last.
            sending.send(Failure(number, f"{type(error).__name__}: {error}"[:200]))
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        took = time.perf_counter() - began
        whole += took
        if took > slowest:
            slowest, slowest_number = took, number
    sending.send(Ran(reader, files, refused, slowest, slowest_number, whole, _most_memory()))


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise TooSlow(f"stopped after {2 * SECONDS:g} seconds")


def _most_memory() -> float:
    # The system's own `ru_maxrss` of a new process begins with that of the process that started it.
    lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def _address_space() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()


def reading(reader: str) -> Callable[[bytes], bool]:
    """What reads one file for a reader: `metadata:png`, `write:png`, `c2pa`; True where it was read to its end.

    Any other name is a scanner's, or the `module:factory` of one that is not installed.
    """
    kind, _, container = reader.partition(":")
    if kind == "write":
        return _writing(container)
    return _scanning(kind, container) if kind == "metadata" else _scanning(reader, "")


def _scanning(name: str, container: str) -> Callable[[bytes], bool]:
    scanner = load_scanner(name, Settings())

    def read(content: bytes) -> bool:
        media = Media.from_bytes(content, name="wrong")
        if container:
            # Whatever became of its first bytes: it is this container's reader that is asked.
            media = replace(media, container=Container(container, None))
        try:
            scanner.scan(media)
            if isinstance(scanner, Inspecting):
                scanner.inspect(media)
        except ScanFailed:
            return False
        return True

    return read


def _writing(container: str) -> Callable[[bytes], bool]:
    rewrite = WRITERS[container]

    def read(content: bytes) -> bool:
        written = False
        for properties in (PROPERTIES, {}):
            original = Original(io.BytesIO(content), len(content))
            with suppress(CannotLabel):
                write_pieces(original, rewrite(original, Marking(KEYS, properties)), io.BytesIO())
                written = True
        return written

    return read
