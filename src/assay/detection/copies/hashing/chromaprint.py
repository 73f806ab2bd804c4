"""Chromaprint, a hash of how a recording's notes change, through the library that the system brings. It knows no song.

Source: Jang et al. 2009 and Ke et al. 2005, as described at https://acoustid.org/chromaprint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assay.detection.copies.hashing.sound_text import ALGORITHM, numbers_of, text_of
from assay.detection.decoding.borrowed import is_installed
from assay.detection.decoding.sound import sound
from assay.detection.media import Media
from assay.detection.scanner import READY, Readiness, ScanFailed, State

if TYPE_CHECKING:
    from collections.abc import Iterator

RATE = 11_025
# As the library's own program: what is longer is told by its first two minutes.
MOST_SECONDS = 120.0
NUMBERS_A_SECOND = 8.0
# Three seconds in common, which takes a recording of nearly six; less could agree by chance.
FEWEST_IN_COMMON = 24
# Unrelated clips agree to 0.64 at most, ninety-nine pairs in a hundred.
USUAL_SIMILARITY = 0.8
# Of the shorter recording, the share that has to lie over the longer one.
LEAST_OVERLAP = 0.5


def readiness() -> Readiness:
    """Whether fingerprints can be made here; comparing needs no library."""
    if not is_installed("chromaprint"):
        return Readiness(State.NO_PACKAGE, "pyacoustid is not installed", "pip install 'assay[sound-copies]'")
    try:
        import chromaprint  # noqa: F401
    except ImportError:
        words = "the system has no libchromaprint"
        return Readiness(State.NO_PACKAGE, words, "apt install libchromaprint1 (macOS: brew install chromaprint)")
    return READY


def chromaprint_of(media: Media, *, most_seconds: float = MOST_SECONDS) -> str | None:
    """The fingerprint of a file's first sound track, or None where it has none, or is under some six seconds.

    raises  ScanFailed where the library is missing, or the sound cannot be decoded
    """
    told = readiness()
    if told.state is not State.READY:
        raise ScanFailed("sound-not-hashed", f"{told.words}: {told.next_step}")
    samples = sound(media, rate=RATE, most_seconds=most_seconds)
    return None if samples is None else chromaprint_of_samples(samples)


def chromaprint_of_samples(samples: NDArray[np.float32]) -> str | None:
    """The fingerprint of one channel at `RATE` samples a second, in [-1, 1]."""
    import chromaprint

    loud = np.clip(np.rint(samples * 32768.0), -32768, 32767).astype("<i2")
    maker = chromaprint.Fingerprinter(ALGORITHM)
    try:
        maker.start(RATE, 1)
        maker.feed(loud.tobytes())
        text = maker.finish().decode("ascii")
    except chromaprint.FingerprintError as error:
        raise ScanFailed("sound-not-hashed", "the sound's fingerprint could not be made") from error
    try:
        return text_of(numbers_of(text)) if len(numbers_of(text)) >= FEWEST_IN_COMMON else None
    except ValueError:
        # The library gives no numbers at all for a sound that is too short.
        return None


def chromaprint_similarity(one: str, other: str) -> float:
    """The share of equal bits where two recordings fit each other best, whichever starts first; 0.5 is chance.

    0 where either is too short to be compared. Raises ValueError for what is no fingerprint.
    """
    return similarity_of(numbers_of(one), numbers_of(other))


def similarity_of(one: NDArray[np.uint32], other: NDArray[np.uint32]) -> float:
    """As `chromaprint_similarity`, of numbers that were read before."""
    shorter = min(len(one), len(other))
    least = max(FEWEST_IN_COMMON, int(np.ceil(shorter * LEAST_OVERLAP)))
    if shorter < least:
        return 0.0
    return max(_agreement(*pair) for pair in _overlaps(one, other, least))


def _agreement(one: NDArray[np.uint32], other: NDArray[np.uint32]) -> float:
    return 1.0 - int(np.bitwise_count(one ^ other).sum()) / (32 * len(one))


def _overlaps(
    one: NDArray[np.uint32], other: NDArray[np.uint32], least: int
) -> Iterator[tuple[NDArray[np.uint32], NDArray[np.uint32]]]:
    """Both recordings' common part, for each way to lay one over the other by at least `least` numbers."""
    for shift in range(least - len(other), len(one) - least + 1):
        start = max(0, shift)
        length = min(len(one), len(other) + shift) - start
        yield one[start : start + length], other[start - shift : start - shift + length]
