"""How scores are weighed is read from the folder of detectors; every fault is told at once, with its key."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from assay.detection.weighing.settings import (
    DEFAULT,
    MAXIMUM_BYTES,
    UnusableWeighing,
    Weighing,
    load_weighing,
    weighing_of,
)


def faults(folder: Path, text: str) -> list[tuple[str | None, str]]:
    (folder / "weighing.toml").write_text(text, encoding="utf-8")
    found = load_weighing(folder)
    assert isinstance(found, list)
    return [(each.field, each.words) for each in found]


def test_what_is_not_set_has_its_default(tmp_path: Path) -> None:
    assert load_weighing(None) == DEFAULT
    assert load_weighing(tmp_path) == DEFAULT
    (tmp_path / "weighing.toml").write_text("prior = 0.02\n", encoding="utf-8")
    assert load_weighing(tmp_path) == Weighing(prior=0.02)


def test_a_share_for_each_surface_is_read(tmp_path: Path) -> None:
    text = "prior = 0.05\nsuspects_at = 0.8\n[surfaces]\nadvert = 0.2\n"
    (tmp_path / "weighing.toml").write_text(text, encoding="utf-8")
    found = weighing_of(tmp_path)
    assert found == Weighing(0.05, 0.8, {"advert": 0.2})
    assert found.prior_on("advert") == 0.2


def test_every_fault_is_told_at_once_with_its_key(tmp_path: Path) -> None:
    found = faults(tmp_path, "prior = 2\nsuspects_at = true\nother = 1\n[surfaces]\nfeed = nan\nadvert = 0.1\n")
    assert [key for key, _ in found] == ["other", "prior", "suspects_at", "surfaces.feed"]
    assert all(words.startswith("`weighing.toml`: ") for _, words in found)
    assert "such as 0.1 for one in ten" in found[1][1]


@pytest.mark.parametrize("text", ["prior =", "surfaces = 3", "prior = 1" + "0" * 5000, "prior = 0.0", "prior = 1.0"])
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, text: str) -> None:
    assert faults(tmp_path, text)


def test_a_file_beyond_all_bounds_is_refused(tmp_path: Path) -> None:
    assert "longer than" in faults(tmp_path, "#" * (MAXIMUM_BYTES + 1))[0][1]


def test_who_cannot_go_on_without_is_told_why(tmp_path: Path) -> None:
    (tmp_path / "weighing.toml").write_text("prior = 7", encoding="utf-8")
    with pytest.raises(UnusableWeighing, match="`prior` is a share of uploads"):
        weighing_of(tmp_path)


def test_a_folder_in_its_place_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "weighing.toml").mkdir()
    assert isinstance(load_weighing(tmp_path), list)


def test_joint_models_that_cannot_be_read_are_faults_as_well(tmp_path: Path) -> None:
    (tmp_path / "joint.json").write_text("[", encoding="utf-8")
    assert isinstance(load_weighing(tmp_path), list)


def test_a_weighing_has_a_digest_of_what_it_says_and_goes_to_other_processes() -> None:
    assert Weighing().digest == DEFAULT.digest
    assert Weighing(prior=0.2).digest != DEFAULT.digest
    assert Weighing(surfaces={"feed": 0.2}).digest != DEFAULT.digest
    assert pickle.loads(pickle.dumps(Weighing(surfaces={"feed": 0.2}))) == Weighing(surfaces={"feed": 0.2})
