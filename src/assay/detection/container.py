"""What a file is, told from its first bytes by their structure. It never looks at the name or the extension."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

HEAD = 4096
BRANDS = 64


class Modality(StrEnum):
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    TEXT = "text"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Container:
    """A container's short name, and the modality of what it holds, or None where that cannot be told."""

    name: str
    modality: Modality | None


UNKNOWN = Container("unknown", None)
EMPTY = Container("empty", None)
PLAIN_TEXT = Container("text", Modality.TEXT)

_MAGIC: tuple[tuple[bytes, Container], ...] = (
    (b"\xff\xd8\xff", Container("jpeg", Modality.IMAGE)),
    (b"\x89PNG\r\n\x1a\n", Container("png", Modality.IMAGE)),
    (b"GIF87a", Container("gif", Modality.IMAGE)),
    (b"GIF89a", Container("gif", Modality.IMAGE)),
    (b"II*\x00", Container("tiff", Modality.IMAGE)),
    (b"MM\x00*", Container("tiff", Modality.IMAGE)),
    (b"II+\x00", Container("tiff", Modality.IMAGE)),
    (b"MM\x00+", Container("tiff", Modality.IMAGE)),
    (b"\xff\x0a", Container("jxl", Modality.IMAGE)),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", Container("jxl", Modality.IMAGE)),
    (b"%PDF-", Container("pdf", Modality.MIXED)),
    (b"fLaC", Container("flac", Modality.AUDIO)),
    (b"OggS", Container("ogg", Modality.AUDIO)),
    (b"ID3", Container("mp3", Modality.AUDIO)),
    (b"\x1aE\xdf\xa3", Container("matroska", Modality.VIDEO)),
    (b"FLV\x01", Container("flv", Modality.VIDEO)),
    (b"PK\x03\x04", Container("zip", None)),
)
_RIFF_FORMS = {
    b"WAVE": Container("wav", Modality.AUDIO),
    b"WEBP": Container("webp", Modality.IMAGE),
    b"AVI ": Container("avi", Modality.VIDEO),
}
_IMAGE_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis"})
_AUDIO_BRANDS = frozenset({b"M4A ", b"M4B ", b"F4A "})
_BOXES_THAT_OPEN_A_MOVIE = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip"})
_SVG_ROOT = re.compile(r"\s*(?:<\?xml[^>]*\?>\s*|<!--.*?-->\s*|<!DOCTYPE svg[^>\[]*>\s*)*<svg[\s>]", re.DOTALL)
_OFFICE_MEMBER = b"[Content_Types].xml"


def sniff(stream: BinaryIO, size: int) -> Container:
    """What the stream holds; reads its first 4 KiB and nothing else."""
    if size == 0:
        return EMPTY
    stream.seek(0)
    head = stream.read(HEAD)
    return _binary(head) or _movie(head) or _sound(head) or _text(head, whole=size <= HEAD) or UNKNOWN


def _binary(head: bytes) -> Container | None:
    for magic, container in _MAGIC:
        if head.startswith(magic):
            if container.name == "zip" and _OFFICE_MEMBER in head[:HEAD]:
                return Container("ooxml", Modality.MIXED)
            return container
    if head[:4] in (b"RIFF", b"RF64"):
        return _RIFF_FORMS.get(head[8:12])
    if head[:2] == b"BM" and len(head) >= 26 and int.from_bytes(head[14:18], "little") in (12, 40, 52, 56, 108, 124):
        return Container("bmp", Modality.IMAGE)
    return None


def _movie(head: bytes) -> Container | None:
    if head[4:8] == b"ftyp":
        length = min(int.from_bytes(head[:4], "big"), 16 + 4 * BRANDS)
        major, compatible = head[8:12], {head[at : at + 4] for at in range(16, length, 4)}
        if major in _IMAGE_BRANDS or (_IMAGE_BRANDS & compatible and not {b"isom", b"mp42"} & compatible):
            return Container("heif", Modality.IMAGE)
        if major in _AUDIO_BRANDS:
            return Container("mp4", Modality.AUDIO)
        return Container("mov" if major == b"qt  " else "mp4", Modality.VIDEO)
    if head[4:8] in _BOXES_THAT_OPEN_A_MOVIE and int.from_bytes(head[:4], "big") >= 8:
        return Container("mov", Modality.VIDEO)
    return None


def _sound(head: bytes) -> Container | None:
    """An MPEG audio frame header without a tag before it, or an ADTS one; every reserved value rules it out."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    if layer == 0 and head[1] & 0xF6 == 0xF0:
        return Container("aac", Modality.AUDIO)
    if version == 1 or layer == 0 or head[2] >> 4 in (0, 15) or head[2] >> 2 & 3 == 3:
        return None
    return Container("mp3", Modality.AUDIO)


def _text(head: bytes, *, whole: bool) -> Container | None:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return PLAIN_TEXT
    try:
        # A character may be cut in two at the end of the head, which is no fault of the file.
        text = codecs.getincrementaldecoder("utf-8")().decode(head, final=whole)
    except UnicodeDecodeError:
        return None
    if any(ord(character) < 32 and character not in "\t\n\r\f\x1b" for character in text):
        return None
    if _SVG_ROOT.match(text.removeprefix("\ufeff")):
        return Container("svg", Modality.IMAGE)
    return PLAIN_TEXT
