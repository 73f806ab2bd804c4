"""A reviewer sees the label key by key, every field with its place, the container's parts, and what was not read."""

from __future__ import annotations

import json

from assay.detection.inspection import Section, bounded
from assay.detection.media import Media
from assay.detection.scanner import Inspecting, Settings
from assay.detection.scanners.metadata.examples import build
from assay.detection.scanners.metadata.examples.cases import CODES, IPTC, label
from assay.detection.scanners.metadata.scanner import build as build_scanner

SCANNER = build_scanner(Settings())


def sections(content: bytes) -> dict[str, Section]:
    return {section.title: section for section in SCANNER.inspect(Media.from_bytes(content, name="a"))}


def test_the_scanner_can_be_asked_to_inspect() -> None:
    assert isinstance(SCANNER, Inspecting)


def test_a_label_is_shown_key_by_key_with_its_place() -> None:
    shown = sections(build.png(build.png_text("AIGC", label("2"))))["Implicit label (GB 45438)"]
    rows = dict(shown.rows)
    assert shown.state == "found"
    assert rows["place"] == "PNG text: AIGC"
    assert rows["says"] == "it may be AI-generated"
    assert (rows["ProduceID"], rows["ReservedCode1"]) == ("P-1", "empty")
    assert rows["departs from the standard"] == "ReservedCode2: missing"


def test_labels_that_contradict_each_other_are_shown_together() -> None:
    content = build.png(build.png_text("AIGC", label("1")), build.png_text("AIGC", label("3")))
    shown = sections(content)["Implicit label (GB 45438)"]
    assert shown.state == "weak"
    assert [dict(child.rows)["Label"] for child in shown.children] == ["1", "3"]


def test_every_field_stands_under_its_place() -> None:
    packet = build.xmp(IPTC, "DigitalSourceType", CODES + "trainedAlgorithmicMedia")
    content = build.jpeg(build.exif_segment(build.exif(Make="Kamera")), build.xmp_segment(packet))
    shown = sections(content)
    fields = {child.title: child.rows for child in shown["Fields"].children}
    assert fields["EXIF"] == (("Make", "Kamera"),)
    assert fields["XMP"] == (("IPTC extension: DigitalSourceType", CODES + "trainedAlgorithmicMedia"),)
    assert shown["Declarations and generators' marks"].rows[0][0] == "generated (xmp)"
    assert dict(shown["Structure"].rows)["APP1"] == "2"


def test_nothing_found_is_called_absent_and_says_that_it_proves_nothing() -> None:
    shown = sections(build.png())
    assert shown["Implicit label (GB 45438)"].state == "absent"
    assert "nothing follows" in shown["Declarations and generators' marks"].note
    assert "Not read" not in shown


def test_what_was_not_read_is_said() -> None:
    whole = build.png(build.png_text("AIGC", label()))
    shown = sections(whole[:-20])["Not read"]
    assert shown.state == "not checked"
    assert "past the end" in dict(shown.rows)["reason"]


def test_a_kind_of_file_without_a_reader_is_not_called_empty() -> None:
    (shown,) = SCANNER.inspect(Media.from_bytes(b"BM" + bytes(12) + b"\x28" + bytes(40), name="a"))
    assert shown.state == "not checked"


def test_a_hostile_file_cannot_fill_the_page() -> None:
    texts = [build.png_text(f"k{number}", "x" * 5_000 + "\x1b[2J") for number in range(600)]
    kinds = [build.chunk(b"a%03d" % number, b"") for number in range(900)]
    shown = bounded(SCANNER.inspect(Media.from_bytes(build.png(*texts, *kinds), name="a")))
    assert len(json.dumps([repr(section) for section in shown])) < 200_000
    assert "\x1b" not in repr(shown)
