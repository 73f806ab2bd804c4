"""Keys are made, kept to their owners, trusted by a folder and revoked by a line; nothing but Ed25519 is taken."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from assay.engine.kernel.errors import Fault
from assay.interfaces.packs.signed.keys import Keys, SigningKey, TrustedKey, make_key, read_keys, read_signing_key
from tests.interfaces.packs.signing import a_key, trusted


def slug(found: object) -> str:
    assert isinstance(found, Fault), found
    return found.slug


def slugs(found: Keys | list[Fault]) -> list[str]:
    assert isinstance(found, list), found
    return [fault.slug for fault in found]


def test_what_a_key_signs_its_public_half_believes(tmp_path: Path) -> None:
    key = a_key(tmp_path)
    signature = key.sign("kind", b"content")
    believed = trusted(tmp_path).check(key.id, "kind", b"content", signature)
    assert isinstance(believed, TrustedKey)
    assert (believed.name, believed.id) == ("ada", key.id)


@pytest.mark.parametrize(("domain", "content"), [("kind", b"other"), ("other", b"content"), ("kin", b"dcontent")])
def test_a_signature_is_of_one_content_of_one_kind(domain: str, content: bytes, tmp_path: Path) -> None:
    key = a_key(tmp_path)
    assert slug(trusted(tmp_path).check(key.id, domain, content, key.sign("kind", b"content"))) == "bad-signature"


def test_every_changed_byte_of_a_signature_is_seen(tmp_path: Path) -> None:
    key = a_key(tmp_path)
    signature, keys = key.sign("kind", b"content"), trusted(tmp_path)
    for place in range(len(signature)):
        changed = bytearray(signature)
        changed[place] ^= 1
        assert slug(keys.check(key.id, "kind", b"content", bytes(changed))) == "bad-signature"
    assert slug(keys.check(key.id, "kind", b"content", signature[:-1])) == "bad-signature"


def test_a_private_key_is_its_owners_alone(tmp_path: Path) -> None:
    a_key(tmp_path)
    path = tmp_path / "ada.key"
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    assert slug(read_signing_key(path)) == "open-key"


def test_a_private_key_is_never_shown(tmp_path: Path) -> None:
    key = a_key(tmp_path)
    assert key.id in repr(key)
    assert "private" not in repr(key)


def test_a_passphrase_guards_a_private_key(tmp_path: Path) -> None:
    made = make_key("ada", tmp_path / "ada.key", passphrase="a long one")
    assert isinstance(made, tuple)
    assert slug(read_signing_key(tmp_path / "ada.key")) == "bad-passphrase"
    assert slug(read_signing_key(tmp_path / "ada.key", passphrase="another")) == "bad-key"
    assert isinstance(read_signing_key(tmp_path / "ada.key", passphrase="a long one"), SigningKey)
    assert b"ENCRYPTED" in (tmp_path / "ada.key").read_bytes()


def test_no_key_is_written_over(tmp_path: Path) -> None:
    assert isinstance(make_key("ada", tmp_path / "ada.key"), tuple)
    assert slug(make_key("ada", tmp_path / "ada.key")) == "key-exists"
    assert slug(make_key("ada", tmp_path / "other.key")) == "key-exists"
    assert slug(make_key("../ada", tmp_path / "third.key")) == "bad-name"


def test_a_key_of_another_algorithm_is_refused(tmp_path: Path) -> None:
    strange = rsa.generate_private_key(65537, 2048)
    private, public = tmp_path / "bo.key", tmp_path / "keys" / "bo.pub"
    private.write_bytes(strange.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    private.chmod(0o600)
    assert slug(read_signing_key(private)) == "wrong-algorithm"
    a_key(tmp_path)
    public.write_bytes(strange.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    assert slugs(read_keys(tmp_path / "keys")) == ["wrong-algorithm"]


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PUBLIC KEY-----", b"\xff" * 100, b"x" * 20_000])
def test_what_is_no_key_is_refused_and_not_passed_over(content: bytes, tmp_path: Path) -> None:
    a_key(tmp_path)
    (tmp_path / "keys" / "bo.pub").write_bytes(content)
    assert slugs(read_keys(tmp_path / "keys")) in (["bad-key"], ["too-large"])


def test_a_key_is_revoked_by_its_name_or_its_id(tmp_path: Path) -> None:
    ada, bo = a_key(tmp_path), a_key(tmp_path, "bo")
    (tmp_path / "keys" / "revoked").write_text(f"# lost on a train\nada # in May\n{bo.id}\n", encoding="utf-8")
    keys = trusted(tmp_path)
    for key in (ada, bo):
        assert slug(keys.check(key.id, "kind", b"", key.sign("kind", b""))) == "revoked-key"


def test_a_misspelt_revocation_is_a_fault_and_leaves_nobody_trusted(tmp_path: Path) -> None:
    a_key(tmp_path)
    (tmp_path / "keys" / "revoked").write_text("adda\n", encoding="utf-8")
    assert slugs(read_keys(tmp_path / "keys")) == ["bad-revocation"]


def test_a_key_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    a_key(tmp_path)
    stranger = a_key(tmp_path / "keys", "eve")
    (tmp_path / "keys" / "keys" / "eve.pub").unlink()
    assert slug(trusted(tmp_path).check(stranger.id, "kind", b"", stranger.sign("kind", b""))) == "unknown-key"
    for identity in (None, 3, "", "eve", stranger.id.upper() + "0"):
        assert slug(trusted(tmp_path).check(identity, "kind", b"", b"")) == "bad-signature"


def test_an_empty_folder_of_keys_trusts_nobody(tmp_path: Path) -> None:
    assert slugs(read_keys(tmp_path)) == ["no-keys"]
    assert slugs(read_keys(tmp_path / "nowhere")) == ["no-keys"]
