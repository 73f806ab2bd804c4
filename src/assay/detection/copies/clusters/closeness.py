"""When two hashes of a kind count as near, and how far apart two of them are. It searches nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assay.detection.copies.bank.settings import LIMITS
from assay.detection.copies.hashing.chromaprint import chromaprint_similarity
from assay.detection.copies.hashing.film import vpdq_agreement
from assay.detection.copies.hashing.minhash import minhash_similarity
from assay.detection.copies.hashing.tlsh import tlsh_distance
from assay.detection.copies.kinds import HashKind
from assay.engine.kernel.errors import Fault

# Kinds that count what differs; the others say which share is alike.
_DISTANCES: Final = frozenset({HashKind.SHA256, HashKind.PDQ, HashKind.TLSH})


@dataclass(frozen=True, slots=True)
class Closeness:
    """What counts as near.

    within  at most so many bits or points of distance; for films, sound and shingles, at least this share alike
    """

    kind: HashKind
    within: float

    @property
    def is_distance(self) -> bool:
        return self.kind in _DISTANCES

    @property
    def words(self) -> str:
        """`at most 31 of 256 bits apart`, `at least 80 % of the frames alike`."""
        share = f"at least {self.within:.0%}"
        return {
            HashKind.SHA256: "the same bytes",
            HashKind.PDQ: f"at most {self.within:g} of 256 bits apart",
            HashKind.TLSH: f"at most {self.within:g} points apart",
            HashKind.VPDQ: f"{share} of the frames of either film alike",
            HashKind.CHROMAPRINT: f"{share} of the bits of the sound alike",
            HashKind.MINHASH: f"{share} of the shingles alike",
        }[self.kind]

    def told(self, apart: float) -> str:
        """A distance as `apart` gives it, in words: `12 bits`, `93 % alike`."""
        if not self.is_distance:
            return f"{1 - apart:.0%} alike"
        return f"{apart:g} {'bits' if self.kind is HashKind.PDQ else 'points'}"


def closeness_of(kind: HashKind, within: float | None) -> Closeness | Fault:
    """What counts as near for a kind; the usual where `within` is None."""
    limits = LIMITS[kind]
    if within is None:
        usual = limits.usual_share if limits.share else limits.usual
        return Closeness(kind, float(usual or 0))
    most = 1 if limits.share else limits.most or 0
    whole = kind not in _DISTANCES or within.is_integer()
    if not 0 <= within <= most or not whole or (kind not in _DISTANCES and within == 0):
        form = f"a whole number from 0 to {most}" if kind in _DISTANCES else "a share above 0 and up to 1, such as 0.8"
        return Fault("out-of-range", f"`{within:g}` is no measure of nearness for {kind}; write {form}", "within")
    return Closeness(kind, within)


def apart(values: Sequence[str], from_: Sequence[int], to: Sequence[int], closeness: Closeness) -> NDArray[np.float64]:
    """How far apart values are: a row for each of `from_`, a column for each of `to`; 0 is alike in every kind."""
    if closeness.kind is HashKind.PDQ:
        left, right = _wide([values[place] for place in from_]), _wide([values[place] for place in to])
        bits: NDArray[np.float64] = np.bitwise_count(left[:, None, :] ^ right[None, :, :]).sum(axis=2, dtype=np.float64)
        return bits
    rows = [[_one(values[a], values[b], closeness.kind) for b in to] for a in from_]
    return np.array(rows, np.float64).reshape(len(from_), len(to))


def _one(one: str, other: str, kind: HashKind) -> float:
    if one == other:
        return 0.0
    if kind is HashKind.TLSH:
        return float(tlsh_distance(one, other))
    if kind is HashKind.VPDQ:
        return 1.0 - vpdq_agreement(one, other).share
    if kind is HashKind.CHROMAPRINT:
        return 1.0 - chromaprint_similarity(one, other)
    if kind is HashKind.MINHASH:
        return 1.0 - minhash_similarity(one, other)
    return 1.0


def _wide(values: Sequence[str]) -> NDArray[np.uint64]:
    return np.frombuffer(bytes.fromhex("".join(values)), np.uint64).reshape(-1, 4)
