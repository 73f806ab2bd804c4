"""Pictures to edit, real and made, and the edits that uploaders make. It hashes none."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

MADE = 16
SIDE = 640
FOLDER = "image_ai_vs_real"


def real_pictures(files: Path, most: int | None = None) -> list[Image.Image]:
    """The pictures of the shared test data, of which every one shows something else; screenshots are left out."""
    paths = sorted(path for path in (files / FOLDER).rglob("*.*") if "screenshot" not in path.name)
    step = 1 if most is None else max(1, len(paths) // most)
    return [_small(Image.open(path).convert("RGB")) for path in paths[::step][:most]]


def made_pictures(count: int = MADE) -> list[Image.Image]:
    """Blurred noise of several widths with shapes upon it, the same on every run."""
    dice = np.random.default_rng(9)
    return [_made(dice) for _ in range(count)]


def _made(dice: np.random.Generator) -> Image.Image:
    width, height = SIDE, int(dice.integers(360, 640))
    layers = np.zeros((height, width, 3))
    for cells in (3, 7, 16, 40):
        noise = Image.fromarray(dice.integers(0, 256, (cells, cells, 3), np.uint8))
        layers += np.asarray(noise.resize((width, height), Image.Resampling.BICUBIC), float) / np.sqrt(cells)
    low, high = layers.min(), layers.max()
    image = Image.fromarray(((layers - low) / (high - low) * 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for _ in range(6):
        x, y = dice.integers(0, width), dice.integers(0, height)
        size, colour = int(dice.integers(20, 160)), tuple(int(each) for each in dice.integers(0, 256, 3))
        box = (int(x), int(y), int(x) + size, int(y) + size)
        (draw.ellipse if dice.random() < 0.5 else draw.rectangle)(box, fill=colour)
    return image


def _small(image: Image.Image) -> Image.Image:
    image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    return image


def _recompressed(image: Image.Image, quality: int) -> Image.Image:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=quality)
    return Image.open(io.BytesIO(stream.getvalue())).convert("RGB")


def _resized(image: Image.Image, share: float) -> Image.Image:
    return image.resize((int(image.width * share), int(image.height * share)), Image.Resampling.BILINEAR)


def _cropped(image: Image.Image, left: float, top: float, right: float, bottom: float) -> Image.Image:
    """What is cut off each edge, as a share of that side."""
    width, height = image.size
    return image.crop((int(width * left), int(height * top), int(width * (1 - right)), int(height * (1 - bottom))))


def _framed(image: Image.Image, across: float, down: float, colour: str) -> Image.Image:
    wide, high = int(image.width * across), int(image.height * down)
    framed = Image.new("RGB", (image.width + 2 * wide, image.height + 2 * high), colour)
    framed.paste(image, (wide, high))
    return framed


def _mirrored(image: Image.Image) -> Image.Image:
    return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def _captioned(image: Image.Image) -> Image.Image:
    bar = int(image.height * 0.15)
    whole = Image.new("RGB", (image.width, image.height + bar), "white")
    whole.paste(image, (0, 0))
    font = ImageFont.load_default(max(10, bar // 3))
    ImageDraw.Draw(whole).text((image.width // 12, image.height + bar // 4), "when nobody is looking", "black", font)
    return whole


def _screenshot(image: Image.Image) -> Image.Image:
    """A telephone's screen: the picture scaled to its width, between a dark bar with a clock and one with buttons."""
    width = 540
    shown = image.resize((width, image.height * width // image.width), Image.Resampling.BILINEAR)
    top, bottom = 90, 130
    screen = Image.new("RGB", (width, shown.height + top + bottom), (18, 18, 18))
    screen.paste(shown, (0, top))
    draw, font = ImageDraw.Draw(screen), ImageFont.load_default(24)
    draw.text((24, 16), "12:40", "white", font)
    draw.text((24, 54), "somebody", "white", font)
    for place in range(4):
        draw.ellipse((40 + place * 120, shown.height + top + 40, 84 + place * 120, shown.height + top + 84), "white")
    return screen


Edit = Callable[[Image.Image], Image.Image]

EDITS: tuple[tuple[str, Edit], ...] = (
    ("JPEG quality 80", lambda image: _recompressed(image, 80)),
    ("JPEG quality 50", lambda image: _recompressed(image, 50)),
    ("JPEG quality 20", lambda image: _recompressed(image, 20)),
    ("half size", lambda image: _resized(image, 0.5)),
    ("quarter size", lambda image: _resized(image, 0.25)),
    ("grey", lambda image: image.convert("L").convert("RGB")),
    ("blur, radius 2", lambda image: image.filter(ImageFilter.GaussianBlur(2))),
    ("cut 5 % of each side, evenly", lambda image: _cropped(image, 0.025, 0.025, 0.025, 0.025)),
    ("cut 7.5 % of each side, evenly", lambda image: _cropped(image, 0.0375, 0.0375, 0.0375, 0.0375)),
    ("cut 10 % of each side, evenly", lambda image: _cropped(image, 0.05, 0.05, 0.05, 0.05)),
    ("cut 10 % off left and top", lambda image: _cropped(image, 0.1, 0.1, 0, 0)),
    ("turned by 2 degrees", lambda image: image.rotate(2, Image.Resampling.BILINEAR)),
    ("turned by 90 degrees", lambda image: image.transpose(Image.Transpose.ROTATE_90)),
    ("mirrored", _mirrored),
    ("white border, 5 %", lambda image: _framed(image, 0.05, 0.05, "white")),
    ("black bars above and below, 12 %", lambda image: _framed(image, 0, 0.12, "black")),
    ("caption below, 15 %", _captioned),
    ("mirrored, white border", lambda image: _framed(_mirrored(image), 0.05, 0.05, "white")),
    ("screenshot of a telephone", _screenshot),
)
