"""MP3: the user texts and the XMP frame of an ID3v2 tag. Every other frame and the sound are copied as they stand."""

from __future__ import annotations

from dataclasses import dataclass

from assay.detection.labels.implicit import KEY
from assay.detection.labels.marking import Marking
from assay.detection.labels.pieces import Kept, Original, Piece
from assay.detection.labels.refused import CannotLabel, malformed

_ENCODINGS = {0: "latin-1", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}
_XMP = b"XMP\x00"
_UNSYNCHRONISED, _EXTENDED, _FOOTER = 0x80, 0x40, 0x10
LARGEST = 1 << 28
# Room for other programs' edits; some also judge a frame's size by what stands behind it.
PADDING = 512


@dataclass(frozen=True, slots=True)
class _Frame:
    name: bytes
    flags: bytes
    content: bytes


def rewrite_mp3(original: Original, marking: Marking) -> list[Piece]:
    """The sound with the label in a user text of its tag; a file without a tag gets one."""
    version, sound_at = 4, 0
    frames: list[_Frame] = []
    if original.size >= 10 and original.read(0, 3) == b"ID3":
        version, frames, sound_at = _tag(original)
    kept: list[_Frame] = []
    texts: list[str] = []
    packets: list[bytes | None] = []
    for frame in frames:
        if frame.name == b"TXXX" and (text := _label_in(frame)) is not None:
            texts.append(text)
        elif frame.name == b"PRIV" and frame.content.startswith(_XMP):
            packets.append(frame.content[len(_XMP) :])
        else:
            kept.append(frame)
    new = marking.one_of(texts, "an ID3 user text")
    if new is not None:
        kept.append(_Frame(b"TXXX", bytes(2), b"\x00" + KEY.encode() + b"\x00" + new.encode("ascii")))
    for packet in packets or [None]:
        content = marking.packet(packet, "XMP", with_label=False)
        if content is not None:
            kept.append(_Frame(b"PRIV", bytes(2), _XMP + content))
    if kept == frames:
        return [Kept(0, original.size)]
    return [_written(version, kept), Kept(sound_at, original.size)]


def _tag(original: Original) -> tuple[int, list[_Frame], int]:
    head = original.read(0, 10)
    version, flags, end = head[3], head[5], 10 + _from_sevens(head[6:10])
    if version not in (3, 4):
        raise CannotLabel("unsupported-structure", f"the file's tag is ID3v2.{version}", "write it as ID3v2.4 first")
    body = original.read(10, end)
    if flags & _UNSYNCHRONISED and version == 3:
        body = body.replace(b"\xff\x00", b"\xff")
    at = 0
    if flags & _EXTENDED:
        at = _from_sevens(body[:4]) if version == 4 else 4 + int.from_bytes(body[:4], "big")
    frames = []
    while at + 10 <= len(body) and body[at]:
        size = body[at + 4 : at + 8]
        length = _from_sevens(size) if version == 4 else int.from_bytes(size, "big")
        if at + 10 + length > len(body):
            raise malformed("a frame reaches past its ID3 tag")
        frames.append(_Frame(body[at : at + 4], body[at + 8 : at + 10], body[at + 10 : at + 10 + length]))
        at += 10 + length
    return version, frames, end + (10 if version == 4 and flags & _FOOTER else 0)


def _label_in(frame: _Frame) -> str | None:
    """The text of a user text named `AIGC`; a packed or protected frame is somebody else's business."""
    content = frame.content
    if frame.flags[1] or not content or content[0] not in _ENCODINGS:
        return None
    encoding, wide = _ENCODINGS[content[0]], content[0] in (1, 2)
    text = content[1:].decode(encoding if not wide or content[0] == 2 else "utf-16", errors="replace")
    name, _, value = text.partition("\x00")
    return value.strip("\x00\ufeff") if name.strip("\ufeff") == KEY else None


def _written(version: int, frames: list[_Frame]) -> bytes:
    body = b"".join(
        frame.name
        + (_sevens(len(frame.content)) if version == 4 else len(frame.content).to_bytes(4, "big"))
        + frame.flags
        + frame.content
        for frame in frames
    )
    if len(body) + PADDING >= LARGEST:
        raise CannotLabel("no-room", "the tag would grow beyond what its format can hold")
    return b"ID3" + bytes([version, 0, 0]) + _sevens(len(body) + PADDING) + body + bytes(PADDING)


def _sevens(value: int) -> bytes:
    if value >= LARGEST:
        raise CannotLabel("no-room", "the tag would grow beyond what its format can hold")
    return bytes(value >> shift & 0x7F for shift in (21, 14, 7, 0))


def _from_sevens(content: bytes) -> int:
    value = 0
    for byte in content:
        value = value << 7 | byte & 0x7F
    return value
