"""What is written by an import and read back is what the items said, by every way in. It knows no way of its own."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.engine.backtest.history.layout import history_schema
from assay.engine.backtest.history.needs import Needs
from assay.engine.kernel.values import Value
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.vocabulary import Signal, SignalType, Vocabulary
from assay.interfaces.histories.blocks import table_of_block
from assay.interfaces.histories.importing.incoming import Asked, Imported
from assay.interfaces.histories.importing.run import import_history
from tests.engine.backtest.history.rows import DAY, value_at
from tests.interfaces.histories.made import ids, prepared, read_all, write
from tests.makers import a_pack, values_of, vocabularies

# By signal, a value, or of a market-scoped one a value for each market; a signal that is not there is unknown.
Said: TypeAlias = Mapping[str, Any]
MARKETS = ("DE", "US-CA", "*")


@st.composite
def tables(draw: st.DrawFn) -> tuple[Vocabulary, Sequence[Said]]:
    vocabulary = draw(vocabularies())
    rows: list[Said] = []
    for _ in range(draw(st.integers(0, 5))):
        said: dict[str, Any] = {}
        for signal in vocabulary.signals:
            if signal.by_market:
                given_ = draw(st.dictionaries(st.sampled_from(MARKETS), values_of(signal), max_size=2))
                said |= {signal.name: given_} if given_ else {}
            elif draw(st.integers(0, 2)):
                said[signal.name] = draw(values_of(signal))
        rows.append(said)
    return vocabulary, rows


def needs_of(vocabulary: Vocabulary) -> Needs:
    return Needs.of_vocabulary(vocabulary, pack_of(vocabulary).markets.codes, frozenset())


def pack_of(vocabulary: Vocabulary) -> Pack:
    return a_pack(vocabulary=vocabulary)


def read_back(path: Path, vocabulary: Vocabulary) -> tuple[list[str | None], Sequence[Said]]:
    blocks, refusals = read_all(prepared(path, needs_of(vocabulary)))
    assert not refusals.listed()
    rows: list[Said] = []
    for block in blocks:
        columns, scoped = block.block.columns, block.block.by_market
        for row in range(block.rows):
            said: dict[str, Any] = {name: value_at(column, row) for name, column in columns.items()}
            for name, by_market in scoped.items():
                given_ = {market: value_at(column, row) for market, column in by_market.items()}
                said[name] = {market: value for market, value in given_.items() if value is not None} or None
            rows.append({name: value for name, value in said.items() if value is not None})
    return ids(blocks), rows


def written(signal: Signal, said: Any) -> object:
    if signal.by_market:
        return {market: signal.write(value) for market, value in said.items()}
    return signal.write(said)


def as_lines(path: Path, vocabulary: Vocabulary, rows: Sequence[Said], unknown: object) -> Path:
    with path.open("w", encoding="utf-8") as stream:
        for number, said in enumerate(rows):
            record: dict[str, object] = {"id": f"i{number}", "day": str(DAY)}
            for signal in vocabulary.signals:
                if signal.name in said:
                    record[signal.name] = written(signal, said[signal.name])
                elif unknown != "absent" and not (unknown == "" and signal.type is SignalType.TEXT):
                    record[signal.name] = None if signal.by_market else unknown
            stream.write(json.dumps(record) + "\n")
    return path


def as_csv(path: Path, vocabulary: Vocabulary, rows: Sequence[Said]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "day", *(signal.name for signal in vocabulary.signals)])
        for number, said in enumerate(rows):
            cells = [cell_of(signal, said[signal.name]) if signal.name in said else "" for signal in vocabulary.signals]
            writer.writerow([f"i{number}", str(DAY), *cells])
    return path


def cell_of(signal: Signal, value: Any) -> str:
    if signal.by_market:
        return json.dumps(written(signal, value))
    if isinstance(value, frozenset):
        return "|".join(sorted(value)) or "|"
    return str(signal.write(value)).lower() if isinstance(value, bool) else str(signal.write(value))


ARROW = {
    SignalType.FLAG: pa.bool_(),
    SignalType.SET: pa.list_(pa.string()),
    SignalType.SCORE: pa.float64(),
    SignalType.TIME: pa.timestamp("us", "UTC"),
    SignalType.DURATION: pa.duration("us"),
}


def as_parquet(path: Path, vocabulary: Vocabulary, rows: Sequence[Said]) -> Path:
    """A table with nulls, as a warehouse writes it."""
    columns: dict[str, Any] = {
        "id": pa.array([f"i{number}" for number in range(len(rows))], pa.string()),
        "day": pa.array([DAY] * len(rows), pa.date32()),
    }
    for signal in vocabulary.signals:
        kind = ARROW.get(signal.type, pa.string())
        if signal.type is SignalType.NUMBER:
            kind = pa.int64() if signal.integer else pa.float64()
        if signal.by_market:
            kind = pa.map_(pa.string(), kind)
        values = [plain(said.get(signal.name)) for said in rows]
        columns[signal.name] = pa.array(values, kind)
    pq.write_table(pa.table(columns), path)
    return path


def plain(value: Value | Mapping[str, Value] | None) -> object:
    if isinstance(value, Mapping):
        return [(market, plain(one)) for market, one in value.items()]
    return sorted(value) if isinstance(value, frozenset) else value


def imported(source: Path, vocabulary: Vocabulary) -> tuple[list[str | None], Sequence[Said]]:
    out = source.with_name("history.parquet")
    found = import_history(Asked(source, out, pack_of(vocabulary)))
    assert isinstance(found, Imported) and not found.refused and not found.rejects.beside, found
    return read_back(out, vocabulary)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("imported")


def same(found: tuple[list[str | None], Sequence[Said]], rows: Sequence[Said]) -> bool:
    return found == ([f"i{number}" for number in range(len(rows))], rows)


@settings(deadline=None)
@given(tables(), st.sampled_from(["absent", None, ""]))
def test_json_lines_come_back_as_they_were_said(
    folder: Path, table: tuple[Vocabulary, Sequence[Said]], unknown: object
) -> None:
    vocabulary, rows = table
    assert same(imported(as_lines(folder / "items.jsonl", vocabulary, rows, unknown), vocabulary), rows)


@settings(deadline=None)
@given(tables())
def test_csv_comes_back_as_it_was_said_but_for_texts_that_are_empty(
    folder: Path, table: tuple[Vocabulary, Sequence[Said]]
) -> None:
    vocabulary, rows = table
    # A cell has no way to say that a text is known to be empty.
    told = [{name: value for name, value in said.items() if value != ""} for said in rows]
    assert same(imported(as_csv(folder / "items.csv", vocabulary, told), vocabulary), told)


@settings(deadline=None)
@given(tables())
def test_tables_with_nulls_come_back_as_they_were_said(folder: Path, table: tuple[Vocabulary, Sequence[Said]]) -> None:
    vocabulary, rows = table
    assert same(imported(as_parquet(folder / "items.parquet", vocabulary, rows), vocabulary), rows)
    # Read as a history without being imported, it says the same.
    assert same(read_back(folder / "items.parquet", vocabulary), rows)


@settings(deadline=None)
@given(tables())
def test_a_history_that_is_imported_again_or_written_from_its_blocks_stays_the_same(
    folder: Path, table: tuple[Vocabulary, Sequence[Said]]
) -> None:
    vocabulary, rows = table
    assert same(imported(as_lines(folder / "items.jsonl", vocabulary, rows, None), vocabulary), rows)
    first = (folder / "history.parquet").rename(folder / "first.parquet")
    assert same(imported(first, vocabulary), rows)
    schema = history_schema(vocabulary, (), ("language", "cohort", "surface"), ("hour", "creator"))
    blocks, _ = read_all(prepared(first, needs_of(vocabulary)))
    batches = [batch for block in blocks for batch in table_of_block(block, schema, vocabulary).to_batches()]
    if batches:
        assert same(read_back(write(folder / "again.parquet", *batches), vocabulary), rows)
