"""`assay trust` takes, shows and checks lists, and says what it refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assay.detection.scanners.c2pa.examples.authority import make_authority
from assay.detection.scanners.c2pa.examples.cases import created, signed_png
from tests.interfaces.running import assay

ADA, BO = make_authority("Ada"), make_authority("Bo")


@pytest.fixture
def lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "ours.pem").write_bytes(ADA.root + BO.root)
    return tmp_path / "lists"


def test_a_folder_is_made_shown_and_found_sound(lists: Path) -> None:
    run = assay("trust", "update", "trust", "--from", lists)
    assert (run.code, run.out) == (0, "trust/ours.pem: taken: 2 certificates, 2 new\n1 list: 1 kept\n")
    shown = assay("trust", "show", "trust")
    assert shown.code == 0
    assert "1 list, 2 certificates" in shown.out
    assert "operator" in shown.out
    checked = assay("trust", "verify", "trust")
    assert (checked.code, checked.out.splitlines()[-1]) == (0, "1 list: 1 sound")
    (row,) = assay("trust", "show", "trust", "--json").lines
    assert (row["keeper"], row["certificates"], row["fault"]) == ("operator", 2, None)


def test_a_list_that_shrank_is_refused_with_words_and_the_next_step(lists: Path) -> None:
    assay("trust", "update", "trust", "--from", lists)
    (lists / "ours.pem").write_bytes(ADA.root)
    run = assay("trust", "update", "trust", "--from", lists)
    assert run.code == 1
    assert "trust/ours.pem: refused-list: it lacks 1 unexpired" in run.err
    assert "--accept-removal" in run.err
    assert assay("trust", "update", "trust", "--from", lists, "--accept-removal").code == 0


def test_a_changed_list_is_told_and_scans_nothing(lists: Path) -> None:
    assay("trust", "update", "trust", "--from", lists, "--keeper", "official")
    (lists.parent / "a.png").write_bytes(signed_png(created("digitalCapture"), authority=ADA))
    assert assay("scan", "a.png", "--trust", "trust").code == 0
    with Path("trust/ours.pem").open("ab") as stream:
        stream.write(make_authority("Somebody Else").root)
    checked = assay("trust", "verify", "trust")
    assert checked.code == 1
    assert "trust/ours.pem: unsound-list: it is not what was taken on" in checked.err
    scanned = assay("scan", "a.png", "--trust", "trust")
    assert (scanned.code, scanned.out) == (2, "")
    assert "is not the list that was taken" in scanned.err


def test_without_a_network_the_official_places_are_refused_one_by_one(
    lists: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assay.detection.trust import sources

    def away(address: str) -> bytes:
        raise sources.Unreachable("the place cannot be reached")

    monkeypatch.setattr(sources, "fetch_over_https", away)
    run = assay("trust", "update", "trust", "--json")
    assert run.code == 1
    assert [(row["outcome"], row["words"]) for row in run.lines] == [("refused", "the place cannot be reached")] * 3


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--from", "gone"], "there is no file or folder `gone`"),
        (["--from", "lists", "--keeper", "king"], "`king` keeps no list"),
        (["--from", "lists", "--purpose", "fun"], "`fun` is no purpose"),
        (["--keeper", "official"], "name the file by `--from`"),
        (["--from", "lists", "--package", "bonafide"], "exclude each other"),
        (["--package", "os"], "no package `os` is known"),
    ],
)
def test_wrong_use_is_told(lists: Path, words: list[str], told: str) -> None:
    run = assay("trust", "update", "trust", *words)
    assert run.code == 2
    assert told in run.err


def test_a_folder_that_is_not_there_is_wrong_use(lists: Path) -> None:
    assert assay("trust", "verify", "gone").code == 2
    Path("empty").mkdir()
    assert "holds no trust list" in assay("trust", "show", "empty").err
    Path("empty/trust.json").write_text(json.dumps({"version": 9}))
    assert "is not the record" in assay("trust", "show", "empty").err
