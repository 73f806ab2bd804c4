"""Marks that programs and platforms leave in files: XMP, EXIF, text chunks, labels. It never signs anything."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from xml.sax.saxutils import escape

from PIL import Image, PngImagePlugin

SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
"""Where IPTC keeps the words for how a work came to be."""

_EXIF_FIELDS = {"ImageDescription": 0x010E, "Make": 0x010F, "Model": 0x0110, "Software": 0x0131, "Artist": 0x013B}
_DETAILS, _USER_COMMENT = 0x8769, 0x9286
_NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
    'xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/"'
)


def xmp(properties: Mapping[str, str]) -> bytes:
    """An XMP packet with simple properties, such as `Iptc4xmpExt:DigitalSourceType`."""
    body = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in properties.items())
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {_NAMESPACES}>{body}</rdf:Description></rdf:RDF></x:xmpmeta>'
        '<?xpacket end="w"?>'
    ).encode()


def source_type(word: str) -> bytes:
    """An XMP packet with IPTC's digital source type."""
    return xmp({"Iptc4xmpExt:DigitalSourceType": SOURCE_TYPE + word})


def label_cn(label: str, *, by: str, number: str) -> str:
    """China's implicit label as JSON; `label` is 1 for generated, 2 for possibly, 3 for suspected."""
    keys = {
        "Label": label,
        "ContentProducer": by,
        "ProduceID": number,
        "ReservedCode1": "",
        "ContentPropagator": by,
        "PropagateID": number,
        "ReservedCode2": "",
    }
    return json.dumps(keys)


def exif(fields: Mapping[str, str], *, comment: str = "") -> bytes:
    """An EXIF block; `comment` goes into UserComment as UTF-16, as the front ends of Stable Diffusion write it."""
    block = Image.Exif()
    for name, value in fields.items():
        block[_EXIF_FIELDS[name]] = value
    if comment:
        block.get_ifd(_DETAILS)[_USER_COMMENT] = b"UNICODE\x00" + comment.encode("utf-16-be")
    return block.tobytes()


def jpeg(picture: Image.Image, *, quality: int = 86, packet: bytes = b"", exif_block: bytes = b"") -> bytes:
    return _saved(picture, "JPEG", quality=quality, **_blocks(packet, exif_block))


def webp(picture: Image.Image, *, quality: int = 82, packet: bytes = b"", exif_block: bytes = b"") -> bytes:
    return _saved(picture, "WEBP", quality=quality, method=2, **_blocks(packet, exif_block))


def png(picture: Image.Image, *, texts: Mapping[str, str] | None = None, packet: bytes = b"") -> bytes:
    """A PNG with text chunks; a palette of 256 colours keeps a drawing small and looks the same."""
    chunks = PngImagePlugin.PngInfo()
    for name, value in (texts or {}).items():
        chunks.add_text(name, value)
    if packet:
        chunks.add_itxt("XML:com.adobe.xmp", packet.decode())
    return _saved(picture.quantize(256, dither=Image.Dither.FLOYDSTEINBERG), "PNG", pnginfo=chunks)


def gif(pictures: list[Image.Image], *, milliseconds: int) -> bytes:
    frames = [picture.quantize(64) for picture in pictures]
    return _saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=milliseconds, loop=0)


def opened(media: bytes) -> Image.Image:
    """The picture in a file that this demonstration made."""
    picture = Image.open(io.BytesIO(media))
    picture.load()
    return picture.convert("RGB")


def with_riff_chunk(wave: bytes, name: bytes, content: bytes) -> bytes:
    """The WAV file with one more chunk at its end."""
    padded = content + b"\x00" * (len(content) % 2)
    body = wave[8:] + name + len(content).to_bytes(4, "little") + padded
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _blocks(packet: bytes, exif_block: bytes) -> dict[str, object]:
    return {name: block for name, block in (("xmp", packet), ("exif", exif_block)) if block}


def _saved(picture: Image.Image, container: str, **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, container, **options)
    return stream.getvalue()
