"""Decisions are written so that nothing unknown becomes a yes or a no."""

from __future__ import annotations

import io
import json

import pyarrow as pa
from pyarrow import parquet

from assay.engine.decision.decide import Decider
from assay.engine.decision.record import RecordWriter
from assay.engine.kernel.instants import parse_instant
from assay.interfaces.packs import load_pack
from assay.interfaces.records.json_lines import json_records
from assay.interfaces.records.reading import Entry, read_entries
from assay.interfaces.records.sinks import ParquetSink
from tests.interfaces.running import SOME_DAY, STARTER

LINES = b"""{"id": "a", "signals": {"ai_extent": "generated"}}
{"id": "b", "signals": {"ai_extent": "none"}}
{"id": "c", "subject": "account"}
"""


def test_a_table_of_decisions_says_what_the_records_say() -> None:
    decider = Decider(load_pack(STARTER))
    writer, stream = RecordWriter(decider), io.BytesIO()
    sink, as_of = ParquetSink(stream, decider), parse_instant(SOME_DAY) or 0
    records = []
    for reading in read_entries(json_records(io.BytesIO(LINES)), decider.pack):
        assert isinstance(reading, Entry)
        decision = decider.decide(reading.item, as_of)
        records.append(writer.write(decision))
        sink.write(decision, records[-1])
    sink.close()
    table = parquet.read_table(io.BytesIO(stream.getvalue()))
    decoded = [json.loads(record) for record in records]
    expected = [(record, outcome) for record in decoded for outcome in record["outcomes"]]
    rows = table.to_pylist()
    assert len(rows) == len(expected)
    for row, (record, outcome) in zip(rows, expected, strict=True):
        assert json.loads(row["record"]) == record
        assert (row["id"], row["subject"], row["bundle"]) == (record["item"], record["subject"], record["bundle"])
        same = ("markets", "applied", "measures", "settled", "questions", "fired", "possible")
        assert {name: row[name] for name in same} == {name: outcome[name] for name in same}
    assert any("unknown" in row["measures"].values() for row in rows)
    assert all(pa.types.is_string(field.type) for field in table.schema.field("measures").type)


def test_a_table_of_no_decisions_has_its_columns() -> None:
    stream = io.BytesIO()
    ParquetSink(stream, Decider(load_pack(STARTER))).close()
    assert parquet.read_table(io.BytesIO(stream.getvalue())).num_rows == 0
