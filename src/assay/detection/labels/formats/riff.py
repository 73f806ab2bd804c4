"""RIFF: WebP, WAV and AVI chunks. What is new goes behind the media, and no chunk before it moves."""

from __future__ import annotations

from dataclasses import dataclass

from assay.detection.labels.formats.picture.exif import exif_block
from assay.detection.labels.marking import Marking
from assay.detection.labels.pieces import Original, Piece, replaced
from assay.detection.labels.refused import CannotLabel, malformed

_XMP_FLAG = 0x04
_ALPHA_FLAG = 0x10


@dataclass(frozen=True, slots=True)
class _Chunk:
    kind: bytes
    start: int
    end: int
    list_of: bytes = b""

    @property
    def behind(self) -> int:
        return self.end + (self.end & 1)


def rewrite_webp(original: Original, marking: Marking) -> list[Piece]:
    """The picture with an XMP chunk behind it, and the header that announces one."""
    chunks = _chunks(original, 12, _end(original))
    changes: list[tuple[int, int, bytes]] = []
    has_packet = False
    for chunk in chunks:
        if chunk.kind == b"XMP ":
            has_packet = True
            found = original.read(chunk.start, chunk.end)
            packet = marking.packet(found, "XMP", with_label=True)
            if packet is not None and packet != found:
                changes.append((chunk.start - 8, _behind(chunk, original), _framed(b"XMP ", packet)))
        elif chunk.kind == b"EXIF":
            body = original.read(chunk.start, chunk.end)
            prefix = b"Exif\x00\x00" if body.startswith(b"Exif\x00\x00") else b""
            block = exif_block(body[len(prefix) :], marking)
            if prefix + block != body:
                changes.append((chunk.start - 8, _behind(chunk, original), _framed(b"EXIF", prefix + block)))
    packet = None if has_packet else marking.packet(None, "XMP", with_label=True)
    if packet is not None:
        changes.append((_end(original), _end(original), _padding(chunks) + _framed(b"XMP ", packet)))
        changes += _announced(original, chunks)
    return _resized(original, changes)


def rewrite_wav(original: Original, marking: Marking) -> list[Piece]:
    """The sound with a label chunk and an XMP chunk behind it."""
    chunks = _chunks(original, 12, _end(original))
    changes, behind = _renewed(original, chunks, marking)
    if not any(chunk.kind == b"AIGC" for chunk in chunks):
        text = marking.text(None, "an `AIGC` chunk", wrapped=True)
        behind += _framed(b"AIGC", text.encode()) if text else b""
    return _added(original, changes, chunks, behind)


def rewrite_avi(original: Original, marking: Marking) -> list[Piece]:
    """The film with its label in a list of texts and an XMP chunk behind it."""
    end = _end(original)
    if end + 8 <= original.size and original.read(end, end + 4) == b"RIFF":
        raise CannotLabel("unsupported-structure", "a film in several parts is found by places that would move")
    chunks = _chunks(original, 12, end)
    changes, behind = _renewed(original, chunks, marking)
    if not any(chunk.kind == b"AIGC" for chunk in chunks):
        text = marking.text(None, "the INFO list", wrapped=True)
        behind += _framed(b"LIST", b"INFO" + _framed(b"AIGC", text.encode())) if text else b""
    return _added(original, changes, chunks, behind)


def _renewed(original: Original, chunks: list[_Chunk], marking: Marking) -> tuple[list[tuple[int, int, bytes]], bytes]:
    """Old labels and packets become blank chunks of the same size, and stand anew behind the media."""
    changes: list[tuple[int, int, bytes]] = []
    behind = b""
    has_packet = False
    for chunk in chunks:
        if chunk.kind == b"AIGC":
            found = original.read(chunk.start, chunk.end).decode("utf-8", errors="replace")
            text = marking.text(found, "the INFO list" if chunk.list_of else "an `AIGC` chunk")
            if text is not None and text != found:
                changes.append(_blanked(chunk))
                body = _framed(b"AIGC", text.encode())
                behind += _framed(b"LIST", b"INFO" + body) if chunk.list_of else body
        elif chunk.kind == b"_PMX":
            has_packet = True
            content = original.read(chunk.start, chunk.end)
            packet = marking.packet(content, "XMP", with_label=False)
            if packet is not None and packet != content:
                changes.append(_blanked(chunk))
                behind += _framed(b"_PMX", packet)
    packet = None if has_packet else marking.packet(None, "XMP", with_label=False)
    return changes, behind + (_framed(b"_PMX", packet) if packet else b"")


def _blanked(chunk: _Chunk) -> tuple[int, int, bytes]:
    size = chunk.end - chunk.start
    return (chunk.start - 8, chunk.end, b"JUNK" + size.to_bytes(4, "little") + bytes(size))


def _added(
    original: Original, changes: list[tuple[int, int, bytes]], chunks: list[_Chunk], behind: bytes
) -> list[Piece]:
    if behind:
        end = _end(original)
        changes.append((end, end, _padding([chunk for chunk in chunks if not chunk.list_of]) + behind))
    return _resized(original, changes)


def _padding(chunks: list[_Chunk]) -> bytes:
    # A last chunk of odd length whose filling byte was left out would put every chunk behind it off by one.
    return b"\x00" if chunks and chunks[-1].kind == b"" else b""


def _resized(original: Original, changes: list[tuple[int, int, bytes]]) -> list[Piece]:
    grown = sum(len(content) - (end - start) for start, end, content in changes)
    size = _end(original) - 8 + grown
    if size >= 1 << 32:
        raise CannotLabel("no-room", "the file would grow beyond what its format can hold")
    if changes:
        changes.append((4, 8, size.to_bytes(4, "little")))
    return replaced(original.size, changes)


def _end(original: Original) -> int:
    if original.read(0, 4) != b"RIFF":
        raise CannotLabel("unsupported-structure", "a 64-bit RIFF file keeps its sizes elsewhere")
    end = 8 + original.number(4, 4, "little")
    if end > original.size:
        raise malformed("the file is shorter than it says")
    return end


def _chunks(original: Original, start: int, end: int, list_of: bytes = b"") -> list[_Chunk]:
    found: list[_Chunk] = []
    at = start
    while at + 8 <= end:
        head = original.read(at, at + 8)
        kind, stop = head[:4], at + 8 + int.from_bytes(head[4:], "little")
        if stop > end:
            raise malformed(f"a chunk at byte {at} reaches past its parent")
        if kind == b"LIST" and not list_of and original.read(at + 8, min(at + 12, stop)) == b"INFO":
            found += _chunks(original, at + 12, stop, b"INFO")
        found.append(_Chunk(kind, at + 8, stop, list_of))
        at = stop + (stop & 1)
    if at > end and not list_of:
        found.append(_Chunk(b"", end, end))
    return found


def _behind(chunk: _Chunk, original: Original) -> int:
    return min(chunk.behind, _end(original))


def _framed(kind: bytes, content: bytes) -> bytes:
    return kind + len(content).to_bytes(4, "little") + content + bytes(len(content) & 1)


def _announced(original: Original, chunks: list[_Chunk]) -> list[tuple[int, int, bytes]]:
    """The extended header with the flag for XMP; a plain picture gets one, with its own size."""
    first = next((chunk for chunk in chunks if chunk.kind in (b"VP8X", b"VP8 ", b"VP8L")), None)
    if first is None:
        raise malformed("the file holds no picture")
    if first.kind == b"VP8X":
        flags = original.read(first.start, first.start + 1)[0]
        return [(first.start, first.start + 1, bytes([flags | _XMP_FLAG]))]
    width, height, alpha = _size(original, first)
    flags = _XMP_FLAG | (_ALPHA_FLAG if alpha else 0)
    body = bytes([flags, 0, 0, 0]) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return [(12, 12, _framed(b"VP8X", body))]


def _size(original: Original, chunk: _Chunk) -> tuple[int, int, bool]:
    head = original.read(chunk.start, min(chunk.start + 10, chunk.end))
    if chunk.kind == b"VP8L" and len(head) >= 5 and head[0] == 0x2F:
        bits = int.from_bytes(head[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bool(bits >> 28 & 1)
    if chunk.kind == b"VP8 " and len(head) == 10 and head[3:6] == b"\x9d\x01\x2a":
        width, height = (int.from_bytes(head[at : at + 2], "little") & 0x3FFF for at in (6, 8))
        if width and height:
            return width, height, False
    raise malformed("the picture's own header cannot be read")
