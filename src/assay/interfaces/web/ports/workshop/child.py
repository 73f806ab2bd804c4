"""What a process for work does: one task from standard input, progress and one answer as lines. It changes nothing.

It is run as `python -m`. Its limits on memory and time are set before anything of the texts is read.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from assay.engine.kernel.errors import Fault
from assay.governance.policies.ports import Outcome
from assay.interfaces.web.ports.workshop.asked import Asked
from assay.interfaces.web.ports.workshop.telling import Telling

_ORPHANED = 3
_GIVES_WAY = 10


def work_on(asked: Asked, told: Telling) -> Outcome | Fault:
    """Do what is asked; what a kind of work needs is loaded for it alone."""
    return _kind(asked.work)(asked, told)


def _kind(name: str) -> Callable[[Asked, Telling], Outcome | Fault]:
    if name == "check":
        from assay.interfaces.web.ports.workshop.kinds.check import check

        return check
    if name == "proof":
        from assay.interfaces.web.ports.workshop.kinds.proof import proof

        return proof
    if name == "difference":
        from assay.interfaces.web.ports.workshop.kinds.difference import difference

        return difference
    from assay.interfaces.web.ports.workshop.kinds.rehearsal import rehearsal

    return rehearsal


def main() -> int:
    """One task, within the limits that come with it."""
    given = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_the_caller, daemon=True).start()
    _limit(given)
    # Whatever a library prints goes nowhere; answers have a stream of their own.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    told = Telling(answers)
    try:
        found = work_on(Asked.read(given), told)
    except MemoryError:
        found = Fault("work-out-of-memory", f"it takes more than {given['memory'] >> 20:,} MiB of memory")
    except RecursionError:
        found = Fault("work-failed", "the texts nest deeper than can be read")
    told.answer(found)
    return 0


def _end_with_the_caller() -> None:
    """Nothing more is ever written to us: our input ends when whoever asked is gone, and nobody waits then."""
    with suppress(OSError, ValueError):
        # Past Python's own buffer, which the main thread would otherwise find held when it ends.
        while os.read(0, 1 << 10):
            pass
    os._exit(_ORPHANED)


def _limit(given: Mapping[str, Any]) -> None:
    # Work takes minutes, and decisions and pages beside it are waited for: it takes what they leave.
    os.nice(_GIVES_WAY)
    # Not the address space: solvers and drawing engines reserve far more of it than they ever use.
    for which, most in (
        (resource.RLIMIT_DATA, given["memory"]),
        (resource.RLIMIT_CPU, given["seconds"] * 4),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(which)
        # Some systems know the limit and refuse to set it; the time limit of the caller still holds there.
        with suppress(ValueError, OSError):
            resource.setrlimit(which, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


if __name__ == "__main__":
    raise SystemExit(main())
