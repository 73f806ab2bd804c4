"""Pictures, films and texts that are made, the same on every run. It holds no test."""

from __future__ import annotations

import io

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]


def scene(seed: int, *, rows: int = 180, columns: int = 240) -> Pixels:
    """A picture with much to tell it by; no two seeds give like ones."""
    dice = np.random.default_rng(seed)
    layers = np.zeros((rows, columns, 3))
    for cells in (3, 6, 14, 30):
        noise = Image.fromarray(dice.integers(0, 256, (cells, cells, 3), np.uint8))
        layers += np.asarray(noise.resize((columns, rows), Image.Resampling.BICUBIC), float)
    low, high = layers.min(), layers.max()
    return np.asarray((layers - low) / (high - low) * 255, np.uint8)


def file_of(pixels: Pixels, **options: object) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", **options)
    return stream.getvalue()


def film_of(scenes: list[Pixels], *, rate: int = 4, seconds_each: int = 1) -> bytes:
    """Each picture stands still for so many seconds."""
    stream = io.BytesIO()
    with av.open(stream, "w", format="mp4") as container:
        track = container.add_stream("mpeg4", rate=rate)
        assert isinstance(track, av.VideoStream)
        track.width, track.height, track.pix_fmt = scenes[0].shape[1], scenes[0].shape[0], "yuv420p"
        track.bit_rate = 2_000_000
        for pixels in scenes:
            for _ in range(rate * seconds_each):
                container.mux(track.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(track.encode(None))
    return stream.getvalue()


def song(seed: int, seconds: float, rate: int) -> NDArray[np.float32]:
    """Three voices that change four times a second."""
    dice = np.random.default_rng(seed)
    clock = np.arange(int(seconds * rate)) / rate
    step = (clock * 4).astype(int)
    total = np.zeros(len(clock))
    for _ in range(3):
        notes = 220.0 * 2 ** (dice.integers(0, 24, int(seconds * 4) + 1) / 12)
        total += np.sin(2 * np.pi * notes[step] * clock)
    return (total / 4).astype(np.float32)


PROSE = (
    "The harbour office keeps a ledger of every boat that comes in after dark, and the clerk who writes it has "
    "never once asked why. On Mondays the fishermen bring him coffee; on Fridays they bring him nothing, "
    "because on Fridays the ferry is full of visitors who photograph the ropes, the gulls and one another. He "
    "notes the hour, the flag and the colour of the hull, and when the pages are full he ties them with green "
    "string and begins again."
)
OTHER_PROSE = (
    "Our committee met four times this spring to decide how a garden behind the library ought to be watered. "
    "Two of us wanted barrels under the gutters, one wanted a timer, and the treasurer wanted to know who "
    "would pay for either. In the end it rained until June, nobody bought anything, and the roses that had "
    "been given up for dead flowered on the south wall as if the whole argument had been held for their "
    "entertainment."
)
