"""Hashes of 256 bits as four words each, in a fixed shuffled order of their bits. It compares nothing."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

BITS = 256
HASH_BYTES = BITS // 8
WORDS = 4
_BLOCK = 1 << 16

Bytes = NDArray[np.uint8]
Codes = NDArray[np.uint64]
Rows = NDArray[np.int64]
Numbers = NDArray[np.integer[Any]]

# Neighbouring bits of a perceptual hash tend to change together, which would fill one band and leave the next empty.
# The order must be the same for ever and on every machine, so it comes from a digest and not from a generator.
_ORDER = np.array(sorted(range(BITS), key=lambda bit: hashlib.sha256(bytes([bit])).digest()), dtype=np.intp)


def codes_of(hashes: Bytes) -> Codes:
    """Hashes as they are searched: uint8[n, 32] to uint64[n, 4], each with its bits shuffled.

    raises  ValueError where the shape or the type is another
    """
    if hashes.ndim != 2 or hashes.shape[1] != HASH_BYTES or hashes.dtype != np.uint8:
        raise ValueError(f"hashes come as rows of {HASH_BYTES} bytes")
    codes = np.empty((len(hashes), WORDS), dtype="<u8")
    for start in range(0, len(hashes), _BLOCK):
        bits = np.unpackbits(hashes[start : start + _BLOCK], axis=1).take(_ORDER, axis=1)
        codes[start : start + _BLOCK] = np.packbits(bits, axis=1).view("<u8")
    return codes


def hashes_of(codes: Codes) -> Bytes:
    """The hashes that `codes_of` was given."""
    bits = np.unpackbits(np.ascontiguousarray(codes).view(np.uint8).reshape(-1, HASH_BYTES), axis=1)
    back = np.empty_like(bits)
    back[:, _ORDER] = bits
    return np.packbits(back, axis=1)


def distances(left: Codes, right: Codes) -> NDArray[np.int64]:
    """How many bits differ, row by row."""
    differing: NDArray[np.int64] = np.bitwise_count(left ^ right).sum(axis=-1, dtype=np.int64)
    return differing
