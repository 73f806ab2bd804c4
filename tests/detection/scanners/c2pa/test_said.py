"""What a manifest says beside its actions: bindings by their registered names, identities without network."""

from __future__ import annotations

import base64
import contextlib
import json
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.detection.media import Media
from assay.detection.scanner import Settings
from assay.detection.scanners.c2pa.carried.cbor import MAXIMUM_DEPTH, Unreadable, read_cbor
from assay.detection.scanners.c2pa.carried.signatures import certificates_of, signatures_of
from assay.detection.scanners.c2pa.said.bindings import REGISTERED, bindings_of
from assay.detection.scanners.c2pa.said.identities import AGGREGATED, CERTIFICATE, identities_of, only_certificates
from assay.detection.scanners.c2pa.scanner import build
from tests.detection.scanners.c2pa.signing import sign


def test_the_register_is_the_published_one(shared_test_data: Path) -> None:
    rows = json.loads((shared_test_data / "trust" / "softbinding-algorithm-list.json").read_text(encoding="utf-8"))
    assert {row["alg"] for row in rows} == REGISTERED
    kinds = {row["alg"]: row["type"] for row in rows}
    manifest = {"assertions": [{"label": "c2pa.soft-binding", "data": {"alg": name}} for name in kinds]}
    assert {each.algorithm: each.kind for each in bindings_of(manifest)}.items() <= kinds.items()


def test_a_declared_watermark_stands_in_the_evidence_and_is_not_believed() -> None:
    binding = {"label": "c2pa.soft-binding", "data": {"alg": "com.adobe.trustmark.P", "blocks": []}}
    other = {"label": "c2pa.soft-binding", "data": {"alg": "com.example.mine", "blocks": []}}
    content, _store = sign("png", assertions=[binding, other])
    scanner = build(Settings())
    (found,) = scanner.scan(Media.from_bytes(content, name="a.png"))
    assert found.details["soft_bindings"] == "com.adobe.trustmark.P,com.example.mine"
    (chain, unchecked) = scanner.inspect(Media.from_bytes(content, name="a.png"))
    rows = [text for label, text in chain.children[0].rows if label == "soft binding"]
    assert rows == [
        "com.adobe.trustmark.P (watermark), declared and not looked for",
        "com.example.mine (unregistered), declared and not looked for",
    ]
    assert "soft bindings" in dict(unchecked.rows)


def credential(**changes: object) -> bytes:
    """An aggregator's credential inside a COSE signature, written by hand."""
    account = {"type": "cawg.social_media", "username": "ada", "provider": {"name": "Example Net"}}
    raw: dict[str, object] = {
        "issuer": "did:web:aggregator.example",
        "credentialSubject": {"verifiedIdentities": [account, {"name": "Ada Example"}, "nonsense"]},
    }
    payload = json.dumps(raw | changes).encode()
    # A tagged list of four: an empty protected half, an empty open one, the payload, a signature.
    return b"\xd2\x84\x40\xa0" + b"\x59" + len(payload).to_bytes(2, "big") + payload + b"\x41\x00"


def manifest(signature: bytes | str, kind: str = AGGREGATED) -> dict[str, object]:
    text = base64.b64encode(signature).decode() if isinstance(signature, bytes) else signature
    payload = {"sig_type": kind, "referenced_assertions": [{"url": "a"}, {"url": "b"}]}
    return {"assertions": [{"label": "cawg.identity", "data": {"signer_payload": payload, "signature": text}}]}


def test_an_aggregated_identity_names_its_accounts_and_who_looked_at_them() -> None:
    (identity,) = identities_of(manifest(credential()))
    assert identity.who == ("ada at Example Net", "Ada Example")
    assert (identity.issuer, identity.covers) == ("did:web:aggregator.example", 2)
    assert identity.words == "ada at Example Net, Ada Example (not checked)"
    assert not only_certificates({"a": manifest(credential())})
    assert only_certificates({"a": manifest(b"", CERTIFICATE), "b": {}})


@pytest.mark.parametrize(
    "signature",
    [b"", b"\x80", b"\xff" * 40, "no base64 at all", credential(credentialSubject=7), credential(issuer=[1])],
)
def test_an_identity_that_cannot_be_read_names_nobody(signature: bytes | str) -> None:
    (identity,) = identities_of(manifest(signature))
    assert identity.issuer in ("", "did:web:aggregator.example")
    assert identity.covers == 2


def test_a_certificates_name_is_read_from_a_real_identity(shared_test_data: Path) -> None:
    path = shared_test_data / "provenance" / "c2pa-parser" / "C_with_CAWG_data.jpg"
    scanner = build(Settings(shared_test_data / "trust"))
    (found,) = scanner.scan(Media.from_path(path))
    assert found.details["identities"] == "C2PA Signer (not checked)"
    (chain, _unchecked) = scanner.inspect(Media.from_path(path))
    (identity,) = [each for each in chain.children[0].children if each.title == "Identity (CAWG)"]
    # Its signature was checked, which needs no network, and no list vouches for it.
    assert (identity.state, dict(identity.rows)["who"]) == ("weak", "C2PA Signer")


def test_no_connection_is_opened_for_an_identity(socket_enabled: None) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0.3)
        host = f"127.0.0.1%3A{listener.getsockname()[1]}"
        data = {
            "signer_payload": {"sig_type": AGGREGATED, "referenced_assertions": []},
            "signature": base64.b64encode(credential(issuer=f"did:web:{host}")).decode(),
        }
        content, _store = sign("png", assertions=[{"label": "cawg.identity", "data": data}])
        scanner = build(Settings())
        assert scanner.scan(Media.from_bytes(content, name="a.png"))
        (chain, unchecked) = scanner.inspect(Media.from_bytes(content, name="a.png"))
        with pytest.raises(TimeoutError):
            listener.accept()
    (identity,) = chain.children[0].children
    assert (identity.state, dict(identity.rows)["looked at by"]) == ("not checked", f"did:web:{host}")
    assert "identities" in dict(unchecked.rows)


@given(st.binary(max_size=200))
def test_whatever_bytes_come_are_read_or_refused(content: bytes) -> None:
    with contextlib.suppress(Unreadable):
        read_cbor(content)
    assert isinstance(certificates_of(content), tuple)
    assert isinstance(signatures_of(content).complete, bool)


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b"\x18\x2a", 42),
        (b"\x39\x03\xe7", -1000),
        (b"\x43abc", b"abc"),
        (b"\x63abc", "abc"),
        (b"\x82\x01\xf5", [1, True]),
        (b"\xa1\x01\x20", {1: -1}),
        (b"\x9f\x01\x02\xff", [1, 2]),
        (b"\x5f\x41a\x41b\xff", b"ab"),
        (b"\xbf\x61a\x01\xff", {"a": 1}),
        (b"\xc1\x1a\x51\x4b\x67\xb0", 1363896240),
        (b"\xfb\x3f\xf1\x99\x99\x99\x99\x99\x9a", 1.1),
        (b"\xf9\x3c\x00", 1.0),
        (b"\xf6", None),
    ],
)
def test_the_standards_own_examples_are_read(content: bytes, value: object) -> None:
    assert read_cbor(content) == value


@pytest.mark.parametrize(
    "content",
    [
        b"\x81" * (MAXIMUM_DEPTH + 2) + b"\x01",
        b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x5a\xff\xff\xff\xff",
        b"\xa1\x80\x01",
    ],
)
def test_bounds_are_kept(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read_cbor(content)
