"""What happened to bundles and brakes, as an append-only file of JSON lines. It never holds an item or a secret."""

from __future__ import annotations

import json
import os
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assay.engine.kernel.instants import format_instant

REMEMBERED = 1_000
# Read back at the start: enough for the events that are remembered, whatever was written before them.
_TAIL_BYTES = 1_000_000
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    at      the time, as `2026-12-15T10:00:00.123456Z`
    kind    a slug such as `bundle-swapped` or `brake-on`
    words   what happened, for people
    fields  what the words name, for programs
    """

    at: str
    kind: str
    words: str
    fields: Mapping[str, object] = field(default_factory=dict)

    @property
    def line(self) -> bytes:
        """The event as a line of the file. JSON escapes every end of line, so that nobody forges a second one."""
        content = {"at": self.at, "kind": self.kind, "words": self.words, **self.fields}
        return json.dumps(content, default=str).encode() + b"\n"


class EventLog:
    """Writes events; every thread may. Without a path they are remembered only."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._recent: deque[Event] = deque(maxlen=REMEMBERED)
        self._written = self._unwritten = 0
        if path is not None:
            self._recent.extend(_read_tail(path))

    @property
    def unwritten(self) -> int:
        """How many events could not be written to the file; they are remembered all the same."""
        return self._unwritten

    @property
    def written(self) -> int:
        """How many events came since the start."""
        return self._written

    def write(self, kind: str, words: str, **fields: object) -> None:
        """Append an event, durable when this returns. A full disk costs the line in the file, never the caller."""
        shown = {name: value[:_LONGEST] if isinstance(value, str) else value for name, value in fields.items()}
        event = Event(format_instant(time.time_ns() // 1_000), kind, words[:_LONGEST], shown)
        with self._lock:
            self._recent.append(event)
            self._written += 1
            if self._path is not None:
                try:
                    _append(self._path, event.line)
                except OSError:
                    self._unwritten += 1

    def recent(self, number: int = 100) -> tuple[Event, ...]:
        """The last events, the newest last."""
        with self._lock:
            found = tuple(self._recent)
        return found[-number:] if number > 0 else ()


def _append(path: Path, line: bytes) -> None:
    # Opened for each event, of which there are few: so the file may be moved away by whoever rotates it.
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as stream:
        if stream.tell():
            stream.seek(-1, os.SEEK_END)
            # A line that a crash cut short must not swallow the next one.
            if stream.read(1) != b"\n":
                line = b"\n" + line
        stream.write(line)
        stream.flush()
        os.fsync(stream.fileno())


def _read_tail(path: Path) -> list[Event]:
    try:
        with path.open("rb") as stream:
            stream.seek(max(0, path.stat().st_size - _TAIL_BYTES))
            lines = stream.read(_TAIL_BYTES).split(b"\n")
    except OSError:
        return []
    found = []
    for line in lines:
        try:
            content = json.loads(line)
            at, kind, words = (content.pop(name) for name in ("at", "kind", "words"))
        except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
            # Cut short, by us or by a crash; the others still count.
            continue
        if isinstance(at, str) and isinstance(kind, str) and isinstance(words, str):
            found.append(Event(at, kind, words, content))
    return found
