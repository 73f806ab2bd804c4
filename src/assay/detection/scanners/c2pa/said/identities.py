"""CAWG identities: who claims the content beside its signer, read without network. It vouches for none of them."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography import x509

from assay.detection.scanners.c2pa.carried.cbor import Unreadable, read_cbor
from assay.detection.scanners.c2pa.carried.signatures import certificates_of
from assay.detection.scanners.c2pa.codes import mapping_of, sequence_of
from assay.detection.trust.lists import name_of

MAXIMUM_IDENTITIES = 16
MAXIMUM_ACCOUNTS = 8
_MAXIMUM_SIGNATURE = 4 * 1024 * 1024
_MAXIMUM_TEXT = 80
CERTIFICATE, AGGREGATED = "cawg.x509.cose", "cawg.identity_claims_aggregation"


@dataclass(frozen=True, slots=True)
class Identity:
    """One identity assertion.

    kind      the form of its proof, in the standard's words
    who       the name in the certificate, or the accounts that an aggregator says it looked at
    issuer    the aggregator's identifier, whose key stands at an address; empty for a certificate
    covers    how many assertions of the manifest it speaks of
    """

    kind: str
    who: tuple[str, ...]
    issuer: str
    covers: int

    @property
    def words(self) -> str:
        """Who claims it, and that nobody looked whether that is true."""
        names = ", ".join(self.who) or "somebody without a name"
        return f"{names} (not checked)"


def identities_of(manifest: Mapping[str, object]) -> tuple[Identity, ...]:
    """Every identity assertion of the manifest, in order; one that cannot be read names nobody."""
    found = []
    for assertion in sequence_of(manifest.get("assertions")):
        entry = mapping_of(assertion)
        label = str(entry.get("label", ""))
        if label == "cawg.identity" or label.startswith("cawg.identity__"):
            found.append(_identity(mapping_of(entry.get("data"))))
    return tuple(found[:MAXIMUM_IDENTITIES])


def only_certificates(manifests: Mapping[str, object]) -> bool:
    """Whether the store holds identities and each is proved by a certificate, so that no address is asked for any."""
    kinds = {
        identity.kind for manifest in manifests.values() for identity in identities_of(mapping_of(manifest))
    }  # fmt: skip
    return kinds == {CERTIFICATE}


def _identity(data: Mapping[str, object]) -> Identity:
    payload = mapping_of(data.get("signer_payload"))
    kind = str(payload.get("sig_type", ""))[:_MAXIMUM_TEXT]
    covers = len(list(sequence_of(payload.get("referenced_assertions"))))
    signature = _bytes_of(data.get("signature"))
    if kind == CERTIFICATE:
        decoded = mapping_of(data.get("signature_info")).get("common_name")
        who = (decoded[:_MAXIMUM_TEXT],) if isinstance(decoded, str) else _certificate_name(signature)
        return Identity(kind, who, "", covers)
    credential = _credential(signature) if kind == AGGREGATED else {}
    return Identity(kind, _accounts(credential), _issuer(credential), covers)


def _bytes_of(value: object) -> bytes:
    if isinstance(value, str) and len(value) <= _MAXIMUM_SIGNATURE:
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            return b""
    return b""


def _certificate_name(signature: bytes) -> tuple[str, ...]:
    for der in certificates_of(signature)[:1]:
        try:
            return (name_of(x509.load_der_x509_certificate(der).subject)[:_MAXIMUM_TEXT],)
        except ValueError:
            return ()
    return ()


def _credential(signature: bytes) -> Mapping[str, object]:
    """The verifiable credential inside an aggregator's signature, which is left unchecked."""
    try:
        parts = read_cbor(signature)
        payload = parts[2] if isinstance(parts, list) and len(parts) == 4 else None
        credential = json.loads(payload) if isinstance(payload, bytes) else {}
    except (Unreadable, ValueError, RecursionError):
        return {}
    return mapping_of(credential)


def _accounts(credential: Mapping[str, object]) -> tuple[str, ...]:
    accounts = []
    for entry in sequence_of(mapping_of(credential.get("credentialSubject")).get("verifiedIdentities")):
        account = mapping_of(entry)
        name = account.get("name") or account.get("username") or account.get("uri")
        provider = mapping_of(account.get("provider")).get("name")
        if isinstance(name, str):
            at = f" at {provider[:_MAXIMUM_TEXT]}" if isinstance(provider, str) else ""
            accounts.append(name[:_MAXIMUM_TEXT] + at)
    return tuple(accounts[:MAXIMUM_ACCOUNTS])


def _issuer(credential: Mapping[str, object]) -> str:
    issuer = credential.get("issuer")
    text = issuer if isinstance(issuer, str) else mapping_of(issuer).get("id")
    return text[: 2 * _MAXIMUM_TEXT] if isinstance(text, str) else ""
