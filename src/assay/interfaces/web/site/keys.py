"""The key of sessions and links: read from its file, made at first use. It is never printed."""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import tempfile
from pathlib import Path

_BYTES = 64
_SHORTEST = 50


class UnusableKey(ValueError):
    """A file that holds no key; carries words that name the file and never what is in it."""


def read_or_make_key(path: Path) -> str:
    """The key in a file, which is made, readable for its owner alone, where it is not there.

    raises  UnusableKey, OSError
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return read_key(path)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        key = secrets.token_urlsafe(_BYTES)
        file.write(key + "\n")
        file.flush()
        os.fsync(file.fileno())
    return key


def passing_folder() -> Path:
    """A folder for keys of a process that is only a test; it is gone when the process is."""
    folder = tempfile.mkdtemp(prefix="assay-keys-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def read_key(path: Path) -> str:
    """The key in a file; raises UnusableKey, OSError."""
    key = path.read_text(encoding="ascii", errors="replace").strip()
    if len(key) < _SHORTEST or not key.isascii():
        raise UnusableKey(f"`{path}` holds no key: it is {_SHORTEST} characters or more; move it away and start again")
    return key
