"""`assay ledger`, from an empty ledger to a proof that somebody else checks; and every way in which it says no."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from assay.governance.ledger.models import Entry, TreeHead
from assay.interfaces.cli.app import app
from assay.interfaces.cli.governing import ledger as command
from tests.governance.ledger.making import written


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any) -> None:
    # Django is started already, with the store of the tests.
    monkeypatch.setattr(command, "open_workbench", lambda *_: None)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)
    settings.ASSAY_LEDGER_KEY = tmp_path / "own" / "ledger.key"


def assay(*words: object, code: int = 0) -> Result:
    ended = CliRunner().invoke(app, ["ledger", *map(str, words)])
    assert ended.exit_code == code, ended.output
    return ended


def test_from_an_empty_ledger_to_a_proof_that_somebody_else_checks(db: None, tmp_path: Path) -> None:
    assert "0 entries" in assay("verify").output
    assert "empty-ledger" in assay("sign", code=1).output
    written(12)
    assert "signed up to entry 11" in assay("sign").output
    assert TreeHead.objects.get().size == 12
    assert "13 entries; 1 of 1 signed head agrees; nothing is wrong" in assay("verify").output
    assert "counted 11 of thing t1" in assay("show").output
    assert "the newest 2" in assay("show", "--most", 2).output
    assert "no-such-entry" in assay("show", 99, code=1).output
    assert "bad-day" in assay("show", "--day", "today", code=1).output
    assert "hash " in assay("show", 3).output

    assay("export", "-o", "ledger.jsonl")
    assay("prove", 3, "-o", "proof.json")
    assert "the first 5 entries is not signed" in assay("prove", "--since", 5, "-o", "since.json").output
    assert json.loads(assay("prove", 3, "--size", 4).output)["size"] == 4
    assert "no-such-entry" in assay("prove", 12, "--size", 4, code=1).output
    assay("prove", code=2)
    assay("prove", 3, "--since", 5, code=2)

    keys = tmp_path / "keys"
    keys.mkdir()
    (tmp_path / "own" / "ledger.pub").rename(keys / "ledger.pub")
    assert "1 of 1 signed head agrees; nothing is wrong" in assay("verify", "ledger.jsonl", "--keys", keys).output
    assert "signatures not checked" in assay("verify", "ledger.jsonl").output
    assert "signed by a trusted key" in assay("verify", "proof.json", "--keys", keys).output
    assert "signature not checked" in assay("verify", "since.json").output
    # Nobody signed the first five, and the proof said so when it was made; from one signed head to the next it holds.
    assert "not-signed" in assay("verify", "since.json", "--keys", keys, code=1).output
    (keys / "ledger.pub").rename(tmp_path / "own" / "ledger.pub")
    assay("sign")
    assert "not signed" not in assay("prove", "--since", 12, "-o", "since.json").output
    (tmp_path / "own" / "ledger.pub").rename(keys / "ledger.pub")
    assert "unchanged among the first 13; signed" in assay("verify", "since.json", "--keys", keys).output


def test_what_was_changed_in_a_file_ends_with_1_and_its_place(db: None, tmp_path: Path) -> None:
    written(5)
    assay("export", "-o", "ledger.jsonl")
    assay("prove", 3, "-o", "proof.json")
    export, proof = tmp_path / "ledger.jsonl", tmp_path / "proof.json"
    export.write_bytes(export.read_bytes().replace(b'"count":3', b'"count":4'))
    assert "line 5 (entry 3): changed-entry" in assay("verify", export, code=1).output
    proof.write_bytes(proof.read_bytes().replace(b'"count": 3', b'"count": 4'))
    assert "wrong-proof" in assay("verify", proof, code=1).output
    for content in (b"", b"[]", b"7", b"{}", b"null", b"\xff", b"[" * 9000):
        proof.write_bytes(content)
        assay("verify", proof, code=1)
    assay("verify", "nothing-there", code=2)
    assay("verify", export, "--keys", "nothing-there", code=2)
    assay("export", "-o", tmp_path / "no" / "such" / "folder", code=2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ledger.jsonl", "proof.json"]


def test_what_was_changed_in_the_store_ends_with_1_and_its_place(db: None) -> None:
    from assay.governance.ledger.triggers import without_triggers

    written(5)
    with without_triggers():
        Entry.objects.filter(number=2).update(actor="person:somebody-else")
    output = assay("verify", code=1).output
    assert "entry 2: changed-entry: its hash is not that of what it says" in output
    assert "1 finding" in output
