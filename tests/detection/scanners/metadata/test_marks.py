"""Marks count in their own fields and forms; a word about AI anywhere else is nothing."""

from __future__ import annotations

import json

import pytest

from assay.detection.evidence import Claim, Evidence
from assay.detection.labels.implicit import parse_label
from assay.detection.media import Media
from assay.detection.scanner import ScanFailed, Settings
from assay.detection.scanners.declared.declaration import Malformed, check_declaration, parse_declaration
from assay.detection.scanners.metadata.examples import build
from assay.detection.scanners.metadata.examples.cases import ARTIST, CODES, IPTC, SETTINGS, label
from assay.detection.scanners.metadata.scanner import build as build_scanner
from assay.detection.scanners.source_types import claim_of

SCANNER = build_scanner(Settings())


def found(content: bytes) -> list[Evidence]:
    try:
        evidence = SCANNER.scan(Media.from_bytes(content, name="a"))
    except ScanFailed as failed:
        evidence = list(failed.evidence)
    return [each for each in evidence if each.found]


def claims(content: bytes) -> list[str]:
    return [each.claim.value for each in found(content)]


@pytest.mark.parametrize(
    ("value", "claim"),
    [
        (f"{CODES}trainedAlgorithmicMedia", Claim.GENERATED),
        ("https://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia", Claim.GENERATED),
        ("digsrctype:compositeSynthetic", Claim.ALTERED),
        ("trainedAlgorithmicMedia", Claim.GENERATED),
        (f"{CODES}algorithmicMedia", Claim.ALGORITHMIC),
        (f"{CODES}computationalCapture", Claim.CAPTURED),
        (f"{CODES}composite", Claim.UNCLEAR),
        (f"{CODES}somethingNew", Claim.UNCLEAR),
        ("http://example.org/trainedAlgorithmicMedia", None),
        ("not trainedAlgorithmicMedia", None),
        ("", None),
    ],
)
def test_a_source_type_counts_in_its_own_form(value: str, claim: Claim | None) -> None:
    assert claim_of(value) is claim


@pytest.mark.parametrize("key", ["Label", "AIGC"])
def test_a_label_is_read_wrapped_and_bare(key: str) -> None:
    parsed = parse_label(label(wrapped=key == "AIGC"))
    assert parsed is not None
    assert parsed.value == "1"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "AIGC",
        "{}",
        "[1]",
        '{"Label": "1"}',
        '{"Label": "4", "ContentProducer": "x"}',
        '{"Label": true, "ContentProducer": "x"}',
        '{"Label": "1", "ContentProducer": {"a": 1}}',
        '{"Label": "3", "Label": "1", "ContentProducer": "x"}',
        '{"AIGC": {"Label": "1", "ContentProducer": "x"}, "and": "more"}',
        '{"AIGC": ' * 2000,
        "[" * 10_000,
        json.dumps({"AIGC": {"Label": "1", "ContentProducer": "x" * 20_000}}),
    ],
)
def test_what_has_not_the_standards_form_is_no_label(text: str) -> None:
    assert parse_label(text) is None


def test_numbers_and_the_services_own_keys_are_labels_too() -> None:
    for text in (
        '{"Label": 2, "ContentPropagator": "x"}',
        '{"Label": "2", "ServiceProvider": "x", "ServiceUser": "y"}',
    ):
        parsed = parse_label(text)
        assert parsed is not None
        assert parsed.value == "2"


def test_labels_that_disagree_say_so() -> None:
    content = build.png(build.png_text("AIGC", label("1")), build.png_text("AIGC", label("1", producer="other")))
    assert [each.details["disagrees_on"] for each in found(content)] == ["ContentProducer"] * 2
    content = build.png(build.png_text("AIGC", label("1")), build.png_text("AIGC", label("2")))
    assert [each.details["conflict"] for each in found(content)] == ["1,2", "1,2"]


def test_an_ai_system_alone_says_that_ai_was_used() -> None:
    content = build.jpeg(build.xmp_segment(build.xmp(IPTC, "AISystemUsed", "Model 1")))
    (only,) = found(content)
    assert (only.claim, only.details["generator"]) == (Claim.AI_UNSPECIFIED, "Model 1")


def test_a_source_type_inside_a_structure_is_not_the_files_own() -> None:
    nested = (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{build.RDF}"><rdf:Description xmlns:m="urn:m" '
        f'xmlns:i="{IPTC}"><m:Ingredients><rdf:Bag><rdf:li><rdf:Description i:DigitalSourceType='
        f'"{CODES}trainedAlgorithmicMedia"/></rdf:li></rdf:Bag></m:Ingredients></rdf:Description></rdf:RDF></x:xmpmeta>'
    )
    assert found(build.jpeg(build.xmp_segment(nested.encode()))) == []


def test_a_long_packet_is_put_together_from_its_parts() -> None:
    packet = build.xmp(IPTC, "DigitalSourceType", CODES + "trainedAlgorithmicMedia")
    head = b"http://ns.adobe.com/xmp/extension/\x00" + b"A" * 32 + len(packet).to_bytes(4, "big")
    parts = [
        build.segment(0xE1, head + (100).to_bytes(4, "big") + packet[100:]),
        build.segment(0xE1, head + (0).to_bytes(4, "big") + packet[:100]),
    ]
    assert claims(build.jpeg(*parts)) == ["generated"]


@pytest.mark.parametrize("prefix", [b"\x00\x00\x00\x00", b"\x00\x00\x00\x06Exif\x00\x00"])
def test_an_exif_item_is_read_in_heif(prefix: bytes) -> None:
    block = prefix + build.exif(UserComment=label(wrapped=True))
    infe = build.box(b"infe", b"\x02\x00\x00\x00\x00\x01\x00\x00Exif\x00")
    iinf = build.box(b"iinf", b"\x00\x00\x00\x00\x00\x01", infe)
    start = 24 + 8 + 4 + len(iinf) + 30 + 8
    extent = start.to_bytes(4, "big") + len(block).to_bytes(4, "big")
    iloc = build.box(b"iloc", b"\x00\x00\x00\x00\x44\x00\x00\x01\x00\x01\x00\x00\x00\x01", extent)
    content = build.box(b"ftyp", b"heic", bytes(4), b"mif1heic") + build.box(b"meta", bytes(4), iinf, iloc)
    assert len(content) + 8 == start
    assert claims(content + build.box(b"mdat", block)) == ["generated"]


def test_inpainting_is_an_alteration() -> None:
    content = build.png(build.png_text("parameters", SETTINGS + ", Mask blur: 4"))
    assert claims(content) == ["altered"]


@pytest.mark.parametrize(
    "content",
    [
        build.png(build.png_text("parameters", "Steps: 20 to the top of the hill, Seed: grass")),
        build.png(build.png_text("Title", SETTINGS)),
        build.png(build.png_text("prompt", '{"3": "KSampler"}')),
        build.png(build.png_text("workflow", '{"nodes": [{"id": 1, "type": "LoadImage"}]}')),
        build.png(build.png_text("Software", "NovelAI")),
        build.png(build.png_text("Description", f"my Job ID: {ARTIST} was refused")),
        build.png(build.png_text("invokeai_metadata", '{"app_version": "4"}')),
        build.jpeg(build.exif_segment(build.exif(ImageDescription="Signature: Ada Lovelace", Artist=ARTIST))),
        build.jpeg(build.exif_segment(build.exif(Software="DALL-E 3 viewer"))),
        build.jpeg(build.exif_segment(build.exif(UserComment=label()))),
        build.mp3(b"COMM", b"\x00eng\x00a song about those made with suno"),
        build.jpeg(build.segment(0xFE, label(wrapped=True).encode())),
        build.gif(comment=b"trainedAlgorithmicMedia"),
        b'---\ntitle: "AIGC: {Label: 1}"\n---\nAIGC:\n  Label: 1\n',
        json.dumps({"AIGC": json.loads(label())}).encode(),
    ],
)
def test_a_near_miss_is_nothing(content: bytes) -> None:
    assert found(content) == []


@pytest.mark.parametrize(
    "raw",
    [
        b"[]",
        b"{",
        b"\xff",
        b'{"ai_extent": "generated"}',
        b'{"ai_extent": "none", "x": 1}',
        b'{"where": "toggle"}',
        b'{"ai_extent": ["none"]}',
        b'{"ai_extent": "none", "generator": 7}',
        b" " * 70_000,
        b"[" * 60_000,
    ],
)
def test_a_malformed_declaration_is_refused(raw: bytes) -> None:
    with pytest.raises(Malformed):
        parse_declaration(raw)


def test_a_denial_needs_no_place_and_a_disclosure_does() -> None:
    assert check_declaration({"ai_extent": "none"}).where == "none"
    assert check_declaration({"ai_extent": "assisted", "where": "caption"}).claim is Claim.ASSISTED
