"""What segments ask of the operating system, so that tests can make any of it fail. It decides nothing."""

from __future__ import annotations

import errno
import fcntl
import os
import sys
from pathlib import Path
from typing import Protocol

from assay.interfaces.stores.entry import StoreUnwritable

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
_LOCK = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
_WORDS = {
    errno.ENOSPC: ("disk-full", "the disk is full: make room, and records are kept again"),
    errno.EDQUOT: ("disk-full", "the quota is used up: raise it or make room, and records are kept again"),
    errno.EIO: ("disk-failed", "the disk failed to write: look at its health"),
    errno.EROFS: ("folder-unwritable", "the file system is read-only: mount it for writing"),
    errno.EACCES: ("folder-unwritable", "this process may not write there: give its user the folder"),
    errno.EPERM: ("folder-unwritable", "this process may not write there: give its user the folder"),
    errno.ENOENT: ("folder-missing", "the folder is gone: bring it back, or start anew"),
    errno.EFBIG: ("file-too-large", "the file would be larger than may be: lower `segment_bytes`"),
    errno.EMFILE: ("too-many-files", "this process has too many files open: raise its limit"),
    errno.ENFILE: ("too-many-files", "this machine has too many files open: raise its limit"),
}


class System(Protocol):
    """The calls that a segment makes; each raises OSError."""

    def create(self, path: Path) -> int:
        """A new file, open for appending."""
        ...

    def write(self, file: int, content: bytes | memoryview) -> int:
        """Append what can be appended at once, and how much that was."""
        ...

    def sync(self, file: int) -> None:
        """Wait until a file's bytes are on the disk."""
        ...

    def truncate(self, file: int, size: int) -> None:
        """Cut a file."""
        ...

    def close(self, file: int) -> None:
        """Close a file."""
        ...

    def sync_folder(self, folder: Path) -> None:
        """Wait until a folder's names are on the disk."""
        ...


class RealSystem:
    """The operating system itself."""

    def create(self, path: Path) -> int:
        return os.open(path, _NEW, 0o640)

    def write(self, file: int, content: bytes | memoryview) -> int:
        return os.write(file, content)

    def sync(self, file: int) -> None:
        if sys.platform == "darwin":
            # There fsync leaves the bytes in the drive's own cache.
            fcntl.fcntl(file, fcntl.F_FULLFSYNC)
        else:
            os.fdatasync(file)

    def truncate(self, file: int, size: int) -> None:
        os.ftruncate(file, size)

    def close(self, file: int) -> None:
        os.close(file)

    def sync_folder(self, folder: Path) -> None:
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def write_all(system: System, file: int, content: bytes) -> None:
    """Append all of it, however often the system takes a part only."""
    written = system.write(file, content)
    while written < len(content):
        written += system.write(file, memoryview(content)[written:])


def unwritable(error: OSError, folder: Path) -> StoreUnwritable:
    """Why nothing could be written, in words for operators."""
    slug, words = _WORDS.get(error.errno or 0, ("store-unwritable", (error.strerror or "it cannot be written").lower()))
    return StoreUnwritable(slug, f"`{folder}`: {words}")


class Lock:
    """A file that one process holds; the system lets go of it when the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1

    def take(self) -> int | None:
        """None when it is ours now; the number of the process that holds it otherwise, 0 where that is not known.

        raises  OSError where it cannot be opened
        """
        file = os.open(self._path, _LOCK, 0o640)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(file, 20).strip()
            os.close(file)
            return int(holder) if holder.isdigit() else 0
        except OSError:
            os.close(file)
            raise
        os.ftruncate(file, 0)
        os.write(file, b"%d\n" % os.getpid())
        self._file = file
        return None

    def release(self) -> None:
        """Let go of it."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def is_held(path: Path) -> bool:
    """Whether some process holds a lock; one that cannot be looked at counts as free."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(file)
    return False
