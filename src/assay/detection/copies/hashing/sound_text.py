"""Chromaprint's compressed text form, written and read without its library. It hears nothing.

Form: Base64 (with `-` and `_`, unpadded) of the algorithm's number, the count of numbers in three bytes, then for each
number the gaps between the set bits of its difference from the number before, in three bits each: 0 ends the number,
and a gap of 7 or more is 7, its rest standing in five bits behind all of them.
"""

from __future__ import annotations

import base64
import binascii
import re

import numpy as np
from numpy.typing import NDArray

# The algorithm that the library's program and its public database use.
ALGORITHM = 1
# Of two hours of sound; the program itself stops at two minutes.
MOST_NUMBERS = 60_000
MOST_CHARACTERS = 1_000_000

_WIDE, _FIRST_WIDE, _BITS = 3, 7, 32
_LETTERS = re.compile(r"[A-Za-z0-9_-]+={0,2}")


def numbers_of(text: str) -> NDArray[np.uint32]:
    """The numbers of 32 bits that a fingerprint's text holds, one for each eighth of a second.

    raises  ValueError for what is no such text, was made by another algorithm, or is longer than `MOST_NUMBERS`
    """
    if len(text) > MOST_CHARACTERS or _LETTERS.fullmatch(text) is None:
        raise ValueError("a sound fingerprint is Base64 with `-` and `_`")
    bare = text.rstrip("=")
    try:
        raw = base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except binascii.Error:
        raise ValueError("a sound fingerprint is Base64 with `-` and `_`") from None
    count = int.from_bytes(raw[1:4], "big")
    if len(raw) < 4:
        raise ValueError("the sound fingerprint breaks off")
    if raw[0] != ALGORITHM:
        raise ValueError("the sound fingerprint was made by another algorithm than the usual one, number 1")
    if not 0 < count <= MOST_NUMBERS:
        raise ValueError(f"a sound fingerprint has 1 to {MOST_NUMBERS} numbers")
    return _unpacked(raw[4:], count)


def text_of(numbers: NDArray[np.uint32]) -> str:
    """The text of a fingerprint's numbers."""
    gaps: list[int] = []
    rest: list[int] = []
    steps = numbers ^ np.concatenate(([np.uint32(0)], numbers[:-1]))
    for step in steps.tolist():
        last = 0
        for bit in range(1, _BITS + 1):
            if step >> (bit - 1) & 1:
                gap, last = bit - last, bit
                gaps.append(min(gap, _FIRST_WIDE))
                if gap >= _FIRST_WIDE:
                    rest.append(gap - _FIRST_WIDE)
        gaps.append(0)
    head = bytes([ALGORITHM]) + len(numbers).to_bytes(3, "big")
    raw = head + _packed(gaps, _WIDE) + _packed(rest, 5)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _unpacked(packed: bytes, count: int) -> NDArray[np.uint32]:
    bits = np.unpackbits(np.frombuffer(packed, np.uint8), bitorder="little")
    gaps = bits[: len(bits) // _WIDE * _WIDE].reshape(-1, _WIDE) @ np.array([1, 2, 4], np.uint8)
    ends = np.flatnonzero(gaps == 0)
    if len(ends) < count:
        raise ValueError("the sound fingerprint breaks off")
    gaps = gaps[: ends[count - 1] + 1].astype(np.int64)
    wide = np.flatnonzero(gaps == _FIRST_WIDE)
    behind = -(-len(gaps) * _WIDE // 8) * 8
    if behind + 5 * len(wide) > len(bits):
        raise ValueError("the sound fingerprint breaks off")
    rest = bits[behind : behind + 5 * len(wide)].reshape(-1, 5) @ np.array([1, 2, 4, 8, 16], np.uint8)
    gaps[wide] += rest
    number = np.concatenate(([0], np.cumsum(gaps == 0)[:-1]))
    reached = np.cumsum(gaps)
    before = np.concatenate(([0], reached[ends[: count - 1]]))
    place = reached - before[number]
    if int(place.max(initial=0)) > _BITS:
        raise ValueError("the sound fingerprint holds a number of more than 32 bits")
    steps = np.zeros(count, np.uint32)
    set_bits = gaps > 0
    np.bitwise_or.at(steps, number[set_bits], np.uint32(1) << (place[set_bits] - 1).astype(np.uint32))
    found: NDArray[np.uint32] = np.bitwise_xor.accumulate(steps)
    return found


def _packed(values: list[int], width: int) -> bytes:
    wide = np.array(values, np.uint8).reshape(-1, 1) >> np.arange(width, dtype=np.uint8) & 1
    return np.packbits(wide.reshape(-1), bitorder="little").tobytes()
