"""The operator's key and certificates, as what signs a manifest. It keeps neither, and never sends a key anywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import c2pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from assay.detection.credentials.refused import CannotAttach

MAXIMUM_PEM = 1024 * 1024
_LEAST_RSA_BITS = 2048

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


@dataclass(frozen=True, slots=True)
class Signing:
    """What signs: a function from bytes to a signature, as a key service offers it too, and the signer's certificates.

    algorithm     `ES256`, `ES384`, `ES512`, `PS256`, or `Ed25519`; elliptic signatures are r and s side by side
    certificates  PEM, the signer's own first, then each that issued the one before
    time_stamps   the address of a time-stamp authority, or None: then a signature dies with its certificate
    """

    sign: Callable[[bytes], bytes] = field(repr=False)
    algorithm: str
    certificates: str = field(repr=False)
    time_stamps: str | None = None

    @property
    def signer(self) -> str:
        """The name in the signer's certificate."""
        subject = x509.load_pem_x509_certificate(self.certificates.encode("ascii")).subject
        return subject.rfc4514_string()

    def as_signer(self) -> c2pa.Signer:
        """The library's form of it, for one signature."""
        algorithm = getattr(c2pa.C2paSigningAlg, self.algorithm.upper())
        return c2pa.Signer.from_callback(self.sign, algorithm, self.certificates, self.time_stamps)


def read_signing(key: Path, certificates: Path, time_stamps: str | None = None) -> Signing:
    """A key and certificates from PEM files; raises CannotAttach where they cannot sign together."""
    private = _private_key(_read(key))
    chain_pem = _read(certificates)
    try:
        chain = x509.load_pem_x509_certificates(chain_pem)
    except ValueError as error:
        raise CannotAttach("unusable-certificates", f"`{certificates.name}` holds no certificates in PEM") from error
    if chain[0].public_key() != private.public_key():
        hint = "put the signer's own certificate first, then those that issued it"
        raise CannotAttach("unusable-certificates", "the first certificate is not the key's", hint)
    now = datetime.now(UTC)
    if not chain[0].not_valid_before_utc <= now <= chain[0].not_valid_after_utc:
        since, until = chain[0].not_valid_before_utc.date(), chain[0].not_valid_after_utc.date()
        words = f"the certificate is valid from {since} to {until}"
        raise CannotAttach("unusable-certificates", words, "sign with one that is valid today")
    if time_stamps is not None and urlsplit(time_stamps).scheme not in ("http", "https"):
        raise CannotAttach("unusable-address", f"`{time_stamps}` is no address of a time-stamp authority")
    algorithm, sign = _algorithm(private)
    return Signing(sign, algorithm, chain_pem.decode("ascii", "replace"), time_stamps)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            content = stream.read(MAXIMUM_PEM + 1)
    except OSError as error:
        words = f"`{path.name}` cannot be read: {(error.strerror or 'it cannot be opened').lower()}"
        raise CannotAttach("unreadable-file", words) from error
    if len(content) > MAXIMUM_PEM:
        raise CannotAttach("unreadable-file", f"`{path.name}` is far larger than any key or certificate")
    return content


def _private_key(content: bytes) -> Key:
    try:
        key = load_pem_private_key(content, password=None)
    except TypeError as error:
        hint = "hand over one without a passphrase, or a key service's own function from Python"
        raise CannotAttach("unusable-key", "the key is locked with a passphrase", hint) from error
    except ValueError as error:
        raise CannotAttach("unusable-key", "the key's file holds no private key in PEM") from error
    if isinstance(key, (ec.EllipticCurvePrivateKey, ed25519.Ed25519PrivateKey)):
        return key
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= _LEAST_RSA_BITS:
        return key
    raise CannotAttach("unusable-key", "a key must be on a NIST curve, Ed25519, or RSA of 2048 bits or more")


def _algorithm(key: Key) -> tuple[str, Callable[[bytes], bytes]]:
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return "Ed25519", key.sign
    if isinstance(key, rsa.RSAPrivateKey):
        pss = padding.PSS(padding.MGF1(hashes.SHA256()), salt_length=padding.PSS.DIGEST_LENGTH)
        return "PS256", lambda content: key.sign(content, pss, hashes.SHA256())
    if not isinstance(key.curve, tuple(_CURVES)):
        raise CannotAttach("unusable-key", f"the curve `{key.curve.name}` signs no credentials")
    name, digest, length = _CURVES[type(key.curve)]

    def sign(content: bytes) -> bytes:
        r, s = decode_dss_signature(key.sign(content, ec.ECDSA(digest)))
        return r.to_bytes(length, "big") + s.to_bytes(length, "big")

    return name, sign


_CURVES: dict[type[ec.EllipticCurve], tuple[str, hashes.HashAlgorithm, int]] = {
    ec.SECP256R1: ("ES256", hashes.SHA256(), 32),
    ec.SECP384R1: ("ES384", hashes.SHA384(), 48),
    ec.SECP521R1: ("ES512", hashes.SHA512(), 66),
}
