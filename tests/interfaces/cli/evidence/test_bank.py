"""`assay bank` keeps, exchanges and searches known items, and says what to do where it cannot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assay.detection.scanners.copies.examples import examples
from tests.interfaces.running import assay

ONE, OTHER = "ab" * 32, "0f" * 32
NEAR_ONE = "aa" + ONE[2:]
TERMS = ("--kind", "pdq", "--purpose", "tests", "--words", "It is known.", "--claim", "generated")


@pytest.fixture
def banks(tmp_path: Path) -> Path:
    """A folder with one empty bank, `known`."""
    folder = tmp_path / "banks"
    assert assay("bank", "create", folder / "known", *TERMS, "--tier", "operator", "--dihedral").code == 0
    return folder


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    folder = tmp_path / "uploads"
    folder.mkdir()
    for example in examples():
        (folder / example.name).write_bytes(example.content)
    (folder / "broken.jpg").write_bytes(examples()[0].content[:700])
    return folder


def hashes(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_new_bank_says_its_terms_and_the_next_step(tmp_path: Path) -> None:
    run = assay("bank", "create", tmp_path / "films", "--kind", "vpdq", *TERMS[2:], "--within", "0.9")
    assert "at least 90% of the frames of either film alike" in run.out
    assert "assay bank add" in run.out
    (told,) = assay("bank", "list", tmp_path, "--json").lines
    assert (told["kind"], told["measure"], told["threshold"], told["claim"]) == ("vpdq", "agreement", 0.9, "generated")


def test_everything_that_is_wrong_with_a_bank_is_told_at_once(tmp_path: Path) -> None:
    run = assay("bank", "create", tmp_path / "x", "--kind", "pdqq", "--claim", "generatd")
    assert run.code == 2
    assert "did you mean `pdq`" in run.err
    assert "did you mean `generated`" in run.err
    assert run.err.count("missing-key") == 2
    assert not (tmp_path / "x" / "bank.toml").exists()
    assert "write SIGNAL=VALUE" in assay("bank", "create", tmp_path / "x", *TERMS, "--asserts", "nonsense").err


def test_media_are_added_found_again_in_edits_and_grouped(banks: Path, uploads: Path, tmp_path: Path) -> None:
    known = banks / "known"
    added = assay("bank", "add", known, uploads / "saved again.jpg", uploads / "a text.txt", "--label", "x", "--json")
    assert added.code == 1
    assert [(each["slug"], each["file"][-10:]) for each in added.lines[0]["faults"]] == [("no-hash", "a text.txt")]
    assert (added.lines[0]["added"], added.lines[0]["entries"]) == (1, 1)
    found = assay("bank", "search", banks, uploads, "--json")
    assert found.code == 1
    told = {Path(line["item"]).name: line for line in found.lines}
    assert [told["mirrored.jpg"]["copies"][0][name] for name in ("bank", "place", "labels")] == [
        "known",
        "mirrored",
        "x",
    ]
    assert [told[name]["copies"] for name in ("another.jpg", "a text.txt")] == [[], []]
    assert told["broken.jpg"]["faults"][0].startswith("undecodable-picture")
    hashes(
        tmp_path / "context.csv", "id,account,at", "saved again.jpg,ada,2026-11-20", "made smaller.jpg,bo,2026-11-21"
    )
    page = tmp_path / "page.html"
    grouped = assay("bank", "clusters", uploads, "--context", tmp_path / "context.csv", "--html", page, "--json")
    (cluster,) = grouped.lines
    assert (cluster["members"], cluster["accounts"]) == (["made smaller.jpg", "saved again.jpg"], {"ada": 1, "bo": 1})
    assert "2 near-duplicates from 2 accounts within 24 hours" in page.read_text(encoding="utf-8")


def test_hashes_are_taken_in_written_deleted_and_searched(banks: Path, tmp_path: Path) -> None:
    known = banks / "known"
    given = hashes(tmp_path / "given.csv", "signal_type,hash,quality,tags", f"pdq,{ONE},90,a", f"md5,{OTHER},,")
    run = assay("bank", "import", known, given, "--rejects", tmp_path / "rejects.jsonl")
    assert run.code == 1
    assert "1 added, 1 rejected (unsupported-hash 1; types that cannot be kept here: MD5 1)" in run.out
    (reject,) = [json.loads(line) for line in (tmp_path / "rejects.jsonl").read_text().splitlines()]
    assert (reject["number"], reject["type"]) == (3, "MD5")
    assert OTHER in reject["record"]
    written = assay("bank", "export", known, "--form", "jsonl").lines
    assert [(each["hash"], each["tags"]) for each in written] == [(ONE, ["a"])]
    (found,) = assay("bank", "search", banks, "--hash", NEAR_ONE.upper(), "--json").lines
    assert [(each["entry"], each["labels"]) for each in found["copies"]] == [("1", "a")]
    listed = assay("bank", "list", known, "--entries", "--json").lines
    assert [(each["id"], each["value"]) for each in listed] == [(1, ONE)]
    gone = assay("bank", "delete", known, "--hash", ONE, "77")
    assert gone.code == 1
    assert "1 entry is not in the bank" in gone.err
    assert "1 entry deleted; the bank holds 0 entries" in gone.out
    assert assay("bank", "compact", known).code == 0
    assert "1 bank: 1 sound" in assay("bank", "verify", banks).out
    assert assay("bank", "search", banks, "--hash", ONE, "--json").lines[0]["copies"] == []


def test_clusters_of_a_file_of_hashes_and_of_a_bank_are_the_same(banks: Path, tmp_path: Path) -> None:
    given = hashes(tmp_path / "given.txt", f"{ONE},90,first", f"{NEAR_ONE},90,second", f"{OTHER},90,third", f"{ONE},10")
    (of_file,) = assay("bank", "clusters", given, "--json").lines
    assert of_file["members"] == ["first", "second"]
    assert "There is too little" not in of_file
    assay("bank", "import", banks / "known", given)
    (of_bank,) = assay("bank", "clusters", banks / "known", "--json").lines
    assert (of_bank["members"], of_bank["diameter"]) == (["1", "2"], of_file["diameter"])
    assert "1 item was left out: there is too little in it" in assay("bank", "clusters", given).out


def test_wrong_use_says_the_next_step(banks: Path, tmp_path: Path) -> None:
    for words, told in (
        (("add", banks, tmp_path), "name one of the banks in it: known"),
        (("add", tmp_path / "none", tmp_path), "assay bank create"),
        (("search", banks), "name files, or a hash by --hash"),
        (("search", banks, "--hash", "zz"), "64 hexadecimal"),
        (("search", tmp_path, "--hash", ONE), "holds no bank"),
        (("export", banks / "known", "--form", "xml"), "csv, json, jsonl, list"),
        (("clusters", banks, "--kind", "md5"), "sha256, pdq"),
        (("clusters", banks, "--within", "99"), "a whole number from 0 to 64"),
        (("delete", banks / "known"), "name entries by their numbers"),
        (("import", banks / "known", tmp_path / "none"), "there is no file"),
    ):
        run = assay("bank", *words)
        assert (run.code, told in run.err) == (2, True), (words, run.err)


def test_scans_are_given_banks_and_name_them(banks: Path, uploads: Path) -> None:
    assay("bank", "add", banks / "known", uploads / "saved again.jpg")
    (row,) = assay("scan", uploads / "mirrored.jpg", "--banks", banks, "--json").lines
    assert [each["details"]["place"] for each in row["evidence"] if each["source"] == "copies:known"] == ["mirrored"]
    rows = {each["name"]: each for each in assay("scanners", "--banks", banks, "--json").lines}
    assert rows["copies"]["state"] == "ready"
    for command in ("scan", "inspect"):
        assert "assay bank create" in assay(command, uploads / "mirrored.jpg", "--banks", uploads).err
