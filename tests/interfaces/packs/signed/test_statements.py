"""What signers say of a bundle is believed whole or not at all, each way of tampering by its own name."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assay.engine.kernel.errors import Fault
from assay.interfaces.packs.bundles import LARGEST_BUNDLE, Bundle, bundle_in
from assay.interfaces.packs.signed.statements import verify_bundle
from tests.interfaces import small
from tests.interfaces.packs.signing import FAILS, a_bundle, a_key, found, signed, trusted

Change = Callable[[dict[str, Any]], object]


def verdict(content: bytes, folder: Path, needed: int = 1) -> str:
    """`fine`, or the slug of the first fault."""
    bundle = bundle_in(content, "a bundle")
    if isinstance(bundle, Fault):
        return bundle.slug
    signers = verify_bundle(bundle, trusted(folder), needed=needed)
    return signers[0].slug if isinstance(signers, list) else "fine"


def test_a_signed_bundle_says_who_signed_it_and_what_was_proved(tmp_path: Path) -> None:
    bundle = a_bundle(tmp_path)
    content = signed(bundle, a_key(tmp_path), a_key(tmp_path, "bo"))
    signers = verify_bundle(found(bundle_in(content, "it")), trusted(tmp_path), needed=2)
    assert isinstance(signers, tuple)
    assert [one.key.name for one in signers] == ["ada", "bo"]
    assert {one.statement.bundle for one in signers} == {bundle.digest}
    assert all(one.statement.proved and one.statement.proof.claims == 12 for one in signers)


def test_signing_changes_no_text(tmp_path: Path) -> None:
    bundle = a_bundle(tmp_path)
    again = found(bundle_in(signed(bundle, a_key(tmp_path)), "it"))
    assert (again.digest, again.texts.files) == (bundle.digest, bundle.texts.files)


def test_the_same_key_signs_once_however_often(tmp_path: Path) -> None:
    ada = a_key(tmp_path)
    content = signed(a_bundle(tmp_path), ada, ada, ada)
    assert len(json.loads(content)["signatures"]) == 1
    assert verdict(content, tmp_path, needed=2) == "too-few-signatures"


def test_a_signature_without_a_proof_says_why(tmp_path: Path) -> None:
    content = signed(a_bundle(tmp_path), a_key(tmp_path), proof=FAILS, unproved="an emergency")
    signers = verify_bundle(found(bundle_in(content, "it")), trusted(tmp_path))
    assert isinstance(signers, tuple)
    assert signers[0].statement.unproved == "an emergency"
    assert not signers[0].statement.proved


def test_a_proof_with_errors_is_no_proof_even_where_no_reason_is_given(tmp_path: Path) -> None:
    content = signed(a_bundle(tmp_path), a_key(tmp_path), proof=FAILS)
    signers = verify_bundle(found(bundle_in(content, "it")), trusted(tmp_path))
    assert isinstance(signers, tuple)
    assert not signers[0].statement.proved


def _first(bundle: dict[str, Any]) -> dict[str, Any]:
    one: dict[str, Any] = bundle["signatures"][0]
    return one


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        (lambda b: b.pop("signatures"), "unsigned-bundle"),
        (lambda b: b.update(signatures=[]), "unsigned-bundle"),
        (lambda b: b.update(signatures={}), "bad-statement"),
        (lambda b: b.update(signatures=b["signatures"] * 21), "bad-statement"),
        (lambda b: b["signatures"].append(3), "bad-statement"),
        (lambda b: _first(b).update(algorithm="none"), "bad-statement"),
        (lambda b: _first(b)["statement"].update(algorithm="none"), "bad-statement"),
        (lambda b: _first(b)["statement"].update(unproved=""), "bad-statement"),
        (lambda b: _first(b)["statement"].update(signed="yesterday"), "bad-statement"),
        (lambda b: _first(b)["statement"]["proof"].update(errors=-1), "bad-statement"),
        (lambda b: _first(b)["statement"]["proof"].update(claims=13), "bad-signature"),
        (lambda b: _first(b)["statement"].update(unproved="none was needed"), "bad-signature"),
        (lambda b: _first(b).update(signature="!"), "bad-signature"),
        (lambda b: _first(b).update(signature=""), "bad-signature"),
        (lambda b: _first(b)["statement"].update(key="0" * 32), "unknown-key"),
        (lambda b: b["files"].update({"pack.yaml": "pack: other\n"}), "damaged-bundle"),
    ],
)
def test_tampering_is_named(change: Change, slug: str, tmp_path: Path) -> None:
    bundle = json.loads(signed(a_bundle(tmp_path), a_key(tmp_path)))
    change(bundle)
    assert verdict(json.dumps(bundle).encode(), tmp_path) == slug


def test_a_signature_cannot_be_carried_to_another_bundle(tmp_path: Path) -> None:
    key = a_key(tmp_path)
    signatures = json.loads(signed(a_bundle(tmp_path), key))["signatures"]
    other = json.loads(signed(a_bundle(tmp_path, small.REWORDED), key))
    other["signatures"] = signatures
    assert verdict(json.dumps(other).encode(), tmp_path) == "other-bundle"


def test_a_name_given_twice_is_refused_wherever_it_stands(tmp_path: Path) -> None:
    content = signed(a_bundle(tmp_path), a_key(tmp_path))
    for before, after in ((b'"digest":', b'"digest":"x","digest":'), (b'"claims":', b'"claims":0,"claims":')):
        assert before in content
        assert verdict(content.replace(before, after, 1), tmp_path) == "repeated-name"


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    assert verdict(b" " * (LARGEST_BUNDLE + 1), tmp_path) == "too-large"


def test_a_strangers_signature_does_no_harm_beside_enough_that_are_known(tmp_path: Path) -> None:
    ada, bo = a_key(tmp_path), a_key(tmp_path, "bo")
    content = signed(a_bundle(tmp_path), ada, bo)
    (tmp_path / "keys" / "bo.pub").unlink()
    assert verdict(content, tmp_path) == "fine"
    assert verdict(content, tmp_path, needed=2) == "too-few-signatures"


def test_a_revoked_key_signs_nothing_any_more(tmp_path: Path) -> None:
    content = signed(a_bundle(tmp_path), a_key(tmp_path))
    assert verdict(content, tmp_path) == "fine"
    (tmp_path / "keys" / "revoked").write_text("ada\n", encoding="utf-8")
    assert verdict(content, tmp_path) == "revoked-key"


def test_every_changed_byte_of_a_signed_bundle_is_seen(tmp_path: Path) -> None:
    content = signed(a_bundle(tmp_path), a_key(tmp_path))
    for place in range(0, len(content) - 1, 97):
        changed = bytearray(content)
        changed[place] ^= 1
        assert verdict(bytes(changed), tmp_path) != "fine", place


def test_a_bundle_keeps_its_signatures_when_it_is_read_and_signed_again(tmp_path: Path) -> None:
    content = signed(a_bundle(tmp_path), a_key(tmp_path))
    bundle = found(bundle_in(content, "it"))
    assert isinstance(bundle, Bundle)
    again = signed(bundle, a_key(tmp_path, "bo"))
    assert verdict(again, tmp_path, needed=2) == "fine"
