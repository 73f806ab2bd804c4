"""Tokens: a secret is random, kept as a digest only, and never shown."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from assay.interfaces.service.guard.gates import Scope
from assay.interfaces.service.guard.tokens import NOBODY, Secret, Token, digest_of, is_held, new_secret, parted, written

NOW = 1_800_000_000_000_000
TEXT, KEPT = new_secret(NOW)
TOKEN = Token("a1b2", "uploads", frozenset({Scope.DECIDE}), (KEPT,), NOW)


def test_a_secret_has_32_random_bytes_and_comes_never_twice() -> None:
    texts = {new_secret(NOW)[0] for _ in range(100)}
    assert len(texts) == 100
    assert all(len(text) == 43 for text in texts)


def test_what_is_kept_of_a_secret_is_its_digest_and_shows_in_no_text() -> None:
    assert KEPT.digest == digest_of(TEXT.encode())
    assert TEXT not in repr(TOKEN)
    assert KEPT.digest.hex() not in repr(TOKEN)
    assert "\\x" not in repr(TOKEN)


def test_a_credential_is_read_as_it_is_written_also_where_the_secret_has_the_parting_sign() -> None:
    for secret in (TEXT, "a_b_c", "_", "__x"):
        assert parted(f"Bearer {written('a1b2', secret)}".encode()) == (b"a1b2", secret.encode())
    assert parted(f"bEaReR {written('a1b2', TEXT)}".encode()) == (b"a1b2", TEXT.encode())


def test_what_is_no_token_of_ours_is_none() -> None:
    for header in ("", "Bearer", "Bearer ", "Basic YTpi", "Bearer assay_only", "Bearer other_a_b", "assay_a_b"):
        assert parted(header.encode()) is None
    assert parted(b"Bearer assay_a_" + b"x" * 300) is None


@given(st.binary(max_size=250))
def test_no_header_breaks_the_reading(header: bytes) -> None:
    found = parted(header)
    assert found is None or len(found) == 2


def test_only_its_own_secret_opens_a_token() -> None:
    other, _ = new_secret(NOW)
    assert is_held(TOKEN, TEXT.encode(), NOW)
    assert not is_held(TOKEN, other.encode(), NOW)
    assert not is_held(TOKEN, KEPT.digest, NOW)
    assert not is_held(TOKEN, b"", NOW)
    assert not is_held(NOBODY, b"", NOW)


def test_a_token_ends_at_its_time_and_when_it_is_revoked() -> None:
    assert not is_held(replace(TOKEN, expires=NOW), TEXT.encode(), NOW)
    assert is_held(replace(TOKEN, expires=NOW + 1), TEXT.encode(), NOW)
    assert not is_held(replace(TOKEN, revoked=NOW - 5), TEXT.encode(), NOW)


def test_two_secrets_hold_side_by_side_until_the_old_one_ends() -> None:
    newer, kept = new_secret(NOW)
    rotated = replace(TOKEN, secrets=(Secret(KEPT.digest, NOW, NOW + 10), kept))
    assert is_held(rotated, TEXT.encode(), NOW + 9)
    assert not is_held(rotated, TEXT.encode(), NOW + 10)
    assert is_held(rotated, newer.encode(), NOW + 10)
