"""What goes into git comes out byte for byte, once for each release, and nothing that lies beside it is touched."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.engine.kernel.errors import Fault
from assay.interfaces.packs.exporting import write_folder
from assay.interfaces.packs.folders import texts_of_folder
from assay.interfaces.packs.repository import Commit, Repository, Written
from assay.interfaces.packs.revisions import read_revision
from assay.interfaces.packs.texts import Texts
from tests.interfaces import small

SOME_MOMENT = datetime(2026, 12, 15, 10, tzinfo=UTC)
# What the reader of packs takes for one and the same: line ends, and a mark of the byte order before a text.
texts = st.text(st.characters(exclude_characters="\r\0", exclude_categories=["Cs"]), max_size=60)
odd = texts.filter(lambda text: not text.startswith("\ufeff"))


def commit(number: int, **changed: str) -> Commit:
    files = {**small.FILES, **{name.replace("__", "/"): text for name, text in changed.items()}}
    return Commit(number, files, f"Release {number}", SOME_MOMENT + timedelta(days=number), {"Assay-Edition": "1"})


def git(folder: Path, *words: str) -> str:
    run = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True, check=True)
    return run.stdout.strip()


def written(repository: Repository, *commits: Commit) -> Written:
    made = repository.write(commits)
    assert isinstance(made, Written), made
    return made


def test_each_release_is_one_commit_with_its_tag_and_is_written_once(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "house")
    one, two = commit(1), commit(2, **{"pack.yaml": small.FILES["pack.yaml"] + "# later\n"})
    assert written(repository, one).releases == (1,)
    assert written(repository, one, two).releases == (2,)
    head = written(repository, one, two)
    assert head.releases == ()
    assert git(tmp_path / "house", "tag").split() == ["assay/release-1", "assay/release-2"]
    assert git(tmp_path / "house", "rev-list", "--count", "main") == "2"
    assert git(tmp_path / "house", "status", "--porcelain") == ""
    assert git(tmp_path / "house", "show", "-s", "--format=%an <%ae> %aI %s", "main").startswith(
        "Assay <assay@localhost> 2026"
    )
    assert git(tmp_path / "house", "show", "-s", "--format=%(trailers:key=Assay-Release,valueonly)", "main") == "2"
    found = read_revision("assay/release-1", tmp_path / "house")
    assert isinstance(found, Texts)
    assert found.files == one.files


def test_what_lies_beside_the_pack_stays_and_what_the_pack_no_longer_has_goes(tmp_path: Path) -> None:
    house = tmp_path / "house"
    house.mkdir()
    git(house, "init", "-q", "-b", "main")
    for name in ("README.md", "house/policies/old.md", "house/notes.txt", "policies/elsewhere.md"):
        (house / name).parent.mkdir(parents=True, exist_ok=True)
        (house / name).write_text(name)
    git(house, "add", ".")
    git(house, "-c", "user.name=Ada", "-c", "user.email=ada@example.org", "commit", "-q", "-m", "Ours.")
    written(Repository(house, below="house"), commit(1))
    listed = set(git(house, "ls-tree", "-r", "--name-only", "main").split("\n"))
    assert listed == {"README.md", "house/notes.txt", "policies/elsewhere.md"} | {
        f"house/{name}" for name in small.FILES
    }
    assert not (house / "house/policies/old.md").exists()


def test_no_hook_of_the_repository_is_run(tmp_path: Path) -> None:
    house = tmp_path / "house"
    written(Repository(house), commit(1))
    hooks = house / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("pre-commit", "post-commit", "reference-transaction", "post-index-change", "post-checkout"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
        (hooks / name).chmod(0o755)
    written(Repository(house), commit(2, **{"pack.yaml": small.FILES["pack.yaml"] + "# later\n"}))
    assert not (tmp_path / "ran").exists()


def test_what_somebody_has_not_committed_is_not_overwritten(tmp_path: Path) -> None:
    house = tmp_path / "house"
    written(Repository(house), commit(1))
    (house / "pack.yaml").write_text("mine")
    refused = Repository(house).write([commit(2)])
    assert isinstance(refused, Fault)
    assert refused.slug == "not-clean"
    assert (house / "pack.yaml").read_text() == "mine"
    # Beside what is checked out there is room.
    assert written(Repository(house, "policies"), commit(1), commit(2)).releases == (1, 2)
    assert (house / "pack.yaml").read_text() == "mine"


@pytest.mark.parametrize("branch", ["", "-x", "a..b", "a.lock", "a b", "../x", "x/", "@{1}"])
def test_a_branch_that_git_could_take_for_something_else_is_refused(tmp_path: Path, branch: str) -> None:
    refused = Repository(tmp_path / "house", branch).write([commit(1)])
    assert isinstance(refused, Fault)
    assert refused.slug == "bad-name"
    assert not (tmp_path / "house").exists()


def test_a_folder_with_other_things_is_neither_a_pack_nor_a_repository(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    refused = Repository(tmp_path).write([commit(1)])
    assert isinstance(refused, Fault)
    assert refused.slug in ("no-repository", "not-clean", "git-failed")
    plain = write_folder(tmp_path, small.FILES)
    assert isinstance(plain, Fault)
    assert plain.slug == "not-a-pack"
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_link_leads_no_export_out_of_its_folder(tmp_path: Path) -> None:
    away, folder = tmp_path / "away", tmp_path / "pack"
    away.mkdir()
    (away / "diary.md").write_text("mine")
    folder.mkdir()
    (folder / "pack.yaml").write_text("pack: p\n")
    (folder / "policies").symlink_to(away)
    refused = write_folder(folder, small.FILES)
    assert isinstance(refused, Fault)
    assert refused.slug == "not-a-pack"
    assert [(path.name, path.read_text()) for path in away.iterdir()] == [("diary.md", "mine")]


@settings(max_examples=12)
@given(policy=odd, pack=odd)
def test_exported_and_imported_again_is_byte_identical(
    policy: str, pack: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    files = {**small.FILES, "policies/odd.md": policy, "pack.yaml": pack}
    folder = tmp_path_factory.mktemp("plain") / "pack"
    assert write_folder(folder, small.FILES) is None
    assert write_folder(folder, files) is None
    assert texts_of_folder(folder).files == files
    assert {name: (folder / name).read_bytes() for name in files} == {
        name: text.encode() for name, text in files.items()
    }
    house = tmp_path_factory.mktemp("git") / "house"
    written(Repository(house), Commit(1, files, "Release 1", SOME_MOMENT))
    found = read_revision("main", house)
    assert isinstance(found, Texts)
    assert found.files == files
