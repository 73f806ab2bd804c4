"""`assay scanners` tells which scanners can work; `assay scan` asks the slow ones only where somebody wants it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.detection.registry import scanner_names
from assay.detection.scanners.invisible_watermark.examples import as_png, embedded
from assay.detection.scanners.invisible_watermark.payloads import PAYLOADS
from assay.interfaces.cli.evidence import scanners as command
from tests.interfaces.running import assay


@pytest.fixture
def marked(tmp_path: Path) -> Path:
    path = tmp_path / "marked.png"
    path.write_bytes(as_png(embedded(PAYLOADS[0].bits)))
    return path


def test_every_scanner_is_told_with_state_cost_and_licence() -> None:
    run = assay("scanners", "--json")
    assert run.code == 0
    rows = {row["name"]: row for row in run.lines}
    assert tuple(rows) == scanner_names()
    assert all(row["licence"] and row["kinds"] and row["containers"] for row in rows.values())
    assert all(row["milliseconds_per_file"] > 0 for row in rows.values())
    assert (rows["metadata"]["state"], rows["metadata"]["deep"]) == ("ready", False)
    assert rows["invisible_watermark"]["deep"] is True
    assert {"what", "hits", "trials", "low", "high", "data", "on"} == set(rows["c2pa"]["measured"][0])


def test_what_cannot_work_says_the_next_step() -> None:
    rows = {row["name"]: row for row in assay("scanners", "--json").lines}
    assert rows["synthid_text"]["state"] in ("no package", "no weights")
    for row in rows.values():
        assert (row["state"] == "ready") == (row["next_step"] is None), row["name"]
    text = assay("scanners").out
    assert "synthid_text: no" in text
    assert f"{len(rows)} scanners: " in text


def test_scanners_are_tried_on_their_own_examples() -> None:
    rows = {row["name"]: row for row in assay("scanners", "--verify", "--json").lines}
    assert rows["declared"]["faults"] == []
    assert rows["invisible_watermark"]["faults"] == []
    assert rows["trustmark"]["faults"] is None
    assert {row["name"]: row["faults"] for row in rows.values() if row["faults"]} == {}


def test_one_that_cannot_be_loaded_is_told_and_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from assay.detection import registry

    names = ("declared", "tests.detection.fakes:unloadable")
    monkeypatch.setattr(registry, "scanner_names", lambda: names)
    run = assay("scanners")
    assert run.code == 1
    assert "its weights are missing" in run.out
    assert "2 scanners: 1 ready, 1 cannot be loaded" in run.out


def test_a_scanner_that_breaks_its_word_ends_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    from assay.detection import registry

    monkeypatch.setattr(registry, "scanner_names", lambda: ("declared",))
    monkeypatch.setattr("assay.detection.scanner.verify", lambda scanner: [f"{scanner.name}: it lies"])
    run = assay("scanners", "--verify")
    assert (run.code, run.err) == (1, "declared: it lies\n")
    assert "0 of 1 keep their word" in run.out


def test_no_folder_of_weights_is_wrong_use() -> None:
    for words in (("scanners",), ("scan", "x.png")):
        run = assay(*words, "--weights", "nowhere")
        assert (run.code, run.err) == (2, "assay: there is no folder `nowhere`\n")


def test_a_default_scan_leaves_pictures_undecoded(marked: Path) -> None:
    (row,) = assay("scan", marked, "--json").lines
    assert "invisible_watermark" not in row["scanners"]
    assert [each for each in row["evidence"] if each["kind"] == "keyed_watermark"] == []


def test_a_scanner_that_is_named_is_asked_alone(marked: Path) -> None:
    (row,) = assay("scan", marked, "--scanner", "invisible_watermark", "--json").lines
    assert row["scanners"] == ["invisible_watermark"]
    assert [each["details"]["generator"] for each in row["evidence"]] == ["Stable Diffusion XL"]
    assert [(each["signal"], each["value"], each["by"]) for each in row["assertions"][:1]] == [
        ("synthetic_status", "declared", "mark")
    ]


@pytest.mark.slow
def test_a_deep_scan_asks_every_scanner_that_is_ready(marked: Path) -> None:
    (row,) = assay("scan", marked, "--deep", "--json").lines
    ready = [each["name"] for each in assay("scanners", "--json").lines if each["state"] == "ready"]
    assert row["scanners"] == ready
    assert row["faults"] == []


def test_to_name_one_that_is_not_ready_or_not_there_is_wrong_use(marked: Path) -> None:
    run = assay("scan", marked, "--scanner", "synthid_text")
    assert run.code == 2
    assert run.err.startswith("assay: the scanner `synthid_text` is not ready: ")
    run = assay("scan", marked, "--scanner", "ocr")
    assert run.code == 2
    assert run.err.startswith("assay: no scanner is named `ocr`; installed: ")


def test_the_summary_counts_states() -> None:
    found = [
        command._Found("a", "ready", "", "", None, ()),
        command._Found("b", "no package", "x", "y", None),
        command._Found("c", "no package", "x", "y", None),
    ]
    assert command._summary(found) == (
        "3 scanners: 1 ready, 2 no package; 1 of 1 keep their word on their own examples"
    )
