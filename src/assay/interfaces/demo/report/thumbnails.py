"""Small pictures of the demonstration's own files, as text for the page. It never opens a stranger's file."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from PIL import Image

WIDTH, HEIGHT = 160, 107
BARS = 40
_PICTURES = frozenset({".jpg", ".png", ".webp", ".gif"})
_SOUNDS = frozenset({".wav", ".mp3"})


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """One of three: a picture as a data address, a sound as heights of bars from 0 to 100, a text's first words."""

    picture: str = ""
    bars: tuple[int, ...] = ()
    words: str = ""


def thumbnail_of(path: Path) -> Thumbnail:
    """The thumbnail for one file that the demonstration made."""
    if path.suffix in _PICTURES:
        with Image.open(path) as picture:
            picture.draft("RGB", (WIDTH * 2, HEIGHT * 2))
            return Thumbnail(picture=_address(picture))
    if path.suffix in _SOUNDS:
        return Thumbnail(bars=_bars(path))
    if path.suffix == ".mp4":
        with av.open(str(path), "r") as container:
            frame = next(container.decode(video=0))
            return Thumbnail(picture=_address(Image.fromarray(frame.to_ndarray(format="rgb24"))))
    return Thumbnail(words=_first_words(path.read_text(encoding="utf-8")))


def _address(picture: Image.Image) -> str:
    # Twice the size it is shown at would be sharper on a dense screen and treble the page.
    small = picture.convert("RGB").resize((WIDTH * 3 // 2, HEIGHT * 3 // 2), Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    small.save(stream, "WEBP", quality=62, method=4)
    return "data:image/webp;base64," + base64.b64encode(stream.getvalue()).decode("ascii")


def _bars(path: Path) -> tuple[int, ...]:
    with av.open(str(path), "r") as container:
        parts = [frame.to_ndarray().astype(np.float64).ravel() for frame in container.decode(audio=0)]
    loudness = [float(np.sqrt(np.mean(part**2))) for part in np.array_split(np.concatenate(parts), BARS)]
    return tuple(max(4, round(100 * each / max(loudness))) for each in loudness)


def _first_words(text: str) -> str:
    body = text.rsplit("---\n", maxsplit=1)[-1]
    words = " ".join(body.replace("#", "").split())
    return words if len(words) <= 90 else words[:89].rsplit(" ", 1)[0] + " …"
