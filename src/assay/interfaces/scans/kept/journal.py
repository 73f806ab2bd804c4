"""The rows of a scan under way, on disk, to go on with after a kill. It believes no row that is not whole."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import numpy as np
from numpy.typing import NDArray

from assay.engine.kernel.errors import Fault
from assay.interfaces.scans.given.entries import KEY_BYTES
from assay.interfaces.scans.job import STAMP_BYTES, Row
from assay.interfaces.scans.kept.conditions import changed

SUFFIX = ".scan"
HEADER, ROWS, INDEX, LOCK = "scan.json", "rows.jsonl", "rows.index", "lock"
_FORM = 1
# One record for each row: 32 bytes, in the order of the rows.
_RECORD = np.dtype([("key", f"V{KEY_BYTES}"), ("stamp", f"V{STAMP_BYTES}"), ("length", "<u4"), ("check", "<u4")])
_SYNC_SECONDS = 1.0
_LARGEST_HEADER = 1024 * 1024
_BLOCK = 1024 * 1024


class _Header(msgspec.Struct, forbid_unknown_fields=True):
    form: int
    conditions: dict[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """The rows that an earlier run finished, to be found by the key of their entry; some 60 bytes of memory a row."""

    records: NDArray[Any]
    ends: NDArray[np.int64]
    order: NDArray[np.int64]
    firsts: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.records)

    def find(self, key: bytes) -> int | None:
        """The number of an entry's newest row, or None."""
        first = np.frombuffer(key[:8], np.uint64)[0]
        place = int(np.searchsorted(self.firsts, first, side="right"))
        # The order is stable, so the newest comes last.
        while place and self.firsts[place - 1] == first:
            place -= 1
            number = int(self.order[place])
            if self.records["key"][number].tobytes() == key:
                return number
        return None

    def stamp(self, number: int) -> bytes:
        """What the file of a row was when it was scanned."""
        return bytes(self.records["stamp"][number].tobytes())

    def span(self, number: int) -> tuple[int, int]:
        """Where a row begins, and how long it is with the end of its line."""
        length = int(self.records["length"][number])
        return int(self.ends[number]) - length, length


def _known(records: NDArray[Any]) -> Known:
    firsts = np.frombuffer(np.ascontiguousarray(records["key"]).tobytes(), dtype=np.uint64)[::2]
    order = np.argsort(firsts, kind="stable")
    return Known(records, np.cumsum(records["length"], dtype=np.int64), order, firsts[order])


class Journal:
    """A folder beside the output: the conditions, the rows as they come, and a record for each of them.

    A record follows its row, so a row is whole where there is a record whose check it meets. Both files are given to
    the disk once a second; what a kill leaves half-written is cut off when the folder is opened again.
    """

    def __init__(self, folder: Path, lock: BinaryIO, known: Known, size: int) -> None:
        self.folder, self.known, self.rows = folder, known, len(known)
        self._lock = lock
        self._lines = _cut(folder / ROWS, size)
        self._before = (folder / ROWS).open("rb")
        self._records = _cut(folder / INDEX, len(known) * _RECORD.itemsize)
        self._synced = time.monotonic()

    def add(self, row: Row) -> None:
        """Write a row down."""
        line = row.line + b"\n"
        self._lines.write(line)
        record = np.array([(row.key, row.stamp, len(line), zlib.crc32(line))], dtype=_RECORD)
        self._records.write(record.tobytes())
        self.rows += 1
        if time.monotonic() - self._synced >= _SYNC_SECONDS:
            self.sync()

    def sync(self) -> None:
        """Give to the disk what was written: rows first, so that no record is there without its row."""
        for stream in (self._lines, self._records):
            stream.flush()
            os.fsync(stream.fileno())
        self._synced = time.monotonic()

    def lines(self, order: Iterable[int] | None = None) -> Iterator[bytes]:
        """The rows, each with the end of its line: as they were written, or in another order by their numbers."""
        self.sync()
        with (self.folder / ROWS).open("rb") as stream:
            if order is None:
                yield from stream
                return
            whole = _known(np.fromfile(self.folder / INDEX, dtype=_RECORD))
            for number in order:
                begin, length = whole.span(number)
                stream.seek(begin)
                yield stream.read(length)

    def known_line(self, number: int) -> bytes:
        """A row that an earlier run finished."""
        begin, length = self.known.span(number)
        self._before.seek(begin)
        return self._before.read(length)

    def close(self) -> None:
        """Leave the folder as it is, to go on with."""
        for stream in (self._lines, self._records, self._before, self._lock):
            stream.close()

    def remove(self) -> None:
        """The scan is finished: nothing is left to go on with."""
        self.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def journal_of(out: Path) -> Path:
    """The folder in which a scan into `out` keeps what it has done; hidden, or a scan of what is here would read it."""
    return out.with_name(f".{out.name}{SUFFIX}")


def begin_journal(folder: Path, conditions: Mapping[str, str]) -> Journal | Fault:
    """A new journal, or why there can be none."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = _locked(folder)
    if isinstance(lock, Fault):
        return lock
    (folder / ROWS).write_bytes(b"")
    (folder / INDEX).write_bytes(b"")
    part = folder / f"{HEADER}.part"
    part.write_bytes(msgspec.json.encode(_Header(_FORM, dict(conditions))))
    part.replace(folder / HEADER)
    return Journal(folder, lock, _known(np.empty(0, dtype=_RECORD)), 0)


def open_journal(folder: Path, conditions: Mapping[str, str]) -> Journal | Fault:
    """The journal of a scan that was cut off, with all rows that are whole; or why it cannot go on."""
    lock = _locked(folder)
    if isinstance(lock, Fault):
        return lock
    header = _header(folder / HEADER)
    if header is None:
        # It was killed before it had begun.
        lock.close()
        return begin_journal(folder, conditions)
    others = changed(header.conditions, conditions)
    if others:
        lock.close()
        words = ", ".join(_change(name, header.conditions.get(name), conditions.get(name)) for name in others[:4])
        more = f" and {len(others) - 4} more" if len(others) > 4 else ""
        step = "give what it began with, or scan into another `--out`; with `--cache` the rows that still hold are kept"
        return Fault("other-conditions", f"this scan began under other conditions: {words}{more}; {step}")
    records = _whole(folder)
    return Journal(folder, lock, _known(records), int(records["length"].sum(dtype=np.int64)))


def _change(name: str, before: str | None, now: str | None) -> str:
    if name in ("seconds", "megabytes", "deep", "allowed hosts") or name.startswith("scanner "):
        return f"`{name}` was {before or 'not there'} and is {now or 'not there'}"
    if "none" in (before, now):
        return f"`{name}` {'were not given and are now' if before == 'none' else 'were given and are not now'}"
    return f"`{name}` changed"


def _locked(folder: Path) -> BinaryIO | Fault:
    stream = (folder / LOCK).open("wb")
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        stream.close()
        return Fault("in-use", f"another scan is writing into `{folder}` now; wait for its end, or stop it")
    return stream


def _header(path: Path) -> _Header | None:
    try:
        with path.open("rb") as stream:
            header = msgspec.json.decode(stream.read(_LARGEST_HEADER), type=_Header)
    except (OSError, ValueError):
        return None
    return header if header.form == _FORM else None


def _whole(folder: Path) -> NDArray[Any]:
    """The records, up to the first whose row is not whole."""
    index, rows = folder / INDEX, folder / ROWS
    if not index.is_file() or not rows.is_file():
        return np.empty(0, dtype=_RECORD)
    count = index.stat().st_size // _RECORD.itemsize
    records = np.fromfile(index, dtype=_RECORD, count=count)
    with rows.open("rb", buffering=_BLOCK) as stream:
        for number, (length, check) in enumerate(zip(records["length"], records["check"], strict=True)):
            line = stream.read(int(length))
            if len(line) != length or zlib.crc32(line) != check or not line.endswith(b"\n"):
                return records[:number].copy()
    return records


def _cut(path: Path, size: int) -> BinaryIO:
    """A file, cut to what is whole, to be written on."""
    stream = path.open("r+b")
    stream.truncate(size)
    stream.seek(size)
    return stream
