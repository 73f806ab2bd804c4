"""Writes a label in a process of its own, with limits: strangers' files are parsed. It decodes no media."""

from __future__ import annotations

import resource
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pebble import ProcessExpired, ProcessPool

from assay.detection.labels.refused import CannotLabel
from assay.detection.labels.wish import Wish
from assay.detection.labels.write import Written, write_label
from assay.detection.pool.processes import process_context

SECONDS = 120.0
MEGABYTES = 2048
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done, in paths and words only, so that it can be handed to another process."""

    file: Path
    out: Path
    wish: Wish
    break_credentials: bool = False
    replace: bool = False


def write_in_process(order: Order, *, seconds: float = SECONDS) -> Written:
    """As `write_label`; raises CannotLabel, also for what took too long or too much memory."""
    pool = ProcessPool(max_workers=1, context=process_context())
    try:
        return pool.schedule(_write, args=(order,), timeout=seconds).result()
    except FutureTimeout as error:
        raise CannotLabel("timed-out", f"it was stopped after {seconds:g} seconds") from error
    except (ProcessExpired, MemoryError) as error:
        raise CannotLabel("crashed", "the process that writes ended before it was done") from error
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def _write(order: Order) -> Written:
    most = MEGABYTES * MEBIBYTE
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    # Some systems know the limit and refuse to set it; the time limit still holds there.
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    return write_label(
        order.file,
        out=order.out,
        wish=order.wish,
        break_credentials=order.break_credentials,
        replace=order.replace,
    )
