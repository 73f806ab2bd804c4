"""Ray: actors that each hold a pool, here or on a cluster that sees the files. A lost actor costs time and no file."""

from __future__ import annotations

import os
import secrets
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import Any

from assay.interfaces.scans.crew import Crew, Order
from assay.interfaces.scans.given.entries import Entry
from assay.interfaces.scans.job import Row
from assay.interfaces.scans.scanning import Engine, EngineFailed

_HERE = "127.0.0.1"
# Read by Ray when it is loaded; what somebody has set already stays.
SETTINGS = {
    "RAY_AUTH_MODE": "token",
    "RAY_USAGE_STATS_ENABLED": "0",
    # Or every actor would build the environment anew where this was started by `uv run`.
    "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
}
BATCH = 512
# A batch that is worked on, and one that waits.
_AHEAD = 2
# An actor that is lost is replaced; a batch that costs so many actors their life is not given to another.
_MOST_LOST = 4


class Actor:
    """What runs as an actor: a crew, whose rows go back in batches."""

    def __init__(self, order: Order) -> None:
        self._crew = Crew(order)

    def rows(self, entries: list[Entry]) -> list[Row]:
        """The rows of a batch; what they leave in the cache stays here."""
        return [row if row.kept is None else replace(row, kept=None) for row in self._crew.rows(entries)]

    def close(self) -> None:
        """Stop the processes."""
        self._crew.close()


class Actors:
    """The actors, and the batches that they have.

    number      actors
    processors  that each of them needs
    lost        what Ray raises where one of them died
    """

    def __init__(self, ray: Any, order: Order, number: int, processors: int, lost: type[Exception]) -> None:
        self._ray, self._order, self._number, self._lost = ray, order, number, lost
        self._processors = processors
        self.actors: list[Any] = []
        self._waiting: deque[tuple[list[Entry], int, Any]] = deque()
        self._deaths = 0

    def start(self) -> None:
        """Start every actor."""
        self.actors = [self._new() for _ in range(self._number)]

    def rows(self, entries: Iterable[Entry]) -> Iterator[Row]:
        """A row for each entry, in order; only so many batches are under way that their rows fit into memory."""
        coming = iter(entries)
        given = 0
        while batch := list(islice(coming, BATCH)):
            self._waiting.append((batch, *self._give(batch, given % self._number)))
            given += 1
            if len(self._waiting) >= _AHEAD * self._number:
                yield from self._first()
        while self._waiting:
            yield from self._first()

    def close(self) -> None:
        """Let every actor stop its processes."""
        closing = [actor.close.remote() for actor in self.actors]
        self._ray.wait(closing, num_returns=len(closing), timeout=10)

    def _give(self, batch: list[Entry], place: int) -> tuple[int, Any]:
        return place, self.actors[place].rows.remote(batch)

    def _first(self) -> list[Row]:
        batch, place, future = self._waiting.popleft()
        while True:
            try:
                rows: list[Row] = self._ray.get(future)
            except self._lost as error:
                self._replace(place, error)
                place, future = self._give(batch, place)
            else:
                self._deaths = 0
                return rows

    def _replace(self, place: int, error: Exception) -> None:
        """Another actor in place of a lost one, which is given all batches that the lost one had."""
        self._deaths += 1
        if self._deaths > _MOST_LOST:
            raise EngineFailed(f"ray lost {self._deaths} actors over the same files: {_words(error)}")
        self.actors[place] = self._new()
        self._waiting = deque(
            (batch, *self._give(batch, at)) if at == place else (batch, at, future)
            for batch, at, future in self._waiting
        )

    def _new(self) -> Any:
        remote = self._ray.remote(num_cpus=self._processors, max_restarts=0, max_task_retries=0)
        return remote(Actor).remote(self._order)


@contextmanager
def a_ray(order: Order) -> Iterator[Engine]:
    """The engine; raises EngineFailed where there is no Ray to reach."""
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    import ray
    from ray.exceptions import RayActorError, RayError

    started = not ray.is_initialized()
    try:
        if started:
            _start(ray)
        actors = Actors(ray, *_fitting(ray, _from_anywhere(order)), RayActorError)
        actors.start()
        try:
            yield actors.rows
        finally:
            actors.close()
    except (RayError, ConnectionError) as error:
        raise EngineFailed(f"ray failed: {_words(error)}") from error
    finally:
        if started:
            ray.shutdown()


def _fitting(ray: Any, order: Order) -> tuple[Order, int, int]:
    """The order, how many actors there is room for, and how many processors each takes: no more than a machine has."""
    sizes = [int(node["Resources"].get("CPU", 0)) for node in ray.nodes() if node["Alive"]]
    processors = max(1, min(order.workers, max(sizes, default=1)))
    return order, max(1, sum(size // processors for size in sizes)), processors


def _from_anywhere(order: Order) -> Order:
    """The same order with whole paths, since an actor does not begin in this folder."""
    settings = order.duty.settings
    folders = {
        name: folder.absolute()
        for name in ("trust", "weights", "banks", "detectors")
        if (folder := getattr(settings, name)) is not None
    }
    duty = replace(order.duty, settings=replace(settings, **folders))
    return replace(order, duty=duty, cache=order.cache.absolute() if order.cache is not None else None)


def _start(ray: Any) -> None:
    if os.environ.get("RAY_ADDRESS"):
        ray.init(log_to_driver=False, logging_level="ERROR")
        return
    # A token of this run alone, so that none is written into the home folder.
    os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
    ray.init(include_dashboard=False, _node_ip_address=_HERE, log_to_driver=False, logging_level="ERROR")


def _words(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
