"""A pack is read as it stood at a git revision; whatever git cannot give is said in words."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from assay.engine.kernel.errors import Fault
from assay.interfaces.packs import load_pack
from assay.interfaces.packs.texts import LARGEST, Texts, check_texts
from assay.interfaces.packs.versions import read_version
from tests.interfaces import small

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

WHO = {f"GIT_{role}_{what}": "ada" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


def git(folder: Path, *words: str) -> str:
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, **WHO}
    command = ["git", "-C", str(folder), *words]
    run = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, **quiet})
    return run.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with the small pack at its first commit and a narrower one at its second."""
    folder = tmp_path / "a repository"
    small.write(folder / "packs" / "small")
    git(folder.parent, "init", "-q", "-b", "main", str(folder))
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "first")
    small.write(folder / "packs" / "small", small.NARROWED)
    git(folder, "commit", "-q", "-a", "-m", "second")
    return folder


def test_a_revision_is_read_where_the_pack_stands_now(repository: Path) -> None:
    folder = repository / "packs" / "small"
    for revision, changes in (("HEAD~1", ()), ("main", (small.NARROWED,))):
        found = read_version(revision, folder)
        assert isinstance(found, Texts)
        assert found.title == f"{revision}:packs/small"
        expected = load_pack(small.write(repository.parent / revision, *changes))
        assert check_texts(found, examples=False).checked.pack.digest == expected.digest


def test_places_in_a_revision_name_the_revision(repository: Path) -> None:
    small.write(repository / "packs" / "small", small.UNSOUND)
    git(repository, "commit", "-q", "-a", "-m", "third")
    found = read_version("HEAD", repository / "packs" / "small")
    assert isinstance(found, Texts)
    report = check_texts(found)
    assert report.rendered[0].startswith("HEAD:packs/small/policies/likeness.md:17:9: unknown-signal")
    assert "did you mean `consent`?" in report.rendered[0]


def test_a_path_of_its_own_is_from_the_top(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository / "packs")
    found = read_version("HEAD:packs/small", None)
    assert isinstance(found, Texts)
    assert "pack.yaml" in found.files


def test_a_pack_that_was_removed_since_is_still_read(repository: Path) -> None:
    shutil.rmtree(repository / "packs")
    found = read_version("HEAD~1", repository / "packs" / "small")
    assert isinstance(found, Texts)
    assert small.POLICY in found.files


def test_links_and_giant_files_are_not_read(repository: Path) -> None:
    folder = repository / "packs" / "small"
    (folder / "policies" / "link.md").symlink_to("likeness.md")
    (folder / "calendar.yaml").write_text("#" * (LARGEST + 1), encoding="utf-8")
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "third")
    found = read_version("HEAD", folder)
    assert isinstance(found, Texts)
    assert {problem.span.path.rpartition("/")[2] for problem in found.problems} == {"link.md", "calendar.yaml"}
    assert not {"policies/link.md", "calendar.yaml"} & set(found.files)


def test_what_git_cannot_give_is_said_in_words(repository: Path, tmp_path: Path) -> None:
    folder = repository / "packs" / "small"
    said = {
        "knows no revision `nowhere`": read_version("nowhere", folder),
        "knows no revision `--all`": read_version("--all", folder),
        "knows no revision `$(touch x)`": read_version("$(touch x)", folder),
        "there is no folder `packs/other`": read_version("HEAD:packs/other", folder),
        "has no `pack.yaml`": read_version("HEAD", repository / "packs"),
        "there is no folder `../x`": read_version("HEAD:../x", folder),
        "say which pack with `--pack PATH`": read_version("HEAD", None),
        "is no folder and no file, and": read_version("HEAD", small.write(tmp_path / "elsewhere")),
    }
    for words, found in said.items():
        assert isinstance(found, Fault), words
        assert words in found.words


def test_without_git_only_folders_and_bundles_are_left(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    found = read_version("HEAD", repository / "packs" / "small")
    assert isinstance(found, Fault)
    assert found.slug == "no-git"
