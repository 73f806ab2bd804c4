"""How a process is started in which a stranger's file may be read. It never copies the caller's own state into it."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.context import BaseContext
from typing import Any

from pebble import ProcessPool

# A process is renewed now and then, so that whatever a decoder leaks does not add up.
TASKS_PER_PROCESS = 2_000


def new_pool(
    workers: int, begin: Callable[..., None], given: tuple[Any, ...], tasks: int = TASKS_PER_PROCESS
) -> ProcessPool:
    """Processes that each begin with `begin(*given)`; they start with the first task."""
    return ProcessPool(
        max_workers=workers, max_tasks=tasks, initializer=begin, initargs=given, context=process_context()
    )


def process_context() -> BaseContext:
    """How a process is started in which a stranger's file may be read."""
    # Never a plain fork: the caller's threads and signing contexts would be copied in a state nobody can use.
    # The server starts with this module loaded, so a process that replaces a crashed one is there at once.
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["assay.detection.worker"])
    return context
