"""What is refused, by name and with the next step; and that nothing is written then."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.detection.labels.process import Order, write_in_process
from assay.detection.labels.refused import CannotLabel
from assay.detection.labels.wish import Wish
from assay.detection.labels.write import Written, write_label
from assay.detection.media import Media
from assay.detection.registry import load_scanner
from assay.detection.scanner import Settings
from assay.detection.scanners.metadata.examples import build
from assay.detection.scanners.metadata.examples.cases import CODES, IPTC, LABEL_SPACE, label
from tests.detection.labels.media import film, saved

LABEL = Wish(label="1", propagator="001191610133596325171T22588", content_id="Q-1")
WHOLE = Wish(label="1", propagator="001191610133596325171T22588", source_type="trainedAlgorithmicMedia")


def written(content: bytes, folder: Path, wish: Wish = LABEL, *, break_credentials: bool = False) -> Written:
    file = folder / "upload"
    file.write_bytes(content)
    return write_label(file, out=folder / "labelled", wish=wish, break_credentials=break_credentials)


def refusal(content: bytes, folder: Path, wish: Wish = LABEL) -> str:
    with pytest.raises(CannotLabel) as refused:
        written(content, folder, wish)
    assert [path.name for path in folder.iterdir()] == ["upload"]
    return refused.value.slug


def signed() -> bytes:
    examples = load_scanner("c2pa", Settings()).examples()
    return next(each.content for each in examples if each.name == "generated.png")


def test_a_signed_file_is_refused_and_the_hint_says_how_to_go_on(tmp_path: Path) -> None:
    assert refusal(signed(), tmp_path) == "signed-file"


def test_a_signed_file_is_labelled_where_leave_is_given(tmp_path: Path) -> None:
    out = written(signed(), tmp_path, break_credentials=True).out
    (found,) = [each for each in load_scanner("c2pa", Settings()).scan(Media.from_path(out)) if each.found]
    assert found.integrity == "broken"


@pytest.mark.parametrize(
    ("content", "wish", "slug"),
    [
        (b"a text about a hill", LABEL, "no-writer"),
        (build.flv("title", "a hill"), LABEL, "no-writer"),
        (b"", LABEL, "empty-file"),
        (build.png(build.png_text("AIGC", "this is AIGC")), LABEL, "malformed-label"),
        (build.png(build.png_text("AIGC", label("1")), build.png_text("AIGC", label("1", producer="x"))), LABEL,
         "labels-disagree"),
        (build.png(), Wish(propagator="x"), "no-label"),
        (build.png(), Wish(label="1"), "nobody-named"),
        (build.png()[:-12], LABEL, "malformed-file"),
        (build.flac(), WHOLE, "no-place"),
        (build.matroska("TITLE", "a hill"), WHOLE, "no-place"),
        (build.pdf(build.xmp("urn:x", "a", "b")) + b"%/Encrypt", LABEL, "encrypted-document"),
        (build.pdf(build.xmp("urn:x", "a", "b")) + b"%/ByteRange", LABEL, "signed-document"),
        (b"RF64" + build.wav()[4:], LABEL, "unsupported-structure"),
        (b"ID3\x02\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x00" + bytes(413), LABEL, "unsupported-structure"),
        (build.jpeg(build.xmp_segment(build.xmp("urn:x", "a", "b" * 65_200))), LABEL, "no-room"),
        (build.png(build.png_packed_text(
            "Raw profile type xmp",
            f"\nxmp\n1\n{build.xmp(IPTC, 'DigitalSourceType', CODES + 'digitalCapture').hex()}\n",
        )), WHOLE, "not-read-back"),
    ],
)  # fmt: skip
def test_it_is_refused_by_name(content: bytes, wish: Wish, slug: str, tmp_path: Path) -> None:
    assert refusal(content, tmp_path, wish) == slug


def test_labels_that_disagree_are_made_one_by_what_is_said(tmp_path: Path) -> None:
    content = build.png(build.png_text("AIGC", label("1")), build.png_text("AIGC", label("2", producer="x")))
    told = written(content, tmp_path, Wish(label="1", producer="001191110102MACQD9K64010000"))
    assert {each.details["gb_label"] for each in told.evidence} == {"is"}
    assert not any("conflict" in each.details for each in told.evidence)
    assert dict(told.label)["ProduceID"] == "P-1"


def test_a_label_is_brought_up_to_date_wherever_it_stands(tmp_path: Path) -> None:
    packet = build.xmp(LABEL_SPACE, "AIGC", label(), attribute=True)
    for content in (
        build.jpeg(
            build.exif_segment(build.exif(UserComment=label(wrapped=True), Make="Kamera")), build.xmp_segment(packet)
        ),
        build.jpeg(build.segment(0xE9, f"AIGC{label()}".encode())),
        build.tiff(UserComment=label(wrapped=True), Make="Kamera"),
        build.png(behind=(build.png_international_text("XML:com.adobe.xmp", packet.decode()),)),
        build.avi(
            (b"LIST", b"INFOAIGC" + len(label()).to_bytes(4, "little") + label().encode() + bytes(len(label()) & 1))
        ),
    ):
        told = written(content, tmp_path)
        found = [each.details for each in told.evidence if "gb_label" in each.details]
        assert found
        assert {(each["propagate_id"], each["produce_id"]) for each in found} == {("Q-1", "P-1")}
        told.out.unlink()


def test_other_fields_stay_as_they_stood(tmp_path: Path) -> None:
    exif = build.exif_segment(build.exif(UserComment=label(wrapped=True), Make="Kamera AG", Artist="Ada Lovelace"))
    out = written(build.jpeg(exif, build.segment(0xFE, b"a comment")), tmp_path).out.read_bytes()
    assert out.count(b"Kamera AG") == out.count(b"Ada Lovelace") == out.count(b"a comment") == 1


def test_a_file_is_labelled_in_place_only_as_a_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(saved("PNG"))
    file.chmod(0o640)
    with pytest.raises(CannotLabel, match="file-exists"):
        write_label(file, out=file, wish=LABEL)
    write_label(file, out=file, wish=LABEL, replace=True)
    assert b"Q-1" in file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(saved("PNG"))
    with pytest.raises(CannotLabel, match="cannot-write"):
        write_label(file, out=tmp_path / "no" / "b.png", wish=LABEL)


def test_it_is_written_in_a_process_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "a.mp4"
    file.write_bytes(film("mp4", "mpeg4"))
    told = write_in_process(Order(file, tmp_path / "b.mp4", LABEL))
    assert dict(told.label)["PropagateID"] == "Q-1"
    with pytest.raises(CannotLabel, match="file-exists"):
        write_in_process(Order(file, tmp_path / "b.mp4", LABEL))
