"""How commands end that were refused something: slug, words, and 1 or 2. They hide no fault behind another."""

from __future__ import annotations

import sys
from typing import NoReturn, TypeVar

import typer

from assay.engine.kernel.errors import Fault
from assay.interfaces.cli.terminal import printable

Wanted = TypeVar("Wanted")
# Faults of how a command was used; every other one is of what it was given to look at.
_WRONG_USE = frozenset((
    "bad-key", "bad-name", "bad-passphrase", "bad-revocation", "bad-share", "channel-unwritable", "key-exists",
    "no-keys", "open-key", "source-unreachable", "token-in-the-clear", "too-many-keys", "unreadable", "unwritable",
))  # fmt: skip


def refuse(*faults: Fault, place: str = "") -> NoReturn:
    """Say what was refused, and end with 1; with 2 where the command was used wrongly."""
    for fault in faults:
        print(printable(f"{place + ': ' if place else ''}{fault.slug}: {fault.words}"), file=sys.stderr)
    raise typer.Exit(2 if all(fault.slug in _WRONG_USE for fault in faults) else 1)


def read_or_end(found: Wanted | Fault | list[Fault]) -> Wanted:
    """What was found, or the end of the command where it was refused."""
    if isinstance(found, Fault):
        refuse(found)
    if isinstance(found, list):
        refuse(*found)
    return found
