"""Vorbis comments in FLAC and Ogg. It never reads a picture block or a sound packet."""

from __future__ import annotations

from collections.abc import Iterator

from assay.detection.scanners.metadata.bounded import MAXIMUM_FIELDS, MAXIMUM_PACKET, Field, Malformed, Source, text_of

MAXIMUM_PAGES = 512
_COMMENT_BLOCK = 4
_BLOCKS = {0: "stream", 1: "padding", 2: "application", 3: "seek table", 4: "comments", 5: "cue sheet", 6: "picture"}
_PACKETS = ((b"\x03vorbis", 7), (b"OpusTags", 8), (b"\x7fFLAC", -1), (b"\x81theora", 7))


def flac_fields(source: Source, start: int = 0) -> Iterator[Field]:
    """Walks the metadata blocks to the last one."""
    at, last = start + 4, False
    while not last:
        head = source.read(at, 4)
        last, length = bool(head[0] & 0x80), int.from_bytes(head[1:], "big")
        if at + 4 + length > source.size:
            raise Malformed(f"a block at byte {at} reaches past the end")
        source.met(_BLOCKS.get(head[0] & 0x7F, "block"))
        if head[0] & 0x7F == _COMMENT_BLOCK:
            yield from source.tolerate(_comments(source, source.value(at + 4, length)))
        at += 4 + length


def ogg_fields(source: Source) -> Iterator[Field]:
    """The comment packet is the second of each stream; both stand within the first pages."""
    parts: dict[int, bytearray] = {}
    at, done, pages = 0, set[int](), 0
    while at + 27 <= source.size and pages < MAXIMUM_PAGES:
        head = source.read(at, 27)
        if head[:4] != b"OggS":
            raise Malformed(f"no page stands at byte {at}")
        source.met("page")
        lacing = source.read(at + 27, head[26])
        stream, body = int.from_bytes(head[14:18], "little"), at + 27 + head[26]
        for length, ends in _packets(lacing):
            if stream not in done:
                part = parts.setdefault(stream, bytearray())
                if len(part) + length > MAXIMUM_PACKET:
                    raise Malformed("a header packet is larger than any true one")
                part += source.read(body, length)
                if ends:
                    yield from source.tolerate(_packet(source, bytes(part), done, stream))
                    parts[stream] = bytearray()
            body += length
        if done and done >= parts.keys():
            return
        at, pages = at + 27 + head[26] + sum(lacing), pages + 1
    if not done:
        source.note("no comment packet was found in the first pages")


def _packets(lacing: bytes) -> Iterator[tuple[int, bool]]:
    length = 0
    for value in lacing:
        length += value
        if value < 255:
            yield length, True
            length = 0
    if length:
        yield length, False


def _packet(source: Source, packet: bytes, done: set[int], stream: int) -> Iterator[Field]:
    for magic, offset in _PACKETS:
        if offset > 0 and packet.startswith(magic):
            done.add(stream)
            yield from _comments(source, packet[offset:])
            return
    if packet[:1] == b"\x84" and len(packet) > 4:
        # FLAC in Ogg: the comment block keeps its own four-byte header.
        done.add(stream)
        yield from _comments(source, packet[4:])


def _comments(source: Source, body: bytes) -> Iterator[Field]:
    at, vendor = _taken(body, 0)
    yield Field("vorbis", "vendor", text_of(vendor))
    count = int.from_bytes(body[at : at + 4], "little")
    at += 4
    if count > MAXIMUM_FIELDS:
        raise Malformed("a comment block has too many comments")
    for _ in range(count):
        source.step()
        at, comment = _taken(body, at)
        key, _, value = comment.partition(b"=")
        yield Field("vorbis", text_of(key).upper(), text_of(value))


def _taken(body: bytes, at: int) -> tuple[int, bytes]:
    end = at + 4 + int.from_bytes(body[at : at + 4], "little")
    if at + 4 > len(body) or end > len(body):
        raise Malformed("a comment block is cut short")
    return end, body[at + 4 : end]
