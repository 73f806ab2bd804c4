"""Which engine replays a job, and what to say where it cannot. Without its name nothing of an engine is loaded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from importlib.util import find_spec
from typing import TypeAlias

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.identifiers import did_you_mean
from assay.interfaces.rehearsals.replaying import Job, Replayed, replay_here

ENGINES = ("local", "duckdb", "ray", "spark")
# What was counted, and what an engine leaves out, in sentences.
Done: TypeAlias = tuple[Replayed, tuple[str, ...]]
_PACKAGES = {"duckdb": ("duckdb", "duckdb"), "ray": ("ray", "scale"), "spark": ("pyspark", "spark")}


def replay_with(engine: str, job: Job, reached: Callable[[int], None]) -> Done | list[Fault]:
    """Everything that an engine counts over a replay; `reached` is told how many rows are done."""
    absent = why_absent(engine)
    if absent is not None:
        return [absent]
    if engine == "local":
        return replay_here(job, reached), ()
    if engine == "ray":
        from assay.interfaces.rehearsals.engines.on_ray import replay_on_ray

        return replay_on_ray(job, reached)
    from assay.interfaces.rehearsals.engines.in_sql import replay_in_sql

    return replay_in_sql(engine, job, reached)


def why_absent(engine: str) -> Fault | None:
    """Why an engine cannot be used here, with the command that mends it; None where it can."""
    if engine not in ENGINES:
        hint = did_you_mean(engine, ENGINES) or f"there are {', '.join(ENGINES)}"
        return Fault("no-engine", f"no engine is named `{engine}`; {hint}", "engine")
    if engine == "local":
        return None
    package, extra = _PACKAGES[engine]
    if find_spec(package) is None:
        words = f"`{package}` is not installed; run: python -m pip install 'assay[{extra}]'"
        return Fault("no-engine", words, "engine")
    if engine == "spark" and not _has_java():
        words = "Spark needs Java 17 or later, and there is no `java`; run: apt-get install openjdk-17-jre-headless"
        return Fault("no-engine", words, "engine")
    return None


def _has_java() -> bool:
    return bool(os.environ.get("JAVA_HOME")) or shutil.which("java") is not None
