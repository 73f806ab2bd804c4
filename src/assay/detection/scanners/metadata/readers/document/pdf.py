"""PDF: the XMP packet that the document's catalog names. It never runs a script or decodes an image."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from assay.detection.scanners.metadata.bounded import MEBIBYTE, Exhausted, Field, Malformed, Source, inflate
from assay.detection.scanners.metadata.readers.shared.xmp import xmp_fields

MAXIMUM_DOCUMENT = 32 * MEBIBYTE
MAXIMUM_OBJECT_STREAMS = 256
MAXIMUM_DICTIONARY = 16 * 1024

_ROOT = re.compile(rb"/Root\s{1,16}(\d{1,10})\s{1,16}(\d{1,5})\s{1,16}R")
_METADATA = re.compile(rb"/Metadata\s{1,16}(\d{1,10})\s{1,16}(\d{1,5})\s{1,16}R")
_OBJECT = re.compile(rb"(?<!\d)(\d{1,10})\s{1,16}(\d{1,5})\s{1,16}obj\b")
_OBJECT_STREAM = re.compile(rb"/Type\s*/ObjStm\b")
_FIRST = re.compile(rb"/First\s{1,16}(\d{1,8})")
_NUMBER = re.compile(rb"\d{1,10}")


def pdf_fields(source: Source) -> Iterator[Field]:
    """Catalog, then metadata stream: a picture inside the document has a packet of its own, which is not meant."""
    if source.size > MAXIMUM_DOCUMENT:
        raise Exhausted("document bytes")
    content = source.read(0, source.size)
    if b"/Encrypt" in content[-4096:]:
        source.note("the document is encrypted")
        return
    roots = _ROOT.findall(content)
    if not roots:
        raise Malformed("the document names no catalog")
    # A later definition of an object replaces the earlier ones, which is how documents are edited.
    objects = {int(match[1]): match.end() for match in _OBJECT.finditer(content)}
    catalog = _catalog(source, content, objects, int(roots[-1][0]))
    source.met("object", len(objects))
    link = _METADATA.search(catalog)
    if link:
        start = objects.get(int(link[1]))
        if start is None:
            raise Malformed("the catalog names a metadata stream that is not there")
        yield from xmp_fields(_stream(content, start))


def _catalog(source: Source, content: bytes, objects: dict[int, int], number: int) -> bytes:
    start = objects.get(number)
    if start is not None:
        end = content.find(b"endobj", start, start + MAXIMUM_DICTIONARY)
        return content[start : end if end > 0 else start + MAXIMUM_DICTIONARY]
    for held in _object_streams(source, content, objects):
        if number in held:
            return held[number]
    raise Malformed("the catalog is not there")


def _object_streams(source: Source, content: bytes, objects: dict[int, int]) -> Iterator[dict[int, bytes]]:
    """Objects packed into streams, the latest stream first."""
    starts = sorted(objects.values())
    packed = [starts[bisect_right(starts, match.start()) - 1] for match in _OBJECT_STREAM.finditer(content)]
    if len(packed) > MAXIMUM_OBJECT_STREAMS:
        source.note("not every object stream was read")
    for start in packed[: -MAXIMUM_OBJECT_STREAMS - 1 : -1]:
        source.step()
        first = _FIRST.search(_dictionary(content, start))
        if first:
            yield _unpacked_objects(_stream(content, start), int(first[1]))


def _unpacked_objects(body: bytes, first: int) -> dict[int, bytes]:
    """A packed stream opens with pairs of an object's number and its offset."""
    numbers = [int(each) for each in _NUMBER.findall(body[:first])]
    pairs = list(zip(numbers[::2], numbers[1::2], strict=False))
    ends = [offset for _, offset in pairs[1:]] + [len(body)]
    return {
        number: body[first + offset : first + end][:MAXIMUM_DICTIONARY]
        for (number, offset), end in zip(pairs, ends, strict=True)
    }


def _dictionary(content: bytes, start: int) -> bytes:
    end = content.find(b"stream", start, start + MAXIMUM_DICTIONARY)
    return content[start:end] if end > 0 else b""


def _stream(content: bytes, start: int) -> bytes:
    dictionary = _dictionary(content, start)
    begin = start + len(dictionary) + len(b"stream")
    end = content.find(b"endstream", begin)
    if not dictionary or end < 0:
        raise Malformed("a stream has no beginning or no end")
    body = content[begin:end].lstrip(b"\r\n")
    if b"/FlateDecode" in dictionary:
        return inflate(body)
    if b"/Filter" in dictionary:
        raise Malformed("a stream is packed in a way that metadata never is")
    return body
