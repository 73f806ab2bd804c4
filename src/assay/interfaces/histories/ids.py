"""Looks through the ids of a whole history: which are none, and which came before. It never holds them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from assay.engine.backtest.history.layout import ID
from assay.engine.backtest.history.repeats import Repeats
from assay.engine.decision.item import LONGEST_ID
from assay.engine.kernel.errors import Fault
from assay.interfaces.histories.files import History, Piece, open_parquet, unreadable

MISSING, BAD, AGAIN = "missing-id", "bad-id", "duplicate-id"
ID_WORDS = {
    MISSING: "the id is missing",
    BAD: f"an id is text of 1 to {LONGEST_ID} characters",
    AGAIN: "an earlier row has this id",
}
_BATCH_ROWS = 1 << 16


def wrong_ids(
    history: History, reached: Callable[[int], None] | None = None
) -> Mapping[int, Mapping[str, NDArray[np.int64]]] | Fault:
    """By piece and reason, the rows whose id is none or came before; or a fault where those cannot be told apart."""
    found: dict[int, dict[str, list[NDArray[np.int64]]]] = {}
    repeats = Repeats(history.rows)
    done = 0
    for piece, first, ids in _ids(history):
        wrong, sound = unsound(ids)
        for slug, rows in wrong.items():
            found.setdefault(piece.number, {}).setdefault(slug, []).append(np.flatnonzero(rows) + first)
        repeats.see(ids if sound is None else ids.filter(pa.array(sound)))
        if reached is not None:
            done += len(ids)
            reached(done)
    if repeats.too_many:
        words = "more ids come again than can be told apart; does the history have a row for each market?"
        return Fault("duplicate-id", words, ID)
    for piece, first, ids in _ids(history) if repeats.suspected else ():
        _, sound = unsound(ids)
        places = np.arange(len(ids)) if sound is None else np.flatnonzero(sound)
        again = places[repeats.compare(ids if sound is None else ids.filter(pa.array(sound)))]
        if again.size:
            found.setdefault(piece.number, {}).setdefault(AGAIN, []).append(again + first)
    return {
        number: {slug: np.concatenate(parts) for slug, parts in by_slug.items()} for number, by_slug in found.items()
    }


def _ids(history: History) -> Iterator[tuple[Piece, int, Any]]:
    """The ids of every batch that can be read, with its piece and the place of its first row in it."""
    broken = unreadable()
    for file, path in enumerate(history.files):
        with open_parquet(path) as opened:
            for piece in history.pieces:
                if piece.file != file:
                    continue
                first = 0
                try:
                    for batch in opened.iter_batches(
                        _BATCH_ROWS, row_groups=[piece.group], columns=[ID], use_threads=False
                    ):
                        column = batch.column(0)
                        yield piece, first, column.cast(pa.string()) if column.type != pa.string() else column
                        first += batch.num_rows
                except broken:
                    # Whoever reads the rows meets the same damage, and names it.
                    continue


def unsound(ids: Any) -> tuple[Mapping[str, NDArray[np.bool_]], NDArray[np.bool_] | None]:
    """By reason, where ids are none; and where there is one, None for everywhere."""
    sound = _sound(ids)
    if sound is None:
        return {}, None
    known = ids.is_valid().to_numpy(zero_copy_only=False)
    return {slug: rows for slug, rows in ((MISSING, ~known), (BAD, known & ~sound)) if rows.any()}, sound


def _sound(ids: Any) -> NDArray[np.bool_] | None:
    sizes = pc.binary_length(ids)
    limits = pc.min_max(sizes).as_py() if len(ids) - ids.null_count else {"min": 1, "max": 1}
    is_text = _is_text(ids)
    # No text has more characters than bytes.
    if not ids.null_count and is_text is None and limits["min"] >= 1 and limits["max"] <= LONGEST_ID:
        return None
    if is_text is not None:
        ids = ids.take(pa.array(np.arange(len(ids)), mask=~is_text))
    lengths = pc.utf8_length(ids).fill_null(0).to_numpy(zero_copy_only=False)
    found: NDArray[np.bool_] = (lengths >= 1) & (lengths <= LONGEST_ID)
    return found


def _is_text(ids: Any) -> NDArray[np.bool_] | None:
    try:
        ids.validate(full=True)
    except pa.ArrowInvalid:
        return np.array([_decodes(value) for value in ids.cast(pa.binary()).to_pylist()], np.bool_)
    return None


def _decodes(value: bytes | None) -> bool:
    try:
        (value or b"").decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
