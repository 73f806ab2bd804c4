"""A throw-away certificate authority and the signers it vouches for. It never keeps a key on disk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CLAIM_SIGNING = x509.ObjectIdentifier("1.3.6.1.4.1.62558.2.1")
"""The extended key usage with which C2PA marks certificates that may sign claims."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who signs claims.

    name    the organisation in the certificate
    chain   the signer's certificate in PEM; the authority's own is left out, as C2PA asks for roots
    root    the authority's certificate in PEM, which the signer itself trusts
    key     the private key, which lives as long as this process
    """

    name: str
    chain: str
    root: str
    key: ec.EllipticCurvePrivateKey

    def sign(self, claim: bytes) -> bytes:
        """The ES256 signature over `claim` in the fixed-width form that COSE uses."""
        r, s = decode_dss_signature(self.key.sign(claim, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


@dataclass(frozen=True, slots=True)
class Authority:
    """A root of trust with a life of one demonstration."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> str:
        return _pem(self.certificate)

    def vouch(self, organisation: str, *, start: datetime, end: datetime) -> Signer:
        """A new signer whose certificate runs from `start` to `end`."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _certificate(_name(organisation), self.certificate.subject, key, start=start, end=end)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(_key_usage(digital_signature=True), critical=True)
        # Both usages are listed because verifiers of different years look for different ones.
        usages = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION, CLAIM_SIGNING])
        builder = builder.add_extension(usages, critical=False)
        issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        builder = builder.add_extension(issuer_key, critical=False)
        return Signer(organisation, _pem(builder.sign(self.key, hashes.SHA256())), self.pem, key)


def found_authority(organisation: str, *, start: datetime, end: datetime) -> Authority:
    """A new self-signed authority whose certificate runs from `start` to `end`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(organisation)
    builder = _certificate(name, name, key, start=start, end=end)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_key_usage(digital_signature=False), critical=True)
    return Authority(builder.sign(key, hashes.SHA256()), key)


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, *, start: datetime, end: datetime
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder(
        issuer_name=issuer,
        subject_name=subject,
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=start,
        not_valid_after=end,
    )
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


def _key_usage(*, digital_signature: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        key_cert_sign=not digital_signature,
        crl_sign=not digital_signature,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(organisation: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, organisation),
        ]
    )


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")
