"""Spark over the files of a history, on this machine or on a cluster that sees them. It opens no port to others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from assay.interfaces.rehearsals.engines.pushed.columns import SOURCE

_DIALECT = "spark"
_HERE = "127.0.0.1"
# What is set unless whoever runs it has set it otherwise, by `spark-defaults.conf` or on the command line of Spark.
SETTINGS = {
    "spark.master": "local[*]",
    "spark.app.name": "assay backtest",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    # Counts are small: two hundred parts of each would be most of the work.
    "spark.sql.shuffle.partitions": "8",
    # The method that Spark makes of a whole pack is larger than Java's compiler takes unless it is told to.
    "spark.driver.extraJavaOptions": "-XX:-DontCompileHugeMethods",
    "spark.executor.extraJavaOptions": "-XX:-DontCompileHugeMethods",
}
# What must be so, or days and sums come out otherwise.
_FIXED = {"spark.sql.session.timeZone": "UTC", "spark.sql.ansi.enabled": "true", "spark.sql.caseSensitive": "true"}


@dataclass(frozen=True, slots=True)
class Spark:
    """A session."""

    session: Any
    _kept: list[str] = field(default_factory=list)

    @property
    def dialect(self) -> str:
        """Spark's own."""
        return _DIALECT

    def keep(self, name: str, query: str) -> None:
        """Work a query out once and keep its rows where Spark has room for them."""
        # A plan of what is merely cached is planned anew in every query, and that of a whole pack is large.
        self.session.sql(query).localCheckpoint().createOrReplaceTempView(name)
        self._kept.append(name)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows that a query gives."""
        return [tuple(row) for row in self.session.sql(query).collect()]

    def release(self) -> None:
        """Let go of what is kept."""
        for name in self._kept:
            self.session.catalog.dropTempView(name)


@contextmanager
def a_spark(files: Sequence[str]) -> Iterator[Spark]:
    """A session whose table `history` are some files; one that runs already is used and goes on."""
    from pyspark.sql import SparkSession

    running = SparkSession.getActiveSession()
    session = running or _session()
    before = {name: session.conf.get(name, None) for name in _FIXED}
    for name, value in _FIXED.items():
        session.conf.set(name, value)
    spark = Spark(session)
    try:
        frame = session.read.option("mergeSchema", "true").parquet(*files)
        frame.createOrReplaceTempView(SOURCE)
        yield spark
    finally:
        spark.release()
        if running is None:
            session.stop()
        else:
            for name, value in before.items():
                session.conf.unset(name) if value is None else session.conf.set(name, value)


def _session() -> Any:
    from pyspark import SparkConf
    from pyspark.sql import SparkSession

    conf = SparkConf()
    for name, value in SETTINGS.items():
        conf.setIfMissing(name, value)
    if conf.get("spark.master", "").startswith("local"):
        conf.set("spark.driver.bindAddress", _HERE).set("spark.driver.host", _HERE)
    session = SparkSession.builder.config(conf=conf).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session
