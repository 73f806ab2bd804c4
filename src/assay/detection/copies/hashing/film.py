"""vPDQ: the PDQ hashes of a film's frames, one a second, and how far two films agree by them. It decodes within bounds.

Source: the project ThreatExchange, `vpdq`; its text form, thresholds and way of counting are kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assay.detection.container import Modality
from assay.detection.copies.hashing.pdq import BYTES, LONGEST_SIDE, USUAL_DISTANCE, USUAL_QUALITY, Pdq, dihedral_of
from assay.detection.decoding.opening import open_media
from assay.detection.media import Media
from assay.detection.scanner import ScanFailed

if TYPE_CHECKING:
    import av

# Ten minutes, one frame a second; what is longer is told by its first ten minutes.
MOST_FRAMES = 600
# What a core decodes in some ten seconds: one minute at 1080p, five at 480p. No frame is left out on the way: taking
# the nearest one that is cheap to decode made two copies of a lively film differ in one second of six.
MOST_DECODED_PIXELS = 4_000_000_000
# What is put into a bank is worth minutes, so that a clip from the middle of a long film is found.
MOST_DECODED_PIXELS_FOR_A_BANK = 40_000_000_000
MOST_PIXELS = 100_000_000
MOST_CHARACTERS = 200_000
# Two films are taken for one where this share of the frames of either is found in the other.
USUAL_SHARE = 0.8

_FRAME = re.compile(r"([0-9a-f]{64}),([0-9]{1,3}),([0-9]{1,7}(?:\.[0-9]{1,9})?)")


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame's hash, the seconds from the film's beginning at which it stands, and its mirrored form's hash."""

    hash: Pdq
    seconds: float
    mirrored: Pdq | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """The shares of each film's frames that are found in the other, and how many frames were compared of each."""

    of_one: float
    of_other: float
    frames_of_one: int
    frames_of_other: int

    @property
    def share(self) -> float:
        """The larger share: a clip taken out of a film agrees wholly, however little of the film it is."""
        return max(self.of_one, self.of_other)


def is_film(media: Media) -> bool:
    """Whether a file can hold frames: every moving picture, and GIF."""
    return media.modality is Modality.VIDEO or media.container.name == "gif"


def frames_of(media: Media, *, most_decoded_pixels: int = MOST_DECODED_PIXELS) -> tuple[Frame, ...]:
    """The hash of the first frame, and of the first in each second that follows; none where the file is no film.

    A film that breaks off is told by its beginning, and so is one of more pixels than are decoded here.

    raises  ScanFailed where a frame is too large, or none can be decoded
    """
    return tuple(_hashed(seconds, pixels) for seconds, pixels in pictures_of(media, most_decoded_pixels))


def mirrored(frames: tuple[Frame, ...]) -> tuple[Frame, ...]:
    """The frames of the film's mirrored form."""
    return tuple(Frame(each.mirrored, each.seconds, each.hash) for each in frames if each.mirrored is not None)


def vpdq_of(media: Media) -> str | None:
    """A film's hash as it is exchanged, or None where the file is no film."""
    taken = frames_of(media)
    return text_of(taken) if taken else None


def text_of(frames: tuple[Frame, ...]) -> str:
    """A JSON list of `hash,quality,seconds`."""
    return json.dumps([f"{each.hash.text},{each.hash.quality},{each.seconds:.3f}" for each in frames])


def frames_in(text: str) -> tuple[Frame, ...]:
    """The frames of a film's text form; raises ValueError for what is none, or has more than `MOST_FRAMES`."""
    if len(text) > MOST_CHARACTERS:
        raise ValueError(f"a film's hash has no more than {MOST_FRAMES} frames")
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("a film's hash is a JSON list of `hash,quality,seconds`") from None
    if not isinstance(rows, list) or not 0 < len(rows) <= MOST_FRAMES:
        raise ValueError(f"a film's hash is a JSON list of 1 to {MOST_FRAMES} frames")
    return tuple(_frame(row) for row in rows)


def vpdq_agreement(
    one: str, other: str, *, distance: int = USUAL_DISTANCE, quality_at_least: int = USUAL_QUALITY
) -> Agreement:
    """How far two films agree: frames of too little quality are left out, and equal frames of one film count once.

    raises  ValueError for what is no film's hash
    """
    left, right = bits_of(frames_in(one), quality_at_least), bits_of(frames_in(other), quality_at_least)
    if not len(left) or not len(right):
        return Agreement(0.0, 0.0, len(left), len(right))
    wide = [each.reshape(len(each), BYTES // 8, 8).view(np.uint64)[:, :, 0] for each in (left, right)]
    apart = np.bitwise_count(wide[0][:, None, :] ^ wide[1][None, :, :]).sum(axis=2, dtype=np.int64)
    near = apart <= distance
    return Agreement(float(near.any(axis=1).mean()), float(near.any(axis=0).mean()), len(left), len(right))


def bits_of(frames: tuple[Frame, ...], quality_at_least: int) -> NDArray[np.uint8]:
    """The different hashes of good frames, a row of 32 bytes for each, in the order in which they come."""
    kept = dict.fromkeys(each.hash.bits for each in frames if each.hash.quality >= quality_at_least)
    return np.frombuffer(b"".join(kept), np.uint8).reshape(-1, BYTES)


def pictures_of(media: Media, most_decoded_pixels: int) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    """The frames themselves, as `frames_of` takes them: seconds and pixels, RGB, made small."""
    if not is_film(media):
        return
    import av

    found = 0
    try:
        with media.open() as stream, open_media(stream) as container:
            if not container.streams.video:
                return
            for seconds, frame in _one_a_second(container, most_decoded_pixels):
                yield round(seconds, 3), _pixels(frame)
                found += 1
    except (av.FFmpegError, ValueError, OSError, RuntimeError) as error:
        if not found:
            # What the decoder says of the file by name is left out: a path may be private.
            raise ScanFailed("undecodable-picture", f"no frame can be decoded: {type(error).__name__}") from error


def _hashed(seconds: float, pixels: NDArray[np.uint8]) -> Frame:
    made = dihedral_of(pixels)
    return Frame(made[""], seconds, made.get("flip"))


def _one_a_second(
    container: av.container.InputContainer, most_decoded_pixels: int
) -> Iterator[tuple[float, av.VideoFrame]]:
    video = container.streams.video[0]
    # One thread a process, as everywhere in the pool.
    video.codec_context.thread_count = 1
    _check_size(video.codec_context.width * video.codec_context.height)
    rate = float(video.average_rate or 25)
    start, due, found, decoded = None, 0.0, 0, 0
    for number, frame in enumerate(container.decode(video)):
        decoded += frame.width * frame.height
        if decoded > most_decoded_pixels:
            return
        told = number / rate if frame.pts is None else frame.time
        start = told if start is None else start
        seconds = max(0.0, told - start)
        if seconds < due:
            continue
        _check_size(frame.width * frame.height)
        yield seconds, frame
        due, found = float(int(seconds) + 1), found + 1
        if found >= MOST_FRAMES:
            return


def _check_size(pixels: int) -> None:
    if pixels > MOST_PIXELS:
        raise ScanFailed("too-many-pixels", f"a frame has {pixels:,} pixels, more than {MOST_PIXELS:,}")


def _pixels(frame: av.VideoFrame) -> NDArray[np.uint8]:
    scale = min(1.0, LONGEST_SIDE / max(frame.width, frame.height))
    width, height = max(1, round(frame.width * scale)), max(1, round(frame.height * scale))
    return np.asarray(frame.reformat(width=width, height=height, format="rgb24").to_ndarray(), np.uint8)


def _frame(row: object) -> Frame:
    found = _FRAME.fullmatch(row.strip().lower()) if isinstance(row, str) else None
    if found is None or int(found[2]) > 100:
        raise ValueError("a frame is `hash,quality,seconds`: 64 hexadecimal characters, 0 to 100, a number")
    return Frame(Pdq(bytes.fromhex(found[1]), int(found[2])), float(found[3]))
