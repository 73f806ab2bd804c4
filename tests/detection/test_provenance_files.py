"""Real and made files with known truth: every verdict and integrity as the labels say, without and with anchors."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from assay.detection.judgement import Judgement, assertions, judge
from assay.detection.result import ScanResult
from assay.detection.run import scan_files

VERDICTS = {"yes": "generated", "partial": "altered", "no": None}


@dataclass(frozen=True, slots=True)
class Labelled:
    name: str
    folder: str
    ai: str
    integrity: str
    result: ScanResult
    judgement: Judgement


@pytest.fixture(scope="module", params=["without anchors", "with anchors"])
def files(request: pytest.FixtureRequest, shared_test_data: Path) -> list[Labelled]:
    trust = shared_test_data / "trust" if request.param == "with anchors" else None
    with (shared_test_data / "labels.csv").open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["file"].startswith("provenance/")]
    results = scan_files([shared_test_data / row["file"] for row in rows], trust=trust)
    return [labelled(row, result) for row, result in zip(rows, results, strict=True)]


def labelled(row: dict[str, str], result: ScanResult) -> Labelled:
    truth = dict(part.partition("=")[::2] for part in row["truth"].split(";"))
    _, folder, name = row["file"].split("/")
    ai, integrity = truth.get("ai", ""), truth.get("integrity", "")
    return Labelled(name, folder, ai, integrity, result, judge(result.evidence))


def test_every_verdict_is_right(files: list[Labelled]) -> None:
    known = [each for each in files if each.ai and each.integrity != "broken"]
    assert len(known) == 47
    assert [(each.name, each.judgement.ai_extent) for each in known] == [
        (each.name, VERDICTS[each.ai]) for each in known
    ]


def test_every_integrity_is_right(files: list[Labelled], request: pytest.FixtureRequest) -> None:
    anchored = "with anchors" in request.node.name
    expected = {each.name: each.integrity for each in files if each.integrity}
    if not anchored:
        # Its time stamp is what keeps this signature alive, and nobody vouches for a time stamp without anchors.
        expected["flux_1.jpg"] = "expired"
    assert {each.name: each.judgement.integrity.value for each in files if each.integrity} == expected


def test_no_trap_is_called_ai(files: list[Labelled]) -> None:
    traps = [each for each in files if each.folder in ("trap", "clean", "stripped", "unsigned", "c2pa-fixture")]
    assert len(traps) == 21
    assert not [each.name for each in traps if each.judgement.ai_extent or each.judgement.synthetic_status]


def test_absence_is_not_called_human(files: list[Labelled]) -> None:
    assert not [
        each.name
        for each in files
        for assertion in assertions(each.result)
        if (assertion.signal, assertion.value) in {("ai_extent", "none"), ("synthetic_status", "authentic")}
    ]


def test_a_changed_pixel_is_not_believed(files: list[Labelled]) -> None:
    (attack,) = [each for each in files if each.name == "atk_firefly_pixelflip.jpg"]
    assert attack.judgement.ai_extent is None
    assert attack.judgement.provenance == "broken"
    assert attack.judgement.synthetic_status == "suspected"


def test_a_forged_declaration_is_only_a_declaration(files: list[Labelled]) -> None:
    (attack,) = [each for each in files if each.name == "atk_forged_iptc.jpg"]
    assert attack.judgement.synthetic_status == "declared"
    assert attack.judgement.provenance == "declared"
    assert {assertion.by for assertion in assertions(attack.result)} == {"mark", "platform"}


def test_only_anchors_make_a_signer_trusted(files: list[Labelled], request: pytest.FixtureRequest) -> None:
    confirmed = {each.name for each in files if each.judgement.synthetic_status == "confirmed"}
    trusted = {each.name for each in files if each.judgement.provenance == "signed_trusted"}
    assert confirmed == trusted
    names = "firefly_cat.jpg firefly_1.png chatgpt_2026_0.png chatgpt_2026_2.png gemini.png samsung_0.png"
    assert trusted == (set(names.split()) if "with anchors" in request.node.name else set())


def test_the_tiers_of_anchors_stay_apart(files: list[Labelled], request: pytest.FixtureRequest) -> None:
    tiers = {each.name: each.result.evidence[0].tier.value for each in files if each.folder == "c2pa-real"}
    found = (tiers["gemini.png"], tiers["firefly_1.png"])
    # Without anchors nobody vouches for anybody, and there is one tier.
    assert found == (("trusted", "interim") if "with anchors" in request.node.name else ("valid", "valid"))


def test_a_remote_manifest_is_recorded_and_not_fetched(files: list[Labelled]) -> None:
    (remote,) = [each for each in files if each.name == "remote_manifest.jpg"]
    assert remote.judgement.provenance == "remote"
    assert remote.result.evidence[0].details["address"].startswith("https://cai-manifests.adobe.com/")
    assert not remote.result.faults


def test_no_scanner_crashes_or_hangs_on_hostile_files(files: list[Labelled]) -> None:
    slugs = {fault.slug for each in files for fault in each.result.faults}
    assert slugs == {"unreadable-manifest", "malformed-metadata"}
    assert {each.folder for each in files if each.result.faults} == {"c2pa-parser"}


def test_a_broken_ingredient_is_told(files: list[Labelled]) -> None:
    (nested,) = [each for each in files if each.name == "CIE-sig-CA.jpg"]
    top, ingredient = (each for each in nested.result.evidence if each.kind == "signed_provenance")
    assert (top.integrity, top.details["ancestors_broken"]) == ("ok", "1")
    assert (ingredient.scope, ingredient.integrity, ingredient.details["own_integrity"]) == (
        "component",
        "broken",
        "broken",
    )


def test_the_chinese_label_is_read_in_every_container(files: list[Labelled]) -> None:
    said = {
        each.name: [assertion.value for assertion in assertions(each.result) if assertion.signal == "gb_label"]
        for each in files
        if each.name.startswith(("m_aigc", "doubao", "jimeng"))
    }
    assert len(said) == 9
    assert set(map(tuple, said.values())) == {("is",)}


def test_the_files_are_those_that_were_labelled(shared_test_data: Path) -> None:
    with (shared_test_data / "labels.csv").open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["file"].startswith("provenance/")]
    assert len(rows) == 64
    digests = {row["file"]: hashlib.sha256((shared_test_data / row["file"]).read_bytes()).hexdigest() for row in rows}
    assert digests == {row["file"]: row["sha256"] for row in rows}


def test_a_file_without_a_manifest_says_just_that(files: list[Labelled]) -> None:
    (plain,) = [each for each in files if each.folder == "unsigned"]
    assert (plain.judgement.integrity.value, plain.judgement.provenance) == ("none", "none")


def test_a_broken_manifest_makes_nobody_an_author(files: list[Labelled]) -> None:
    broken = [each for each in files if each.integrity == "broken"]
    assert len(broken) == 5
    assert {each.judgement.ai_extent for each in broken} == {None}
