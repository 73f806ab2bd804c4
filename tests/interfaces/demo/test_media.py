"""Every file that the demonstration makes is real media and carries exactly what its story says."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import av
import c2pa
import pytest
from PIL import Image

from assay.interfaces.demo.make import RECIPES, MadeFile
from tests.interfaces.demo.conftest import Decided

pytestmark = pytest.mark.slow

PICTURES = {".jpg", ".png", ".webp", ".gif"}
SOUNDS_AND_VIDEOS = {".wav", ".mp3", ".mp4"}


def validated(file: MadeFile, folder: Path) -> tuple[str, dict[str, Any]]:
    anchors = (folder / "trust" / "demo-ca.pem").read_text()
    settings = {"verify": {"remote_manifest_fetch": False}, "trust": {"trust_anchors": anchors}}
    with c2pa.Context.from_dict(settings) as context, c2pa.Reader(file.path, context=context) as reader:
        return str(reader.get_validation_state()), json.loads(reader.json())


def failures(store: dict[str, Any]) -> set[str]:
    return {each["code"] for each in store["validation_results"]["activeManifest"]["failure"]}


def test_every_picture_can_be_looked_at(made: dict[str, MadeFile]) -> None:
    for file in made.values():
        if file.path.suffix in PICTURES:
            with Image.open(file.path) as picture:
                picture.load()
                assert min(picture.size) >= 200, file.path.name


def test_every_sound_and_video_can_be_played(made: dict[str, MadeFile]) -> None:
    for file in made.values():
        if file.path.suffix in SOUNDS_AND_VIDEOS:
            with av.open(str(file.path), "r") as container:
                assert sum(1 for _ in container.decode(container.streams[0])) > 10, file.path.name


def test_the_folder_is_small_enough_to_pass_on(made: dict[str, MadeFile], folder: Path) -> None:
    assert len(made) >= 40
    assert sum(path.stat().st_size for path in folder.rglob("*")) < 15_000_000


@pytest.mark.parametrize(
    ("name", "state", "expected"),
    [
        ("hills-generated.jpg", "Trusted", set()),
        ("city-generated.png", "Trusted", set()),
        ("tiles-generated.webp", "Trusted", set()),
        ("ripples-generated.mp4", "Trusted", set()),
        ("tune-generated.wav", "Trusted", set()),
        ("harbour-edited.jpg", "Trusted", set()),
        ("hills-resigned.jpg", "Trusted", set()),
        ("hills-broken.jpg", "Invalid", {"assertion.dataHash.mismatch"}),
        ("lake-broken.jpg", "Invalid", {"assertion.dataHash.mismatch"}),
        ("lights-unknown-signer.jpg", "Valid", {"signingCredential.untrusted"}),
        ("dunes-expired.jpg", "Invalid", {"signingCredential.expired", "signingCredential.untrusted"}),
    ],
)
def test_credentials_are_as_the_story_says(
    made: dict[str, MadeFile], folder: Path, name: str, state: str, expected: set[str]
) -> None:
    found, store = validated(made[name], folder)
    assert (found, failures(store)) == (state, expected)


def test_a_signature_over_a_broken_original_keeps_the_break_in_its_record(
    made: dict[str, MadeFile], folder: Path
) -> None:
    state, store = validated(made["hills-laundered.jpg"], folder)
    (parent,) = store["manifests"][store["active_manifest"]]["ingredients"]
    codes = {each["code"] for each in parent["validation_results"]["activeManifest"]["failure"]}
    assert state == "Trusted"
    assert "assertion.dataHash.mismatch" in codes


def test_a_scan_that_trusts_the_authority_finds_what_is_expected(decided: Decided) -> None:
    for file, _, record in decided:
        found = {signal: record["signals"].get(signal) for signal in file.expect}
        assert found == dict(file.expect), file.path.name
        if "ai_extent" not in file.expect:
            by = record["resolved"].get("ai_extent", {}).get("by", "reviewer")
            assert by == "reviewer", f"{file.path.name}: {by} speaks of AI"


def test_the_demonstration_shows_settled_open_and_conflicting_decisions(decided: Decided) -> None:
    records = {file.path.name: record for file, _, record in decided}
    settled = [name for name, record in records.items() if all(each["settled"] for each in record["outcomes"])]
    assert 8 <= len(settled) <= len(records) - 8
    assert "gb_label" in records["map-two-labels.jpg"]["conflicts"]
    assert any("removed" in each["applied"] for each in records["polling-notice.png"]["outcomes"])
    assert "person.consent" in records["portrait-altered.jpg"]["outcomes"][0]["questions"]


def test_innocent_files_that_name_ai_settle_without_any_measure(decided: Decided) -> None:
    records = {file.path.name: record for file, _, record in decided}
    assert [each["applied"] for each in records["protest-caption.jpg"]["outcomes"]] == [[]]


def test_the_uploaders_declaration_stands_beside_the_file(made: dict[str, MadeFile]) -> None:
    for recipe in RECIPES:
        path = made[recipe.name].path.with_name(f"{recipe.name}.declared.json")
        assert path.is_file() == bool(recipe.declared)
        if recipe.declared:
            assert json.loads(path.read_text()) == dict(recipe.declared)


def test_marks_stand_where_programs_put_them(made: dict[str, MadeFile]) -> None:
    with Image.open(made["hills-settings.png"].path) as picture:
        assert "Steps: 28, Sampler:" in picture.text["parameters"]  # type: ignore[attr-defined]
    with Image.open(made["mosaic-label-1.png"].path) as picture:
        assert "TC260:AIGC" in picture.info["xmp"].decode()
    with Image.open(made["dunes-settings.jpg"].path) as picture:
        comment = picture.getexif().get_ifd(0x8769)[0x9286]
        assert comment.startswith(b"UNICODE\x00")
    with av.open(str(made["voice-label-2.mp3"].path), "r") as container:
        assert json.loads(container.metadata["AIGC"])["Label"] == "2"
    assert b"AIGC" in made["tune-label-1.wav"].path.read_bytes()[-400:]


def test_stripped_files_have_lost_everything(made: dict[str, MadeFile]) -> None:
    for name in ("hills-stripped.jpg", "ripples-stripped.mp4", "tiles-stripped.webp"):
        content = made[name].path.read_bytes()
        assert not any(mark in content for mark in (b"c2pa", b"jumb", b"trainedAlgorithmicMedia", b"AIGC"))
        with pytest.raises(c2pa.C2paError):
            c2pa.Reader(made[name].path.suffix[1:], io.BytesIO(content))
