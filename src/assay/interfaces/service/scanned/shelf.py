"""A private folder for files while they are scanned. It holds nothing longer than a scan, and nobody else may look."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

PREFIX = "assay-scan-"
LOCK = ".lock"
# One this young may be on its way to being locked.
NEW_SECONDS = 60
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,10}")


class Shelf:
    """Makes its folder with the first file, and removes what a service that was killed left behind."""

    def __init__(self, folder: Path | None) -> None:
        self._above = Path(tempfile.gettempdir()) if folder is None else folder
        self._made: Path | None = None
        self._lock: int | None = None
        self._numbers = count(1)

    @contextmanager
    def place(self, name: str) -> Iterator[Path]:
        """A path for one file, which is removed in the end, with the declaration that may lie beside it.

        name  the uploader's, of which only the ending is used
        """
        suffix = Path(name[-64:]).suffix
        kept = suffix.lower() if _SUFFIX.fullmatch(suffix) is not None else ""
        path = self._folder() / f"upload-{next(self._numbers):06}{kept}"
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)
            beside_of(path).unlink(missing_ok=True)

    def close(self) -> None:
        """Remove the folder."""
        if self._made is not None and self._lock is not None:
            shutil.rmtree(self._made, ignore_errors=True)
            os.close(self._lock)
            self._made = self._lock = None

    def _folder(self) -> Path:
        if self._made is None:
            _sweep(self._above)
            self._made = Path(tempfile.mkdtemp(prefix=PREFIX, dir=self._above))
            # Held while the service lives: another one sees by it that this folder is in use.
            self._lock = os.open(self._made / LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return self._made


def beside_of(path: Path) -> Path:
    """Where the uploader's declaration lies for the scanner that reads it."""
    return path.with_name(f"{path.name}.declared.json")


def _sweep(above: Path) -> None:
    for folder in above.glob(f"{PREFIX}*"):
        try:
            if time.time() - folder.lstat().st_mtime < NEW_SECONDS:
                continue
            lock = os.open(folder / LOCK, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            # Another user's, or one that is being made this moment.
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            continue
        else:
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(lock)
