"""Scores of items read from a CSV or Parquet file, row by row checked. A bad row costs itself, and is counted."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from assay.detection.calibration.curves.curve import Floats
from assay.detection.calibration.sample import MOST_ROWS
from assay.engine.kernel.errors import Fault

ITEM, SCORE, LABEL, GROUP, BUCKET, WEIGHT = "item", "score", "label", "group", "bucket", "weight"
COLUMNS = (ITEM, SCORE, LABEL, GROUP, BUCKET, WEIGHT)
_MOST_BYTES = 2_000_000_000
_MOST_CHARACTERS = 300
_AI = frozenset({"1", "1.0", "true", "yes", "ai", "generated", "synthetic", "fake"})
_OTHER = frozenset({"0", "0.0", "false", "no", "real", "human", "authentic", "not_ai"})


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Sound rows of a file.

    labels   whether AI made the item; None where a row has no label, which only rows read without `labelled` may lack
    groups   the item itself where the file names no source
    faults   what kept rows out, each with how many rows
    metadata what a Parquet file says of itself, such as the digest of the detector
    named    whether the file names its items, so that its rows can be joined with another file's
    """

    items: tuple[str, ...]
    scores: Floats
    labels: tuple[bool | None, ...]
    groups: tuple[str, ...]
    buckets: tuple[str, ...]
    weights: Floats
    faults: tuple[tuple[Fault, int], ...]
    metadata: Mapping[str, str] = field(default_factory=dict)
    named: bool = True

    @property
    def rows(self) -> int:
        return len(self.items)


def read_scores(path: Path, *, labelled: bool) -> Scores | list[Fault]:
    """The rows of a file, or why none of it can be used.

    labelled  whether every row needs a label
    """
    read = _read_parquet if path.suffix.lower() == ".parquet" else _read_csv
    try:
        if path.stat().st_size > _MOST_BYTES:
            return [Fault("too-large", f"`{path.name}` is larger than {_MOST_BYTES:,} bytes", None)]
        return read(path, labelled=labelled)
    except OSError as error:
        # What Arrow raises has no reason of the system's; its own words are the reason.
        reason = (error.strerror or str(error).split("\n")[0])[:160].lower()
        return [Fault("unreadable", f"`{path.name}` cannot be read: {reason}", None)]
    except (pa.ArrowException, UnicodeDecodeError) as error:
        first = str(error).split("\n")[0][:160]
        return [Fault("bad-table", f"`{path.name}` is no sound CSV or Parquet file: {first}", None)]


def _read_parquet(path: Path, *, labelled: bool) -> Scores | list[Fault]:
    import pyarrow.parquet

    with pyarrow.parquet.ParquetFile(path) as file:
        faults = _column_faults(path, file.schema_arrow.names, labelled=labelled)
        if file.metadata.num_rows > MOST_ROWS:
            faults.append(Fault("too-many", f"`{path.name}` has more than {MOST_ROWS:,} rows; draw a sample", None))
        if faults:
            return faults
        table = file.read(columns=[name for name in COLUMNS if name in file.schema_arrow.names])
        raw = file.schema_arrow.metadata or {}
    said = {key.decode("utf-8", "replace"): value.decode("utf-8", "replace")[:200] for key, value in raw.items()}
    return _checked(table, said, 0, labelled=labelled)


def _read_csv(path: Path, *, labelled: bool) -> Scores | list[Fault]:
    import pyarrow.csv

    refused = [0]

    def refuse(_row: object) -> str:
        refused[0] += 1
        return "skip"

    # Everything is read as text: a column of `1` and `yes` would else be refused as a whole.
    kept = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(COLUMNS, pa.string()), strings_can_be_null=False)
    parsed = pyarrow.csv.ParseOptions(invalid_row_handler=refuse)
    table = pyarrow.csv.read_csv(path, convert_options=kept, parse_options=parsed)
    faults = _column_faults(path, table.column_names, labelled=labelled)
    if table.num_rows > MOST_ROWS:
        faults.append(Fault("too-many", f"`{path.name}` has more than {MOST_ROWS:,} rows; draw a sample", None))
    return faults or _checked(table, {}, refused[0], labelled=labelled)


def _column_faults(path: Path, names: Sequence[str], *, labelled: bool) -> list[Fault]:
    needed = (SCORE, LABEL) if labelled else (SCORE,)
    has = ", ".join(f"`{name[:40]}`" for name in names[:12])
    missing = [name for name in needed if name not in names]
    found = [Fault("no-column", f"`{path.name}` has no column `{name}`; it has {has}", name) for name in missing]
    twice = [name for name in COLUMNS if list(names).count(name) > 1]
    return found + [Fault("column-twice", f"`{path.name}` has two columns `{name}`", name) for name in twice]


def _checked(table: pa.Table, said: Mapping[str, str], refused: int, *, labelled: bool) -> Scores:
    columns = {name: table[name].to_pylist() for name in COLUMNS if name in table.column_names}
    nothing: Sequence[Any] = [None] * table.num_rows
    rows = zip(*(columns.get(name, nothing) for name in COLUMNS), strict=True)
    sound, faults = _sound_rows(rows, labelled=labelled)
    if refused:
        faults[Fault("bad-row", "lines with another number of columns than the first were left out", None)] = refused
    items, scores, labels, groups, buckets, weights = zip(*sound, strict=True) if sound else ((),) * 6
    return Scores(
        tuple(items),
        np.array(scores, np.float64),
        tuple(labels),
        tuple(groups),
        tuple(buckets),
        np.array(weights, np.float64),
        tuple(sorted(faults.items(), key=lambda one: one[0].slug)),
        said,
        ITEM in columns,
    )


_Row = tuple[str, float, bool | None, str, str, float]


def _sound_rows(rows: Iterable[tuple[Any, ...]], *, labelled: bool) -> tuple[list[_Row], Counter[Fault]]:
    sound: list[_Row] = []
    faults: Counter[Fault] = Counter()
    for number, (item, score, label, group, bucket, weight) in enumerate(rows):
        value, truth = _number(score), _truth(label)
        heavy = 1.0 if weight is None or weight == "" else _number(weight)
        name = _text(item) or f"row {number}"
        if value is None:
            faults[Fault("no-score", "rows without a score that is a finite number were left out", SCORE)] += 1
        elif labelled and truth is None:
            faults[Fault("no-label", "rows without a label `1` or `0` (or `ai`, `real`) were left out", LABEL)] += 1
        elif heavy is None or heavy <= 0:
            faults[Fault("bad-weight", "rows whose weight is no number above 0 were left out", WEIGHT)] += 1
        else:
            sound.append((name, value, truth, _text(group) or name, _text(bucket), heavy))
    return sound, faults


def _number(value: object) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        found = float(str(value).strip())
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _truth(value: object) -> bool | None:
    text = str(value).strip().lower()
    if text in _AI:
        return True
    return False if text in _OTHER else None


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()[:_MOST_CHARACTERS]
