"""PDF: an update behind the document, with a new metadata stream. Not one byte of the document itself changes."""

from __future__ import annotations

import re
import zlib
from bisect import bisect_right
from collections.abc import Iterator

from assay.detection.labels.marking import Marking
from assay.detection.labels.pieces import MEBIBYTE, Kept, Original, Piece
from assay.detection.labels.refused import CannotLabel, malformed

MAXIMUM_DOCUMENT = 32 * MEBIBYTE
MAXIMUM_UNPACKED = 16 * MEBIBYTE
MAXIMUM_OBJECT_STREAMS = 256
MAXIMUM_OBJECTS = 8_388_607
MAXIMUM_DICTIONARY = 16 * 1024

_ROOT = re.compile(rb"/Root\s{1,16}(\d{1,10})\s{1,16}(\d{1,5})\s{1,16}R")
_METADATA = re.compile(rb"/Metadata\s{1,16}(\d{1,10})\s{1,16}(\d{1,5})\s{1,16}R")
_OBJECT = re.compile(rb"(?<!\d)(\d{1,10})\s{1,16}(\d{1,5})\s{1,16}obj\b")
_OBJECT_STREAM = re.compile(rb"/Type\s*/ObjStm\b")
_FIRST = re.compile(rb"/First\s{1,16}(\d{1,8})")
_SIZE = re.compile(rb"/Size\s{1,16}(\d{1,10})")
_START = re.compile(rb"startxref\s{1,16}(\d{1,10})\s{1,16}%%EOF")
_ID = re.compile(rb"/ID\s{0,16}\[\s{0,16}<[0-9A-Fa-f]{0,128}>\s{0,16}<[0-9A-Fa-f]{0,128}>\s{0,16}\]")
_INFO = re.compile(rb"/Info\s{1,16}\d{1,10}\s{1,16}\d{1,5}\s{1,16}R")
_NUMBER = re.compile(rb"\d{1,10}")


def rewrite_pdf(original: Original, marking: Marking) -> list[Piece]:
    """The document with an update that names its new metadata."""
    if original.size > MAXIMUM_DOCUMENT:
        raise CannotLabel("too-much-structure", "the document is larger than 32 MiB")
    document = _Document(original.read(0, original.size))
    found = document.packet()
    packet = marking.packet(found, "XMP", with_label=True)
    if packet is None or packet == found:
        return [Kept(0, original.size)]
    return [Kept(0, original.size), document.update(packet)]


class _Document:
    def __init__(self, content: bytes) -> None:
        self._content = content
        if b"/Encrypt" in content:
            raise CannotLabel("encrypted-document", "the document is encrypted", "take the encryption off first")
        if b"/ByteRange" in content:
            raise CannotLabel("signed-document", "the document is signed, and any update would show as a change")
        starts = _START.findall(content)
        self._previous = int(starts[-1]) if starts else len(content)
        self._trailer = self._find_trailer()
        roots, sizes = _ROOT.findall(self._trailer), _SIZE.findall(self._trailer)
        if not roots or not sizes:
            raise malformed("the document names no catalog or no table of its objects")
        # A later definition of an object replaces the earlier ones, which is how documents are edited.
        self._objects = {int(match[1]): match.end() for match in _OBJECT.finditer(content)}
        self._root = (int(roots[0][0]), int(roots[0][1]))
        self._size = int(sizes[0])
        if self._size > MAXIMUM_OBJECTS:
            raise malformed("the document has more objects than any true one")
        self._catalog = self._find_catalog()

    def _find_trailer(self) -> bytes:
        """The dictionary of the latest table: behind a table of rows, or at the head of a table that is a stream."""
        at = self._previous
        if self._content[at : at + 4] == b"xref":
            at = self._content.find(b"trailer", at)
            return self._content[at : at + MAXIMUM_DICTIONARY].partition(b"startxref")[0] if at > 0 else b""
        head = _OBJECT.match(self._content, at)
        return self._dictionary(head.end()) if head else b""

    def packet(self) -> bytes | None:
        link = _METADATA.search(self._catalog)
        if link is None:
            return None
        start = self._objects.get(int(link[1]))
        if start is None:
            raise malformed("the catalog names a metadata stream that is not there")
        return self._stream(start)

    def update(self, packet: bytes) -> bytes:
        """New objects, a table of them in the form the document uses, and the pointer to that table."""
        at = len(self._content)
        body = b"" if self._content.endswith(b"\n") else b"\n"
        link = _METADATA.search(self._catalog)
        number = int(link[1]) if link else max(self._size, *(each + 1 for each in self._objects))
        generation = int(link[2]) if link else 0
        places: dict[tuple[int, int], int] = {}
        places[number, generation] = at + len(body)
        head = b"<</Type/Metadata/Subtype/XML/Length %d>>" % len(packet)
        body += b"%d %d obj\n%s\nstream\n%s\nendstream\nendobj\n" % (number, generation, head, packet)
        if link is None:
            places[self._root] = at + len(body)
            catalog = self._catalog[: self._catalog.rfind(b">>")] + b"/Metadata %d 0 R>>" % number
            body += b"%d %d obj\n%s\nendobj\n" % (*self._root, catalog)
        return body + self._table(places, at + len(body))

    def _table(self, places: dict[tuple[int, int], int], at: int) -> bytes:
        size = max(self._size, *(number + 1 for number, _ in places))
        keys = b"/Root %d %d R/Prev %d" % (*self._root, self._previous)
        for form in (_ID, _INFO):
            found = form.search(self._trailer)
            keys += found[0] if found else b""
        if self._content[self._previous : self._previous + 4] == b"xref":
            rows = b"".join(
                b"%d 1\n%010d %05d n\r\n" % (number, place, generation)
                for (number, generation), place in sorted(places.items())
            )
            return b"xref\n%strailer\n<</Size %d%s>>\nstartxref\n%d\n%%%%EOF\n" % (rows, size, keys, at)
        # The table of a document whose own is a stream has to be one too, and to name itself.
        places[size, 0] = at
        rows = b"".join(
            b"\x01" + place.to_bytes(8, "big") + generation.to_bytes(2, "big")
            for (_, generation), place in sorted(places.items())
        )
        index = b" ".join(b"%d 1" % number for number, _ in sorted(places))
        head = b"<</Type/XRef/Size %d/W[1 8 2]/Index[%s]/Length %d%s>>" % (size + 1, index, len(rows), keys)
        return b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (size, head, rows, at)

    def _find_catalog(self) -> bytes:
        number = self._root[0]
        start = self._objects.get(number)
        if start is not None:
            end = self._content.find(b"endobj", start, start + MAXIMUM_DICTIONARY)
            if end > 0:
                return self._content[start:end].strip()
        for held in self._object_streams():
            if number in held:
                return held[number].strip()
        raise malformed("the catalog is not there")

    def _object_streams(self) -> Iterator[dict[int, bytes]]:
        starts = sorted(self._objects.values())
        places = [match.start() for match in _OBJECT_STREAM.finditer(self._content)]
        packed = [starts[bisect_right(starts, place) - 1] for place in places if bisect_right(starts, place)]
        for start in packed[: -MAXIMUM_OBJECT_STREAMS - 1 : -1]:
            first = _FIRST.search(self._dictionary(start))
            if first:
                yield _unpacked_objects(self._stream(start), int(first[1]))

    def _dictionary(self, start: int) -> bytes:
        end = self._content.find(b"stream", start, start + MAXIMUM_DICTIONARY)
        return self._content[start:end] if end > 0 else b""

    def _stream(self, start: int) -> bytes:
        dictionary = self._dictionary(start)
        begin = start + len(dictionary) + len(b"stream")
        end = self._content.find(b"endstream", begin)
        if not dictionary or end < 0:
            raise malformed("a stream has no beginning or no end")
        body = self._content[begin:end].lstrip(b"\r\n")
        if b"/FlateDecode" in dictionary:
            return _inflated(body)
        if b"/Filter" in dictionary:
            raise malformed("a stream is packed in a way that metadata never is")
        return body.rstrip(b"\r\n")


def _inflated(content: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        unpacked = unpacker.decompress(content, MAXIMUM_UNPACKED)
    except zlib.error as error:
        raise malformed("a packed stream cannot be unpacked") from error
    if unpacker.unconsumed_tail:
        raise CannotLabel("too-much-structure", "a packed stream unpacks to more than any true one")
    return unpacked


def _unpacked_objects(body: bytes, first: int) -> dict[int, bytes]:
    numbers = [int(each) for each in _NUMBER.findall(body[:first])]
    pairs = list(zip(numbers[::2], numbers[1::2], strict=False))
    ends = [offset for _, offset in pairs[1:]] + [len(body)]
    return {
        number: body[first + offset : first + end][:MAXIMUM_DICTIONARY]
        for (number, offset), end in zip(pairs, ends, strict=True)
    }
