"""Tiny models in the ONNX format, written byte by byte, and detectors that use them. They stand in for real ones."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from PIL import Image

FLOAT = 1


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def piece(field: int, content: bytes | str) -> bytes:
    content = content.encode() if isinstance(content, str) else content
    return varint(field << 3 | 2) + varint(len(content)) + content


def node(kind: str, takes: Sequence[str], gives: str, attributes: bytes = b"", domain: str = "") -> bytes:
    content = b"".join(piece(1, each) for each in takes) + piece(2, gives) + piece(4, kind) + attributes
    return piece(1, content + (piece(7, domain) if domain else b""))


def integers(name: str, values: Sequence[int]) -> bytes:
    return piece(5, piece(1, name) + b"".join(number(8, each) for each in values) + number(20, 7))


def integer(name: str, value: int) -> bytes:
    return piece(5, piece(1, name) + number(3, value) + number(20, 2))


def value(name: str, sides: Sequence[int]) -> bytes:
    shape = piece(2, b"".join(piece(1, number(1, each)) for each in sides))
    return piece(1, name) + piece(2, piece(1, number(1, FLOAT) + shape))


def graph(nodes: Sequence[bytes], takes: bytes, gives: bytes, more: bytes = b"") -> bytes:
    return b"".join(nodes) + piece(2, "tiny") + more + piece(11, takes) + piece(12, gives)


def model(content: bytes) -> bytes:
    return number(1, 8) + piece(8, number(2, 13)) + piece(7, content)


def mean_model(side: int = 8, axes: Sequence[int] = (1, 2, 3), gives: Sequence[int] = (1,), domain: str = "") -> bytes:
    """The mean of what it is shown: of everything, or of each channel with axes 2 and 3."""
    attributes = integers("axes", axes) + integer("keepdims", 0)
    means = node("ReduceMean", ["seen"], "said", attributes, domain)
    return model(graph([means], value("seen", (1, 3, side, side)), value("said", gives)))


def model_with_outer_weights(place: str = "weights.bin") -> bytes:
    """Adds an initializer that says it lies in another file."""
    entry = piece(13, piece(1, "location") + piece(2, place))
    weights = piece(5, number(1, 1) + number(2, FLOAT) + piece(8, "far") + entry + number(14, 1))
    return model(graph([node("Add", ["seen", "far"], "said")], value("seen", (1,)), value("said", (1,)), weights))


CONFIGURATION = """
name = "{name}"
version = "1"
kind = "onnx"
modalities = ["image"]
licence = "none"

[model]
file = "model.onnx"
sha256 = "{sha256}"

[input]
width = 8
height = 8
resize = "stretch"
"""


def set_up(folder: Path, name: str = "bright", content: bytes | None = None, more: str = "") -> Path:
    """A detector in a folder of detectors; without other content it scores how bright a picture is. Its own folder."""
    place = folder / name
    place.mkdir(parents=True)
    content = mean_model() if content is None else content
    (place / "model.onnx").write_bytes(content)
    text = CONFIGURATION.format(name=name, sha256=hashlib.sha256(content).hexdigest()) + more
    (place / "detector.toml").write_text(text, encoding="utf-8")
    return place


def picture(level: int = 128, size: tuple[int, int] = (64, 48), form: str = "PNG", **options: object) -> bytes:
    """A plain picture of one grey."""
    stream = io.BytesIO()
    Image.new("RGB", size, (level, level, level)).save(stream, form, **options)
    return stream.getvalue()


def write_pictures(folder: Path, levels: Mapping[str, int]) -> None:
    """A plain picture under each name."""
    for name, level in levels.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture(level))
