"""Histories with every form that a column can have, drawn from a seed, for engines to agree on. It tests nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from assay.engine.language.pack.vocabulary import Signal, SignalType, Vocabulary

FIRST_DAY = (datetime(2026, 11, 20, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).days
MARKETS = ("DE", "US", "BR", "*")
WORDS = (SignalType.CHOICE, SignalType.SCALE)


def write_history(
    path: Path,
    vocabulary: Vocabulary,
    rows: int,
    *,
    seed: int = 1,
    markets: Sequence[str] = MARKETS,
    nulls: bool = True,
    strata: bool = True,
    group: int = 65_536,
    first: int = 0,
) -> Path:
    """Write a history: a third of everything unknown.

    nulls   whether columns hold nulls, lists and flags, or words and numbers that are never null
    strata  whether rows are a sample, of which a part was taken with certainty
    first   the number in the first row's id
    """
    chance = np.random.default_rng(seed)
    columns: dict[str, Any] = {
        "id": pa.array([f"item-{first + number}" for number in range(rows)]),
        "day": pa.array((FIRST_DAY + chance.integers(0, 60, rows)).astype(np.int32)).cast(pa.date32()),
        "hour": pa.array(chance.integers(0, 24, rows).astype(np.int8), mask=chance.random(rows) < 0.1),
        "creator": pa.array([f"by-{number}" for number in chance.integers(0, max(1, rows // 3), rows)]),
        "language": _words(["de", "en", "pt"], rows, chance, nulls=nulls),
        "cohort": _words(["new", "old"], rows, chance, nulls=nulls),
        "done": _words(["removed", "|", "label:ai"], rows, chance, nulls=nulls),
    }
    if strata:
        drawn = chance.integers(0, 3, rows)
        columns["stratum"] = pa.array(np.array(["risky", "calm", "sure"])[drawn])
        columns["probability"] = pa.array(np.array([0.5, 0.1, 1.0])[drawn])
    for market in markets:
        views = (chance.pareto(1.2, rows) * 20).astype(np.int64)
        columns[f"views:{market}"] = pa.array(views, mask=chance.random(rows) < 0.05)
    for signal in vocabulary.signals:
        columns[signal.name] = _signal(signal, rows, chance, nulls=nulls)
    pq.write_table(pa.table(columns), path, row_group_size=group)
    return path


def _words(names: Sequence[str], rows: int, chance: np.random.Generator, *, nulls: bool) -> Any:
    missing = chance.random(rows) < 0.3
    codes = chance.integers(0, len(names), rows)
    if nulls:
        return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32), mask=missing), pa.array(names))
    return pa.array(np.where(missing, "", np.array(names)[codes]))


def _signal(signal: Signal, rows: int, chance: np.random.Generator, *, nulls: bool) -> Any:
    if signal.by_market:
        return _maps(signal, rows, chance, nulls=nulls)
    return _plain(signal, rows, chance, nulls=nulls)


def _plain(signal: Signal, rows: int, chance: np.random.Generator, *, nulls: bool) -> Any:
    missing = chance.random(rows) < 0.3
    match signal.type:
        case SignalType.CHOICE | SignalType.SCALE:
            return _words(signal.value_names, rows, chance, nulls=nulls)
        case SignalType.FLAG:
            flags = chance.random(rows) < 0.5
            return pa.array(flags, mask=missing) if nulls else _words(("yes", "no"), rows, chance, nulls=False)
        case SignalType.SET:
            return _sets(signal.value_names, missing, chance, nulls=nulls)
        case SignalType.TEXT:
            return _words(("it's satire", "ad: AI", "", "ü%_ AI"), rows, chance, nulls=True).dictionary_decode()
        case SignalType.TIME:
            return pa.array(chance.integers(0, 2**50, rows), pa.timestamp("us", "UTC"), mask=missing)
        case SignalType.DURATION:
            return pa.array(chance.integers(0, 2**40, rows), pa.duration("us"), mask=missing)
        case _:
            return _numbers(signal, missing, chance, nulls=nulls)


def _numbers(signal: Signal, missing: NDArray[np.bool_], chance: np.random.Generator, *, nulls: bool) -> Any:
    low = 0.0 if signal.type is SignalType.SCORE else signal.minimum or 0.0
    high = 1.0 if signal.type is SignalType.SCORE else signal.maximum or low + 50.0
    drawn = low + (high - low) * chance.random(missing.size)
    numbers = np.round(drawn) if signal.integer else np.round(drawn, 3)
    if not nulls:
        return pa.array(np.where(missing, math.nan, numbers))
    if signal.integer:
        return pa.array(numbers.astype(np.int64), mask=missing)
    # Null and not-a-number in one column.
    return pa.array(np.where(chance.random(missing.size) < 0.1, math.nan, numbers), mask=missing)


def _sets(names: Sequence[str], missing: NDArray[np.bool_], chance: np.random.Generator, *, nulls: bool) -> Any:
    held = chance.random((missing.size, len(names))) < 0.25
    found = [[names[at] for at in np.flatnonzero(row).tolist()] for row in held]
    members = [None if gone else row for row, gone in zip(found, missing.tolist(), strict=True)]
    if nulls:
        return pa.array(members, pa.list_(pa.string()))
    return pa.array(["" if row is None else "|".join(row) or "|" for row in members])


def _maps(signal: Signal, rows: int, chance: np.random.Generator, *, nulls: bool) -> Any:
    values = _plain(signal, 3 * rows, chance, nulls=nulls)
    values = values.dictionary_decode() if pa.types.is_dictionary(values.type) else values
    keys = ("DE", "*", "FR")
    plain = values.to_pylist()
    maps = [
        None
        if chance.random() < 0.4
        else [(key, plain[3 * row + at]) for at, key in enumerate(keys) if chance.random() < 0.6]
        for row in range(rows)
    ]
    return pa.array(maps, pa.map_(pa.string(), values.type))
