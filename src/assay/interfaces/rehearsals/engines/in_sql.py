"""A replay of which all counting is done by an engine that runs SQL. It leaves out what needs rows, and says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from assay.engine.kernel.errors import Fault
from assay.interfaces.rehearsals.engines.pushed.apart import Apart
from assay.interfaces.rehearsals.engines.pushed.checked import Checking
from assay.interfaces.rehearsals.engines.pushed.columns import Columns
from assay.interfaces.rehearsals.engines.pushed.decided import Decided
from assay.interfaces.rehearsals.engines.pushed.filled import Filling
from assay.interfaces.rehearsals.engines.pushed.phrases import Phrases
from assay.interfaces.rehearsals.engines.pushed.signals import NotPushed
from assay.interfaces.rehearsals.engines.pushed.warehouse import Warehouse
from assay.interfaces.rehearsals.replaying import Job, Replayed

FORECAST_LEFT_OUT = (
    "The forecast and the changed items to read need the rows themselves, and this engine gives counts; "
    "`--engine local` and `--engine ray` give all."
)
LABELS_LEFT_OUT = "What people found is not compared with what is decided, since this engine does not read labels."
_INSTEAD = "run it with `--engine local` or `--engine ray`, which count such rows and leave them out"


def replay_in_sql(
    engine: str, job: Job, reached: Callable[[int], None]
) -> tuple[Replayed, tuple[str, ...]] | list[Fault]:
    """The counts of a replay; or why SQL cannot give them."""
    twice = sorted({slug for wrong in job.reading.ids.values() for slug in wrong})
    if twice:
        return _with_way_out([Fault("wrong-rows", f"some ids are wrong: {', '.join(twice)}", "id")])
    try:
        with _warehouse(engine, job.reading.history.files) as warehouse:
            return _counted(warehouse, job, reached)
    except NotPushed as refused:
        return _with_way_out([Fault("not-pushed", f"{refused}, which is not written as SQL", None)])
    except _broken(engine) as error:
        words = " ".join(str(error).split())[:200]
        return [Fault("engine-failed", f"{engine} failed: {words}", "engine")]


def _counted(
    warehouse: Warehouse, job: Job, reached: Callable[[int], None]
) -> tuple[Replayed, tuple[str, ...]] | list[Fault]:
    reading = job.reading
    columns = Columns(Phrases(warehouse.dialect), reading.history, reading.needs, job.programs, job.markets)
    checking = Checking(warehouse, columns)
    faults = checking.faults()
    if faults:
        return _with_way_out(faults)
    found = Replayed(job)
    found.refusals.aside = checking.facts(found.facts)
    ways = job.ways
    decided = Decided(columns, ways.lanes, Apart(job.columnar, columns.markets))
    found.tally = Filling(warehouse, columns, decided, ways).tally()
    # An accumulator that saw nothing would say that nobody found anything.
    found.labels = None
    reached(sum([piece.rows for piece in reading.history.pieces]))
    return found, (FORECAST_LEFT_OUT, LABELS_LEFT_OUT) if job.has_labels else (FORECAST_LEFT_OUT,)


def _with_way_out(faults: Sequence[Fault]) -> list[Fault]:
    *others, last = faults
    return [*others, Fault(last.slug, f"{last.words}; {_INSTEAD}", last.field)]


def _warehouse(engine: str, files: Sequence[str]) -> AbstractContextManager[Warehouse]:
    if engine == "duckdb":
        from assay.interfaces.rehearsals.engines.on_duckdb import a_duckdb

        return a_duckdb(files)
    from assay.interfaces.rehearsals.engines.on_spark import a_spark

    return a_spark(files)


def _broken(engine: str) -> tuple[type[Exception], ...]:
    """What an engine raises where it cannot go on."""
    if engine == "duckdb":
        import duckdb

        return (duckdb.Error,)
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    return (PySparkException, Py4JError)
