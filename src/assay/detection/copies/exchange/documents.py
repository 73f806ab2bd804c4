"""Records out of a JSON document of any size, one after the other. It never holds the whole of it."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import BinaryIO, Final

LONGEST_VALUE: Final = 16 * 1024 * 1024
# Where exchanges and exporters put the list of hashes in their answers.
LISTS: Final = frozenset({"hashrecords", "data", "results", "entries", "hashes", "signals", "indicators", "records"})
_CHUNK = 256 * 1024
_SPACE = " \t\r\n\ufeff"
_DECODER = json.JSONDecoder()


class Malformed(ValueError):
    """The document breaks its own form; the text says how. What came before it stands."""


class Document:
    """A JSON document read from its front; `beside` are plain members beside the list, such as `hasMoreRecords`."""

    def __init__(self, stream: BinaryIO) -> None:
        self.beside: dict[str, object] = {}
        self._stream, self._text, self._at, self._over = stream, "", 0, False
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def records(self) -> Iterator[object]:
        """The members of the list, or of the lists that an object holds under the usual names; raises Malformed."""
        first = self._peek()
        if first == "[":
            yield from self._members()
        elif first == "{":
            yield from self._in_object()
        else:
            raise Malformed("it is neither a list nor an object")
        if self._peek():
            raise Malformed("something follows after its end")

    def _in_object(self) -> Iterator[object]:
        self._at += 1
        lists = 0
        while self._peek() != "}":
            name = self._value()
            if not isinstance(name, str) or self._peek() != ":":
                raise Malformed("a name and a colon are missing")
            self._at += 1
            if self._peek() == "[" and is_list_name(name):
                lists += 1
                yield from self._members()
            else:
                value = self._value()
                if isinstance(value, dict) and name == "paging":
                    name, value = "next", value.get("next")
                if isinstance(value, str | int | float) and len(self.beside) < 100:
                    self.beside[name[:60]] = value
            self._comma("}")
        self._at += 1
        if not lists:
            raise Malformed(f"it holds no list of hashes, which is looked for in {', '.join(sorted(LISTS))}")

    def _members(self) -> Iterator[object]:
        self._at += 1
        while self._peek() != "]":
            yield self._value()
            self._comma("]")
        self._at += 1

    def _comma(self, end: str) -> None:
        following = self._peek()
        if following == ",":
            self._at += 1
            if self._peek() == end:
                raise Malformed("a comma stands before the end of a list")
        elif following != end:
            raise Malformed("it ends before its last bracket" if not following else "a comma is missing")

    def _peek(self) -> str:
        """The next character that is no space, or an empty text at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._fill():
                return ""

    def _value(self) -> object:
        self._peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except RecursionError:
                raise Malformed("it is nested too deeply") from None
            except ValueError as error:
                if len(self._text) - self._at > LONGEST_VALUE:
                    raise Malformed(f"a record is longer than {LONGEST_VALUE:,} characters, or broken") from error
                if not self._fill():
                    raise Malformed("it is no JSON, or it breaks off") from error
                continue
            # A number at the very end of what was read may go on behind it.
            if end < len(self._text) or not self._fill(keep=True):
                self._at = end
                return value

    def _fill(self, *, keep: bool = False) -> bool:
        """Read on; what was read before is let go. False at the end of the document."""
        if self._over:
            return False
        # Twice as much each time, so that a long record is tried a few times only.
        block = self._stream.read(max(_CHUNK, len(self._text) - self._at))
        self._over = not block
        try:
            more = self._decoder.decode(block, final=self._over)
        except UnicodeDecodeError:
            raise Malformed("it is not written in UTF-8") from None
        self._text, self._at = self._text[self._at :] + more, 0
        return bool(more) or (keep and not self._over)


def is_list_name(name: str) -> bool:
    """Whether a member's name is one under which the hashes are listed."""
    return "".join(each for each in name.lower() if each.isalnum()) in LISTS
