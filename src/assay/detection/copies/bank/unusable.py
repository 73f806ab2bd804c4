"""The one exception of banks: this one cannot be used as asked, and why. It prints nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from assay.engine.kernel.errors import Fault


class UnusableBank(Exception):
    """A bank that cannot be made, opened or written; `faults` says everything that is wrong, each with a next step."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.slug}: {fault.words}" for fault in self.faults))


def refused(slug: str, words: str, field: str | None = None) -> UnusableBank:
    """The exception for a single fault."""
    return UnusableBank((Fault(slug, words, field),))


def store_fault(folder: Path, error: sqlite3.Error | OSError) -> Fault:
    """What went wrong with a bank's files, in words that name the next step."""
    name, said = folder.name, str(error).lower()
    if "full" in said or "no space" in said or "too large" in said or "quota" in said:
        return Fault("bank-disk-full", f"there is no room to write the bank `{name}`; free some and do the same again")
    if "readonly" in said or "read-only" in said or "permission" in said or "not permitted" in said:
        words = f"the bank `{name}` may not be written here; open it where you have the right to write"
        return Fault("bank-read-only", words)
    if "locked" in said or "busy" in said:
        return Fault("bank-busy", f"another program is writing to the bank `{name}`; try again when it is done")
    if isinstance(error, sqlite3.DatabaseError) and ("malformed" in said or "not a database" in said):
        words = f"the entries of the bank `{name}` are damaged; put back `entries.sqlite3` from a backup"
        return Fault("bank-damaged", words)
    return Fault("bank-not-reached", f"the files of the bank `{name}` cannot be used: {said.rstrip('.')}")
