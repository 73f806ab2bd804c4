"""`assay detector calibrate`, `combine` and `drift`: from a table of scores to what they are worth, and how long."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from assay.detection.calibration.keeping import KEPT, load_calibration, load_joints
from tests.detection.detectors.models import set_up
from tests.interfaces.pages import assert_every_link_arrives, assert_self_contained
from tests.interfaces.running import assay

GROUP = '\ngroup = "pixels"\n'


def write_scores(path: Path, count: int, *, apart: float = 2.0, seed: int = 1, labelled: bool = True) -> Path:
    """Scores between 0 and 1, half of them of items by AI."""
    generator = np.random.default_rng(seed)
    lines = ["item,score,label,bucket"]
    for place in range(2 * count):
        odds = generator.normal(apart / 2 if place < count else -apart / 2, 1)
        label = ("ai" if place < count else "real") if labelled else ""
        lines.append(f"i{place},{1 / (1 + np.exp(-odds)):.6f},{label},{'photo' if place % 2 else 'sketch'}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two detectors of one group, both calibrated, and the page about one of them."""
    root = tmp_path_factory.mktemp("calibrated")
    for name, seed in (("bright", 1), ("plain", 2)):
        place = set_up(root, name)
        text = (place / "detector.toml").read_text()
        (place / "detector.toml").write_text(text.replace('licence = "none"', 'licence = "none"' + GROUP))
        scores = write_scores(root / f"{name}.csv", 150, seed=seed)
        page = ("--html", root / "page.html") if name == "bright" else ()
        run = assay(
            "detector", "calibrate", name, "--detectors", root, "--scores", scores, "--date", "2026-11-23", *page
        )
        assert run.code == 0, run.err
        (root / f"{name}.txt").write_text(run.out)
    return root


def test_what_scores_say_is_told_in_words_with_its_bounds(folder: Path) -> None:
    told = (folder / "bright.txt").read_text()
    assert "bright, logistic calibration on 150 items by AI and 150 others" in told
    assert "These scores say much" in told
    assert "as among others; this sample supports no more than" in " ".join(told.split())
    assert "`for` above" in told
    assert "any other score abstains, which says nothing" in told
    assert "sketch" in told


def test_a_calibration_is_kept_beside_the_detector_and_by_its_digest(folder: Path) -> None:
    found = load_calibration(folder / "bright")
    assert found is not None
    assert not isinstance(found, list)
    assert (folder / "bright" / KEPT / f"{found.digest.removeprefix('sha256:')}.json").is_file()
    assert (found.origin.made_on, found.origin.source) == ("2026-11-23", "bright.csv")


def test_a_dry_run_keeps_nothing_and_prints_the_same_json(folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    run = assay(
        "detector", "calibrate", folder / "bright", "--scores", folder / "bright.csv", "--method", "isotonic",
        "--dry-run", "--json",
    )  # fmt: skip
    assert run.code == 0
    assert json.loads(run.out)["method"] == "isotonic"
    assert sorted(folder.rglob("*")) == before


def test_the_page_stands_alone_and_draws_all_three_charts(folder: Path) -> None:
    page = (folder / "page.html").read_text(encoding="utf-8")
    assert_self_contained(page)
    assert_every_link_arrives(page)
    assert page.count('<figure class="chart"') == 3
    assert "A score alone can make something suspected, and no more." in page


def test_too_few_items_end_with_1_and_the_next_step(folder: Path, tmp_path: Path) -> None:
    run = assay(
        "detector", "calibrate", "bright", "--detectors", folder, "--scores", write_scores(tmp_path / "few.csv", 20)
    )
    assert run.code == 1
    assert "too-few: 20 rows of items made by AI are worth 20 independent ones; label at least 50" in run.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("bridht", "--detectors", "{}"), "did you mean `bright`?"),
        (("bright",), "name their folder by --detectors"),
        (("bright", "--detectors", "{}"), "`assay detector evaluate` writes one"),
        (("bright", "--detectors", "{}", "--date", "soon"), "`soon` is no date"),
    ],
)
def test_wrong_use_ends_with_2_and_the_next_step(folder: Path, words: tuple[str, ...], told: str) -> None:
    run = assay("detector", "calibrate", *[word.format(folder) for word in words])
    assert run.code == 2
    assert told in run.err


def test_scores_of_another_model_are_refused(folder: Path, tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet

    table = pa.table({"score": [0.1], "label": [1]}).replace_schema_metadata({"assay.detector_digest": "sha256:other"})
    pyarrow.parquet.write_table(table, tmp_path / "scores.parquet")
    run = assay("detector", "calibrate", "bright", "--detectors", folder, "--scores", tmp_path / "scores.parquet")
    assert run.code == 1
    assert "another-model" in run.err


def test_strangers_are_combined_and_kept(folder: Path) -> None:
    scores = [word for name in ("bright", "plain") for word in ("--scores", folder / f"{name}.csv")]
    run = assay("detector", "combine", "bright", "plain", "--detectors", folder, *scores, "--date", "2026-11-23")
    assert run.code == 0, run.err
    assert "pixels: 2 detectors combined on 150 items by AI and 150 others" in run.out
    said = " ".join(run.out.split())
    assert "bright, plain: calibrated on these very items, so that the figures are a little too kind" in said
    assert "bits less than the best of them alone" in run.out
    joints = load_joints(folder)
    assert isinstance(joints, dict)
    assert [member.detector for member in joints["pixels"].members] == ["bright", "plain"]


@pytest.mark.parametrize("names", [("bright", "bright"), ("bright",)])
def test_one_detector_cannot_be_combined(folder: Path, names: tuple[str, ...]) -> None:
    run = assay("detector", "combine", *names, "--detectors", folder)
    assert (run.code, "name two detectors or more" in run.err) == (2, True)


def test_scores_that_lie_as_before_are_steady_and_others_are_not(folder: Path, tmp_path: Path) -> None:
    same = write_scores(tmp_path / "same.csv", 1500, seed=7, labelled=False)
    run = assay("detector", "drift", "bright", "--detectors", folder, "--scores", same)
    assert (run.code, "Recalibrate" in run.out) == (0, False)
    other = write_scores(tmp_path / "other.csv", 400, apart=0.2, seed=8)
    run = assay("detector", "drift", folder / "bright", "--scores", other)
    assert run.code == 1
    assert run.out.startswith("Recalibrate: newer items are not what this calibration was made on.")
    assert "promised at most 5.0 %: the promise is" in run.out.replace("\n  ", " ")
    told = assay("detector", "drift", folder / "bright", "--scores", other, "--json")
    assert json.loads(told.out)["outlook"] == "recalibrate"


def test_a_detector_that_changed_since_needs_a_new_calibration(folder: Path) -> None:
    place = folder / "plain" / "detector.toml"
    text = place.read_text()
    place.write_text(text.replace('version = "1"', 'version = "2"'))
    run = assay("detector", "drift", "plain", "--detectors", folder, "--scores", folder / "plain.csv")
    place.write_text(text)
    assert run.code == 1
    assert "evaluate and calibrate it again" in run.err
