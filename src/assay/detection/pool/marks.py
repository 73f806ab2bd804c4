"""Where each process is in its chunk of files, readable after it died. It never holds anything of a file."""

from __future__ import annotations

import mmap
import struct
import tempfile
from pathlib import Path
from typing import Self

_WORD = struct.Struct("=I")
NOT_BEGUN = -1


class Marks:
    """A small file that the pool and its processes map into their memory: one number for each chunk under way.

    A process that is killed has written its number already, since the kernel keeps the page; so the pool knows which
    file of a chunk it died of, and the chunk's other files are not suspected.
    """

    def __init__(self, path: Path, places: int) -> None:
        self._path, self._places = path, places
        with path.open("r+b") as stream:
            self._page = mmap.mmap(stream.fileno(), places * _WORD.size)

    @classmethod
    def made(cls, places: int) -> Self:
        """New marks in a file of their own, which `remove` takes away."""
        with tempfile.NamedTemporaryFile(prefix="assay-marks-", delete=False) as stream:
            stream.write(bytes(places * _WORD.size))
        return cls(Path(stream.name), places)

    @property
    def address(self) -> tuple[Path, int]:
        """What another process opens the same marks with."""
        return self._path, self._places

    def clear(self, place: int) -> None:
        """Say that a chunk is not begun."""
        self.set(place, NOT_BEGUN)

    def set(self, place: int, number: int) -> None:
        """Say which file of a chunk is under way."""
        _WORD.pack_into(self._page, place * _WORD.size, number + 1)

    def at(self, place: int) -> int:
        """Which file of a chunk was under way last, from 0; `NOT_BEGUN` where none was."""
        (number,) = _WORD.unpack_from(self._page, place * _WORD.size)
        return int(number) - 1

    def remove(self) -> None:
        """Let go of the marks, and of their file."""
        self._page.close()
        self._path.unlink(missing_ok=True)
