"""Lines of a stream of bytes, each at most 1 MiB and in UTF-8. It never holds more than one line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from assay.engine.kernel.errors import Fault

LONGEST_LINE = 1024 * 1024
_SKIPPED_AT_ONCE = 256 * 1024
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")


def bounded_lines(stream: BinaryIO, *, longest: int = LONGEST_LINE) -> Iterator[tuple[int, bytes | Fault]]:
    """Each line with its number from 1, without its end."""
    number = 0
    # Two more for the line's end, so that a line of exactly the limit is still whole.
    while line := stream.readline(longest + 2):
        number += 1
        if number == 1:
            if line.startswith(_WIDE_MARKS):
                yield number, Fault("invalid-utf-8", "this is UTF-16: save the file as UTF-8")
                return
            line = line.removeprefix(_BYTE_ORDER_MARK)
        content = line.rstrip(b"\r\n")
        if len(content) > longest:
            if not line.endswith(b"\n"):
                _skip_line(stream)
            yield number, Fault("line-too-long", f"the line is longer than {longest >> 20} MiB")
        else:
            yield number, content


def _skip_line(stream: BinaryIO) -> None:
    while rest := stream.readline(_SKIPPED_AT_ONCE):
        if rest.endswith(b"\n"):
            return


def text_of(line: bytes) -> str | Fault:
    """The line as text, or the fault that it is none."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        return Fault("invalid-utf-8", f"byte {error.start + 1} of the line is not UTF-8")
