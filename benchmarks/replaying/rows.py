"""A history of the generated pack's signals in Parquet, from a seed. It never looks at what a policy says of it."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from pyarrow import compute

from assay.engine.backtest.history.layout import DAY_COLUMN, HISTORY_KEY, ID, LAYOUT_VERSION
from benchmarks.material.generated import (
    CHOICES,
    FLAGS,
    LEAST_MISSING,
    MOST_MISSING,
    NUMBERS,
    SCALES,
    SCORES,
    SETS,
    Generated,
)

ROW_GROUP = 1 << 18
_FIRST_DAY, _DAYS = date(2026, 11, 1), 30


def write_rows(ours: Path, plain: Path, generated: Generated, rows: int) -> None:
    """Write the same rows twice in the layout of a history, ordered by day.

    ours   words and numbers without nulls, in which the empty text and NaN are unknown; a set is words with `|` between
    plain  every signal in a column of its own type that may be null, as any program would write it
    """
    with _writer(ours, _ours(generated)) as one, _writer(plain, _plain(generated)) as other:
        for start in range(0, rows, ROW_GROUP):
            table = _table(generated, start, min(ROW_GROUP, rows - start), rows)
            other.write_table(table, row_group_size=ROW_GROUP)
            one.write_table(_without_nulls(table, _ours(generated)), row_group_size=ROW_GROUP)


def _writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    return pq.ParquetWriter(
        path, schema, compression="lz4", use_dictionary=[name for name in schema.names if name != ID]
    )


def _plain(generated: Generated) -> pa.Schema:
    kinds = {**dict.fromkeys((*SCALES, *CHOICES), pa.string()), **dict.fromkeys(FLAGS, pa.bool_())}
    kinds |= {**dict.fromkeys(SCORES, pa.float64()), **dict.fromkeys(NUMBERS, pa.int64())}
    return _schema(generated, kinds, nullable=True)


def _ours(generated: Generated) -> pa.Schema:
    kinds = dict.fromkeys((*SCALES, *CHOICES, *FLAGS, *SETS), pa.string())
    return _schema(generated, kinds | dict.fromkeys((*SCORES, *NUMBERS), pa.float64()), nullable=False)


def _schema(generated: Generated, kinds: Mapping[str, pa.DataType], *, nullable: bool) -> pa.Schema:
    signals = [
        pa.field(signal.name, kinds.get(signal.name, pa.list_(pa.string())), nullable)
        for signal in generated.pack.vocabulary.signals
    ]
    own = [pa.field(ID, pa.string(), nullable=False), pa.field(DAY_COLUMN, pa.date32(), nullable=False)]
    return pa.schema([*own, *signals], {HISTORY_KEY: LAYOUT_VERSION})


def _without_nulls(table: pa.Table, schema: pa.Schema) -> pa.Table:
    columns = []
    for field in schema:
        column = table[field.name]
        if field.name in FLAGS:
            column = compute.if_else(column, "yes", "no")
        if field.name in SETS:
            joined = compute.binary_join(column, "|")
            column = compute.if_else(compute.equal(joined, ""), "|", joined)
        filler = {pa.string(): "", pa.float64(): math.nan}.get(field.type)
        columns.append(column if filler is None else column.cast(field.type).fill_null(filler))
    return pa.Table.from_arrays(columns, schema=schema)


def _table(generated: Generated, start: int, count: int, rows: int) -> pa.Table:
    chance = np.random.default_rng([generated.seed, start])
    rates = random.Random(f"{generated.seed}/missing")
    first = (_FIRST_DAY - date(1970, 1, 1)).days
    days = first + np.arange(start, start + count) * _DAYS // rows
    ids = compute.binary_join_element_wise("item", pa.array(np.arange(start, start + count)).cast(pa.string()), "-")
    columns = [ids, pa.array(days.astype(np.int32)).cast(pa.date32())]
    for signal in generated.pack.vocabulary.signals:
        missing = chance.random(count) < rates.uniform(LEAST_MISSING, MOST_MISSING)
        columns.append(_column(signal.name, chance, missing))
    return pa.Table.from_arrays(columns, schema=_plain(generated))


def _column(name: str, chance: np.random.Generator, missing: NDArray[np.bool_]) -> Any:
    count = missing.size
    weights: Mapping[str, int] | None = SCALES.get(name) or CHOICES.get(name)
    if weights is not None:
        codes = chance.choice(len(weights), count, p=np.array([*weights.values()]) / sum(weights.values()))
        return pa.array([*weights]).take(pa.array(codes, mask=missing))
    if name in FLAGS:
        return pa.array(chance.random(count) < FLAGS[name], mask=missing)
    if name in SCORES:
        return pa.array(np.round(chance.random(count) ** SCORES[name], 3), mask=missing)
    if name in NUMBERS:
        return pa.array((NUMBERS[name] * chance.random(count) ** 3).astype(np.int64), mask=missing)
    names, shares = [*SETS[name]], [*SETS[name].values()]
    held = (chance.random((count, len(names))) < shares) & ~missing[:, None]
    offsets = np.concatenate(([0], np.cumsum(held.sum(axis=1)))).astype(np.int32)
    values = pa.array(names).take(pa.array(np.nonzero(held)[1]))
    return pa.ListArray.from_arrays(pa.array(offsets), values, mask=pa.array(missing))
