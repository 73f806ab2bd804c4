"""`assay token`: what it prints, where, and what it never prints."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assay.interfaces.service.guard.book import TokenBook, open_book
from tests.interfaces.running import assay


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "tokens.json"


def created(file: Path, *words: str) -> str:
    run = assay("token", "create", *words, "--tokens", file)
    assert run.code == 0, run.err
    return run.out.strip()


def client_of(file: Path, credential: str) -> str | None:
    book = open_book(file)
    assert isinstance(book, TokenBook)
    found = book.find(f"Bearer {credential}".encode(), 1_790_000_000_000_000)
    return None if found is None else found.client


def test_a_token_is_printed_once_and_alone_on_standard_output(file: Path) -> None:
    run = assay("token", "create", "uploads", "--scope", "decide", "--scope", "scan", "--tokens", file)
    assert run.code == 0
    (credential,) = run.out.splitlines()
    assert credential.startswith("assay_")
    assert credential not in run.err
    assert "uploads (decide, scan)" in run.err
    assert client_of(file, credential) == "uploads"


def test_without_a_scope_a_token_may_decide_and_nothing_else(file: Path) -> None:
    created(file, "uploads")
    (listed,) = assay("token", "list", "--json", "--tokens", file).lines
    assert listed["scopes"] == ["decide"]
    assert listed["state"] == "in use"


def test_no_list_shows_a_secret_or_its_digest(file: Path) -> None:
    credential = created(file, "uploads")
    _, token, secret = credential.split("_", 2)
    digest = json.loads(file.read_text())["tokens"][0]["secrets"][0]["sha256"]
    for words in (["--json"], []):
        run = assay("token", "list", *words, "--tokens", file)
        assert token in run.out
        assert secret not in run.out
        assert digest not in run.out


def test_a_rotation_prints_the_new_secret_and_keeps_the_old_one_for_the_overlap(file: Path) -> None:
    old = created(file, "uploads")
    token = old.split("_")[1]
    run = assay("token", "rotate", token, "--tokens", file)
    assert run.code == 0
    new = run.out.strip()
    assert new != old
    assert client_of(file, old) == client_of(file, new) == "uploads"
    (listed,) = assay("token", "list", "--json", "--tokens", file).lines
    assert (listed["secrets"], listed["state"]) == (2, "rotating")
    assert assay("token", "rotate", token, "--overlap", "0", "--tokens", file).code == 0
    (listed,) = assay("token", "list", "--json", "--tokens", file).lines
    assert (listed["secrets"], listed["state"]) == (1, "in use")


def test_a_revoked_token_stays_in_the_list(file: Path) -> None:
    credential = created(file, "uploads")
    run = assay("token", "revoke", credential.split("_")[1], "--tokens", file)
    assert run.code == 0
    assert client_of(file, credential) is None
    run = assay("token", "list", "--tokens", file)
    assert "revoked" in run.out
    assert "1 token: 0 in use" in run.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["create", "uploads", "--scope", "decid"], "did you mean `decide`?"),
        (["create", "two words"], "no name of a client"),
        (["create", "uploads", "--days", "0"], "more than 0"),
        (["rotate", "nobody"], "there is no file"),
        (["revoke", "nobody"], "there is no file"),
        (["list"], "there is no file"),
    ],
)
def test_wrong_use_ends_with_2_and_the_next_step(file: Path, words: list[str], said: str) -> None:
    run = assay("token", *words, "--tokens", file)
    assert run.code == 2
    assert said in run.err
    assert not run.out
    assert not file.exists()


def test_the_file_can_be_named_by_the_services_own_setting(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_GUARD__TOKENS", str(file))
    assert assay("token", "create", "uploads").code == 0
    assert file.is_file()
