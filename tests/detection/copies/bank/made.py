"""A bank's settings, values by chance and ways to ask for them, for the tests of banks. It holds no test."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from assay.detection.copies.bank.bank import Bank
from assay.detection.copies.bank.settings import BankSettings
from assay.detection.copies.kinds import Fingerprint, HashKind
from assay.detection.evidence import Claim, Tier

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
CHANCE = np.random.default_rng(4)
VALUES = [each.tobytes().hex() for each in CHANCE.integers(0, 256, (400, 32), dtype=np.uint8)]
SETTINGS = BankSettings(
    name="fakes",
    purpose="pictures that were shown to be made",
    kind=HashKind.PDQ,
    words="A copy of a picture that was shown to be made.",
    claim=Claim.GENERATED,
    tier=Tier.OPERATOR,
)


def near(value: str, bits: int) -> str:
    """The value with its first so many bits flipped."""
    return f"{int(value, 16) ^ (((1 << bits) - 1) << (256 - bits)):064x}"


def asked(value: str, quality: int | None = 90, place: str = "") -> Fingerprint:
    return Fingerprint(HashKind.PDQ, value, quality, place)


def found(bank: Bank, *values: str) -> list[tuple[int, float]]:
    return [(match.entry, match.distance) for match in bank.search([asked(value) for value in values])]
