"""CPU time, latencies and the machine they were taken on. It never takes wall time for a rate."""

from __future__ import annotations

import gc
import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import process_time, thread_time_ns
from typing import TypeVar

Input = TypeVar("Input")


@dataclass(frozen=True, slots=True)
class Rate:
    """What some rounds came to: items decided in a second of CPU time by each, and microseconds for single items."""

    rounds: tuple[float, ...]
    p50_us: float
    p99_us: float

    @property
    def per_second(self) -> float:
        """The median of the rounds."""
        return median(self.rounds)


def per_cpu_second(decide: Callable[[Input], object], inputs: Sequence[Input]) -> float:
    """How many inputs are decided in a second of this process's CPU time."""
    gc.collect()
    # What was made for the measurement is not walked through again by the collector while it runs.
    gc.freeze()
    start = process_time()
    for given in inputs:
        decide(given)
    used = process_time() - start
    gc.unfreeze()
    return len(inputs) / used


def latencies(decide: Callable[[Input], object], inputs: Sequence[Input]) -> tuple[float, float]:
    """Median and 99th percentile of single calls, in microseconds of CPU time, less what asking the clock costs.

    Of wall time the 99th percentile would be the operating system's, where other programs run beside.
    """
    nothing = sorted(_taken(lambda _: None, inputs))
    clock = nothing[len(nothing) // 2]
    taken = sorted(_taken(decide, inputs))
    return (taken[len(taken) // 2] - clock) / 1000, (taken[len(taken) * 99 // 100] - clock) / 1000


def _taken(decide: Callable[[Input], object], inputs: Sequence[Input]) -> list[int]:
    taken = []
    for given in inputs:
        start = thread_time_ns()
        decide(given)
        taken.append(thread_time_ns() - start)
    return taken


def machine() -> str:
    """The processor, how many of it there are, the system and the Python."""
    names = [
        line.partition(":")[2].strip()
        for line in _read(Path("/proc/cpuinfo")).splitlines()
        if line.startswith("model name")
    ]
    processor = names[0] if names else platform.processor() or platform.machine()
    cores = f"{os.cpu_count()} cores"
    return f"{processor}, {cores}, {platform.system()}, {platform.python_implementation()} {platform.python_version()}"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""
