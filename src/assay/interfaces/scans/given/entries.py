"""One file to scan, as a list names it, and the lists themselves. It never looks into the file."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from assay.engine.kernel.errors import Fault

LONGEST_PATH = 4096
LONGEST_TEXT = 1024
KEY_BYTES = 16
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_DIGEST = re.compile(r"(?:sha256:)?([0-9a-fA-F]{64})\Z")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that is to be scanned, or a line of a list that names none.

    path     of the file, from the root of the file system, since not every process that reads it begins here
    shown    the file as it was named, for the row
    id       the list's own name for the item
    sha256   what the list says the file's digest is, in hexadecimal
    surface  where it was uploaded, which tells how common AI is there
    fault    why the line names no file that may be read; nothing is scanned then
    """

    path: str
    shown: str
    id: str | None = None
    sha256: str | None = None
    fault: Fault | None = None
    surface: str | None = None

    def __reduce__(self) -> tuple[type[Entry], tuple[object, ...]]:
        # A frozen dataclass copies itself field by field, which takes longer than all else that a pool does for a file.
        return Entry, (self.path, self.shown, self.id, self.sha256, self.fault, self.surface)

    @property
    def key(self) -> bytes:
        """The same for the same line of a list, whatever the file holds now."""
        fault = self.fault.slug if self.fault is not None else ""
        said = "\x00".join((self.shown, self.path, self.id or "", self.sha256 or "", fault, self.surface or ""))
        return blake2b(said.encode("utf-8", "surrogateescape"), digest_size=KEY_BYTES).digest()


@dataclass(frozen=True, slots=True)
class Entries:
    """Files to scan, as they come.

    total  how much there is, in entries or bytes; None where nobody can say
    done   how much of it has been read; None where each entry counts one
    """

    coming: Iterator[Entry]
    total: int | None
    done: Callable[[], int] | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """What a list says of a file besides its path; an empty text is nothing."""

    id: str = ""
    sha256: str = ""
    surface: str = ""


def entry_of(named: str, place: str, root: Path | None, beside: Beside | None = None) -> Entry:
    """The entry of a line: its path from `root`, which it must not leave, or else from here.

    place  where the line stands, for what is said of one that names no file
    """
    beside = beside or Beside()
    name = beside.id[:LONGEST_TEXT] or None
    fault = _path_fault(named) or _beside_fault(beside)
    if fault is not None:
        return wrong_entry(named if fault.slug != "no-path" else place, fault, name)
    digest = _DIGEST.match(beside.sha256.strip())
    path = str(Path(named).absolute())
    if root is not None:
        path = os.path.realpath(root / named)
        if os.path.commonpath((path, root)) != str(root):
            return wrong_entry(named, Fault("outside-root", f"the path leads out of `{root}`"), name)
    return Entry(path, named, name, digest.group(1).lower() if digest else None, None, beside.surface or None)


def _path_fault(named: str) -> Fault | None:
    if not named or "\x00" in named or len(named) > LONGEST_PATH:
        return Fault(
            "no-path", f"there is {'no' if not named else 'something that is no'} path in this line of the list"
        )
    if _ADDRESS.match(named):
        return Fault("no-fetching", "this is an address, and nothing is fetched; copy the file here and name its path")
    return None


def _beside_fault(beside: Beside) -> Fault | None:
    if beside.sha256 and not _DIGEST.match(beside.sha256.strip()):
        return Fault("bad-digest", f"`{beside.sha256[:80]}` is no SHA-256; write 64 hexadecimal digits", "sha256")
    for field, text in (("id", beside.id), ("surface", beside.surface)):
        if len(text) > LONGEST_TEXT:
            return Fault(f"bad-{field}", f"the {field} is longer than {LONGEST_TEXT:,} characters", field)
    return None


def wrong_entry(shown: str, fault: Fault, name: str | None = None) -> Entry:
    """An entry of which there is only a fault to tell."""
    return Entry("", shown, name, None, fault)
