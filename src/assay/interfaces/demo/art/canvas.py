"""What every picture is drawn on: gradients, noise that repeats, and letters. It never knows what is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 960, 640
"""The size of a finished picture in pixels."""

FINE = 2
"""Pictures are drawn this many times larger and then reduced, which smooths every edge."""

Floats: TypeAlias = NDArray[np.float64]
Colour: TypeAlias = tuple[int, int, int]


def colour(code: str) -> Colour:
    """The colour that `#rrggbb` names."""
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def blend(first: str, second: str, share: float) -> str:
    """The colour that lies `share` of the way from `first` to `second`."""
    pairs = zip(colour(first), colour(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def ramp(levels: Floats, stops: Sequence[str]) -> Image.Image:
    """A picture whose every pixel takes its colour from `stops` by its level in [0, 1]."""
    table = np.array([colour(stop) for stop in stops], dtype=np.float64)
    places = np.linspace(0, 1, len(stops))
    # A table of 1,024 steps is looked up, since interpolating each pixel would take a second for a picture.
    steps = np.linspace(0, 1, 1024)
    looked_up = np.stack([np.interp(steps, places, table[:, channel]) for channel in range(3)], axis=1)
    index = (np.clip(levels, 0, 1) * 1023).astype(np.int64)
    return Image.fromarray(looked_up.round().astype(np.uint8)[index], "RGB")


def sky(stops: Sequence[str], *, width: int = WIDTH * FINE, height: int = HEIGHT * FINE) -> Image.Image:
    """A gradient from the first colour at the top to the last at the bottom."""
    column = ramp(np.linspace(0, 1, height).reshape(height, 1), stops)
    return column.resize((width, height))


def grid(*, width: int = WIDTH, height: int = HEIGHT) -> tuple[Floats, Floats]:
    """Each pixel's place: x in [0, width / height] and y in [0, 1]."""
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float64)
    return xs / height, ys / height


def ridge(random: np.random.Generator, *, points: int, roughness: float) -> Floats:
    """A smooth line of heights around nought, one for each of `points`, that a hill or a wave can follow."""
    xs = np.linspace(0, 1, points)
    heights = np.zeros(points)
    for octave in range(1, 7):
        phase, slide = random.uniform(0, 2 * np.pi, size=2)
        strength = roughness ** (octave - 1)
        heights += (
            strength * np.sin(2 * np.pi * xs * octave * 0.8 + phase) * np.cos(2 * np.pi * xs * octave * 0.3 + slide)
        )
    levelled: Floats = heights / np.abs(heights).max()
    return levelled


def below(draw: ImageDraw.ImageDraw, heights: Floats, fill: str) -> None:
    """Fill everything under the line `heights`, which gives one y in pixels for each step across the picture."""
    width, height = WIDTH * FINE, HEIGHT * FINE
    xs = np.linspace(0, width, len(heights))
    line = list(zip(xs.tolist(), heights.tolist(), strict=True))
    draw.polygon([*line, (width, height), (0, height)], fill=fill)


def disc(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float, fill: str) -> None:
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)


def glow(picture: Image.Image, x: float, y: float, radius: float, tint: str, strength: float) -> Image.Image:
    """`picture` with a soft light of colour `tint` around a point."""
    small_width, small_height = WIDTH // 4, HEIGHT // 4
    scale = picture.width / small_width
    ys, xs = np.mgrid[0:small_height, 0:small_width].astype(np.float64)
    distance = np.hypot(xs - x / scale, ys - y / scale) / (radius / scale)
    light = (np.exp(-(distance**2)) * 255 * strength).astype(np.uint8)
    mask = Image.fromarray(light, "L").resize(picture.size, Image.Resampling.BICUBIC)
    return Image.composite(Image.new("RGB", picture.size, tint), picture, mask)


def write(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], words: str, *, size: int, fill: str, anchor: str = "la"
) -> None:
    """Set `words` at a point in the typeface that Pillow brings with it, the same on every machine."""
    draw.text(at, words, font=ImageFont.load_default(size), fill=fill, anchor=anchor)


def finished(picture: Image.Image) -> Image.Image:
    """The picture at its final size."""
    return picture.reduce(FINE)


def with_grain(picture: Image.Image, seed: int) -> Image.Image:
    """The picture with the faint noise that a camera's sensor leaves."""
    random = np.random.default_rng(seed)
    pixels = np.asarray(picture, dtype=np.float64)
    noise = random.normal(0, 3.0, size=(picture.height, picture.width, 1))
    return Image.fromarray(np.clip(pixels + noise, 0, 255).round().astype(np.uint8), "RGB")
