"""Hostile structure costs a note, a little time and nothing else."""

from __future__ import annotations

import io
import struct
import time
import zipfile
import zlib

import pytest

from assay.detection.media import Media
from assay.detection.scanner import ScanFailed, Settings
from assay.detection.scanners.metadata.bounded import Exhausted, Malformed, Source, inflate
from assay.detection.scanners.metadata.examples import build
from assay.detection.scanners.metadata.examples.cases import CODES, IPTC, label
from assay.detection.scanners.metadata.scanner import build as build_scanner

SCANNER = build_scanner(Settings())
TRAINED = build.xmp(IPTC, "DigitalSourceType", CODES + "trainedAlgorithmicMedia")


def scan(content: bytes) -> tuple[list[str], str | None]:
    """What was found, and the fault's slug."""
    try:
        return [each.claim.value for each in SCANNER.scan(Media.from_bytes(content, name="a")) if each.found], None
    except ScanFailed as failed:
        return [each.claim.value for each in failed.evidence], failed.slug


def packed(content: bytes) -> bytes:
    return build.chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(content, 9))


def zipped(content: bytes) -> bytes:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("docProps/custom.xml", content)
    return package.getvalue()


HOSTILE = {
    "a text chunk that unpacks to 64 MiB": build.png(packed(bytes(64 << 20)), build.png_text("AIGC", label())),
    "a document part that unpacks to 64 MiB": zipped(bytes(64 << 20)),
    "a million nested movie boxes": build.box(b"ftyp", b"isom", bytes(8)) + b"\x00\x00\x00\x00moov" * 1_000_000,
    "nested lists without end": b"RIFF\x10\x00\x00\x00WAVE" + b"LIST\xff\x00\x00\x00INFO" * 200_000,
    "a million empty chunks": build.png(*[build.chunk(b"eMPT", b"")] * 300_000),
    "a directory that points to itself": b"II*\x00\x08\x00\x00\x00" + struct.pack("<HHHIII", 1, 0x8769, 4, 1, 8, 8),
    "a thousand directories": b"II*\x00\x08\x00\x00\x00"
    + b"".join(struct.pack("<HI", 0, 14 + 6 * number) for number in range(1000)),
    "a scan without an end": build.jpeg()[:-2] + b"\xff\x00" * 4_000_000,
    "deep packets": build.jpeg(build.xmp_segment(b"<a>" * 15_000)),
    "a drawing of opening tags": b"<svg xmlns='x'>" + b"<metadata><x:xmpmeta" * 90_000,
    "a document of objects": b"%PDF-1.7\n" + b"1 0 obj<</Type/ObjStm/Root 9 0 R\n" * 200_000,
    "a document of blanks": b"%PDF-1.7\n/Root 1" + b" " * 4_000_000 + b"0 R",
    "a tag of empty frames": b"ID3\x03\x00\x00\x00\x7f\x7f\x7f" + b"TENC\x00\x00\x00\x01\x00\x00\x00" * 180_000,
    "comments without number": b"fLaC\x84\x00\x00\x08\x00\x00\x00\x00\xff\xff\xff\xff",
    "pages without a packet's end": (b"OggS\x00\x02" + bytes(8) + bytes(12) + b"\xff" + b"\xff" * 255 + bytes(65025))
    * 40,
    "aliases that stand for a billion": b"---\nAIGC:\n  a: &a [x, x]\n  b: &b [*a, *a]\n  c: [*b, *b]\n---\n",
    "front matter of brackets": b"---\nAIGC: " + b"[" * 15_000 + b"\n---\n",
    "elements within elements": build.matroska("a", "b")[:5]
    + b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff" * 50_000,
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_is_refused_in_time(content: bytes) -> None:
    media = Media.from_bytes(content, name="a")
    began = time.process_time()
    try:
        SCANNER.scan(media)
    except ScanFailed as failed:
        assert failed.slug in ("malformed-metadata", "metadata-not-read")
    assert time.process_time() - began < 2.0


def test_what_stands_before_and_behind_a_bomb_is_still_read() -> None:
    assert scan(HOSTILE["a text chunk that unpacks to 64 MiB"]) == (["generated"], "metadata-not-read")


def test_a_malformed_packet_does_not_hide_a_label_behind_it() -> None:
    content = build.jpeg(build.xmp_segment(b"<broken"), build.xmp_segment(TRAINED))
    assert scan(content) == (["generated"], "malformed-metadata")


@pytest.mark.parametrize(
    "packet",
    [
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        b'<!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;">]><a>&d;</a>',
        b'<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>',
    ],
)
def test_entities_and_document_types_are_refused(packet: bytes) -> None:
    assert scan(build.jpeg(build.xmp_segment(packet))) == ([], "malformed-metadata")


def test_a_file_cut_short_is_never_called_wholly_read() -> None:
    whole = build.png(build.png_text("Title", "a hill"))
    for end in range(20, len(whole)):
        assert scan(whole[:end])[1] == "malformed-metadata", end
    assert scan(whole) == ([], None)


def test_only_the_documents_own_packet_speaks_for_a_document() -> None:
    picture = b"9 0 obj\n<</Type/Metadata/Subtype/XML>>\nstream\n" + TRAINED + b"\nendstream\nendobj\n"
    plain = build.pdf(build.xmp("urn:x", "a", "b"))
    content = plain.replace(b"trailer", picture + b"trailer")
    assert scan(content) == ([], None)
    assert scan(build.pdf(TRAINED)) == (["generated"], None)


def test_a_later_packet_replaces_an_earlier_one_in_a_document() -> None:
    newer = b"2 0 obj\n<</Type/Metadata>>\nstream\n" + build.xmp("urn:x", "a", "b") + b"\nendstream\nendobj\n"
    assert scan(build.pdf(TRAINED) + newer) == ([], None)


def test_a_packed_catalog_is_found() -> None:
    catalog = b"1 0 <</Type/Catalog/Metadata 2 0 R>>"
    body = zlib.compress(catalog)
    held = b"5 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode>>\nstream\n" + body + b"\nendstream\nendobj\n"
    packet = b"2 0 obj\n<</Type/Metadata>>\nstream\n" + TRAINED + b"\nendstream\nendobj\n"
    assert scan(b"%PDF-1.7\n" + held + packet + b"<</Type/XRef/Root 1 0 R>>\n%%EOF") == (["generated"], None)


def test_a_raw_profile_is_unpacked() -> None:
    text = f"\nxmp\n    {len(TRAINED)}\n{TRAINED.hex()}\n"
    assert scan(build.png(build.png_packed_text("Raw profile type xmp", text))) == (["generated"], None)


def test_a_value_larger_than_any_true_one_is_noted() -> None:
    content = build.png(build.chunk(b"tEXt", b"Comment\x00" + bytes(3 << 20)), build.png_text("AIGC", label()))
    assert scan(content) == (["generated"], "metadata-not-read")


def test_a_large_cover_does_not_hide_a_label_behind_it() -> None:
    frames = [(b"APIC", bytes(3 << 20)), (b"TXXX", b"\x03AIGC\x00" + label().encode())]
    body = b"".join(name + struct.pack(">I", len(content)) + bytes(2) + content for name, content in frames)
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    assert scan(b"ID3\x03\x00\x00" + size + body) == (["generated"], None)


def test_a_large_depth_map_in_a_packet_does_not_hide_a_source_type() -> None:
    packet = TRAINED.replace(
        b"</rdf:RDF>", b'<rdf:Description xmlns:d="urn:d" d:m="' + b"A" * (3 << 20) + b'"/></rdf:RDF>'
    )
    head = b"http://ns.adobe.com/xmp/extension/\x00" + b"A" * 32 + len(packet).to_bytes(4, "big")
    steps = range(0, len(packet), 60_000)
    parts = [build.segment(0xE1, head + at.to_bytes(4, "big") + packet[at : at + 60_000]) for at in steps]
    assert scan(build.jpeg(*parts)) == (["generated"], None)


def test_an_unsynchronised_tag_is_undone_before_it_is_read() -> None:
    content = b"\x00\xff\xe0AIGC"
    comment = b"\x03AIGC\x00" + label().encode()
    frames = [(b"TENC", content), (b"TXXX", comment)]
    body = b"".join(name + struct.pack(">I", len(each)) + bytes(2) + each for name, each in frames)
    body = body.replace(b"\xff", b"\xff\x00")
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    assert scan(b"ID3\x03\x00\x80" + size + body) == (["generated"], None)


def test_a_source_never_reads_past_its_end_or_its_budget() -> None:
    source = Source(io.BytesIO(b"abcd"), 4)
    assert source.read(1, 3) == b"bcd"
    for offset, count in ((2, 3), (-1, 1), (0, -1), (99, 1)):
        with pytest.raises(Malformed):
            source.read(offset, count)
    nested = source.nested(b"xy")
    nested.budget.steps = 0
    with pytest.raises(Exhausted):
        source.read(0, 1)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(Exhausted):
        inflate(zlib.compress(bytes(16 << 20)))
    with pytest.raises(Malformed):
        inflate(b"nothing packed")
