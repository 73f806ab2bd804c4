"""What earlier proofs found, kept on disk for the next run. It may forget anything, and no answer rests on it alone."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from assay.engine.kernel.digest import sha256_of

LARGEST_FILE = 20 * 1024 * 1024
_AFTER_COMPACTION = LARGEST_FILE // 2
_BETWEEN_WRITES = 200


def cache_file(pack: Path, folder: Path | None = None) -> Path:
    """Where what is known of a pack is kept: in a folder, or where this system keeps such things."""
    if folder is None:
        # The convention says that a relative path there is to be ignored.
        named = Path(os.environ.get("XDG_CACHE_HOME", ""))
        folder = (named if named.is_absolute() else Path.home() / ".cache") / "assay" / "proofs"
    name = sha256_of(os.fsencode(pack.resolve())).removeprefix("sha256:")[:32]
    return folder / f"{name}.jsonl"


class Remembered:
    """A memory in one file of JSON lines that is only ever added to, except where it has grown too large.

    Whole lines are added by single writes, so that two runs at once lose nothing; where one of them makes the file
    smaller meanwhile, lines of the other may be lost, which costs it the work of finding them again.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.fault = ""
        self._kept: dict[str, str] = {}
        self._used: dict[str, None] = {}
        self._fresh: list[str] = []

    def __enter__(self) -> Self:
        try:
            self._kept = dict(_entries(self.path))
        except FileNotFoundError:
            pass
        except OSError as error:
            self._failed(error)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._write()
        try:
            if not self.fault and self.path.exists() and self.path.stat().st_size > LARGEST_FILE:
                self._compact()
        except OSError as fault:
            self._failed(fault)

    def get(self, key: str) -> str | None:
        """What was put under a key, or None."""
        found = self._kept.get(key)
        if found is not None:
            self._used[key] = None
        return found

    def put(self, key: str, value: str) -> None:
        """Keep a text under a key."""
        self._used[key] = None
        if self._kept.get(key) == value:
            return
        self._kept[key] = value
        self._fresh.append(_line(key, value))
        if len(self._fresh) >= _BETWEEN_WRITES:
            self._write()

    def _write(self) -> None:
        lines, self._fresh = self._fresh, []
        if not lines or self.fault:
            return
        # The first line end closes a line that another run may have left half written.
        content = ("\n" + "".join(lines)).encode("utf-8")
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            place = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(place, content)
            finally:
                os.close(place)
        except OSError as error:
            self._failed(error)

    def _compact(self) -> None:
        """Keep what this run used, then what was added last, until half of the space is taken."""
        kept = dict(_entries(self.path))
        order = [*(key for key in reversed(self._used) if key in kept), *reversed(kept)]
        lines: list[str] = []
        room = _AFTER_COMPACTION
        for key in dict.fromkeys(order):
            line = _line(key, kept[key])
            room -= len(line.encode("utf-8"))
            if room < 0:
                break
            lines.append(line)
        place, name = tempfile.mkstemp(dir=self.path.parent, prefix=self.path.name)
        with os.fdopen(place, "w", encoding="utf-8") as stream:
            stream.writelines(reversed(lines))
        Path(name).replace(self.path)

    def _failed(self, error: OSError) -> None:
        self.fault = f"`{self.path}` cannot be used: {(error.strerror or 'it cannot be opened').lower()}"


def _line(key: str, value: str) -> str:
    return json.dumps([key, value], separators=(",", ":")) + "\n"


def _entries(path: Path) -> Iterator[tuple[str, str]]:
    """The entries of a file, the latest last; a line that is damaged costs only itself."""
    with path.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        # Whatever made it this large, its end is the newest part; a line cut in two there is damaged like any other.
        stream.seek(max(0, size - 2 * LARGEST_FILE))
        for line in stream.read().split(b"\n"):
            try:
                given = json.loads(line)
            except (ValueError, RecursionError):
                continue
            match given:
                case [str(key), str(value)]:
                    yield key, value
                case _:
                    continue
