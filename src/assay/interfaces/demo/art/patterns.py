"""Patterns: tiles, contour lines, interference, a mosaic, orbits, ribbons. It never depicts a thing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from assay.interfaces.demo.art.canvas import (
    FINE,
    HEIGHT,
    WIDTH,
    blend,
    colour,
    disc,
    finished,
    glow,
    grid,
    ramp,
    ridge,
    sky,
)

W, H = WIDTH * FINE, HEIGHT * FINE


def tiles(seed: int, paints: Sequence[str], paper: str) -> Image.Image:
    """Quarter circles, half circles and discs on a board of squares."""
    random = np.random.default_rng(seed)
    picture = Image.new("RGB", (W, H), paper)
    draw = ImageDraw.Draw(picture)
    side = H // 4
    for row in range(4):
        for column in range(6):
            back, front, dot = random.choice(np.array(paints), size=3, replace=False).tolist()
            left, top = column * side, row * side
            draw.rectangle((left, top, left + side, top + side), fill=back)
            _tile(draw, int(random.integers(0, 5)), left, top, side, front, dot)
    return finished(picture)


def _tile(draw: ImageDraw.ImageDraw, kind: int, left: int, top: int, side: int, front: str, dot: str) -> None:
    middle_x, middle_y = left + side / 2, top + side / 2
    if kind == 0:
        draw.pieslice((left, top, left + 2 * side, top + 2 * side), 180, 270, fill=front)
    elif kind == 1:
        draw.pieslice((left - side, top - side, left + side, top + side), 0, 90, fill=front)
    elif kind == 2:
        draw.pieslice((left, top, left + side, top + side), 90, 270, fill=front)
    elif kind == 3:
        draw.polygon([(left, top), (left + side, top + side), (left, top + side)], fill=front)
    else:
        disc(draw, middle_x, middle_y, side * 0.42, front)
    if kind in (2, 4):
        disc(draw, middle_x, middle_y, side * 0.18, dot)


def contours(seed: int, stops: Sequence[str], line: str) -> Image.Image:
    """A map of heights that exist nowhere, with its contour lines."""
    random = np.random.default_rng(seed)
    xs, ys = grid()
    heights = np.zeros_like(xs)
    for _ in range(14):
        x, y = random.uniform(-0.1, 1.6), random.uniform(-0.1, 1.1)
        heights += random.uniform(-1, 1.3) * np.exp(-((xs - x) ** 2 + (ys - y) ** 2) / random.uniform(0.02, 0.14))
    levels = (heights - heights.min()) / (heights.max() - heights.min())
    bands = np.floor(levels * 14) / 14
    picture = ramp(bands, stops)
    # A contour is where two neighbouring pixels lie in different bands.
    edge = np.zeros(bands.shape, dtype=bool)
    edge[:, 1:] |= bands[:, 1:] != bands[:, :-1]
    edge[1:, :] |= bands[1:, :] != bands[:-1, :]
    picture.paste(line, (0, 0), Image.fromarray((edge * 150).astype(np.uint8), "L"))
    return picture


def interference(seed: int, stops: Sequence[str]) -> Image.Image:
    """Rings of waves from four stones thrown into still water."""
    random = np.random.default_rng(seed)
    xs, ys = grid()
    total = np.zeros_like(xs)
    for _ in range(4):
        x, y = random.uniform(0.1, 1.4), random.uniform(0.1, 0.9)
        distance = np.hypot(xs - x, ys - y)
        total += np.cos(distance * 46) * np.exp(-distance * 1.1)
    return ramp((total + 1.8) / 3.6, stops)


def mosaic(seed: int, stops: Sequence[str], grout: str) -> Image.Image:
    """Stones of many sizes, each of one colour."""
    random = np.random.default_rng(seed)
    xs, ys = grid()
    centres = random.uniform((0, 0), (1.5, 1), size=(90, 2))
    nearest = np.full(xs.shape, 9.0)
    second = np.full(xs.shape, 9.0)
    owner = np.zeros(xs.shape, dtype=np.int64)
    for number, (x, y) in enumerate(centres):
        distance = np.hypot(xs - x, ys - y)
        closer = distance < nearest
        second = np.where(closer, nearest, np.minimum(second, distance))
        nearest = np.where(closer, distance, nearest)
        owner[closer] = number
    drift = centres[:, 0] / 1.5 * 0.7 + random.uniform(0, 0.3, size=90)
    picture = ramp(drift[owner], stops)
    picture.paste(grout, (0, 0), Image.fromarray(((second - nearest) < 0.008).astype(np.uint8) * 255, "L"))
    return picture


def orbits(seed: int, stops: Sequence[str], paints: Sequence[str]) -> Image.Image:
    """Planets of one colour each on their paths around a sun."""
    random = np.random.default_rng(seed)
    picture = glow(sky(stops), W * 0.5, H * 0.5, H * 0.4, paints[0], 0.55)
    draw = ImageDraw.Draw(picture)
    for number in range(7):
        radius = H * (0.14 + 0.062 * number)
        box = (W / 2 - radius * 1.6, H / 2 - radius * 0.82, W / 2 + radius * 1.6, H / 2 + radius * 0.82)
        draw.ellipse(box, outline=blend(stops[0], "#ffffff", 0.45), width=3)
        angle = random.uniform(0, 2 * np.pi)
        x, y = W / 2 + np.cos(angle) * radius * 1.6, H / 2 + np.sin(angle) * radius * 0.82
        size = H * random.uniform(0.014, 0.036)
        paint = paints[1 + number % (len(paints) - 1)]
        disc(draw, x, y, size, paint)
        disc(draw, x - size * 0.25, y - size * 0.25, size * 0.5, blend(paint, "#ffffff", 0.35))
    disc(draw, W / 2, H / 2, H * 0.07, blend(paints[0], "#ffffff", 0.5))
    return finished(picture)


def ribbons(seed: int, paper: Sequence[str], paints: Sequence[str]) -> Image.Image:
    """Bands of colour that cross the page like flags in the wind."""
    random = np.random.default_rng(seed)
    picture = sky(paper)
    draw = ImageDraw.Draw(picture)
    xs = np.linspace(-20, W + 20, 220)
    for number, paint in enumerate(paints):
        middle = H * (0.18 + 0.64 * number / max(1, len(paints) - 1))
        spine = middle + ridge(random, points=220, roughness=0.35) * H * 0.16
        half = H * 0.05 * (1 + 0.6 * np.sin(np.linspace(0, 7, 220) + number))
        for share in (1.0, 0.66, 0.33):
            upper, lower = spine - half, spine - half + 2 * half * share
            outline = [*zip(xs.tolist(), upper.tolist(), strict=True)]
            outline += [*zip(xs[::-1].tolist(), lower[::-1].tolist(), strict=True)]
            draw.polygon(outline, fill=blend(paint, "#ffffff", 0.42 * (1 - share)))
    return finished(picture)


def fractal(stops: Sequence[str], *, centre: complex = -0.745 + 0.11j, width: float = 0.055) -> Image.Image:
    """A piece of the Mandelbrot set: drawn by an algorithm, and no model was trained for it."""
    columns = np.linspace(-0.5, 0.5, WIDTH) * width
    rows = np.linspace(-0.5, 0.5, HEIGHT) * width * HEIGHT / WIDTH
    points = (centre + columns[None, :] + 1j * rows[:, None]).ravel()
    place = np.arange(points.size)
    value = np.zeros(points.size, dtype=np.complex128)
    steps = np.zeros(points.size)
    for step in range(1, 97):
        value = value * value + points
        escaped = np.abs(value) > 16
        steps[place[escaped]] = step - np.log2(np.log2(np.abs(value[escaped]))) + 2
        value, points, place = value[~escaped], points[~escaped], place[~escaped]
    inside = np.zeros(steps.shape, dtype=bool)
    inside[place] = True
    levels = np.where(inside, 0.0, 0.5 - 0.5 * np.cos(np.maximum(steps, 0) * 0.16)).reshape(HEIGHT, WIDTH)
    picture = ramp(levels, stops)
    picture.paste(colour(stops[0]), (0, 0), Image.fromarray(inside.reshape(HEIGHT, WIDTH).astype(np.uint8) * 255, "L"))
    return picture
