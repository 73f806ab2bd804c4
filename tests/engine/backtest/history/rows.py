"""Batches of a history for tests, and what reading them gives. It holds no test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from assay.engine.backtest.history.block import HistoryBlock
from assay.engine.backtest.history.layout import DAY_COLUMN, ID
from assay.engine.backtest.history.needs import Needs
from assay.engine.backtest.history.read import BlockReader
from assay.engine.backtest.history.refusals import Origin, Refusals
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.pack.vocabulary import SignalType
from assay.engine.program.columnar.planes import unpack
from assay.engine.program.columnar.table.columns import Coded, Column, Flags, Numbers, Sets
from assay.engine.program.lower import lower_pack
from tests.makers import a_pack, a_rule, a_signal, a_vocabulary

VOCABULARY = a_vocabulary(
    a_signal("disclosed"),
    a_signal("extent", SignalType.SCALE, ("none", "altered", "generated")),
    a_signal("technique", SignalType.SET, ("face_swap", "voice_clone")),
    a_signal("followers", SignalType.NUMBER, minimum=0, integer=True),
    a_signal("detector", SignalType.SCORE),
    a_signal("caption", SignalType.TEXT),
    a_signal("uploaded", SignalType.TIME),
    a_signal("runs_for", SignalType.DURATION),
    a_signal("surface", SignalType.CHOICE, ("feed", "ads")),
    a_signal("ordered", SignalType.CHOICE, ("none", "removal"), scope="market"),
)
PACK = a_pack(
    a_rule("likeness/made", 'extent == "generated" && !disclosed'),
    a_rule("likeness/ordered", 'ordered == "removal"', then=("blocked",)),
    vocabulary=VOCABULARY,
)
DAY = date(2026, 10, 1)


def a_batch(columns: Mapping[str, Any] | None = None, rows: int = 3, **more: Any) -> Any:
    """A batch of some rows; what is not given of id and day is sound."""
    given: dict[str, Any] = {
        ID: [f"i{row}" for row in range(rows)],
        DAY_COLUMN: [DAY] * rows,
        **(columns or {}),
        **more,
    }
    arrays = {name: values if isinstance(values, pa.Array) else pa.array(values) for name, values in given.items()}
    return pa.RecordBatch.from_arrays(list(arrays.values()), names=list(arrays))


def needed(since: str | None = None, until: str | None = None) -> Needs:
    """Everything the vocabulary knows, each signal as though a rule read it."""
    measures = frozenset([measure.id for measure in PACK.measures.all])
    found = Needs.of_vocabulary(VOCABULARY, PACK.markets.codes, measures).within(since, until)
    assert isinstance(found, Needs)
    return found


def needs_of_rules(**options: bool) -> Needs:
    found = Needs.of([lower_pack(PACK)], **options)
    assert isinstance(found, Needs)
    return found


def read(
    batch: Any, needs: Needs | None = None, markets: Sequence[str] = (), refusals: Refusals | None = None
) -> tuple[HistoryBlock | None, Refusals]:
    """What a batch comes to, and what is wrong with it."""
    found = Refusals() if refusals is None else refusals
    reader = BlockReader(needs or needed(), markets)
    return reader.read(batch, Origin(0, "h.parquet", 0), found), found


def kept(block: HistoryBlock | None) -> list[str | None]:
    """The ids of the rows that are left."""
    if block is None:
        return []
    assert block.block.ids is not None
    return list(block.block.ids.at(np.arange(block.rows)))


def reasons(found: Refusals) -> list[tuple[str, str, int, str]]:
    """What is wrong: slug, column, rows, the first of them."""
    return [(each.slug, each.column, each.rows, each.first) for each in found.listed()]


def value_at(column: Column, row: int) -> MaybeValue:
    """The value that a column holds in a row; None is unknown."""
    rows = row + 1
    if column.known is not None and not unpack(column.known, rows)[row]:
        return None
    match column:
        case Coded(codes, dictionary):
            return dictionary.values[int(codes[row])]
        case Numbers(numbers):
            number: int | float = numbers[row].item()
            return None if np.isnan(number) else number
        case Flags(true):
            return bool(unpack(true, rows)[row])
        case Sets(members):
            return frozenset(name for name, plane in members.items() if unpack(plane, rows)[row])
