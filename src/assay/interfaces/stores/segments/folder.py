"""Opens a folder of segments for one process: locks it, closes what was left open. It never shares a folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assay.engine.kernel.errors import Fault
from assay.interfaces.stores.segments.names import LOCK, number_of
from assay.interfaces.stores.segments.recovering import OtherVersion, Recovered, recover
from assay.interfaces.stores.segments.system import Lock, RealSystem, unwritable


@dataclass(frozen=True, slots=True)
class OpenFolder:
    """A folder that is this process's own until it lets go of the lock.

    number     of the next file
    recovered  what an earlier process had left open
    """

    path: Path
    lock: Lock
    number: int
    recovered: tuple[Recovered, ...]


def open_folder(path: Path) -> OpenFolder | Fault:
    """Take a folder, and close what was left open in it; it is made where there is none."""
    lock = Lock(path / LOCK)
    try:
        path.mkdir(parents=True, exist_ok=True)
        holder = lock.take()
        if holder is not None:
            who = f"process {holder}" if holder else "another process"
            words = f"`{path}` is in use by {who}; stop it, or give this one a folder of its own"
            return Fault("records-in-use", words, "store.folder")
        recovered = recover(path)
        numbers = [number_of(found) or 0 for found in path.iterdir()]
        RealSystem().sync_folder(path)
    except OtherVersion as error:
        lock.release()
        words = f"`{error.path.name}` has version {error.version}: open the folder with the program that wrote it"
        return Fault("other-version", words, "store.folder")
    except OSError as error:
        lock.release()
        found = unwritable(error, path)
        return Fault(found.slug, found.words, "store.folder")
    return OpenFolder(path, lock, max(numbers, default=0) + 1, tuple(recovered))
