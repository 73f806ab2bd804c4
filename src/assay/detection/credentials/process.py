"""Attaches credentials in a process of its own, with limits: strangers' files are parsed. It keeps no key."""

from __future__ import annotations

import resource
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pebble import ProcessExpired, ProcessPool

from assay.detection.credentials.attach import DEFAULT_STEPS, Attached, attach_credentials
from assay.detection.credentials.refused import CannotAttach
from assay.detection.credentials.signing import read_signing
from assay.detection.pool.processes import process_context

SECONDS = 120.0
MEBIBYTE = 1024 * 1024
# Signing holds the file about three times.
_MEGABYTES, _TIMES_THE_FILE = 2048, 4


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done, in paths and words only, so that it can be handed to another process."""

    new: Path
    parent: Path
    out: Path
    key: Path
    certificates: Path
    time_stamps: str | None = None
    steps: tuple[str, ...] = DEFAULT_STEPS
    complete: bool = False
    program: str = ""
    trust: Path | None = None


def attach_in_process(order: Order, *, seconds: float = SECONDS) -> Attached:
    """As `attach_credentials`, with the key read from its file; raises CannotAttach, also for what took too long."""
    read_signing(order.key, order.certificates, order.time_stamps)
    pool = ProcessPool(max_workers=1, context=process_context())
    try:
        return pool.schedule(_attach, args=(order,), timeout=seconds).result()
    except FutureTimeout as error:
        raise CannotAttach("timed-out", f"it was stopped after {seconds:g} seconds") from error
    except (ProcessExpired, MemoryError) as error:
        hint = "a file may be hostile, or larger than the memory for one"
        raise CannotAttach("crashed", "the process that signs ended before it was done", hint) from error
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def _attach(order: Order) -> Attached:
    size = max((path.stat().st_size for path in (order.new, order.parent) if path.is_file()), default=0)
    most = _MEGABYTES * MEBIBYTE + _TIMES_THE_FILE * size
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    # Some systems know the limit and refuse to set it; the time limit still holds there.
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    signing = read_signing(order.key, order.certificates, order.time_stamps)
    return attach_credentials(
        order.new,
        parent=order.parent,
        out=order.out,
        signing=signing,
        steps=order.steps,
        complete=order.complete,
        program=order.program,
        trust=order.trust,
    )
