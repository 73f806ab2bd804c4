"""One table as one file that is mapped into memory and never changed. It decides not which files there are."""

from __future__ import annotations

import json
import mmap
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xxhash
from numpy.typing import NDArray

from assay.detection.copies.search.bands import Bands
from assay.detection.copies.search.codes import BITS, WORDS
from assay.detection.copies.search.table import Table

_MARK = b"assay segment 1\n"
_ALIGNED = 4096
_BLOCK = 1 << 24
Array = NDArray[Any]
_ARRAYS = {"codes": "<u8", "firsts": "<u4", "rows": "<i8", "offsets": "<u4", "postings": "<u4"}


class TornSegment(Exception):
    """A segment is not there, was cut short or altered; it can be made again from the entries."""


def write_segment(path: Path, table: Table) -> None:
    """Under another name first, then renamed, so that a file of this name is always whole; raises OSError."""
    taking = path.with_name(f".{path.name}.making")
    try:
        with taking.open("wb") as stream:
            _write(stream.fileno(), table)
            os.fsync(stream.fileno())
        taking.replace(path)
    except OSError:
        taking.unlink(missing_ok=True)
        raise


def _write(handle: int, table: Table) -> None:
    arrays = {name: np.ascontiguousarray(getattr(table, name), dtype=kind) for name, kind in _ARRAYS.items()}
    checksum = xxhash.xxh3_128()
    for array in arrays.values():
        checksum.update(_raw(array))
    lengths = {name: array.size for name, array in arrays.items()}
    head = {"widths": table.bands.widths, "lengths": lengths, "checksum": checksum.hexdigest()}
    text = json.dumps(head).encode("ascii")
    _all(handle, _MARK + xxhash.xxh3_128_digest(text) + len(text).to_bytes(4, "little") + text)
    at = len(_MARK) + 20 + len(text)
    for array in arrays.values():
        _all(handle, bytes(-at % _ALIGNED))
        at += -at % _ALIGNED + array.nbytes
        raw = _raw(array)
        for start in range(0, len(raw), _BLOCK):
            _all(handle, raw[start : start + _BLOCK])


def _raw(array: Array) -> memoryview:
    return array.reshape(-1).view(np.uint8).data


def _all(handle: int, content: bytes | memoryview) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(handle, view) :]


def read_segment(path: Path, *, thoroughly: bool = False) -> Table:
    """The table in a file, mapped and not read; with `thoroughly` every byte is held against its checksum.

    raises  TornSegment
    """
    try:
        with path.open("rb") as stream:
            mapped = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        raise TornSegment(f"`{path.name}` cannot be opened") from error
    try:
        head, at = _head(mapped)
        bands = Bands(tuple(int(width) for width in head["widths"]))
        lengths = {name: int(head["lengths"][name]) for name in _ARRAYS}
        arrays, end = _mapped(mapped, lengths, at)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise TornSegment(f"`{path.name}` is no whole segment") from error
    if end != len(mapped) or not _fits(bands, lengths):
        raise TornSegment(f"`{path.name}` is no whole segment")
    if thoroughly and _checksum(arrays) != head["checksum"]:
        raise TornSegment(f"`{path.name}` was altered")
    codes = arrays["codes"].reshape(-1, WORDS)
    return Table(bands, codes, arrays["firsts"], arrays["rows"], arrays["offsets"], arrays["postings"])


def _head(mapped: mmap.mmap) -> tuple[dict[str, Any], int]:
    at = len(_MARK)
    digest, length = mapped[at : at + 16], int.from_bytes(mapped[at + 16 : at + 20], "little")
    text = mapped[at + 20 : at + 20 + length]
    if mapped[:at] != _MARK or len(text) != length or xxhash.xxh3_128_digest(text) != digest:
        raise ValueError
    head: dict[str, Any] = json.loads(text)
    return head, at + 20 + length


def _mapped(mapped: mmap.mmap, lengths: Mapping[str, int], at: int) -> tuple[dict[str, Array], int]:
    arrays = {}
    for name, kind in _ARRAYS.items():
        at += -at % _ALIGNED
        arrays[name] = np.frombuffer(mapped, dtype=kind, count=lengths[name], offset=at)
        at += arrays[name].nbytes
    return arrays, at


def _fits(bands: Bands, lengths: Mapping[str, int]) -> bool:
    once = lengths["codes"] // WORDS
    return (
        sum(bands.widths) == BITS
        and lengths["firsts"] == once + 1
        and lengths["offsets"] == bands.keys + 1
        and lengths["postings"] == once * len(bands.widths)
    )


def _checksum(arrays: Mapping[str, Array]) -> str:
    checksum = xxhash.xxh3_128()
    for name in _ARRAYS:
        checksum.update(_raw(arrays[name]))
    return checksum.hexdigest()
