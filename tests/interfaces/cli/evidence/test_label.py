"""`assay label write` says what it wrote and what it read back, and ends as it should."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assay.detection.scanners.c2pa.examples.cases import created, signed_png
from tests.detection.labels.media import saved
from tests.interfaces.running import assay

PLATFORM = "001191610133596325171T22588"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("hill.png").write_bytes(saved("PNG"))
    Path("signed.png").write_bytes(signed_png(created("trainedAlgorithmicMedia")))
    Path("note.txt").write_text("A note about a hill.", encoding="utf-8")
    return tmp_path


def test_it_says_what_it_wrote_and_what_it_read_back(desk: Path) -> None:
    options = ("--label", "2", "--propagator", PLATFORM, "--content-id", "Q-1", "--system", "Lumen")
    run = assay("label", "write", "hill.png", "-o", "out.png", *options)
    assert run.code == 0
    lines = run.out.splitlines()
    assert lines[0].startswith("out.png: png, ")
    assert lines[0].endswith("; written: XMP")
    assert "  PropagateID        Q-1" in lines
    read = lines[lines.index("read back:") + 1 :]
    assert [line.split()[0] for line in read] == ["ai_unspecified", "may_be"]
    assert "generator Lumen" in read[0]


def test_a_second_label_says_what_it_replaced(desk: Path) -> None:
    assert assay("label", "write", "hill.png", "--in-place", "--label", "2", "--propagator", PLATFORM).code == 0
    run = assay("label", "write", "hill.png", "--in-place", "--label", "1", "--json")
    told = json.loads(run.out)
    assert told["replaced"] == [{"key": "Label", "value": "2"}]
    assert told["label"]["ContentPropagator"] == PLATFORM
    assert told["read_back"][0]["details"]["gb_label"] == "is"


def test_a_label_that_leaves_the_standards_form_is_written_and_told(desk: Path) -> None:
    run = assay("label", "write", "hill.png", "-o", "out.png", "--label", "1", "--propagator", "us")
    assert run.code == 0
    assert "  not in full form   ContentPropagator: no provider's code" in run.out.splitlines()


@pytest.mark.parametrize(
    ("file", "slug"), [("signed.png", "signed-file"), ("note.txt", "no-writer"), ("gone.png", "unreadable-file")]
)
def test_what_cannot_be_labelled_ends_with_1_and_writes_nothing(desk: Path, file: str, slug: str) -> None:
    run = assay("label", "write", file, "-o", "out.png", "--label", "1", "--propagator", PLATFORM)
    assert run.code == 1
    assert f"{file}: {slug}: " in run.err
    assert not (desk / "out.png").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("hill.png", "--label", "1"),
        ("hill.png", "-o", "a.png", "--in-place", "--label", "1"),
        ("hill.png", "-o", "a.png"),
        ("hill.png", "-o", "a.png", "--label", "4"),
        ("hill.png", "-o", "a.png", "--source-type", "madeUp"),
    ],
)
def test_wrong_use_ends_with_2(desk: Path, words: tuple[str, ...]) -> None:
    run = assay("label", "write", *words)
    assert run.code == 2
    assert run.err.startswith("assay: ")
    assert not (desk / "a.png").exists()
