"""`assay diff` names every item that two versions decide otherwise, from folders, bundles and revisions alike."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Golden
from tests.interfaces import small
from tests.interfaces.packs.test_revisions import git
from tests.interfaces.running import Run, assay


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    small.write(Path("old"))
    small.write(Path("new"), small.NARROWED)


def diff(*words: str | Path) -> Run:
    return assay("diff", *words, "--as-of", small.DAY)


def test_a_difference_at_the_terminal(golden: Golden) -> None:
    run = diff("old", "new")
    assert run.code == 1
    golden("diff/narrowed.txt", run.out)


def test_words_alone_change_no_decision_and_that_is_proved(golden: Golden) -> None:
    small.write(Path("reworded"), small.REWORDED)
    run = diff("old", "reworded")
    assert run.code == 0
    golden("diff/reworded.txt", run.out)


def test_a_pack_differs_in_nothing_from_itself() -> None:
    run = diff("old", "old")
    assert run.code == 0
    assert run.out.startswith("The two are the same, word for word.")


def test_a_difference_may_be_wanted() -> None:
    assert diff("old", "new", "--exit-zero").code == 0


def regions(run: Run) -> Any:
    found = json.loads(run.out)
    return [(change["measure"], change["before"], change["after"], change["regions"]) for change in found["changes"]]


def test_json_has_every_change_with_its_conditions_and_witnesses() -> None:
    (measure, before, after, (region,)), *waiting = regions(diff("old", "new", "--json"))
    assert (measure, before, after) == ("removed", "yes", "no")
    assert region["condition"] == 'ai_extent.atLeast("altered") && consent == "absent" && nudity && disclosed'
    assert region["complete"]
    assert region["witness"]["item"]["signals"]["disclosed"] is True
    assert waiting
    assert not [one for _, _, _, more in waiting for one in more if one["complete"]]


def test_folders_bundles_and_revisions_say_the_same() -> None:
    expected = regions(diff("old", "new", "--json"))
    assay("bundle", "build", "old", "-o", "old.json")
    assert regions(diff("old.json", "new", "--json")) == expected
    if shutil.which("git") is None:
        return
    shutil.copytree("old", "repository/pack")
    git(Path(), "init", "-q", "-b", "main", "repository")
    git(Path("repository"), "add", "-A")
    git(Path("repository"), "commit", "-q", "-m", "first")
    shutil.copytree("new", "repository/pack", dirs_exist_ok=True)
    assert regions(diff("main", "repository/pack", "--json")) == expected
    assert regions(diff("main", "new", "--pack", "repository/pack", "--json")) == expected


def test_a_version_that_is_not_there_is_wrong_use() -> None:
    run = diff("nowhere", "old.json", "--pack", "old")
    assert run.code == 2
    assert "`nowhere` is no folder and no file" in run.err


def test_a_version_that_is_not_sound_is_not_compared() -> None:
    small.write(Path("unsound"), small.UNSOUND)
    run = diff("old", "unsound")
    assert (run.code, run.out) == (1, "")
    assert "unsound/policies/likeness.md:17:9: unknown-signal" in run.err
    assert "only sound packs can be compared" in run.err


def test_a_word_with_two_meanings_cannot_be_compared() -> None:
    text = Path("new/signals.yaml").read_text(encoding="utf-8")
    other = text.replace("type: choice", "type: scale")
    Path("new/signals.yaml").write_text(other, encoding="utf-8")
    run = diff("old", "new")
    assert run.code == 1
    assert "`consent` is a choice in the old version and a scale in the new one" in run.err
    assert "cannot be compared" in run.err
