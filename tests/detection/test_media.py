"""What a file is, is told from its bytes; what it is called says nothing."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from assay.detection.container import Modality
from assay.detection.media import Media, Unreadable
from assay.detection.pixels import pixel_count
from assay.detection.scanners.metadata.examples import build

LARGE_TIFF = b"II*\x00" + struct.pack("<IHHHIIHHII", 8, 2, 256, 4, 1, 70_000, 257, 4, 1, 2)
FTYP = build.box(b"ftyp", b"avif", bytes(4), b"mif1")


@pytest.mark.parametrize(
    ("content", "container", "modality"),
    [
        (build.png(), "png", Modality.IMAGE),
        (build.jpeg(), "jpeg", Modality.IMAGE),
        (build.gif(), "gif", Modality.IMAGE),
        (build.tiff(Make="Camera"), "tiff", Modality.IMAGE),
        (build.webp(), "webp", Modality.IMAGE),
        (build.wav(), "wav", Modality.AUDIO),
        (build.riff(b"AVI "), "avi", Modality.VIDEO),
        (build.mp4("title", "hill"), "mp4", Modality.VIDEO),
        (build.box(b"ftyp", b"M4A ", bytes(4), b"mp42"), "mp4", Modality.AUDIO),
        (build.box(b"ftyp", b"qt  ", bytes(4)), "mov", Modality.VIDEO),
        (FTYP, "heif", Modality.IMAGE),
        (build.mp3(b"TXXX", b"\x03a\x00b"), "mp3", Modality.AUDIO),
        (b"\xff\xfb\x90\x00" + bytes(413), "mp3", Modality.AUDIO),
        (build.flac("a=b"), "flac", Modality.AUDIO),
        (build.ogg("a=b"), "ogg", Modality.AUDIO),
        (build.matroska("a", "b"), "matroska", Modality.VIDEO),
        (build.flv("a", "b"), "flv", Modality.VIDEO),
        (build.pdf(b""), "pdf", Modality.MIXED),
        (b"<?xml version='1.0'?>\n<!-- x -->\n<svg xmlns='http://www.w3.org/2000/svg'/>", "svg", Modality.IMAGE),
        ("ein Hügel\n".encode() * 1000, "text", Modality.TEXT),
        ("ü".encode() * 4096, "text", Modality.TEXT),
        ("\ufeffhill".encode("utf-16"), "text", Modality.TEXT),
        (b"\x00\x01\x02\x03 no container", "unknown", None),
        (b"\xff\xff\xff\xff", "unknown", None),
        (b"", "empty", None),
    ],
)
def test_the_container_is_told_from_the_bytes(content: bytes, container: str, modality: Modality | None) -> None:
    media = Media.from_bytes(content, name="misnamed.exe")
    assert (media.container.name, media.modality) == (container, modality)


@pytest.mark.parametrize(
    ("content", "pixels"),
    [
        (build.png(), 1),
        (build.gif(), 1),
        (build.webp(), 1),
        (build.jpeg(build.segment(0xE0, bytes(9)), build.segment(0xC0, b"\x08\x75\x30\x75\x30\x03")), 900_000_000),
        (build.jpeg(build.segment(0xE0, bytes(9)), build.segment(0xC2, b"\x08\x00\x02\x00\x03\x03")), 6),
        (build.jpeg(), None),
        (LARGE_TIFF, 140_000),
        (b"II*\x00\xff\xff\xff\xff", None),
        (build.wav(), None),
        (b"\x89PNG\r\n\x1a\n\x00", None),
        (b"BM" + bytes(12) + struct.pack("<Iii", 40, 30_000, -2), 60_000),
    ],
)
def test_pixels_are_counted_from_the_header(content: bytes, pixels: int | None) -> None:
    assert pixel_count(Media.from_bytes(content, name="a")) == pixels


def test_a_path_and_its_bytes_are_the_same_media(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(build.png())
    from_path, from_bytes = Media.from_path(path), Media.from_bytes(build.png(), name="a.png")
    assert (from_path.sha256, from_path.size, from_path.container) == (
        from_bytes.sha256,
        from_bytes.size,
        from_bytes.container,
    )
    with from_path.open() as one, from_bytes.open() as other:
        assert one.read() == other.read()


def test_a_reason_does_not_give_the_path_away(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as refused:
        Media.from_path(tmp_path / "private-name.png")
    assert str(refused.value) == "no such file or directory"
