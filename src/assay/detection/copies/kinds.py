"""What identifies an item again: the kinds of hash, and one hash with the place it was taken from. It makes none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

ITSELF = ""


class HashKind(StrEnum):
    """How a value was made; each is written in the form in which such values are commonly exchanged.

    `sha256` and `pdq` are 64 hexadecimal characters; `vpdq` is a JSON list of `hash,quality,seconds`; `chromaprint` is
    the library's own text (Base64 with `-` and `_`, compressed); `tlsh` begins with `T1`; `minhash` is 128 numbers of
    32 bits, 8 hexadecimal characters each.
    """

    SHA256 = "sha256"
    PDQ = "pdq"
    VPDQ = "vpdq"
    CHROMAPRINT = "chromaprint"
    TLSH = "tlsh"
    MINHASH = "minhash"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """One hash of one item.

    quality  how much there is to tell it by, 0 to 100, or None where the kind has no such measure
    place    what was hashed: empty for the item itself, else `flip`, `rotate90`, `crop:centre90`, `frame:12.0`
    """

    kind: HashKind
    value: str
    quality: int | None = None
    place: str = ITSELF
