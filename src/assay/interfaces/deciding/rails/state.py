"""Brakes that are on, in a file, so that no restart releases one. It never begins over a file that it cannot read."""

from __future__ import annotations

import json
import os
from pathlib import Path

import msgspec

from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.lineup import Hold

SCHEMA = "assay.rails/1"
_LARGEST = 16_000_000


class _Hold(msgspec.Struct, forbid_unknown_fields=True):
    rule: str
    measures: tuple[str, ...]
    why: str
    since: int


class _State(msgspec.Struct, forbid_unknown_fields=True):
    schema: str
    holds: list[_Hold]


def read_holds(path: Path | None) -> tuple[Hold, ...] | Fault:
    """The brakes that were on; none where there is no file yet."""
    if path is None or not path.exists():
        return ()
    try:
        with path.open("rb") as stream:
            given = msgspec.json.decode(stream.read(_LARGEST), type=_State)
    except OSError as error:
        return _unreadable(path, (error.strerror or "it cannot be opened").lower())
    except (msgspec.DecodeError, RecursionError):
        return _unreadable(path, "it is damaged")
    if given.schema != SCHEMA:
        return _unreadable(path, f"it is not of the form {SCHEMA}")
    return tuple(Hold(one.rule, one.measures, one.why, one.since) for one in given.holds)


def write_holds(path: Path | None, holds: tuple[Hold, ...]) -> Fault | None:
    """Write the brakes that are on, durable when this returns: aside, then in the place of the former file."""
    if path is None:
        return None
    held = [{"rule": one.rule, "measures": list(one.measures), "why": one.why, "since": one.since} for one in holds]
    content = json.dumps({"schema": SCHEMA, "holds": held}, indent=1).encode() + b"\n"
    aside = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        aside.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        reason = (error.strerror or "it cannot be opened").lower()
        return Fault("state-unwritable", f"the brakes that are on cannot be written to `{path}`: {reason}")
    return None


def _unreadable(path: Path, reason: str) -> Fault:
    words = f"`{path}` says which brakes are on, and {reason}; mend it, or remove it to begin with none"
    return Fault("bad-rails-state", words)
