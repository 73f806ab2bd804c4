"""CSV, JSON Lines and decision records on their way into a history. It never holds more than a few thousand rows."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import Any, BinaryIO

from assay.engine.backtest.history.layout import PROBABILITY, STRATUM, market_of, views_column
from assay.engine.backtest.history.needs import Needs
from assay.engine.kernel.errors import Fault
from assay.interfaces.histories.importing.arrays import table_of
from assay.interfaces.histories.importing.incoming import Asked, NotReadable, Reached, ordered
from assay.interfaces.histories.importing.rows import Needed, Row, read_rows
from assay.interfaces.records.comma_separated import csv_records
from assay.interfaces.records.json_lines import decode_record
from assay.interfaces.records.lines import bounded_lines
from assay.interfaces.records.reading import Place, Record, Reject
from assay.interfaces.records.rejects import Rejects

# Rows among which the views are looked for: all rows of a CSV have the same columns, those of JSON Lines need not.
_FIRST = 1000
_AT_ONCE = 4096
# A decision record is as long as a page.
_LONGEST_LINE = 16 * 1024 * 1024


class Text:
    """A stream of text as rows.

    is_csv  whether it is CSV rather than JSON Lines
    size    its bytes, where they are known
    """

    def __init__(
        self, stream: BinaryIO, asked: Asked, needs: Needs, rejects: Rejects, *, is_csv: bool, size: int | None
    ) -> None:
        # A column of views of which the first rows say nothing is one all the same.
        header = _header(stream, asked) if is_csv and size else ()
        records = csv_records(stream, asked.pack.vocabulary, asked.called) if is_csv else _lines(stream)
        # Columns of CSV have their new names already.
        needed = Needed(asked.pack, needs, {} if is_csv else asked.called)
        found = read_rows(records, needed)
        self._first = list(islice(found, _FIRST))
        self._rest, self._asked, self._rejects = found, asked, rejects
        self._reach: Callable[[], int] = stream.tell
        self._size = size
        first = [row for row in self._first if isinstance(row, Row)]
        self._refuse_headers(is_csv=is_csv)
        self.given = 0
        self.aside: Counter[str] = needed.aside
        named = [market for name in (*header, *asked.called.values()) if (market := market_of(name)) is not None]
        self.markets = ordered([*asked.views, *named, *(market for row in first for market in row.views)])
        sampled = any(row.own[PROBABILITY] != 1.0 for row in first)
        strata = any(row.own[STRATUM] for row in first)
        self.design = "census" if not sampled else "stratified" if strata else "simple"

    def tables(self, schema: Any, reached: Reached | None = None) -> Iterator[Any]:
        """The rows as tables of a schema, a few thousand at a time."""
        waiting: list[Row] = []
        for found in chain(self._first, self._rest):
            kept = self._counted(found)
            if kept is not None:
                waiting.append(kept)
            if len(waiting) >= _AT_ONCE:
                yield table_of(waiting, schema, self._asked.pack.vocabulary)
                waiting.clear()
                if reached is not None:
                    reached(self._reach() if self._size else self.given, self._size)
        if waiting:
            yield table_of(waiting, schema, self._asked.pack.vocabulary)

    def _counted(self, found: Row | Reject) -> Row | None:
        if isinstance(found, Reject):
            self.given += not found.decided
            self._rejects.add(found)
            return None
        self.given += 1
        late = next((market for market in found.views if market not in self.markets), None)
        if late is None:
            return found
        words = f"views in `{late}` come for the first time after {_FIRST:,} rows: name it with `--views`"
        self._rejects.add(Reject(found.place, found.item.id, (Fault("late-views", words, views_column(late)),)))
        return None

    def _refuse_headers(self, *, is_csv: bool) -> None:
        """A fault of the header is one of the whole file."""
        first = self._first[0] if self._first else None
        if is_csv and isinstance(first, Reject) and first.slug in ("missing-id-column", "duplicate-column"):
            raise NotReadable(first.faults)


def _header(stream: BinaryIO, asked: Asked) -> list[str]:
    """What the columns of a CSV stand for; the stream is at its beginning before and after."""
    first = next((line for _, line in bounded_lines(stream) if isinstance(line, Fault) or line.strip()), b"")
    stream.seek(0)
    text = b"" if isinstance(first, Fault) else first
    try:
        names = next(csv.reader([text.decode("utf-8", errors="replace")]), [])
    except csv.Error:
        return []
    return [asked.called.get(name.strip(), name.strip()) for name in names]


def _lines(stream: BinaryIO) -> Iterator[Record]:
    for number, line in bounded_lines(stream, longest=_LONGEST_LINE):
        place = Place("line", number)
        if isinstance(line, Fault):
            yield Record(place, faults=(line,))
        elif line.strip():
            yield decode_record(line, place)
