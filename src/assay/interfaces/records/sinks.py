"""Writes decisions as JSON Lines or Parquet, as they come. It never turns an unknown truth into a yes or a no."""

from __future__ import annotations

from typing import Any, BinaryIO, Protocol

from assay.engine.decision.decide import Decider, Decision, Outcome
from assay.engine.kernel.instants import format_instant
from assay.engine.kernel.truth import from_planes

_LARGEST_GROUP_BYTES = 8 * 1024 * 1024
_MOST_GROUP_ROWS = 4096


class Sink(Protocol):
    """Where decisions go."""

    def write(self, decision: Decision, record: bytes) -> None:
        """Take one decision and its record."""
        ...

    def close(self) -> None:
        """Finish what was written."""
        ...


class LinesSink:
    """One record a line. `each` passes every line on at once, for readers that wait for it."""

    def __init__(self, stream: BinaryIO, *, each: bool = False) -> None:
        self._stream, self._each = stream, each

    def write(self, decision: Decision, record: bytes) -> None:
        self._stream.write(record + b"\n")
        if self._each:
            self._stream.flush()

    def close(self) -> None:
        self._stream.flush()


class ParquetSink:
    """One row for each item and outcome; the truth of a measure is one of three words, never a boolean."""

    def __init__(self, stream: BinaryIO, decider: Decider) -> None:
        from pyarrow.parquet import ParquetWriter

        self._decider = decider
        self._measures = tuple(measure.id for measure in decider.pack.measures.all)
        self._schema = _schema(self._measures)
        # A record is as long as a page; kept once and pointed to, it does not grow with the number of outcomes.
        limit = 8 * _LARGEST_GROUP_BYTES
        self._writer = ParquetWriter(stream, self._schema, compression="zstd", dictionary_pagesize_limit=limit)
        self._rows: list[dict[str, object]] = []
        self._records: list[str] = []
        self._places: list[int] = []
        self._bytes = 0

    def write(self, decision: Decision, record: bytes) -> None:
        for outcome in decision.outcomes:
            self._rows.append(self._row(decision, outcome))
            self._places.append(len(self._records))
        self._records.append(record.decode("utf-8"))
        self._bytes += len(record)
        if self._bytes > _LARGEST_GROUP_BYTES or len(self._rows) >= _MOST_GROUP_ROWS:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def _row(self, decision: Decision, outcome: Outcome) -> dict[str, object]:
        standing, decider = outcome.standing, self._decider
        truths = {
            name: from_planes(standing.true >> place & 1, standing.possible >> place & 1).value
            for place, name in enumerate(self._measures)
        }
        return {
            "id": decision.item.id,
            "subject": decision.item.subject,
            "as_of": format_instant(decision.as_of),
            "bundle": decider.digest,
            "markets": outcome.markets,
            "applied": decider.measure_ids(standing.applied),
            "measures": truths,
            "settled": outcome.settled,
            "questions": [decider.vocabulary.signals[place].name for place in outcome.questions],
            "fired": decider.rule_refs(outcome.true),
            "possible": decider.rule_refs(outcome.possible & ~outcome.true),
        }

    def _flush(self) -> None:
        import pyarrow as pa

        if not self._rows:
            return
        arrays = [
            pa.array([row[field.name] for row in self._rows], type=field.type)
            for field in self._schema
            if field.name != "record"
        ]
        places = pa.array(self._places, type=pa.int32())
        arrays.append(pa.DictionaryArray.from_arrays(places, pa.array(self._records, type=pa.string())))
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))
        self._rows, self._records, self._places, self._bytes = [], [], [], 0


def _schema(measures: tuple[str, ...]) -> Any:
    import pyarrow as pa

    text, texts = pa.string(), pa.list_(pa.string())
    return pa.schema(
        [
            ("id", text),
            ("subject", text),
            ("as_of", text),
            ("bundle", text),
            ("markets", texts),
            ("applied", texts),
            ("measures", pa.struct([(name, text) for name in measures])),
            ("settled", pa.bool_()),
            ("questions", texts),
            ("fired", texts),
            ("possible", texts),
            ("record", pa.dictionary(pa.int32(), text)),
        ]
    )
