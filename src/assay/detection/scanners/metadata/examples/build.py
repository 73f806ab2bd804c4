"""Builders of the smallest files that carry a field. They check nothing, so that tests can also build wrong ones."""

from __future__ import annotations

import struct
import zlib

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def chunk(kind: bytes, content: bytes) -> bytes:
    """A PNG chunk with its checksum."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(*chunks: bytes, behind: tuple[bytes, ...] = ()) -> bytes:
    """One grey pixel; `chunks` stand before the picture data and `behind` after it."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(b"\x00\x80"))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + data + b"".join(behind) + chunk(b"IEND", b"")


def png_text(keyword: str, text: str) -> bytes:
    return chunk(b"tEXt", keyword.encode() + b"\x00" + text.encode())


def png_packed_text(keyword: str, text: str) -> bytes:
    return chunk(b"zTXt", keyword.encode() + b"\x00\x00" + zlib.compress(text.encode()))


def png_international_text(keyword: str, text: str) -> bytes:
    return chunk(b"iTXt", keyword.encode() + b"\x00\x01\x00\x00\x00" + zlib.compress(text.encode()))


def xmp(namespace: str, name: str, value: str, *, attribute: bool = False) -> bytes:
    """An XMP packet with one property, as an element or as an attribute."""
    escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    about = f'<rdf:Description rdf:about="" xmlns:n="{namespace}"'
    body = (
        f'{about} n:{name}="{escaped}"/>' if attribute else f"{about}><n:{name}>{escaped}</n:{name}></rdf:Description>"
    )
    packet = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{RDF}">{body}</rdf:RDF></x:xmpmeta>'
    return packet.encode()


def segment(marker: int, content: bytes) -> bytes:
    """A JPEG segment."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def jpeg(*segments: bytes) -> bytes:
    """Segments and an empty scan; no decoder is ever asked to show it."""
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34"
    return b"\xff\xd8" + b"".join(segments) + scan + b"\xff\xd9"


def xmp_segment(packet: bytes) -> bytes:
    return segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + packet)


def exif_segment(block: bytes) -> bytes:
    return segment(0xE1, b"Exif\x00\x00" + block)


def exif(**texts: str) -> bytes:
    """A TIFF structure with text tags named as EXIF names them."""
    numbers = {"ImageDescription": 0x010E, "Make": 0x010F, "Software": 0x0131, "Artist": 0x013B, "UserComment": 0x9286}
    rows = sorted((numbers[name], text) for name, text in texts.items())
    entries, values, at = b"", b"", 8 + 2 + 12 * len(rows) + 4
    for number, text in rows:
        # A text of four bytes or fewer would have to stand inline, and none here is that short.
        content = b"UNICODE\x00" + text.encode("utf-16-le") if number == 0x9286 else text.encode() + b"\x00"
        content = content.ljust(5, b"\x00")
        entries += struct.pack("<HHII", number, 7 if number == 0x9286 else 2, len(content), at + len(values))
        values += content
    return b"II*\x00" + struct.pack("<IH", 8, len(rows)) + entries + bytes(4) + values


def riff(form: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    body = b"".join(
        kind + struct.pack("<I", len(content)) + content + bytes(len(content) & 1) for kind, content in chunks
    )
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + form + body


def wav(*chunks: tuple[bytes, bytes]) -> bytes:
    return riff(b"WAVE", (b"fmt ", struct.pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8)), *chunks, (b"data", bytes(8)))


def webp(*chunks: tuple[bytes, bytes]) -> bytes:
    return riff(b"WEBP", (b"VP8X", bytes(10)), (b"VP8L", b"\x2f" + bytes(9)), *chunks)


def box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I", 8 + len(body)) + kind + body


def mp4(key: str, value: str) -> bytes:
    """A movie without samples whose user data holds one key of the `mdta` kind."""
    keys = box(b"keys", bytes(4), struct.pack(">I", 1), box(b"mdta", key.encode()))
    item = box(struct.pack(">I", 1), box(b"data", struct.pack(">II", 1, 0), value.encode()))
    handler = box(b"hdlr", bytes(8), b"mdta", bytes(13))
    meta = box(b"meta", bytes(4), handler, keys, box(b"ilst", item))
    return box(b"ftyp", b"isom", bytes(4), b"isom") + box(b"mdat", bytes(16)) + box(b"moov", box(b"udta", meta))


def mov(key: str, value: str) -> bytes:
    """The same as QuickTime has it: its own brand, and no version before the handler of the `meta` box."""
    keys = box(b"keys", bytes(4), struct.pack(">I", 1), box(b"mdta", key.encode()))
    item = box(struct.pack(">I", 1), box(b"data", struct.pack(">II", 1, 0), value.encode()))
    meta = box(b"meta", box(b"hdlr", bytes(8), b"mdta", bytes(13)), keys, box(b"ilst", item))
    return box(b"ftyp", b"qt  ", bytes(4), b"qt  ") + box(b"wide") + box(b"mdat", bytes(16)) + box(b"moov", meta)


def heif(packet: bytes) -> bytes:
    """A picture of one item without a coded picture, and the XMP item that describes it."""
    picture = box(b"infe", b"\x02\x00\x00\x00\x00\x01\x00\x00hvc1\x00")
    xmp_item = box(b"infe", b"\x02\x00\x00\x00\x00\x02\x00\x00mime\x00application/rdf+xml\x00")
    iinf = box(b"iinf", bytes(4), b"\x00\x02", picture, xmp_item)
    pitm = box(b"pitm", bytes(4), b"\x00\x01")
    head = box(b"ftyp", b"heic", bytes(4), b"mif1heic")
    width = 8 + 4 + 4 + 2 * (2 + 2 + 2 + 8)
    at = len(head) + 12 + len(pitm) + len(iinf) + width + 8
    rows = struct.pack(">HHHII", 1, 0, 1, at, 4) + struct.pack(">HHHII", 2, 0, 1, at + 4, len(packet))
    iloc = box(b"iloc", bytes(4), b"\x44\x00\x00\x02", rows)
    return head + box(b"meta", bytes(4), pitm, iinf, iloc) + box(b"mdat", bytes(4), packet)


def jxl(packet: bytes) -> bytes:
    """The container around an empty codestream."""
    head = box(b"JXL ", b"\r\n\x87\n") + box(b"ftyp", b"jxl ", bytes(4), b"jxl ")
    return head + box(b"xml ", packet) + box(b"jxlc", b"\xff\x0a" + bytes(4))


def svg(packet: bytes) -> bytes:
    return b'<svg xmlns="http://www.w3.org/2000/svg"><metadata>' + packet + b'</metadata><path d="M0 0h1"/></svg>'


def avi(*chunks: tuple[bytes, bytes]) -> bytes:
    return riff(b"AVI ", (b"LIST", b"hdrl" + bytes(8)), (b"LIST", b"movi"), *chunks)


def mp3(frame: bytes, content: bytes) -> bytes:
    """An ID3v2.4 tag with one frame, then one silent frame header."""
    body = frame + _sevens(len(content)) + bytes(2) + content
    return b"ID3\x04\x00\x00" + _sevens(len(body)) + body + b"\xff\xfb\x90\x00" + bytes(413)


def _sevens(length: int) -> bytes:
    """A length in this version of the tag: seven bits of each byte."""
    return bytes(length >> shift & 0x7F for shift in (21, 14, 7, 0))


def flac(*comments: str) -> bytes:
    body = struct.pack("<I", 0) + struct.pack("<I", len(comments))
    for comment in comments:
        body += struct.pack("<I", len(comment.encode())) + comment.encode()
    return b"fLaC" + b"\x00\x00\x00\x22" + bytes(34) + b"\x84" + struct.pack(">I", len(body))[1:] + body


def ogg(*comments: str) -> bytes:
    """Opus heads in one page each; the checksum is left out, since readers of tags do not judge sound."""
    tags = b"OpusTags" + struct.pack("<I", 0) + struct.pack("<I", len(comments))
    for comment in comments:
        tags += struct.pack("<I", len(comment.encode())) + comment.encode()
    return _page(0, b"OpusHead\x01\x01" + bytes(9)) + _page(1, tags)


def _page(number: int, packet: bytes) -> bytes:
    lacing = bytes([255] * (len(packet) // 255) + [len(packet) % 255])
    head = (
        b"OggS\x00" + bytes([2 if number == 0 else 0]) + bytes(8) + b"\x01\x00\x00\x00" + struct.pack("<II", number, 0)
    )
    return head + bytes([len(lacing)]) + lacing + packet


def gif(packet: bytes = b"", comment: bytes = b"") -> bytes:
    extensions = b""
    if packet:
        trailer = b"\x01" + bytes(range(255, -1, -1)) + b"\x00"
        extensions += b"\x21\xff\x0bXMP DataXMP" + packet + trailer
    if comment:
        extensions += b"\x21\xfe" + bytes([len(comment)]) + comment + b"\x00"
    picture = b"\x2c" + bytes(8) + b"\x00\x02\x02\x44\x01\x00"
    return b"GIF89a\x01\x00\x01\x00\x00\x00\x00" + extensions + picture + b"\x3b"


def pdf(packet: bytes) -> bytes:
    """A document without a page whose catalog names its metadata, with a true table of its objects."""
    stream = b"<</Type/Metadata/Subtype/XML/Length %d>>\nstream\n" % len(packet) + packet + b"\nendstream"
    pages = b"<</Type/Pages/Kids[]/Count 0>>"
    content, places = b"%PDF-1.7\n", []
    for number, body in enumerate((b"<</Type/Catalog/Pages 3 0 R/Metadata 2 0 R>>", stream, pages), 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows = b"".join(b"%010d 00000 n\r\n" % place for place in places)
    table = b"xref\n0 4\n0000000000 65535 f\r\n" + rows + b"trailer\n<</Root 1 0 R/Size 4>>\n"
    return content + table + b"startxref\n%d\n%%%%EOF\n" % len(content)


def tiff(**texts: str) -> bytes:
    return exif(**texts)


def element(identifier: bytes, content: bytes) -> bytes:
    """A Matroska element with an eight-byte length."""
    return identifier + b"\x01" + len(content).to_bytes(7, "big") + content


def matroska(name: str, text: str) -> bytes:
    tag = element(b"\x45\xa3", name.encode()) + element(b"\x44\x87", text.encode())
    tags = element(b"\x12\x54\xc3\x67", element(b"\x73\x73", element(b"\x67\xc8", tag)))
    return element(b"\x1a\x45\xdf\xa3", b"\x42\x82\x84webm") + element(b"\x18\x53\x80\x67", tags)


def flv(key: str, value: str) -> bytes:
    pair = (
        struct.pack(">H", len(key)) + key.encode() + b"\x02" + struct.pack(">H", len(value.encode())) + value.encode()
    )
    script = b"\x02\x00\x0aonMetaData\x08\x00\x00\x00\x01" + pair + b"\x00\x00\x09"
    tag = b"\x12" + struct.pack(">I", len(script))[1:] + bytes(7) + script
    return b"FLV\x01\x05\x00\x00\x00\x09" + bytes(4) + tag + struct.pack(">I", len(tag))
