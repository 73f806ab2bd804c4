"""The book of tokens: what operators do to it, and what a running service sees of that."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from assay.engine.kernel.errors import Fault
from assay.interfaces.service.guard import book as module
from assay.interfaces.service.guard.book import Made, TokenBook, make_token, open_book, revoke_token, rotate_token
from assay.interfaces.service.guard.token_file import read_tokens
from assay.interfaces.service.guard.tokens import Token
from tests.interfaces.service.guard.made import bearer, made, opened

NOW = 1_900_000_000_000_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tokens.json"


@pytest.fixture(autouse=True)
def _look_always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS_BETWEEN_LOOKS", 0.0)


def found(book: TokenBook, token: Made | str, now: int = NOW) -> str | None:
    one = book.find(bearer(token)["authorization"].encode(), now)
    return None if one is None else one.client


def slugs(faults: object) -> list[str]:
    assert isinstance(faults, list), faults
    return [fault.slug for fault in faults]


def test_a_token_is_found_by_its_credential(path: Path) -> None:
    uploads, review = made(path), made(path, "review", ["read", "operate"])
    book = opened(path)
    assert found(book, uploads) == "uploads"
    assert found(book, review) == "review"
    assert book.find(None, NOW) is None
    assert found(book, uploads.credential[:-1]) is None
    mixed = f"assay_{uploads.token.id}_{review.credential.split('_', 2)[2]}"
    assert found(book, mixed) is None


def test_the_file_is_for_its_user_alone_and_holds_no_secret(path: Path) -> None:
    token = made(path)
    assert path.stat().st_mode & 0o777 == 0o600
    text = path.read_text()
    assert token.credential.split("_", 2)[2] not in text
    assert token.credential not in repr(token)
    assert [each.name for each in path.parent.iterdir()] == ["tokens.json"]


def test_what_is_read_is_what_was_written(path: Path) -> None:
    first, second = made(path, days=3), made(path, "b.c-d_e", ["scan", "read", "scan"])
    assert read_tokens(path) == (first.token, second.token)


def test_a_running_service_sees_new_rotated_and_revoked_tokens(path: Path) -> None:
    old = made(path)
    book = opened(path)
    new = made(path, "later")
    assert found(book, new) == "later"
    rotated = rotate_token(path, old.token.id, 24)
    assert isinstance(rotated, Made)
    assert found(book, old, rotated.token.created) == found(book, rotated, rotated.token.created) == "uploads"
    assert found(book, old, NOW) is None, "the overlap has ended by then"
    assert found(book, rotated) == "uploads"
    assert isinstance(revoke_token(path, old.token.id), Token)
    assert found(book, rotated) is None


def test_after_two_rotations_the_first_secret_holds_no_more(path: Path) -> None:
    first = made(path)
    second = rotate_token(path, first.token.id)
    third = rotate_token(path, first.token.id)
    assert isinstance(second, Made)
    assert isinstance(third, Made)
    now = first.token.created + 1
    book = opened(path)
    assert [found(book, each, now) for each in (first, second, third)] == [None, "uploads", "uploads"]


def test_without_an_overlap_the_old_secret_ends_at_once(path: Path) -> None:
    first = made(path)
    assert isinstance(rotate_token(path, first.token.id, 0), Made)
    assert found(opened(path), first, first.token.created + 1_000_000) is None


def test_an_expired_token_is_not_found(path: Path) -> None:
    short = made(path, days=1)
    assert short.token.expires is not None
    book = opened(path)
    assert found(book, short, short.token.expires - 1) == "uploads"
    assert found(book, short, short.token.expires) is None


def test_a_file_that_breaks_leaves_the_tokens_in_use_and_says_so(path: Path) -> None:
    token = made(path)
    whole = path.read_bytes()
    book = opened(path)
    for broken in (whole[:40], b"", b"{}", whole.replace(b'"version": 1', b'"version": 2')):
        path.write_bytes(broken)
        assert found(book, token) == "uploads"
        assert book.fault is not None
        assert book.fault.slug == "bad-token-file"
    path.unlink()
    assert found(book, token) == "uploads"
    assert book.fault is not None
    path.write_bytes(whole)
    path.chmod(0o600)
    assert found(book, token) == "uploads"
    assert book.fault is None


def test_a_file_that_others_may_write_is_refused(path: Path) -> None:
    made(path)
    path.chmod(0o620)
    assert slugs(open_book(path)) == ["open-token-file"]


def test_what_is_no_plain_file_is_refused(path: Path) -> None:
    assert slugs(open_book(path)) == ["no-token-file"]
    path.mkdir()
    assert slugs(open_book(path)) == ["bad-token-file"]


def test_all_that_is_wrong_with_a_file_is_said_without_a_digest(path: Path) -> None:
    made(path)
    content = json.loads(path.read_text())
    token = content["tokens"][0]
    digest = token["secrets"][0]["sha256"]
    token |= {"id": "a b", "client": "x y", "scopes": ["decid"], "created": "soon"}
    token["secrets"][0]["sha256"] = digest[:-1]
    path.write_text(json.dumps(content))
    faults = open_book(path)
    assert isinstance(faults, list)
    assert len(faults) == 5
    assert not any(digest[:20] in fault.words for fault in faults)
    assert any("did you mean `decide`?" in fault.words for fault in faults)


def test_unknown_and_double_fields_are_refused(path: Path) -> None:
    made(path)
    content = json.loads(path.read_text())
    path.write_text(json.dumps({**content, "more": 1}))
    assert slugs(open_book(path)) == ["bad-token-file"]
    path.write_text(json.dumps({**content, "tokens": content["tokens"] * 2}))
    assert slugs(open_book(path)) == ["bad-token-file"]
    path.write_bytes(b"[" * 100_000)
    assert slugs(open_book(path)) == ["bad-token-file"]


@pytest.mark.parametrize(
    ("client", "scopes", "days", "wrong"),
    [
        ("", ["decide"], None, ["bad-client"]),
        ("a\nb", ["decide"], None, ["bad-client"]),
        ("x" * 65, ["decide"], None, ["bad-client"]),
        ("uploads", [], None, ["no-scope"]),
        ("uploads", ["all"], None, ["unknown-scope"]),
        ("uploads", ["decide"], 0, ["out-of-range"]),
        ("-", ["x"], float("nan"), ["unknown-scope", "bad-client", "out-of-range"]),
    ],
)
def test_a_token_that_makes_no_sense_is_not_made(
    path: Path, client: str, scopes: list[str], days: float | None, wrong: list[str]
) -> None:
    assert slugs(make_token(path, client, scopes, days)) == wrong
    assert not path.exists()


def test_only_a_token_that_holds_can_be_changed(path: Path) -> None:
    token = made(path)
    assert slugs(rotate_token(path, "nobody")) == ["unknown-token"]
    assert isinstance(revoke_token(path, token.token.id), Token)
    assert slugs(revoke_token(path, token.token.id)) == ["ended-token"]
    assert slugs(rotate_token(path, token.token.id)) == ["ended-token"]
    assert slugs(rotate_token(path.with_name("none.json"), "x")) == ["no-token-file"]


def test_a_broken_file_is_never_written_over(path: Path) -> None:
    path.write_text("mine")
    path.chmod(0o600)
    assert slugs(make_token(path, "uploads", ["decide"])) == ["bad-token-file"]
    assert path.read_text() == "mine"


def test_tokens_made_at_the_same_time_are_all_kept(path: Path) -> None:
    threads = [threading.Thread(target=made, args=(path, f"client-{number}")) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tokens = read_tokens(path)
    assert not isinstance(tokens, list)
    assert {token.client for token in tokens} == {f"client-{number}" for number in range(8)}


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_that_cannot_be_written_is_a_fault(path: Path) -> None:
    path.parent.chmod(0o500)
    assert slugs(make_token(path, "uploads", ["decide"])) == ["bad-token-file"]


def test_a_folder_that_cannot_be_made_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    faults = make_token(tmp_path / "file" / "tokens.json", "uploads", ["decide"])
    assert isinstance(faults, list)
    assert isinstance(faults[0], Fault)
