"""One writer to a bank at a time; a lock ends with the process that holds it. It keeps out no reader."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from assay.detection.copies.bank.unusable import UnusableBank, refused, store_fault

_LOCK_FILE = "writing.lock"


class WritersLock:
    """Held from its making until `release`; raises UnusableBank where another program holds it."""

    def __init__(self, folder: Path) -> None:
        try:
            self._handle = os.open(folder / _LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise UnusableBank((store_fault(folder, error),)) from error
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._handle)
            words = f"another program is writing to the bank `{folder.name}`; try again when it is done"
            raise refused("bank-busy", words) from error

    def release(self) -> None:
        """Lets the next writer in."""
        os.close(self._handle)
