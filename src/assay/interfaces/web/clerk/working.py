"""The clerk at work: every chore when it is due, and again after a fault. It never ends by a chore that fails."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog
from django.db import close_old_connections, connections

from assay.interfaces.web.clerk.chores import MOST_ROUNDS, Chore, all_chores
from assay.interfaces.web.clerk.counting import COUNTS, Counts
from assay.interfaces.web.clerk.following import Undone

# After a fault a chore is tried again after a second, then after twice as long each time, up to this.
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 300.0
_LONGEST_WAIT = 1.0


@dataclass(slots=True)
class _Turn:
    """When a chore is done next, and how often in a row it failed."""

    chore: Chore
    next: float = 0.0
    failures: int = 0


def work(ending: threading.Event, chores: Sequence[Chore] | None = None, counts: Counts = COUNTS) -> None:
    """Do what is due until told to end."""
    these = all_chores() if chores is None else chores
    turns = [_Turn(chore) for chore in these]
    wait = _waker(ending)
    try:
        while not ending.is_set():
            for turn in turns:
                if turn.next <= time.monotonic() and not ending.is_set():
                    _round(turn, counts)
            soonest = min(turn.next for turn in turns) - time.monotonic()
            if wait(max(0.0, min(soonest, _LONGEST_WAIT))):
                # Something was written down in this process: its readers need not wait for the next look.
                turns[0].next = min(turns[0].next, time.monotonic()) if turns[0].failures == 0 else turns[0].next
    finally:
        _end(these)


def work_once(chores: Sequence[Chore] | None = None, counts: Counts = COUNTS) -> dict[str, int | None]:
    """Do every chore once, as far as it goes; how much each did, None where it failed."""
    done: dict[str, int | None] = {}
    these = all_chores(once=True) if chores is None else chores
    for chore in these:
        turn = _Turn(chore)
        number = _round(turn, counts)
        done[chore.name] = None if turn.failures else number
    _end(these)
    return done


def _end(chores: Sequence[Chore]) -> None:
    for chore in chores:
        chore.end()
    connections.close_all()


def _round(turn: _Turn, counts: Counts) -> int:
    """Do a chore until nothing of it is left; how much was done."""
    chore, number = turn.chore, 0
    try:
        for _ in range(MOST_ROUNDS if chore.several else 1):
            done = chore.do(datetime.now(UTC))
            number += done
            if done == 0:
                break
    except Exception as error:  # noqa: BLE001 (one chore of many: recorded, and tried again)
        _record(chore, error)
        counts.failed(chore.name)
        turn.failures += 1
        turn.next = time.monotonic() + min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** (turn.failures - 1))
        connections.close_all()
    else:
        turn.failures = 0
        turn.next = time.monotonic() + chore.every
        counts.finished(chore.name, number)
        close_old_connections()
    return number


def _record(chore: Chore, error: Exception) -> None:
    """The kind and the place; its words may hold what somebody wrote."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    if isinstance(error, Undone):
        structlog.get_logger("assay.clerk").error("undone", chore=chore.name, slug=str(error))
        return
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    structlog.get_logger("assay.clerk").error("fault", chore=chore.name, kind=type(error).__name__, places=places)


def _waker(ending: threading.Event) -> Callable[[float], bool]:
    """Waits; says whether something was written down in the meantime."""
    from assay.governance.ledger.subscribers import wait

    def until(seconds: float) -> bool:
        return bool(wait(seconds))

    return until
