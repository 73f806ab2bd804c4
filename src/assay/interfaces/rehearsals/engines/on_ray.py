"""Ray: the same pieces in tasks, here or on a cluster that sees the files. It never merges them out of order."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from assay.engine.kernel.errors import Fault
from assay.interfaces.histories.files import Piece
from assay.interfaces.rehearsals.replaying import Job, Replayed, merged, replay_piece

_HERE = "127.0.0.1"
# Read by Ray when it is loaded; what somebody has set already stays.
SETTINGS = {
    "RAY_AUTH_MODE": "token",
    "RAY_USAGE_STATS_ENABLED": "0",
    # Or every task would build the environment anew where this was started by `uv run`.
    "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
}
# So many pieces are under way for each processor: one that is worked on, and one that waits.
_AHEAD = 2


def replay_on_ray(job: Job, reached: Callable[[int], None]) -> tuple[Replayed, tuple[str, ...]] | list[Fault]:
    """All pieces, merged in their order, so that it does not matter which was done first."""
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    import ray
    from ray.exceptions import RayError

    started = not ray.is_initialized()
    try:
        if started:
            _start(ray)
        return merged(job, _parts(ray, job), reached), ()
    except (RayError, ConnectionError) as error:
        words = " ".join(str(error).split())[:200]
        return [Fault("engine-failed", f"ray failed: {words}", "engine")]
    finally:
        if started:
            ray.shutdown()


def _start(ray: Any) -> None:
    if os.environ.get("RAY_ADDRESS"):
        ray.init(log_to_driver=False, logging_level="ERROR")
        return
    # A token of this run alone, so that none is written into the home folder.
    os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
    ray.init(
        include_dashboard=False,
        _node_ip_address=_HERE,
        log_to_driver=False,
        logging_level="ERROR",
    )


def _parts(ray: Any, job: Job) -> Iterator[Replayed]:
    """What each piece comes to, in order; only so many are under way that their results fit into memory."""
    task = ray.remote(_one)
    given = ray.put(job)
    pieces = iter(job.reading.history.pieces)
    ahead = _AHEAD * max(1, int(ray.cluster_resources().get("CPU", 1)))
    waiting = [task.remote(given, piece) for piece in islice(pieces, ahead)]
    while waiting:
        first = waiting.pop(0)
        yield ray.get(first)
        waiting += [task.remote(given, piece) for piece in islice(pieces, 1)]


def _one(job: Job, piece: Piece) -> Replayed:
    return replay_piece(job, piece)
