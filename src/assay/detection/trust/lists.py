"""A trust list: the certificates of one PEM file, with whose list it is and what it is for. It never fetches one."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from assay.detection.evidence import Tier

MAXIMUM_LIST = 4 * 1024 * 1024
MAXIMUM_CERTIFICATES = 2_000
_BLOCK = re.compile(rb"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----")
_BEGIN = b"-----BEGIN CERTIFICATE-----"


class UnreadableList(ValueError):
    """A list that cannot be used; the text says why, in lower case."""


class Keeper(StrEnum):
    """Whose list it is, the one that says most first. The interim one is frozen since January 2026."""

    OFFICIAL = "official"
    OPERATOR = "operator"
    INTERIM = "interim"

    @property
    def tier(self) -> Tier:
        return _TIERS[self]


class Purpose(StrEnum):
    """What the list vouches for: who signs, or who says when something was signed."""

    SIGNERS = "signers"
    TIMES = "times"


_TIERS = {Keeper.OFFICIAL: Tier.TRUSTED, Keeper.OPERATOR: Tier.OPERATOR, Keeper.INTERIM: Tier.INTERIM}


@dataclass(frozen=True, slots=True)
class Anchor:
    """One certificate that is trusted, as PEM text.

    parts  in lower case, each part of its name, which every certificate below it must repeat; empty where one is
           in no plain alphabet
    """

    sha256: str
    pem: str
    name: str
    certificate: x509.Certificate
    parts: tuple[bytes, ...]
    not_after: datetime
    stamps_only: bool


@dataclass(frozen=True, slots=True)
class TrustList:
    """The certificates of one file, each once, in the file's order."""

    file: str
    keeper: Keeper
    purpose: Purpose
    sha256: str
    anchors: tuple[Anchor, ...]


def parse_list(content: bytes) -> tuple[Anchor, ...]:
    """Every certificate of a PEM file; raises UnreadableList where there is none or any cannot be read."""
    if len(content) > MAXIMUM_LIST:
        raise UnreadableList("it is larger than any true trust list")
    blocks = _BLOCK.findall(content)
    if content.count(_BEGIN) != len(blocks):
        raise UnreadableList("a certificate in it begins and does not end")
    if not blocks:
        raise UnreadableList("it holds no certificate")
    if len(blocks) > MAXIMUM_CERTIFICATES:
        raise UnreadableList(f"it holds more than {MAXIMUM_CERTIFICATES:,} certificates")
    found: dict[str, Anchor] = {}
    for number, block in enumerate(blocks, 1):
        try:
            anchor = _anchor(x509.load_pem_x509_certificate(block))
        except ValueError as error:
            raise UnreadableList(f"its certificate no. {number} cannot be read") from error
        found.setdefault(anchor.sha256, anchor)
    return tuple(found.values())


def _anchor(certificate: x509.Certificate) -> Anchor:
    der = certificate.public_bytes(Encoding.DER)
    return Anchor(
        sha256=hashlib.sha256(der).hexdigest(),
        pem=certificate.public_bytes(Encoding.PEM).decode("ascii"),
        name=name_of(certificate.subject),
        certificate=certificate,
        parts=_parts(certificate.subject),
        not_after=certificate.not_valid_after_utc,
        stamps_only=_stamps_only(certificate),
    )


def name_of(subject: x509.Name) -> str:
    """The name people know a certificate by: its common name, else its organisation, else all of it."""
    for oid in (x509.NameOID.COMMON_NAME, x509.NameOID.ORGANIZATION_NAME):
        for attribute in subject.get_attributes_for_oid(oid):
            return str(attribute.value)
    return subject.rfc4514_string()


def _parts(subject: x509.Name) -> tuple[bytes, ...]:
    # Names are compared without case and without regard to how many spaces stand between words.
    values = [" ".join(str(attribute.value).split()).lower() for attribute in subject]
    if not all(value.isascii() for value in values):
        return ()
    return tuple(sorted((value.encode("ascii") for value in values if value), key=len, reverse=True))


def _stamps_only(certificate: x509.Certificate) -> bool:
    try:
        usages = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    return list(usages) == [ExtendedKeyUsageOID.TIME_STAMPING]
