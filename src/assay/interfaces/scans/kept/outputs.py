"""The finished scan in the form asked for: JSON Lines, Parquet, or a folder of Parquet parts. It appears whole."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from assay.engine.kernel.errors import Fault
from assay.interfaces.scans.kept.journal import HEADER, ROWS, Journal, journal_of

LINES, PARQUET = (".jsonl", ".ndjson"), (".parquet", ".pq")
PART_ROWS = 100_000
_GROUP_ROWS = 4096
_TEXT_COLUMNS = ("file", "id", "sha256", "container", "modality", "integrity")


def form_of(out: Path) -> str | None:
    """`lines`, `parquet` or `parts`, by the name of an output; None where the name says nothing that is known."""
    suffix = out.suffix.lower()
    if suffix in LINES:
        return "lines"
    return "parquet" if suffix in PARQUET else "parts" if not suffix else None


def refusal(out: Path, *, resume: bool) -> Fault | None:
    """Why a scan cannot write to `out`, before anything is begun."""
    if form_of(out) is None:
        words = f"`{out}` is no name for rows; end it with .jsonl or .parquet, or name a folder without a suffix"
        return Fault("bad-output", words)
    if not out.parent.is_dir():
        return Fault("bad-output", f"there is no folder `{out.parent}`")
    if out.exists() and not resume:
        return Fault("output-exists", f"`{out}` is there already; name another, or remove it")
    folder = journal_of(out)
    if (folder / HEADER).exists() and not out.exists() and not resume:
        words = f"an unfinished scan is in `{folder}`; add `--resume` to go on with it, or remove the folder"
        return Fault("unfinished-scan", words)
    return None


def finish(out: Path, journal: Journal, order: Iterable[int] | None) -> None:
    """Put the rows where they were asked for, at once: whoever looks sees nothing, or everything.

    order  the numbers of the rows as they are to stand, or None where they stand so already
    """
    form = form_of(out)
    if form == "lines" and order is None:
        journal.sync()
        (journal.folder / ROWS).replace(out)
    else:
        made = journal.folder / f"made{out.suffix}"
        _remove(made)
        if form == "lines":
            with made.open("wb") as stream:
                stream.writelines(journal.lines(order))
        elif form == "parquet":
            _write_parquet(made, journal.lines(order))
        else:
            _write_parts(made, journal.lines(order))
        _sync(made)
        made.replace(out)
    journal.remove()


def _sync(path: Path) -> None:
    """Give to the disk what was written, before anything is taken away that it was made from."""
    for each in sorted(path.iterdir()) if path.is_dir() else (path,):
        with each.open("rb") as stream:
            os.fsync(stream.fileno())


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _write_parts(folder: Path, lines: Iterator[bytes]) -> None:
    folder.mkdir()
    number = 0
    while True:
        part = list(islice(lines, 1))
        if not part and number:
            return
        rest = islice(lines, PART_ROWS - 1)
        _write_parquet(folder / f"part-{number:05}.parquet", (line for lines in (part, rest) for line in lines))
        number += 1


def _write_parquet(path: Path, lines: Iterator[bytes]) -> None:
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    schema = row_schema()
    with ParquetWriter(path, schema, compression="zstd") as writer:
        while group := [_columns(line) for line in islice(lines, _GROUP_ROWS)]:
            writer.write_table(pa.Table.from_pylist(group, schema=schema))


def row_schema() -> Any:
    """The columns of a row; what a line of JSON has as an object is a struct here, and details are a map."""
    import pyarrow as pa

    text = pa.string()
    texts = pa.list_(text)
    finding = [(name, text) for name in ("id", "kind", "claim", "integrity", "tier", "source")]
    assertion = [(name, text) for name in ("signal", "value", "by", "source")]
    return pa.schema(
        [
            *((name, text) for name in _TEXT_COLUMNS),
            ("evidence", pa.list_(pa.struct([*finding, ("details", pa.map_(text, text))]))),
            ("assertions", pa.list_(pa.struct([*assertion, ("evidence", texts)]))),
            # As in a line of JSON: it is to be shown, and what is counted stands in the columns beside it.
            ("judgement", text),
            ("faults", pa.list_(pa.struct([(name, text) for name in ("slug", "reason", "scanner")]))),
            ("scanners", texts),
        ]
    )


def _columns(line: bytes) -> dict[str, Any]:
    row: dict[str, Any] = msgspec.json.decode(line)
    for finding in row["evidence"]:
        finding["details"] = sorted(finding["details"].items())
    for assertion in row["assertions"]:
        assertion["value"] = _text(assertion["value"])
    row["judgement"] = _text(row["judgement"])
    return row


def _text(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value, order="sorted").decode()
