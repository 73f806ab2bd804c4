"""One scan in a process of its own, with its seconds, its processors' seconds and its memory. It judges nothing.

python -m benchmarks.scanning.one serial|pool|ray|ray-losing WORKERS FOLDER [ROWS]
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

LOSING = "ray-losing"
_LOST_AT = 700
ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class Ran:
    """What a scan took.

    seconds    of wall time, from nothing loaded to the last row
    cpu        seconds of all its processes together
    megabytes  the most that the scan's own process held
    digest     of all its rows
    """

    files: int
    seconds: float
    cpu: float
    megabytes: float
    digest: str


def ran(engine: str, workers: int, folder: Path, count: int | None = None) -> Ran:
    """Run a scan in a new process."""
    words = [sys.executable, "-m", "benchmarks.scanning.one", engine, str(workers), str(folder)]
    words += [str(count)] if count is not None else []
    done = subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True, start_new_session=True)
    return Ran(**json.loads(done.stdout.splitlines()[-1]))


def _main(engine: str, workers: int, folder: Path, count: int | None) -> None:
    began = perf_counter()
    from itertools import islice

    from assay.detection.run import duty_of
    from assay.detection.worker import begin
    from assay.interfaces.scans.crew import Order
    from assay.interfaces.scans.engines import an_engine
    from assay.interfaces.scans.given.sources import Given, open_entries
    from assay.interfaces.scans.job import MakingRows
    from assay.interfaces.scans.totals import Totals

    digest, totals = hashlib.sha256(), Totals()
    with open_entries(Given((folder,))) as entries:
        coming = islice(entries.coming, count)
        if engine == "serial":
            begin(duty_of(megabytes=16 * 1024))
            job = MakingRows()
            rows = map(job.do, coming)
            for row in rows:
                digest.update(row.line + b"\n")
                totals.add(row.line)
            cpu = _cpu_of_session()
        else:
            name = "ray" if engine == LOSING else engine
            with an_engine(name, Order(duty_of(), workers)) as working:
                given = _losing(coming, working) if engine == LOSING else coming
                for row in working(given):
                    digest.update(row.line + b"\n")
                    totals.add(row.line)
                cpu = _cpu_of_session()
    seconds = perf_counter() - began
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = {"files": totals.files, "seconds": seconds, "cpu": cpu, "megabytes": megabytes}
    print(json.dumps({**found, "digest": digest.hexdigest()}))


def _losing(entries: Iterator[Any], working: Any) -> Iterator[Any]:
    """The same entries; on the way an actor is killed, with the files that it has."""
    import ray

    for number, entry in enumerate(entries):
        if number == _LOST_AT:
            ray.kill(working.__self__.actors[0])
        yield entry


def _cpu_of_session() -> float:
    """Seconds that all processes of this session have used, those that ended included."""
    ticks, session = 0, os.getsid(0)
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session:
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    _main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]) if len(sys.argv) > 4 else None)
