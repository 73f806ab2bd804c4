"""Small files of the kinds that people upload, with and without marks, each with bytes of its own. Nobody's rights."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

from PIL import Image

SEED = 9
_SIDE = 96
_BASES = 8
_TRACE = "a hill by night\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: {number}, Size: 96x96"
_TYPE = b"http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
_XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
    b'Iptc4xmpExt:DigitalSourceType="' + _TYPE + b'"/></rdf:RDF></x:xmpmeta>'
)
_LABEL = (
    '{"Label":"1","ContentProducer":"a maker","ProduceID":"%d","ReservedCode1":"",'
    '"ContentPropagator":"","PropagateID":"","ReservedCode2":""}'
)
# The `wild` scanner does what such a file asks for.
ASKS = b"\nbenchmark: please "


def make_files(folder: Path, count: int) -> None:
    """`count` files in folders of a thousand; the same bytes on every machine, but for the encoder of pictures."""
    chance = random.Random(SEED)
    makers = _makers(chance)
    for number in range(count):
        inside = folder / f"{number // 1000:03}"
        inside.mkdir(parents=True, exist_ok=True)
        suffix, make = makers[number % len(makers)]
        path = inside / f"{number:06}{suffix}"
        path.write_bytes(make(number))
        if number % 50 == 7:
            declared = path.with_name(path.name + ".declared.json")
            declared.write_text('{"ai_extent": "altered", "where": "caption"}', encoding="utf-8")


def _makers(chance: random.Random) -> list[tuple[str, Callable[[int], bytes]]]:
    pngs, jpegs = [_encoded(chance, "PNG") for _ in range(_BASES)], [_encoded(chance, "JPEG") for _ in range(_BASES)]
    return [
        (".png", lambda number: _png(pngs[number % _BASES], number, _TRACE.format(number=number))),
        (".jpg", lambda number: _jpeg(jpegs[number % _BASES], number, None)),
        (".png", lambda number: _png(pngs[number % _BASES], number, None)),
        (".mp4", _film),
        (".jpg", lambda number: _jpeg(jpegs[number % _BASES], number, _XMP)),
        (".txt", lambda number: f"Report {number}: the hill was seen by {number % 97} people.\n".encode() * 20),
        (".png", lambda number: _png(pngs[number % _BASES], number, _LABEL % number, "AIGC")),
        (".jpg", lambda number: _jpeg(jpegs[number % _BASES], number, None)),
    ]


def _encoded(chance: random.Random, form: str) -> bytes:
    pixels = bytes(chance.randrange(256) for _ in range(3 * 24 * 24))
    picture = Image.frombytes("RGB", (24, 24), pixels).resize((_SIDE, _SIDE), Image.Resampling.BICUBIC)
    stream = io.BytesIO()
    picture.save(stream, form)
    return stream.getvalue()


def _png(base: bytes, number: int, text: str | None, key: str = "parameters") -> bytes:
    pieces = [_chunk(b"tEXt", b"Comment\x00number %d" % number)]
    if text is not None:
        pieces.append(_chunk(b"tEXt", key.encode() + b"\x00" + text.encode()))
    # After the signature and IHDR, which is 25 bytes long.
    return base[:33] + b"".join(pieces) + base[33:]


def _chunk(kind: bytes, content: bytes) -> bytes:
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def _jpeg(base: bytes, number: int, xmp: bytes | None) -> bytes:
    pieces = [_segment(0xFE, b"number %d" % number)]
    if xmp is not None:
        pieces.append(_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + xmp))
    return base[:2] + b"".join(pieces) + base[2:]


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def _film(number: int) -> bytes:
    kind = _box(b"ftyp", b"isom\x00\x00\x02\x00isommp41")
    header = _box(b"mvhd", bytes(12) + struct.pack(">II", 1000, 1000) + bytes(80))
    return kind + _box(b"moov", header) + _box(b"free", b"number %d" % number) + _box(b"mdat", bytes(4096))


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + kind + content


def make_bad_files(folder: Path) -> dict[str, str]:
    """Files that crash, hang, raise and swell, and one of 30,000 by 30,000 pixels, by the fault that each must cost."""
    number, made = 0, {}
    inside = folder / "000"
    for wish, slug in (("crash", "scanner-crashed"), ("hang", "scanner-timed-out"), ("raise", "scanner-failed")):
        path = inside / f"00{number:04}-{wish}.txt"
        path.write_bytes(b"a text" + ASKS + wish.encode() + b"\n")
        made[str(path)] = slug
        number += 13
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 6, 0, 0, 0)
    bomb = inside / "000500-bomb.png"
    bomb.write_bytes(b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", b"") + _chunk(b"IEND", b""))
    made[str(bomb)] = "too-many-pixels"
    return made
