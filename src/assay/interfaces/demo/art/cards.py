"""Schematic pictures with words: a news card, a notice, an advertisement, a figure. It never imitates a real sender."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from assay.interfaces.demo.art.canvas import FINE, HEIGHT, WIDTH, blend, disc, finished, glow, sky, write

W, H = WIDTH * FINE, HEIGHT * FINE


def news_card(headline: Sequence[str], ticker: str, *, studio: Sequence[str], band: str) -> Image.Image:
    """A newsroom's screen with a headline; the channel is invented."""
    picture = glow(sky(studio), W * 0.7, H * 0.25, H * 0.5, blend(studio[0], "#ffffff", 0.5), 0.5)
    draw = ImageDraw.Draw(picture)
    for number in range(9):
        left = W * 0.06 + number * W * 0.1
        draw.rectangle(
            (left, H * 0.08, left + W * 0.085, H * 0.5), fill=blend(studio[-1], "#ffffff", 0.05 + 0.02 * number)
        )
    draw.ellipse((W * 0.66, H * 0.13, W * 0.9, H * 0.49), outline=blend(band, "#ffffff", 0.4), width=14)
    for share in (0.25, 0.5, 0.75):
        inset = W * 0.12 * (1 - share)
        draw.ellipse(
            (W * 0.66 + inset, H * 0.13, W * 0.9 - inset, H * 0.49), outline=blend(band, "#ffffff", 0.4), width=5
        )
    draw.polygon(
        [(W * 0.1, H), (W * 0.22, H * 0.56), (W * 0.78, H * 0.56), (W * 0.9, H)], fill=blend(studio[-1], "#000000", 0.3)
    )
    draw.rectangle((0, H * 0.62, W, H * 0.88), fill="#f7f7f4")
    draw.rectangle((0, H * 0.62, W * 0.22, H * 0.88), fill=band)
    write(draw, (W * 0.11, H * 0.75), "LIVE", size=92, fill="#ffffff", anchor="mm")
    for number, line in enumerate(headline):
        write(draw, (W * 0.25, H * (0.64 + 0.115 * number)), line, size=104, fill="#16181d")
    draw.rectangle((0, H * 0.88, W, H), fill="#16181d")
    write(draw, (W * 0.03, H * 0.94), ticker, size=58, fill="#f0d48a", anchor="lm")
    return finished(picture)


def notice(title: str, lines: Sequence[str], *, paper: str, ink: str, mark: str) -> Image.Image:
    """A printed notice with a seal, such as a town hangs out."""
    picture = Image.new("RGB", (W, H), blend(paper, "#000000", 0.1))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((W * 0.07, H * 0.08, W * 0.93, H * 0.94), fill=paper)
    draw.rectangle((W * 0.09, H * 0.11, W * 0.91, H * 0.91), outline=mark, width=6)
    disc(draw, W * 0.2, H * 0.29, H * 0.11, mark)
    disc(draw, W * 0.2, H * 0.29, H * 0.085, paper)
    for angle in np.linspace(0, 2 * np.pi, 12, endpoint=False):
        end = (W * 0.2 + np.cos(angle) * H * 0.07, H * 0.29 + np.sin(angle) * H * 0.07)
        draw.line((W * 0.2, H * 0.29, *end), fill=mark, width=8)
    write(draw, (W * 0.31, H * 0.21), title, size=118, fill=ink)
    draw.line((W * 0.31, H * 0.37, W * 0.86, H * 0.37), fill=mark, width=6)
    for number, line in enumerate(lines):
        write(draw, (W * 0.14, H * (0.47 + 0.12 * number)), line, size=82, fill=blend(ink, paper, 0.12))
    return finished(picture)


def advertisement(slogan: str, price: str, *, backdrop: Sequence[str], flask: str, accent: str) -> Image.Image:
    """A bottle of nothing in particular, with its slogan."""
    picture = glow(sky(backdrop), W * 0.32, H * 0.45, H * 0.5, "#ffffff", 0.6)
    draw = ImageDraw.Draw(picture)
    draw.ellipse((W * 0.14, H * 0.8, W * 0.5, H * 0.9), fill=blend(backdrop[-1], "#000000", 0.18))
    draw.rounded_rectangle((W * 0.24, H * 0.3, W * 0.4, H * 0.86), radius=60, fill=flask)
    draw.rounded_rectangle((W * 0.255, H * 0.34, W * 0.285, H * 0.8), radius=24, fill=blend(flask, "#ffffff", 0.45))
    draw.rectangle((W * 0.29, H * 0.18, W * 0.35, H * 0.31), fill=blend(flask, "#000000", 0.3))
    draw.rounded_rectangle((W * 0.24, H * 0.48, W * 0.4, H * 0.7), radius=8, fill="#fbf8f0")
    disc(draw, W * 0.32, H * 0.59, H * 0.055, accent)
    write(draw, (W * 0.52, H * 0.3), slogan, size=112, fill="#1d1f24")
    draw.rounded_rectangle((W * 0.52, H * 0.56, W * 0.84, H * 0.72), radius=44, fill=accent)
    write(draw, (W * 0.68, H * 0.64), price, size=84, fill="#ffffff", anchor="mm")
    return finished(picture)


def figure(backdrop: Sequence[str], coat: str, hair: str, *, at: float = 0.5) -> Image.Image:
    """Head and shoulders in flat shapes, without a face: it stands for a person and shows nobody."""
    picture = sky(backdrop)
    draw = ImageDraw.Draw(picture)
    x = W * at
    disc(draw, x, H * 0.46, H * 0.43, blend(backdrop[-1], "#ffffff", 0.35))
    draw.ellipse((x - H * 0.36, H * 0.68, x + H * 0.36, H * 1.5), fill=coat)
    draw.polygon([(x - H * 0.1, H * 0.69), (x + H * 0.1, H * 0.69), (x, H * 0.86)], fill=blend(coat, "#ffffff", 0.7))
    skin = "#d9a27c"
    draw.rounded_rectangle(
        (x - H * 0.055, H * 0.54, x + H * 0.055, H * 0.74), radius=40, fill=blend(skin, "#000000", 0.12)
    )
    draw.ellipse((x - H * 0.2, H * 0.17, x + H * 0.2, H * 0.53), fill=hair)
    draw.ellipse((x - H * 0.145, H * 0.21, x + H * 0.145, H * 0.62), fill=skin)
    draw.pieslice((x - H * 0.175, H * 0.15, x + H * 0.175, H * 0.5), 180, 360, fill=hair)
    return finished(picture)


def stage(backdrop: Sequence[str], flags: Sequence[str], desk: str) -> Image.Image:
    """A speaker's desk between flags that belong to no country."""
    picture = glow(sky(backdrop), W * 0.5, H * 0.2, H * 0.6, "#fff6dd", 0.55)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, H * 0.82, W, H), fill=blend(backdrop[-1], "#000000", 0.35))
    for number, x in enumerate((0.16, 0.27, 0.73, 0.84)):
        paint = flags[number % len(flags)]
        draw.rectangle((W * x - 6, H * 0.14, W * x + 6, H * 0.84), fill="#6d5a3a")
        cloth = [(W * x, H * 0.17), (W * x + H * 0.15, H * 0.24), (W * x + H * 0.11, H * 0.64), (W * x, H * 0.58)]
        draw.polygon(cloth, fill=paint)
        draw.polygon([cloth[0], cloth[1], (W * x, H * 0.36)], fill=blend(paint, "#ffffff", 0.3))
    draw.polygon([(W * 0.39, H * 0.56), (W * 0.61, H * 0.56), (W * 0.57, H * 0.92), (W * 0.43, H * 0.92)], fill=desk)
    draw.polygon(
        [(W * 0.37, H * 0.5), (W * 0.63, H * 0.5), (W * 0.61, H * 0.57), (W * 0.39, H * 0.57)],
        fill=blend(desk, "#ffffff", 0.25),
    )
    for x in (0.465, 0.535):
        draw.line((W * x, H * 0.5, W * (0.5 + (x - 0.5) * 0.4), H * 0.37), fill="#22252b", width=9)
        disc(draw, W * (0.5 + (x - 0.5) * 0.4), H * 0.36, H * 0.021, "#22252b")
    return finished(picture)
