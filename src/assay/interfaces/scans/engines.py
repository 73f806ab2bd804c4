"""Which engine does a scan's work, and what to say where it cannot. Without its name nothing of Ray is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.identifiers import did_you_mean
from assay.interfaces.scans.crew import Crew, Order
from assay.interfaces.scans.scanning import Engine

ENGINES = ("pool", "ray")


def why_absent(engine: str) -> Fault | None:
    """Why an engine cannot be used here, with the command that mends it; None where it can."""
    if engine not in ENGINES:
        hint = did_you_mean(engine, ENGINES) or f"there are {', '.join(ENGINES)}"
        return Fault("no-engine", f"no engine is named `{engine}`; {hint}", "engine")
    if engine == "ray" and find_spec("ray") is None:
        return Fault("no-engine", "`ray` is not installed; run: python -m pip install 'assay[scale]'", "engine")
    return None


@contextmanager
def an_engine(name: str, order: Order) -> Iterator[Engine]:
    """An engine that is there, until the scan is done.

    raises  CacheUnusable where there can be no cache, EngineFailed where Ray cannot be reached
    """
    if name == "ray":
        from assay.interfaces.scans.on_ray import a_ray

        with a_ray(order) as engine:
            yield engine
        return
    with Crew(order) as crew:
        yield crew.rows
