"""Engines that decide a table of rows, each in a process of its own. They count, and so they do all the work.

python -m benchmarks.replaying.engines ENGINE FIRST TABLE SEED TIMES
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, TypeAlias

ROOT = Path(__file__).resolve().parent.parent.parent
# So many rows are held prepared at once; a larger table would measure the machine's memory.
MOST_PREPARED = 2_000_000


@dataclass(frozen=True, slots=True)
class Run:
    """What one engine came to.

    cpu_s    of all threads together, reading included where the engine reads
    counts   by measure: rows in which it is certain, unknown, and imposed meanwhile
    peak_mb  the most memory that the process held
    """

    engine: str
    version: str
    rows: int
    cpu_s: float
    wall_s: float
    counts: tuple[tuple[int, int, int], ...]
    peak_mb: float

    @property
    def per_second(self) -> float:
        """Decisions in a second of CPU time."""
        return self.rows / self.cpu_s


# The rows that were decided, and the counts.
Counted: TypeAlias = tuple[int, list[tuple[int, int, int]]]


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine with the policy of a seed; `ready` makes all ready for a table, and what it gives is timed."""

    name: str
    version: str
    ready: Callable[[Path, int], Callable[[], Counted]]


def run_apart(engine: str, first: Path, table: Path, seed: int, times: int = 1) -> Run | None:
    """Run an engine in a process of its own, on one thread; None where it is not installed.

    first  a small table, which it decides before the clock starts: what a program does once does not count
    times  how often the table is decided, one after the other, as if it were that much longer
    """
    package = {"duckdb": "duckdb", "polars": "polars"}.get(engine)
    if package is not None and find_spec(package) is None:
        return None
    command = [sys.executable, "-m", "benchmarks.replaying.engines", engine, str(first), str(table), str(seed)]
    alone = {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1", "ARROW_IO_THREADS": "1"}
    done = subprocess.run(
        [*command, str(times)], cwd=ROOT, env=os.environ | alone, check=True, capture_output=True, text=True
    )
    found = json.loads(done.stdout)
    counts = tuple((sure, unknown, meanwhile) for sure, unknown, meanwhile in found.pop("counts"))
    return Run(**found, counts=counts)


# -------------------------------------------------------------------- engines


def _reading(seed: int, *, unique: bool = False) -> Engine:
    import numpy as np
    import pyarrow as pa

    from assay.engine.program.columnar.compile import compile_columnar
    from benchmarks.replaying.ours import Blocks, count_all

    blocks = Blocks.of(seed)
    columnar = compile_columnar([blocks.program])

    def ready(table: Path, times: int) -> Callable[[], Counted]:
        return lambda: count_all(columnar, blocks.read(table, times, unique=unique))

    return Engine(
        "Assay, reading" + (" and ids" if unique else ""), f"NumPy {np.__version__}, pyarrow {pa.__version__}", ready
    )


def _prepared(seed: int) -> Engine:
    import numpy as np

    from assay.engine.program.columnar.compile import compile_columnar
    from benchmarks.replaying.ours import Blocks, count_all

    blocks = Blocks.of(seed)
    columnar = compile_columnar([blocks.program])

    def ready(table: Path, times: int) -> Callable[[], Counted]:
        held = list(_at_most(blocks.read(table, 1), MOST_PREPARED))
        return lambda: count_all(columnar, (block for _ in range(times) for block in held))

    return Engine("Assay, prepared", f"NumPy {np.__version__}", ready)


def _at_most(blocks: Iterable[Any], rows: int) -> Iterator[Any]:
    taken = 0
    for block in blocks:
        if taken >= rows:
            return
        taken += block.rows
        yield block


def _duckdb(seed: int) -> Engine:
    import duckdb

    from benchmarks.replaying.ours import Blocks
    from benchmarks.replaying.queries import duckdb_query

    program = Blocks.of(seed).program
    connection = duckdb.connect()
    connection.execute("SET threads = 1")

    def ready(table: Path, times: int) -> Callable[[], Counted]:
        files = ", ".join([f"'{table}'"] * times)
        query = duckdb_query(program, f"read_parquet([{files}])")

        def decide() -> Counted:
            row = connection.execute(query).fetchone()
            assert row is not None
            return row[0], _threes(row[1:])

        return decide

    return Engine("DuckDB, SQL", duckdb.__version__, ready)


def _polars(seed: int) -> Engine:
    import polars as pl

    from benchmarks.replaying.ours import Blocks
    from benchmarks.replaying.queries import polars_frame

    program = Blocks.of(seed).program

    def ready(table: Path, times: int) -> Callable[[], Counted]:
        counted = polars_frame(program, pl.concat([pl.scan_parquet(table)] * times), pl)

        def decide() -> Counted:
            row = counted.collect(engine="streaming").row(0)
            return row[0], _threes(row[1:])

        return decide

    return Engine("Polars, expressions", pl.__version__, ready)


def _threes(row: tuple[int, ...]) -> list[tuple[int, int, int]]:
    return [(row[place], row[place + 1], row[place + 2]) for place in range(0, len(row), 3)]


def _run(engine: Engine, first: Path, table: Path, times: int) -> Run:
    engine.ready(first, 1)()
    decide = engine.ready(table, times)
    wall, cpu = perf_counter(), process_time()
    rows, counts = decide()
    cpu, wall = process_time() - cpu, perf_counter() - wall
    return Run(engine.name, engine.version, rows, cpu, wall, tuple(counts), _held_mb())


def _held_mb() -> float:
    status = Path("/proc/self/status")
    if status.is_file():
        # What the system says of resources counts the memory of the process that started this one, too.
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1024
    # Linux counts kilobytes, macOS bytes.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)


ENGINES: dict[str, Callable[[int], Engine]] = {
    "reading": _reading,
    "unique": partial(_reading, unique=True),
    "prepared": _prepared,
    "duckdb": _duckdb,
    "polars": _polars,
}

if __name__ == "__main__":
    name, small, whole, number, repeated = sys.argv[1:]
    print(json.dumps(asdict(_run(ENGINES[name](int(number)), Path(small), Path(whole), int(repeated)))))
