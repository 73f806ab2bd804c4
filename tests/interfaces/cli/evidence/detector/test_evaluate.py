"""`assay detector evaluate` and `list`: from labelled files to a card, in the pool, with a model of a few bytes."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.detection.detectors.models import picture, set_up, write_pictures
from tests.interfaces.running import assay


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Detectors in `detectors`, labelled pictures in `files`, and what was measured once."""
    root = tmp_path_factory.mktemp("evaluated")
    set_up(root / "detectors", more="\n[fit]\nleast_side = 10\n")
    write_pictures(root / "files", {f"ai/bright/{level}_none.png": level for level in range(120, 232, 4)})
    write_pictures(root / "files", {f"real/dark/{level}_none.png": level for level in range(22, 134, 4)})
    (root / "files" / "real" / "dark" / "torn_none.png").write_bytes(picture()[:90])
    return root


@pytest.fixture(scope="module")
def told(folder: Path) -> str:
    run = assay(
        "detector", "evaluate", "bright", "--detectors", folder / "detectors", "--labels", folder / "files",
        "--pattern", "_(?P<corruption>none)$", "--workers", "1", "--date", "2026-11-23", "--html", folder / "page.html",
    )  # fmt: skip
    assert run.code == 0, run.err
    return run.out


def test_the_figures_are_told_with_what_they_do_not_say(told: str) -> None:
    assert "28 files by AI and 28 real files" in told
    assert "generator bright" in told
    assert "corruption none" in told
    assert "cannot be told from 28" in told
    assert "1 of 57 files have no score (1 undecodable-picture)" in told.replace("\n  ", " ")


def test_the_card_and_the_scores_lie_beside_the_detector(folder: Path, told: str) -> None:
    place = folder / "detectors" / "bright"
    assert (place / "scores.parquet").is_file()
    assert 'measured_on = "2026-11-23"' in (place / "card.toml").read_text()
    run = assay("detector", "list", "--detectors", folder / "detectors")
    assert run.code == 0
    assert "57 files, 2026-11-23" in run.out
    assert "no, counts for nothing" in run.out


def test_a_second_run_asks_nothing_and_says_the_same(folder: Path, told: str) -> None:
    before = (folder / "detectors" / "bright" / "scores.parquet").read_bytes()
    (folder / "files" / "real" / "dark" / "torn_none.png").unlink()
    run = assay(
        "detector", "evaluate", folder / "detectors" / "bright", "--labels", folder / "files", "--json", "--dry-run"
    )
    figures = json.loads(run.out)
    assert figures["measurement"]["milliseconds_per_file"] is None
    assert figures["measurement"]["parts"][0]["area"]["value"] > 0.9
    assert (folder / "detectors" / "bright" / "scores.parquet").read_bytes() == before


def test_the_page_fetches_and_runs_nothing(folder: Path, told: str) -> None:
    page = (folder / "page.html").read_text(encoding="utf-8")
    seen: list[str] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.append(tag)
            assert not any(name.startswith("on") or (name == "src" and value) for name, value in attrs)

    Tags().feed(page)
    assert "script" not in seen
    assert seen.count("svg") == 3
    assert "default-src 'none'" in page
    assert "Before you believe these figures" in page


def test_a_card_of_another_version_is_out_of_date(folder: Path, told: str) -> None:
    place = folder / "detectors" / "bright" / "detector.toml"
    text = place.read_text()
    place.write_text(text.replace('version = "1"', 'version = "2"'))
    run = assay("detector", "list", "--detectors", folder / "detectors")
    place.write_text(text)
    assert "out of date" in run.out
    assert "measure again" in run.out


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        (("brigth", "--detectors", "detectors"), "did you mean `bright`"),
        (("nowhere",), "--detectors"),
        (("bright", "--detectors", "detectors", "--pattern", "("), "no regular expression"),
        (("bright", "--detectors", "detectors", "--labels", "nothing"), "names no labelled file"),
    ],
)
def test_wrong_use_says_the_next_step(folder: Path, given: tuple[str, ...], hint: str) -> None:
    words: list[str | Path] = [folder / each if each in ("detectors", "nothing") else each for each in given]
    labels: list[str | Path] = [] if "--labels" in words else ["--labels", folder / "files"]
    run = assay("detector", "evaluate", *words, *labels)
    assert run.code == 2
    assert hint in run.err


def test_an_unsound_configuration_ends_with_1_and_names_its_place(tmp_path: Path) -> None:
    set_up(tmp_path, more="[outptu]\n")
    run = assay("detector", "list", "--detectors", tmp_path)
    assert run.code == 1
    assert "bright/detector.toml: outptu: unknown-key" in run.err
    assert "did you mean `output`" in run.err


def test_a_folder_that_cannot_be_used_is_refused_before_a_scan(tmp_path: Path) -> None:
    place = set_up(tmp_path / "detectors")
    (place / "model.onnx").write_bytes(b"changed")
    (tmp_path / "a.png").write_bytes(picture())
    run = assay("inspect", tmp_path / "a.png", "--detectors", tmp_path / "detectors")
    assert run.code == 2
    assert "wrong-digest" in run.err


def test_one_kind_alone_cannot_be_compared(tmp_path: Path) -> None:
    set_up(tmp_path / "detectors")
    write_pictures(tmp_path / "files", {"ai/a.png": 10, "ai/b.png": 20})
    run = assay("detector", "evaluate", "bright", "--detectors", tmp_path / "detectors", "--labels", tmp_path / "files")
    assert run.code == 1
    assert "nothing-to-compare" in run.err
    assert "holds no folder `real`" in run.err


def test_a_scan_is_told_everything_that_is_wrong_with_its_detectors_before_it_begins(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "detector.toml").write_text('name = "one"\nkind = "http"\nmodalties = ["image"]\n')
    run = assay("scan", tmp_path, "--detectors", tmp_path)
    assert run.code == 2
    assert [line.split(": ")[2] for line in run.err.splitlines()] == [
        "version", "modalities", "endpoint", "endpoint.url", "endpoint.score", "modalties",
    ]  # fmt: skip
