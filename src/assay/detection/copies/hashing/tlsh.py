"""TLSH, by which near texts have near hashes: 128 buckets, a checksum of one byte, the form T1. It reads no file.

Source: Oliver, Cheng, Chen: "TLSH, a locality sensitive hash", 2013; the bytes are mixed by Pearson 1990,
doi:10.1145/78973.78978.
"""

from __future__ import annotations

import math
import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

from assay.detection.copies.hashing.words import plain

FEWEST_BYTES = 50
# Shorter texts do have hashes, but those of unrelated ones come too near.
FEWEST_BYTES_OF_TEXT = 256
# The length is told by its logarithm in 32 bits, which is exact as far as here.
MOST_BYTES = 512 * 1024
# Up to this distance two texts are taken for one; of unrelated ones, one pair in a hundred is nearer than 136.
USUAL_DISTANCE = 70

_FORM = re.compile(r"T1[0-9A-F]{70}")
_BUCKETS = 128
# Pearson's permutation of the bytes.
_MIXED = np.frombuffer(
    bytes.fromhex(
        "0157310cb0b266a679c10654f9e62ca30ec5d5b5a155da5040ef18e2ec8e26c86eb168678dfdff324d6551122d601fde"
        "196bbe4656edf02248f214d6f4e395eb61ea39163cfa52afd0057fc76f3e87f8aea9d33a429a6ac3f5ab11bbb6b300f3"
        "8438944b80859e64827e5b0d99f6d8db7744df4e5358c9637a0b5c208872340a8a1e30b79c233d1a8f4afb5e81a23f98"
        "aa0773a7f1ce0396373b97dc5a3517837dad0fee4f5f59106989e1e0d9a0257b7649029d2e74099186e4cfd4cad745e5"
        "1bbc437ca8fc2a041d6c15f713cd27cbe928ba93c6c09b21a4bf62cca5b4754c8c24d2ac29369f08b9e871c4e72f9278"
        "33411c90fedd5dbdc28b702b476db8d1"
    ),
    np.uint8,
)
# Which three of five bytes that follow one another make a triplet (0 is the newest), and the number that tells it.
_TRIPLETS = ((2, 0, 1, 2), (3, 0, 1, 3), (5, 0, 2, 3), (7, 0, 2, 4), (11, 0, 1, 4), (13, 0, 3, 4))
_WINDOW = 5
_FARTHEST_STEP, _FARTHEST_COST, _HEADER_COST = 3, 6, 12


def tlsh_of_bytes(content: bytes) -> str | None:
    """The hash of some bytes, or None where they are too few or too uniform to have one.

    raises  ValueError for more than `MOST_BYTES`
    """
    if len(content) > MOST_BYTES:
        raise ValueError(f"no more than {MOST_BYTES} bytes have a hash")
    if len(content) < FEWEST_BYTES:
        return None
    data = np.frombuffer(content, np.uint8)
    buckets = _counted(data)
    first, second, third = (int(each) for each in np.sort(buckets)[[31, 63, 95]])
    # What fills no more than half of the buckets is too uniform: most of the hash would say nothing.
    if third == 0 or int(np.count_nonzero(buckets)) <= _BUCKETS // 2:
        return None
    ratios = (first * 100 // third % 16) << 4 | second * 100 // third % 16
    quarter = (buckets > first).astype(np.uint8) + (buckets > second) + (buckets > third)
    body = (quarter.reshape(-1, 4) << np.array([0, 2, 4, 6], np.uint8)).sum(axis=1, dtype=np.uint8)[::-1]
    head = f"{_checksum(data):02X}"[::-1] + f"{_length_class(len(content)):02X}"[::-1] + f"{ratios:02X}"
    return f"T1{head}{body.tobytes().hex().upper()}"


def tlsh_of(text: str) -> str | None:
    """The hash of a text made plain, as UTF-8, or None where it has under `FEWEST_BYTES_OF_TEXT` or is too uniform."""
    content = plain(text).encode("utf-8", "ignore")[:MOST_BYTES]
    return tlsh_of_bytes(content) if len(content) >= FEWEST_BYTES_OF_TEXT else None


def tlsh_distance(one: str, other: str) -> int:
    """How far two hashes are apart, from 0; lengths that differ count. Raises ValueError for what is no hash."""
    left, right = _taken_apart(one), _taken_apart(other)
    apart = _ring(left[1], right[1], 256)
    distance = apart if apart <= 1 else apart * _HEADER_COST
    for a, b in ((left[2], right[2]), (left[3], right[3])):
        apart = _ring(a, b, 16)
        distance += apart if apart <= 1 else (apart - 1) * _HEADER_COST
    distance += left[0] != right[0]
    return distance + int(_pair_costs()[left[4], right[4]].sum())


def canonical(text: str) -> str:
    """The hash as it is written here: `T1` and capitals; older programs leave the `T1` out. Raises ValueError."""
    upper = text.strip().upper()
    whole = upper if upper.startswith("T1") and len(upper) == 72 else f"T1{upper}"
    if _FORM.fullmatch(whole) is None:
        raise ValueError("a TLSH hash is `T1` and 70 hexadecimal characters")
    return whole


def _taken_apart(text: str) -> tuple[int, int, int, int, NDArray[np.uint8]]:
    """Checksum, class of length, both ratios, and the body's 32 bytes."""
    form = canonical(text)[2:]
    body = np.frombuffer(bytes.fromhex(form[6:]), np.uint8)
    return int(form[1::-1], 16), int(form[3:1:-1], 16), int(form[4], 16), int(form[5], 16), body


def _counted(data: NDArray[np.uint8]) -> NDArray[np.int64]:
    newest = len(data) - _WINDOW + 1
    back = [data[_WINDOW - 1 - age : _WINDOW - 1 - age + newest] for age in range(_WINDOW)]
    total = np.zeros(256, np.int64)
    for salt, a, b, c in _TRIPLETS:
        mixed = _MIXED[_MIXED[_MIXED[_MIXED[salt] ^ back[a]] ^ back[b]] ^ back[c]]
        total += np.bincount(mixed, minlength=256)
    return total[:_BUCKETS]


def _checksum(data: NDArray[np.uint8]) -> int:
    """Carried from byte to byte, so that it cannot be computed for all at once."""
    keys = _MIXED[_MIXED[_MIXED[0] ^ data[_WINDOW - 1 :]] ^ data[_WINDOW - 2 : -1]].tobytes()
    mixed, checksum = _MIXED.tobytes(), 0
    for key in keys:
        checksum = mixed[key ^ checksum]
    return checksum


def _length_class(length: int) -> int:
    logarithm = float(np.float32(math.log(length)))
    if length <= 656:
        return math.floor(logarithm / 0.4054651)
    if length <= 3199:
        return math.floor(logarithm / 0.26236426 - 8.72777)
    return math.floor(logarithm / 0.095310180 - 62.5472)


def _ring(one: int, other: int, size: int) -> int:
    apart = abs(one - other)
    return min(apart, size - apart)


@cache
def _pair_costs() -> NDArray[np.int64]:
    """For any two bytes, what their four pairs of bits cost: a step 1, two steps 2, from end to end 6."""
    pairs = np.arange(256)[:, None] >> np.array([0, 2, 4, 6]) & 3
    steps = np.abs(pairs[:, None, :] - pairs[None, :, :])
    costs: NDArray[np.int64] = np.where(steps == _FARTHEST_STEP, _FARTHEST_COST, steps).sum(axis=2)
    return costs
