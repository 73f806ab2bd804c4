"""OOXML packages: their custom properties. It never opens another part, and no macro."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from assay.detection.scanners.metadata.bounded import MEBIBYTE, Exhausted, Field, Malformed, Source
from assay.detection.scanners.metadata.readers.shared.hardened import parse_xml

MAXIMUM_DIRECTORY = 4 * MEBIBYTE
MAXIMUM_PART = MEBIBYTE
_PART = "docProps/custom.xml"
_END_RECORD = b"PK\x05\x06"


def office_fields(source: Source) -> Iterator[Field]:
    """The properties a person or a program added, by name."""
    part = _custom_properties(source)
    if part is None:
        return
    properties = _Properties()
    parse_xml(part, start=properties.start, end=properties.end, text=properties.text)
    for name, value in properties.found:
        yield Field("ooxml", name, value)


def _custom_properties(source: Source) -> bytes | None:
    tail = source.peek(max(0, source.size - 65_557), 65_557)
    end = tail.rfind(_END_RECORD)
    if end < 0 or len(tail) < end + 22:
        raise Malformed("the package has no directory")
    # The library reads the whole directory into memory, so its size is judged before.
    if int.from_bytes(tail[end + 12 : end + 16], "little") > MAXIMUM_DIRECTORY:
        raise Exhausted("package directory bytes")
    if source.size > 32 * MEBIBYTE:
        raise Exhausted("package bytes")
    try:
        with zipfile.ZipFile(io.BytesIO(source.read(0, source.size))) as package:
            source.met("part", len(package.NameToInfo))
            if _PART not in package.NameToInfo:
                return None
            with package.open(_PART) as stream:
                part = stream.read(MAXIMUM_PART + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise Malformed("the package cannot be unpacked") from error
    if len(part) > MAXIMUM_PART:
        raise Exhausted("unpacked bytes")
    return part


class _Properties:
    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []
        self._name: str | None = None
        self._text: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name.endswith(" property"):
            self._name, self._text = attributes.get("name"), []

    def text(self, text: str) -> None:
        if self._name is not None:
            self._text.append(text)

    def end(self, name: str) -> None:
        if name.endswith(" property") and self._name is not None:
            self.found.append((self._name, "".join(self._text).strip()))
            self._name = None
