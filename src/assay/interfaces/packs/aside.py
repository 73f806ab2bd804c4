"""Files written whole or not at all: aside, made durable, then put in place. A reader never sees half of one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_aside(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Put bytes at a path so that a kill or a power cut leaves the old file or the new one.

    raises  OSError where the disk or the folder refuses
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # A name that begins with a dot is none that any reader of these folders looks for.
    number, name = tempfile.mkstemp(dir=path.parent, prefix=".aside-")
    placed = False
    try:
        with os.fdopen(number, "wb") as stream:
            os.fchmod(stream.fileno(), mode)
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(path)
        placed = True
    finally:
        if not placed:
            Path(name).unlink(missing_ok=True)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make a new name durable: without it a power cut may keep the bytes and lose what they are called."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
