"""How the values of each kind of hash are found and compared: what is indexed, and what decides. It keeps none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import xxhash
from numpy.typing import NDArray

from assay.detection.copies.bank.settings import BankSettings
from assay.detection.copies.kinds import HashKind
from assay.detection.copies.search.codes import HASH_BYTES, Bytes

_NONE = np.empty((0, HASH_BYTES), dtype=np.uint8)


class Way(Protocol):
    """One kind of hash in one bank.

    bits      whether entries are looked up in the index of bits, else by their pieces
    exact     whether the distance in the index is the one that decides
    most      how many candidates are compared exactly for one query
    """

    @property
    def bits(self) -> bool:
        """See above, as for those that follow."""

    @property
    def exact(self) -> bool: ...

    @property
    def most(self) -> int: ...

    def kept(self, value: str) -> str | bytes:
        """The value as it is stored, from its usual form."""

    def hashes(self, kept: str | bytes) -> Bytes:
        """uint8[n, 32]: what of a value is looked up by bits."""

    def pieces(self, kept: str | bytes) -> Sequence[int]:
        """What of a value is looked up as a whole."""

    def compared(self, query: str | bytes, entry: str | bytes) -> float:
        """The number that decides."""


@dataclass(frozen=True, slots=True)
class Bits:
    """Hashes that are 256 bits themselves: PDQ and SHA-256."""

    bits: bool = True
    exact: bool = True
    most: int = 10_000

    def kept(self, value: str) -> str | bytes:
        """32 bytes, half of what the text takes."""
        return bytes.fromhex(value)

    def hashes(self, kept: str | bytes) -> Bytes:
        """The value."""
        return np.frombuffer(kept if isinstance(kept, bytes) else b"", dtype=np.uint8).reshape(-1, HASH_BYTES)

    def pieces(self, kept: str | bytes) -> Sequence[int]:
        """None."""
        del kept
        return ()

    def compared(self, query: str | bytes, entry: str | bytes) -> float:
        """Differing bits."""
        return float(np.bitwise_count(self.hashes(query) ^ self.hashes(entry)).sum(dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Texts:
    """TLSH: its body's pairs of bits in Gray's order differ in no more bits than the distance counts points.

    A step between two neighbours of four counts one point and changes one bit; two steps count two and change two;
    from end to end counts six and changes one. So everything within a distance is among what is within as many bits.
    """

    bits: bool = True
    exact: bool = False
    most: int = 10_000

    def kept(self, value: str) -> str | bytes:
        """The text."""
        return value

    def hashes(self, kept: str | bytes) -> Bytes:
        """The body, which is what follows the `T1` and three bytes of head."""
        body = np.frombuffer(bytes.fromhex(str(kept)[8:]), dtype=np.uint8)
        high = body & np.uint8(0b10101010)
        return (body ^ (high >> np.uint8(1))).reshape(1, HASH_BYTES)

    def pieces(self, kept: str | bytes) -> Sequence[int]:
        """None."""
        del kept
        return ()

    def compared(self, query: str | bytes, entry: str | bytes) -> float:
        """TLSH's own points."""
        from assay.detection.copies.hashing.tlsh import tlsh_distance

        return float(tlsh_distance(str(query), str(entry)))


@dataclass(frozen=True, slots=True)
class Films:
    """vPDQ: any frame that is near makes a candidate, the share of near frames decides."""

    distance: int
    quality_at_least: int
    bits: bool = True
    exact: bool = False
    most: int = 100

    def kept(self, value: str) -> str | bytes:
        """The text."""
        return value

    def hashes(self, kept: str | bytes) -> Bytes:
        """The different good frames."""
        from assay.detection.copies.hashing.film import bits_of, frames_in

        return bits_of(frames_in(str(kept)), self.quality_at_least)

    def pieces(self, kept: str | bytes) -> Sequence[int]:
        """None."""
        del kept
        return ()

    def compared(self, query: str | bytes, entry: str | bytes) -> float:
        """The larger of both films' shares of frames that the other has, too."""
        from assay.detection.copies.hashing.film import vpdq_agreement

        return vpdq_agreement(
            str(query), str(entry), distance=self.distance, quality_at_least=self.quality_at_least
        ).share


@dataclass(frozen=True, slots=True)
class Sketches:
    """MinHash: pairs of its numbers are the pieces; texts that share three runs in ten share one, 998 in 1000 times."""

    bits: bool = False
    exact: bool = False
    most: int = 1000

    def kept(self, value: str) -> str | bytes:
        """The text."""
        return value

    def hashes(self, kept: str | bytes) -> Bytes:
        """None."""
        del kept
        return _NONE

    def pieces(self, kept: str | bytes) -> Sequence[int]:
        """64 pairs, each with its place in the sketch."""
        from assay.detection.copies.hashing.minhash import numbers_of

        pairs = numbers_of(str(kept)).astype("<u4").reshape(-1, 2)
        return [xxhash.xxh3_64_intdigest(pair.tobytes(), seed=place) >> 1 for place, pair in enumerate(pairs)]

    def compared(self, query: str | bytes, entry: str | bytes) -> float:
        """The share of equal numbers."""
        from assay.detection.copies.hashing.minhash import minhash_similarity

        return minhash_similarity(str(query), str(entry))


@dataclass(frozen=True, slots=True)
class Sounds:
    """Chromaprint: its numbers are the pieces; recordings that share most of them are compared bit by bit."""

    bits: bool = False
    exact: bool = False
    # Comparing two recordings of two minutes at every shift takes some milliseconds.
    most: int = 40

    def kept(self, value: str) -> str | bytes:
        """The text."""
        return value

    def hashes(self, kept: str | bytes) -> Bytes:
        """None."""
        del kept
        return _NONE

    def pieces(self, kept: str | bytes) -> Sequence[int]:
        """The different numbers of 32 bits."""
        numbers: NDArray[np.uint32] = _numbers(str(kept))
        return [int(number) for number in np.unique(numbers)]

    def compared(self, query: str | bytes, entry: str | bytes) -> float:
        """The share of equal bits where both fit best."""
        from assay.detection.copies.hashing.chromaprint import similarity_of

        return similarity_of(_numbers(str(query)), _numbers(str(entry)))


def _numbers(text: str) -> NDArray[np.uint32]:
    from assay.detection.copies.hashing.sound_text import numbers_of

    return numbers_of(text)


def way_of(settings: BankSettings) -> Way:
    """The way of a bank's kind."""
    match settings.kind:
        case HashKind.SHA256 | HashKind.PDQ:
            return Bits()
        case HashKind.TLSH:
            return Texts()
        case HashKind.VPDQ:
            return Films(settings.reach, settings.quality_at_least or 0)
        case HashKind.MINHASH:
            return Sketches()
        case HashKind.CHROMAPRINT:
            return Sounds()
