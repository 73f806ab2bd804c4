"""Chance that falls alike on every machine: raw bits, whole numbers and tables. It never takes a logarithm."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

# A wheel has so many steps: what is rarer than one of them does not come up.
_BITS = 13
STEPS = 1 << _BITS
Bits = NDArray[np.uint16]


def stream(seed: int, *names: str | int) -> np.random.Generator:
    """The chance that belongs to some names. What is drawn for one of them moves nothing of another."""
    text = "\x00".join(map(str, (seed, *names)))
    key = int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "little")
    return np.random.Generator(np.random.PCG64(key))


def bits_of(chance: np.random.Generator, rows: int) -> Bits:
    """Sixteen bits a row."""
    return np.frombuffer(chance.bytes(2 * rows), "<u2").astype(np.uint16, copy=False)


def shares_of(chance: np.random.Generator, rows: int) -> NDArray[np.float64]:
    """A number in [0, 1) a row, of which every digit comes from raw bits."""
    raw = np.frombuffer(chance.bytes(4 * rows), "<u4").astype(np.float64)
    return np.asarray(raw / 4_294_967_296.0, np.float64)


def mixed(numbers: NDArray[np.uint64], salt: str) -> NDArray[np.uint64]:
    """Each number, scrambled: what a creator is in everything they upload (splitmix64, Steele and others 2014)."""
    key = int.from_bytes(hashlib.sha256(salt.encode()).digest()[:8], "little")
    found = numbers + np.uint64(key)
    found = (found ^ (found >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    found = (found ^ (found >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(found ^ (found >> np.uint64(31)), np.uint64)


@dataclass(frozen=True, slots=True, eq=False)
class Wheel:
    """For each class of rows how likely each code is; a code is one look-up a row.

    table  codes, `STEPS` of them for each class
    """

    table: NDArray[Any]

    @classmethod
    def of(cls, weights: Sequence[Sequence[float]], *, first: int = 0) -> Wheel:
        """A wheel from weights by class and value; the first value has the code `first`."""
        highest = first + max(len(row) for row in weights) - 1
        kind = np.uint8 if highest < 256 else np.uint16
        return cls(
            np.concatenate([np.repeat(np.arange(len(row)), _steps(row)) + first for row in weights]).astype(kind)
        )

    def spin(self, classes: NDArray[np.int64] | int, bits: Bits) -> NDArray[Any]:
        """A code a row; `classes` by row, or one for all."""
        places = (bits >> (16 - _BITS)).astype(np.int64)
        places += classes * STEPS if isinstance(classes, int) else classes << _BITS
        return self.table.take(places)


def _steps(weights: Sequence[float]) -> NDArray[np.int64]:
    """How many steps each value has, by the largest remainders."""
    total = sum(weights)
    exact = [weight * STEPS / total for weight in weights]
    steps = [int(part) for part in exact]
    order = sorted(range(len(steps)), key=lambda place: (steps[place] - exact[place], place))
    for place in order[: STEPS - sum(steps)]:
        steps[place] += 1
    return np.array(steps, np.int64)
