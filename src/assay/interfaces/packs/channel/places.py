"""Where a channel's files are: a folder, with the same few verbs as an address has. It knows no release."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from assay.engine.kernel.errors import Fault
from assay.interfaces.packs.aside import write_aside
from assay.interfaces.packs.bundles import file_content

ABSENT = "absent"
UNREACHABLE = "source-unreachable"


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as it was read; `tag` changes whenever the file does."""

    content: bytes
    tag: str


class Unchanged:
    """Says that a file is still the one whose tag is known."""


class Place(Protocol):
    """A channel's files."""

    @property
    def title(self) -> str:
        """How a person would cite it."""
        ...

    def read(self, name: str, *, most: int, known: str | None = None) -> Reading | Unchanged | Fault:
        """A file, unless its tag is the known one.

        most     how many bytes it may have
        returns  a Fault of the slug `absent` where there is none
        """
        ...

    def write(self, name: str, content: bytes, *, instead_of: str | None = None) -> Fault | None:
        """Put a file in place, whole or not at all.

        instead_of  the tag of the file that it replaces, where another than that must not be replaced
        """
        ...

    def close(self) -> None:
        """Let go of what was opened."""
        ...


class FolderPlace:
    """A channel in a folder of this machine, or of one that is mounted."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def title(self) -> str:
        return str(self._folder)

    def read(self, name: str, *, most: int, known: str | None = None) -> Reading | Unchanged | Fault:
        path = self._folder / name
        try:
            found = path.stat()
        except FileNotFoundError:
            return Fault(ABSENT, f"`{self._folder}` holds no `{name}`")
        except OSError as error:
            return Fault(UNREACHABLE, f"`{path}` cannot be read: {(error.strerror or 'no reason is given').lower()}")
        tag = f"{found.st_ino}-{found.st_size}-{found.st_mtime_ns}"
        if tag == known:
            return Unchanged()
        content = file_content(path, most)
        if isinstance(content, Fault):
            return content if content.slug == "too-large" else Fault(UNREACHABLE, content.words)
        return Reading(content, tag)

    def write(self, name: str, content: bytes, *, instead_of: str | None = None) -> Fault | None:
        path = self._folder / name
        try:
            with _alone(self._folder):
                if instead_of is not None:
                    found = self.read(name, most=len(content), known=instead_of)
                    if isinstance(found, Reading) or (isinstance(found, Fault) and found.slug != ABSENT):
                        return Fault("channel-moved", "somebody else pushed a release meanwhile; look, and push again")
                write_aside(path, content)
        except OSError as error:
            why = (error.strerror or "no reason is given").lower()
            return Fault("channel-unwritable", f"`{path}` cannot be written: {why}")
        return None

    def close(self) -> None:
        pass


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One writer at a time; the system lets go of the lock when a writer is killed."""
    folder.mkdir(parents=True, exist_ok=True)
    number = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(number, fcntl.LOCK_EX)
        yield
    finally:
        os.close(number)
