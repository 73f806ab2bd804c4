"""Does what was asked for: takes a run, gives it to the workshop, writes down what came of it. It judges nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import instant_of
from assay.governance.office.actor import SYSTEM
from assay.governance.policies import ports
from assay.governance.policies.impact.commands.runs import finish_work, texts_of
from assay.governance.policies.impact.models import Run
from assay.governance.policies.impact.rules.work import KILLED, MOST_ATTEMPTS
from assay.governance.policies.impact.working.taking import give_back, is_free, keep, take
from assay.governance.policies.ports import Outcome, Task

_BETWEEN = 0.8
_NO_WORKSHOP = Fault("no-workshop", "this process cannot do such work; run `assay serve` or `assay workbench work`")
_TOO_OFTEN = Fault(
    KILLED, f"its process was ended from outside {MOST_ATTEMPTS} times, perhaps for want of memory; ask for it again"
)


class Stopped(Exception):
    """The work was stopped: by a person, by another worker that took the run, or since this process ends."""


def waits(at: datetime) -> bool:
    """Whether there is anything to do."""
    return Run.objects.filter(is_free(at)).exists()


def work_all(at: datetime, *, ending: Callable[[], bool] = lambda: False) -> int:
    """Do everything that waits, one after the other, here and now; how much that was.

    ending  whether this process is to end: what it does is given back then
    """
    clock = _clock_from(at)
    done = 0
    while not ending() and _one(clock, ending):
        done += 1
    return done


def work_one(at: datetime, *, ending: Callable[[], bool] = lambda: False) -> bool:
    """Do what waits longest; False where nothing waits."""
    return _one(_clock_from(at), ending)


def _one(clock: Callable[[], datetime], ending: Callable[[], bool]) -> bool:
    taken = take(clock())
    if taken is None:
        return False
    run, token = taken
    began = time.monotonic()
    try:
        found = _done(run, _watch(run, token, clock, ending))
    except Stopped:
        give_back(run, token, counts=False)
        return True
    if isinstance(found, Fault) and found.slug == KILLED and run.attempts < MOST_ATTEMPTS:
        give_back(run, token, counts=True)
        return True
    finish_work(run=run, token=token, found=found, seconds=time.monotonic() - began, by=SYSTEM, at=clock())
    return True


def _done(run: Run, progress: ports.Progress) -> Outcome | Fault:
    if run.attempts > MOST_ATTEMPTS:
        return _TOO_OFTEN
    shop = ports.PORTS.workshop
    if shop is None:
        return _NO_WORKSHOP
    old = run.base.texts if run.base is not None else {}
    as_of = instant_of(datetime(run.as_of.year, run.as_of.month, run.as_of.day, tzinfo=UTC))
    return shop.run(Task(run.work.value, old, texts_of(run), as_of, run.options), progress)


def _watch(run: Run, token: UUID, clock: Callable[[], datetime], ending: Callable[[], bool]) -> ports.Progress:
    """Writes down how far it is, not too often, and stops the work where nobody wants it any more."""
    last = -_BETWEEN

    def told(done: int, total: int, words: str) -> None:
        nonlocal last
        if ending():
            raise Stopped
        if time.monotonic() - last >= _BETWEEN:
            last = time.monotonic()
            if not keep(run, token, done, total, words, clock()):
                raise Stopped

    return told


def _clock_from(at: datetime) -> Callable[[], datetime]:
    """The time as it goes on from an instant: a story is told at its own."""
    began = time.monotonic()
    return lambda: at + timedelta(seconds=time.monotonic() - began)
