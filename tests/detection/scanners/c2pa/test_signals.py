"""The official asset signals: ours, read from the library's JSON, are what the rubric says of its own form."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import c2pa
import pytest
import yaml

from assay.detection.media import Media
from assay.detection.scanner import Settings
from assay.detection.scanners.c2pa.examples.cases import created, edited, opened, placed, signed_png
from assay.detection.scanners.c2pa.said.signals import NAMES, signals_of
from assay.detection.scanners.c2pa.scanner import build
from tests.detection.scanners.c2pa.signing import offline

IPTC, C2PA = "http://cv.iptc.org/newscodes/digitalsourcetype/", "http://c2pa.org/digitalsourcetype/"
BEGAN = {
    "blankCanvas": [C2PA + "empty"],
    "capturedMedia": [IPTC + "digitalCapture", IPTC + "computationalCapture"],
    "capturedMediaStitched": [IPTC + "compositeCapture"],
    "compositionMayContainGenAI": [IPTC + "composite"],
    "fullyGenAIMedia": [IPTC + "trainedAlgorithmicMedia"],
    "nonGenAIDigitalCreation": [IPTC + "digitalCreation"],
    "partlyGenAICreation": [IPTC + "compositeWithTrainedAlgorithmicMedia"],
    "screenCaptureMayContainGenAI": [IPTC + "screenCapture"],
}


def by_the_rubric(manifest: dict[str, Any], variables: dict[str, list[str]]) -> set[str]:
    """The rubric's expressions, one by one, over the form they are written for."""
    assertions = manifest["assertions"]
    listed = assertions.get("c2pa.actions.v2") or {}
    actions = listed.get("actions") or []
    inception, quiet = variables["$inception_actions"], variables["$non_editorial_actions"]
    generative, possibly = variables["$genai_dst_types"], variables["$possibly_genai_dst_types"]
    began = [each.get("digitalSourceType") for each in actions if each["action"] in ("c2pa.created", "c2pa.opened")]
    seen = [each for each in actions if each["action"] not in inception and each["action"] not in quiet]
    ingredient = assertions.get("c2pa.ingredient.v3")
    gathered = manifest.get("claim.v2", {}).get("gathered_assertions") or []
    holds = {name: any(source in began for source in sources) for name, sources in BEGAN.items()}
    holds["mediaUnknownProvenance"] = ingredient is not None and ingredient.get("activeManifest") is None
    holds["nonEditorial"] = any(each["action"] in quiet for each in actions)
    holds["perceptibleGenAI"] = any(each.get("digitalSourceType") in generative for each in seen)
    holds["perceptibleNonGenAI"] = any(each.get("digitalSourceType") not in [None, *generative] for each in seen)
    holds["perceptiblePossiblyGenAI"] = any(each.get("digitalSourceType") in possibly for each in seen)
    holds["ambiguousActions"] = (
        not actions
        or listed.get("allActionsIncluded") is not True
        or any(not each["action"].startswith("c2pa.") or each["action"] == "c2pa.unknown" for each in actions)
        or any("c2pa.actions" in each["url"] for each in gathered)
    )
    return {name for name, held in holds.items() if held}


@pytest.fixture(scope="module")
def rubric(shared_test_data: Path) -> tuple[dict[str, list[str]], list[dict[str, Any]]]:
    text = (shared_test_data / "trust" / "asset-rubric-signals-local.yml").read_text(encoding="utf-8")
    head, signals = yaml.safe_load_all(text)
    return head["variables"], signals


def test_the_names_are_the_official_ones(rubric: tuple[dict[str, list[str]], list[dict[str, Any]]]) -> None:
    assert tuple(sorted(each["id"].rpartition("signal_")[2] for each in rubric[1])) == NAMES
    assert len(NAMES) == 14


def both(content: bytes) -> list[tuple[set[str], dict[str, Any]]]:
    """For each manifest our signals, and the manifest in the rubric's form."""
    with c2pa.Reader(None, io.BytesIO(content), None, offline()) as reader:
        ours, theirs = json.loads(reader.json())["manifests"], json.loads(reader.crjson())["manifests"]
    return [(set(signals_of(ours[each["label"]])), each) for each in theirs]


def test_they_are_what_the_rubric_says_of_real_files(
    rubric: tuple[dict[str, list[str]], list[dict[str, Any]]], shared_test_data: Path
) -> None:
    folder = shared_test_data / "provenance"
    paths = [path for name in ("c2pa-real", "c2pa-fixture") for path in sorted((folder / name).iterdir())]
    checked = 0
    for path in paths:
        if path.name != "remote_manifest.jpg":
            for ours, theirs in both(path.read_bytes()):
                assert ours == by_the_rubric(theirs, rubric[0]), path.name
                checked += 1
    assert checked >= 20


@pytest.mark.parametrize(
    "content",
    [
        signed_png(created("digitalCapture"), edited()),
        signed_png(created("trainedAlgorithmicMedia"), edited("compositeSynthetic"), edited("digitalArt")),
        signed_png(created("compositeCapture"), {"action": "c2pa.transcoded"}),
        signed_png(created("screenCapture"), {"action": "com.example.wobble"}),
        signed_png(opened(), edited("minorHumanEdits"), parent=signed_png(created("composite"))),
        signed_png(created("digitalCreation"), placed(), component=signed_png(created("digitalArt"))),
    ],
)
def test_they_are_what_the_rubric_says_of_made_files(
    rubric: tuple[dict[str, list[str]], list[dict[str, Any]]], content: bytes
) -> None:
    for ours, theirs in both(content):
        assert ours == by_the_rubric(theirs, rubric[0])


def test_they_stand_in_the_evidence() -> None:
    (found,) = build(Settings()).scan(Media.from_bytes(signed_png(created("trainedAlgorithmicMedia")), name="a.png"))
    assert found.details["signals"] == "fullyGenAIMedia,ambiguousActions"
