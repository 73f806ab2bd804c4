"""A certificate authority that lives for one process, for examples and tests. Nothing real may ever trust it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID, ObjectIdentifier

CLAIM_SIGNING = ObjectIdentifier("1.3.6.1.4.1.62558.2.1")
EMAIL_PROTECTION = ObjectIdentifier("1.3.6.1.5.5.7.3.4")


@dataclass(frozen=True, slots=True)
class Authority:
    """A root as PEM for a trust list, and the chain and key of one signer below it."""

    root: bytes
    chain: bytes
    key: bytes


@lru_cache(maxsize=8)
def make_authority(organisation: str = "Example Pictures", *, seconds: int = 365 * 86_400) -> Authority:
    """A root and one signer, valid since yesterday; the signer for so many seconds from now."""
    since, until = datetime.now(UTC) - timedelta(days=1), datetime.now(UTC) + timedelta(seconds=seconds)
    root_key, signer_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name, signer_name = _name(f"{organisation} Root", organisation), _name("Example Signer", organisation)
    always = since + timedelta(days=3_650)
    root = _certificate(root_name, root_name, root_key, root_key, (since, always), is_root=True)
    signer = _certificate(signer_name, root_name, signer_key, root_key, (since, until), is_root=False)
    pem = serialization.Encoding.PEM
    key = signer_key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return Authority(root.public_bytes(pem), signer.public_bytes(pem) + root.public_bytes(pem), key)


def _name(common_name: str, organisation: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
        ]
    )


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    subject_key: ec.EllipticCurvePrivateKey,
    issuer_key: ec.EllipticCurvePrivateKey,
    valid: tuple[datetime, datetime],
    *,
    is_root: bool,
) -> x509.Certificate:
    usage = dict.fromkeys(
        ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
         "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"), False
    )  # fmt: skip
    usage |= {"key_cert_sign": True, "crl_sign": True} if is_root else {"digital_signature": True}
    above = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(subject_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid[0])
        .not_valid_after(valid[1])
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(subject_key.public_key()), critical=False)
        .add_extension(above, critical=False)
    )
    if not is_root:
        builder = builder.add_extension(x509.ExtendedKeyUsage([CLAIM_SIGNING, EMAIL_PROTECTION]), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())
