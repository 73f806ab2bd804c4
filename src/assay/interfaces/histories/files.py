"""A history's files: what they are made of, and whether they can be read at all. It reads no row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from assay.engine.backtest.history.layout import (
    DESIGN_KEY,
    DESIGNS,
    HISTORY_KEY,
    LAYOUT_VERSION,
    PROBABILITY,
    STRATUM,
    SYNTH_KEY,
    column_faults,
    market_of,
)
from assay.engine.backtest.history.needs import Needs
from assay.engine.kernel.digest import canonical_json, sha256_of
from assay.engine.kernel.errors import Fault
from assay.engine.kernel.identifiers import did_you_mean
from assay.engine.program.columnar.table.block import LARGEST_BLOCK

_MARK = b"PAR1"
_AT_ONCE = 1 << 20
# Where a column chunk is larger, it is read a mebibyte at a time.
BUFFER = 1 << 20
# A footer that claims more than this is no footer of a table of signals.
_LARGEST_FOOTER_PIECE = 32 * 1024 * 1024
_MOST_FOOTER_PIECES = 1_000_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A row group of a file: what is read at once by one reader.

    number     its place among all pieces
    file       the place of its file; `group` its place in it
    first_row  the place of its first row in its file
    """

    number: int
    file: int
    group: int
    rows: int
    first_row: int


@dataclass(frozen=True)
class History:
    """Files of one history, in the order of their names.

    path     as given: a file or a folder; `files` by path
    schemas  by file: the Arrow schema
    design   as the files say, or as their columns tell; `says_design` where the files say
    made     how it was made, where it is synthetic
    """

    path: str
    files: tuple[str, ...]
    schemas: tuple[Any, ...]
    pieces: tuple[Piece, ...]
    markets: tuple[str, ...]
    design: str
    made: str | None = None
    says_design: bool = False

    @property
    def rows(self) -> int:
        """How many rows the files say they have."""
        return sum(piece.rows for piece in self.pieces)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that some file has, in order."""
        return tuple(dict.fromkeys([name for schema in self.schemas for name in schema.names]))

    @property
    def title(self) -> str:
        """A name for people: what the file or folder is called."""
        return Path(self.path).name

    def named(self, file: int) -> str:
        """A file's name, for people."""
        return Path(self.files[file]).name

    @cached_property
    def digest(self) -> str:
        """The content address: of the file, or where there are several, of their names and digests."""
        digests = {Path(path).name: _digest_of(path) for path in self.files}
        return next(iter(digests.values())) if len(digests) == 1 else sha256_of(canonical_json(digests))


def _files(path: Path) -> list[Path] | Fault:
    """The file, or a folder's files in the order of their names; those that are hidden are the file system's own."""
    if not path.is_dir():
        return [path]
    files = sorted(file for file in path.glob("*.parquet") if not file.name.startswith((".", "_")))
    below = next((file for file in path.glob("*/**/*.parquet") if not file.name.startswith((".", "_"))), None)
    if below is not None:
        words = f"`{below.relative_to(path)}` lies in a folder below `{path}`; a history's files lie side by side"
        return Fault("nested-folder", words)
    return files or Fault("empty-folder", f"the folder `{path}` has no file that ends in `.parquet`")


def open_history(path: Path) -> History | list[Fault]:
    """A history in a file or a folder, or everything that is wrong with its files."""
    files = _files(path)
    if isinstance(files, Fault):
        return [files]
    found = [_footer(file) for file in files]
    faults = [footer for footer in found if isinstance(footer, Fault)]
    if faults:
        return faults
    footers: list[Any] = found
    schemas = tuple([_schema(footer) for footer in footers])
    for file, schema in zip(files, schemas, strict=True):
        faults += [] if not isinstance(schema, Fault) else [_in_file(schema, file)]
    if faults:
        return faults
    faults += [fault for file, footer in zip(files, footers, strict=True) for fault in _said(file, footer)]
    markets = [_markets(schema) for schema in schemas]
    faults += [
        Fault("other-markets", f"`{file.name}` has columns of views that `{files[0].name}` has not, or the reverse")
        for file, found in zip(files, markets, strict=True)
        if set(found) != set(markets[0])
    ]
    designs = {_design(footer, schema) for footer, schema in zip(footers, schemas, strict=True)}
    if len(designs) > 1:
        faults.append(Fault("several-designs", f"the files are of several designs: {', '.join(sorted(designs))}"))
    made = _metadata(footers[0]).get(SYNTH_KEY)
    return faults or History(
        str(path),
        tuple([str(file) for file in files]),
        schemas,
        tuple(_pieces(footers)),
        markets[0],
        min(designs),
        None if made is None else made.decode("utf-8", errors="replace"),
        all(_metadata(footer).get(DESIGN_KEY) for footer in footers),
    )


def open_parquet(path: str, words: Sequence[str] = ()) -> Any:
    """A Parquet file that is read as it is needed; `words` are the columns of text that come as codes."""
    from pyarrow.parquet import ParquetFile

    limits = {"thrift_string_size_limit": _LARGEST_FOOTER_PIECE, "thrift_container_size_limit": _MOST_FOOTER_PIECES}
    return ParquetFile(
        path,
        pre_buffer=False,
        buffer_size=BUFFER,
        read_dictionary=list(words),
        page_checksum_verification=True,
        **limits,
    )


def unreadable() -> tuple[type[Exception], ...]:
    """What Arrow raises where a file is damaged."""
    from pyarrow import ArrowException

    return ArrowException, OSError, ValueError, MemoryError, OverflowError


def batches_of(opened: Callable[[], Any], piece: Piece, columns: Sequence[str]) -> Iterator[Any]:
    """The record batches of a piece, and at last a fault where it is damaged."""
    broken = unreadable()
    left = piece.rows
    try:
        batches = opened().iter_batches(LARGEST_BLOCK, row_groups=[piece.group], columns=columns, use_threads=False)
    except broken as error:
        yield Fault("unreadable-rows", f"these rows cannot be read: {words_of(error)}")
        return
    while True:
        try:
            batch = next(batches, None)
        except broken as error:
            yield Fault("unreadable-rows", f"these rows cannot be read: {words_of(error)}")
            return
        if batch is None:
            break
        left -= batch.num_rows
        yield batch
    if left > 0:
        # A damaged page may just end, and nobody says so.
        yield Fault("unreadable-rows", "these rows cannot be read: there are fewer than the file's index says")


def files_faults(history: History, needs: Needs) -> list[Fault]:
    """What is wrong with the columns of a history's files, each fault with the first file that has it."""
    found: dict[tuple[str, str], Fault] = {}
    for file, schema in enumerate(history.schemas):
        for fault in column_faults(schema, needs):
            several = len(history.files) > 1
            named = Fault(fault.slug, f"{history.named(file)}: {fault.words}", fault.field) if several else fault
            found.setdefault((fault.slug, fault.words), named)
    return list(found.values())


def words_of(error: Exception) -> str:
    """What Arrow says of a damaged file, on one line."""
    text = " ".join(str(error).split())
    return text[:120] if text else "it is damaged"


def _footer(file: Path) -> Any:
    fault = _marks(file)
    if fault is not None:
        return fault
    try:
        with open_parquet(str(file)) as opened:
            return opened.metadata
    except unreadable() as error:
        words = f"the index of `{file.name}` cannot be read: {words_of(error)}"
        return Fault("damaged-file", words)


def _marks(file: Path) -> Fault | None:
    try:
        with file.open("rb") as stream:
            first = stream.read(4)
            size = stream.seek(0, 2)
            stream.seek(max(0, size - 4))
            last = stream.read(4)
    except OSError as error:
        words = f"`{file}` cannot be opened: {(error.strerror or 'it cannot be read').lower()}"
        return Fault("no-such-file", words)
    if not first:
        return Fault("empty-file", f"`{file.name}` has no bytes")
    if first != _MARK:
        hint = "a table of another kind becomes one by `assay history import`"
        return Fault("not-parquet", f"`{file.name}` does not begin as Parquet does; {hint}")
    if last != _MARK or size < 12:
        return Fault("truncated-file", f"`{file.name}` ends before its index, without which no row can be found")
    return None


def _schema(footer: Any) -> Any:
    try:
        return footer.schema.to_arrow_schema()
    except unreadable() as error:
        return Fault("damaged-file", f"the schema cannot be read: {words_of(error)}")


def _in_file(fault: Fault, file: Path) -> Fault:
    return Fault(fault.slug, f"`{file.name}`: {fault.words}", fault.field)


def _metadata(footer: Any) -> dict[bytes, bytes]:
    return dict(footer.metadata or {})


def _said(file: Path, footer: Any) -> list[Fault]:
    """What is wrong with what a file says of itself."""
    said, faults = _metadata(footer), []
    version = said.get(HISTORY_KEY, LAYOUT_VERSION.encode()).decode("utf-8", errors="replace")
    if version != LAYOUT_VERSION:
        words = f"`{file.name}` has layout `{version[:20]}`, and this program reads layout {LAYOUT_VERSION}"
        faults.append(Fault("other-layout", words))
    design = said.get(DESIGN_KEY, b"census").decode("utf-8", errors="replace")
    if design not in DESIGNS:
        hint = did_you_mean(design, DESIGNS) or f"it is one of {', '.join(DESIGNS)}"
        faults.append(Fault("unknown-design", f"`{file.name}` has the design `{design[:40]}`; {hint}"))
    return faults


def _markets(schema: Any) -> tuple[str, ...]:
    return tuple([market for market in map(market_of, schema.names) if market is not None])


def _design(footer: Any, schema: Any) -> str:
    """The design that a file names, or else what its columns tell of it."""
    named = _metadata(footer).get(DESIGN_KEY)
    if named:
        return named.decode("utf-8", errors="replace")
    if PROBABILITY not in schema.names:
        return "census"
    return "stratified" if STRATUM in schema.names else "simple"


def _pieces(footers: list[Any]) -> Iterator[Piece]:
    number = 0
    for file, footer in enumerate(footers):
        first_row = 0
        for group in range(footer.num_row_groups):
            rows = footer.row_group(group).num_rows
            yield Piece(number, file, group, rows, first_row)
            number, first_row = number + 1, first_row + rows


def _digest_of(path: str) -> str:
    found = hashlib.sha256()
    with Path(path).open("rb") as stream:
        while part := stream.read(_AT_ONCE):
            found.update(part)
    return "sha256:" + found.hexdigest()


def made_by(history: History) -> dict[str, object]:
    """How a synthetic history was made; empty where it is not one, or where that cannot be read."""
    try:
        found = json.loads(history.made or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
