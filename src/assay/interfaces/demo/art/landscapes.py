"""Landscapes: hills, a city, a harbour, dunes, northern lights, a lake. It never paints a place that exists."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from assay.interfaces.demo.art.canvas import (
    FINE,
    HEIGHT,
    WIDTH,
    below,
    blend,
    disc,
    finished,
    glow,
    grid,
    ramp,
    ridge,
    sky,
)

W, H = WIDTH * FINE, HEIGHT * FINE


def hills(seed: int, stops: Sequence[str], near: str, *, sun: tuple[float, float] = (0.68, 0.42)) -> Image.Image:
    """Six ranges of hills in the haze under a low sun."""
    random = np.random.default_rng(seed)
    picture = sky([*stops, stops[-1]])
    x, y = sun[0] * W, sun[1] * H
    picture = glow(picture, x, y, H * 0.45, "#fff4d6", 0.7)
    draw = ImageDraw.Draw(picture)
    disc(draw, x, y, H * 0.055, "#fffaf0")
    for layer in range(6):
        share = (layer + 1) / 6
        heights = H * (0.46 + 0.085 * layer) + ridge(random, points=240, roughness=0.55) * H * (0.05 + 0.012 * layer)
        below(draw, heights, blend(stops[-1], near, share**0.8))
    return finished(picture)


def skyline(seed: int, stops: Sequence[str], wall: str, window: str) -> Image.Image:
    """A city at night with lit windows, mirrored in a river."""
    random = np.random.default_rng(seed)
    shore = int(H * 0.74)
    upper = sky(stops, height=shore)
    draw = ImageDraw.Draw(upper)
    for _ in range(90):
        disc(draw, random.uniform(0, W), random.uniform(0, shore * 0.6), random.uniform(1, 3.2), "#eef2ff")
    disc(draw, W * 0.2, H * 0.17, H * 0.06, "#fdf3d3")
    for depth, shade in ((0, blend(wall, stops[-1], 0.6)), (1, blend(wall, stops[-1], 0.3)), (2, wall)):
        _row_of_houses(draw, random, shore, depth, shade, window)
    picture = Image.new("RGB", (W, H))
    picture.paste(upper)
    water = upper.transpose(Image.Transpose.FLIP_TOP_BOTTOM).crop((0, 0, W, H - shore))
    water = water.filter(ImageFilter.GaussianBlur(5)).point(lambda level: level * 0.62)
    picture.paste(_rippled(water), (0, shore))
    return finished(picture)


def _row_of_houses(
    draw: ImageDraw.ImageDraw, random: np.random.Generator, shore: int, depth: int, shade: str, window: str
) -> None:
    left = -20.0
    while left < W:
        width = float(random.uniform(70, 150))
        tall = float(random.uniform(0.12, 0.36) if depth < 2 else random.uniform(0.06, 0.27)) * H
        tall += (2 - depth) * H * 0.09
        draw.rectangle((left, shore - tall, left + width, shore), fill=shade)
        if random.random() < 0.25:
            draw.line((left + width / 2, shore - tall - 50, left + width / 2, shore - tall), fill=shade, width=5)
        if depth:
            _windows(draw, random, (left, shore - tall, left + width, shore), window)
        left += width + float(random.uniform(0, 16))


def _windows(
    draw: ImageDraw.ImageDraw, random: np.random.Generator, house: tuple[float, float, float, float], window: str
) -> None:
    left, top, right, bottom = house
    for y in np.arange(top + 16, bottom - 16, 24):
        for x in np.arange(left + 12, right - 18, 20):
            if random.random() < 0.36:
                draw.rectangle((x, y, x + 9, y + 12), fill=window)


def _rippled(water: Image.Image) -> Image.Image:
    """The water with every line of it shifted a little, as waves do to a mirror image."""
    pixels = np.asarray(water)
    lines = np.arange(water.height)
    shifts = (np.sin(lines / 9.0) * 4 + np.sin(lines / 23.0) * 4).astype(int)
    return Image.fromarray(np.stack([np.roll(row, shift, axis=0) for row, shift in zip(pixels, shifts, strict=True)]))


def harbour(seed: int, stops: Sequence[str], sea: Sequence[str], sail: str) -> Image.Image:
    """Boats under sail on a bright sea."""
    random = np.random.default_rng(seed)
    shore = int(H * 0.56)
    picture = Image.new("RGB", (W, H))
    picture.paste(glow(sky(stops, height=H), W * 0.3, H * 0.4, H * 0.5, "#fff7e0", 0.6).crop((0, 0, W, shore)))
    picture.paste(sky(sea, height=H - shore), (0, shore))
    draw = ImageDraw.Draw(picture)
    coast = shore - np.abs(ridge(random, points=120, roughness=0.6)) * H * 0.06 * np.linspace(1, 0, 120)
    draw.polygon(
        [*zip(np.linspace(0, W, 120).tolist(), coast.tolist(), strict=True), (W, shore), (0, shore)], fill=sea[-1]
    )
    for _ in range(230):
        y = shore + (H - shore) * random.uniform(0.02, 1) ** 1.3
        length = 14 + 120 * (y - shore) / (H - shore)
        x = random.normal(W * 0.3, W * 0.2)
        draw.line((x, y, x + length, y), fill=blend(sea[0], "#ffffff", random.uniform(0.15, 0.75)), width=3)
    for x, y, size in ((0.62, 0.72, 1.0), (0.82, 0.61, 0.45), (0.47, 0.6, 0.32), (0.15, 0.66, 0.6)):
        _boat(draw, x * W, y * H, size * H * 0.26, sail)
    return finished(picture)


def _boat(draw: ImageDraw.ImageDraw, x: float, y: float, size: float, sail: str) -> None:
    draw.polygon([(x, y - size), (x, y - size * 0.12), (x + size * 0.46, y - size * 0.12)], fill=sail)
    draw.polygon(
        [(x - 5, y - size * 0.86), (x - 5, y - size * 0.12), (x - size * 0.3, y - size * 0.12)], fill="#fdfbf5"
    )
    hull = [(x - size * 0.4, y - size * 0.09), (x + size * 0.5, y - size * 0.09), (x + size * 0.34, y + size * 0.04)]
    draw.polygon([*hull, (x - size * 0.28, y + size * 0.04)], fill="#3a2f35")


def dunes(seed: int, stops: Sequence[str], light: str, shade: str) -> Image.Image:
    """Sand dunes, each with a bright and a shaded side."""
    random = np.random.default_rng(seed)
    picture = sky(stops)
    draw = ImageDraw.Draw(picture)
    disc(draw, W * 0.78, H * 0.2, H * 0.07, "#fff8e7")
    for layer in range(5):
        share = layer / 4
        heights = H * (0.45 + 0.12 * layer) + ridge(random, points=200, roughness=0.3) * H * (0.045 + 0.03 * share)
        below(draw, heights, blend(blend(stops[-1], light, 0.5), light, share))
        slide = np.linspace(0, 1, 200)
        swept = heights + H * (0.03 + 0.11 * share) * (1 + np.sin(slide * 9 + layer * 2.1)) / 2
        below(draw, swept, blend(blend(stops[-1], shade, 0.35), shade, share))
    return finished(picture)


def aurora(seed: int, stops: Sequence[str], lights: Sequence[str], forest: str) -> Image.Image:
    """Curtains of light above a forest in the snow."""
    random = np.random.default_rng(seed)
    xs, ys = grid()
    picture = sky(stops, width=WIDTH, height=HEIGHT)
    for number, tint in enumerate(lights):
        bend = 0.1 * np.sin(xs * 4.1 + seed + number) + 0.05 * np.sin(xs * 9.7 + number * 2)
        foot = 0.52 - 0.11 * number + bend
        rays = 0.65 + 0.35 * np.sin(xs * 60 + 3 * np.sin(xs * 11 + number))
        curtain = np.where(ys < foot, np.exp((ys - foot) * 6.5), np.exp((foot - ys) * 40)) * rays
        layer = ramp(curtain * 0.85, ["#000000", tint])
        picture = ImageChops.screen(picture, layer)
    picture = picture.resize((W, H), Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(picture)
    for _ in range(110):
        disc(draw, random.uniform(0, W), random.uniform(0, H * 0.6), random.uniform(1, 3), "#f2f6ff")
    below(draw, H * 0.8 + ridge(random, points=160, roughness=0.4) * H * 0.025, blend(stops[-1], "#dfeaf5", 0.6))
    for x in sorted(random.uniform(-20, W, size=75).tolist()):
        _fir(draw, x, H * random.uniform(0.8, 0.9), H * random.uniform(0.08, 0.24), forest)
    return finished(picture)


def _fir(draw: ImageDraw.ImageDraw, x: float, foot: float, tall: float, fill: str) -> None:
    for step in range(4):
        half = tall * (0.09 + 0.055 * step)
        top = foot - tall + tall * 0.2 * step
        draw.polygon([(x, top), (x - half, top + tall * 0.36), (x + half, top + tall * 0.36)], fill=fill)
    draw.rectangle((x - 4, foot - tall * 0.06, x + 4, foot + 12), fill=fill)


def lake(seed: int, stops: Sequence[str], rock: str, snow: str) -> Image.Image:
    """Faceted mountains and their reflection in a still lake."""
    random = np.random.default_rng(seed)
    shore = int(H * 0.62)
    upper = sky(stops, height=shore)
    draw = ImageDraw.Draw(upper)
    for peak, top, half in ((0.16, 0.24, 0.26), (0.86, 0.2, 0.3), (0.5, 0.08, 0.34)):
        _mountain(draw, random, (peak * W, top * H), half * W, shore, rock, snow)
    picture = Image.new("RGB", (W, H))
    picture.paste(upper)
    mirror = upper.transpose(Image.Transpose.FLIP_TOP_BOTTOM).crop((0, 0, W, H - shore))
    mirror = Image.blend(mirror.filter(ImageFilter.GaussianBlur(3)), Image.new("RGB", mirror.size, stops[0]), 0.25)
    picture.paste(_rippled(mirror), (0, shore))
    ImageDraw.Draw(picture).line((0, shore, W, shore), fill=blend(rock, "#000000", 0.35), width=5)
    return finished(picture)


def _mountain(
    draw: ImageDraw.ImageDraw,
    random: np.random.Generator,
    top: tuple[float, float],
    half: float,
    foot: int,
    rock: str,
    snow: str,
) -> None:
    x, y = top
    tall = foot - y
    left, right = (x - half, foot), (x + half, foot)
    crease = (x + half * random.uniform(-0.1, 0.14), foot)
    draw.polygon([top, left, crease], fill=blend(rock, "#ffffff", 0.18))
    draw.polygon([top, right, crease], fill=blend(rock, "#000000", 0.22))
    edge = y + tall * 0.3
    draw.polygon(
        [top, (x - half * 0.3, edge), (x - half * 0.12, edge - tall * 0.06), (x, edge + tall * 0.07), (x, y)], fill=snow
    )
    draw.polygon(
        [top, (x + half * 0.3, edge), (x + half * 0.14, edge - tall * 0.05), (x, edge + tall * 0.07)],
        fill=blend(snow, rock, 0.35),
    )
