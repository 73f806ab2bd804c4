"""The payloads that generators are known to embed, and how many of their bits must agree. It reads no picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Payload:
    """What one generator embeds.

    bits  the payload's bits in order, as 0 and 1
    at_least   how many of them must agree; fewer is no watermark, however close it comes
    """

    generator: str
    bits: tuple[int, ...]
    at_least: int


def _of_text(text: str) -> tuple[int, ...]:
    return tuple(int(bit) for character in text.encode() for bit in f"{character:08b}")


def _of_number(number: int) -> tuple[int, ...]:
    # As the generators do it: leading zeros are dropped, so FLUX embeds 46 bits and not the 48 of its constant.
    return tuple(int(bit) for bit in f"{number:b}")


PAYLOADS = (
    Payload("Stable Diffusion XL", _of_number(0b101100111110110010010000011110111011000110011110), 44),
    Payload("FLUX", _of_number(0b001010101111111010000111100111001111010100101110), 42),
    Payload("Stable Diffusion 1", _of_text("StableDiffusionV1"), 122),
    Payload("Stable Diffusion 2", _of_text("SDV2"), 32),
)


@dataclass(frozen=True, slots=True)
class Match:
    """How well the votes of one picture agree with one payload."""

    payload: Payload
    agreeing: int
    arithmetic: str

    @property
    def is_found(self) -> bool:
        return self.agreeing >= self.payload.at_least


def bits_of(votes: NDArray[np.bool_], length: int) -> NDArray[np.bool_]:
    """The bits that a majority of the blocks votes for, the n-th block voting for bit n modulo `length`."""
    places = np.arange(len(votes)) % length
    ayes = np.bincount(places, weights=votes, minlength=length)
    voters = np.bincount(places, minlength=length)
    # The comparison of the package that embeds: a mean of exactly one half counts as one.
    bits: NDArray[np.bool_] = ayes / np.maximum(voters, 1) * 255 > 127
    return bits


def matches(ballots: Sequence[tuple[str, NDArray[np.bool_]]]) -> list[Match]:
    """Each payload with the arithmetic under which most of its bits agree; a picture too small to tell has none."""
    found = []
    for payload in PAYLOADS:
        wanted = np.array(payload.bits, dtype=bool)
        tried = [
            Match(payload, int((bits_of(votes, len(wanted)) == wanted).sum()), arithmetic)
            for arithmetic, votes in ballots
            if len(votes) >= len(wanted)
        ]
        if tried:
            found.append(max(tried, key=lambda match: match.agreeing))
    return found
