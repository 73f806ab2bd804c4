"""A picture as the numbers that a model takes. It judges none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assay.detection.detectors.configured import Input

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_RESIZED_PIXELS = 64_000_000
_ORIENTATION, _MAKE, _MODEL = 0x0112, 0x010F, 0x0110


def prepared(picture: Image, how: Input) -> NDArray[np.float32]:
    """One picture as an array of shape (1, channels, height, width), or (1, height, width, channels).

    picture   in RGB, of any size
    """
    cut = _cut(_resized(picture, how), how)
    if how.colour == "grey":
        values: NDArray[np.float32] = np.array(cut.convert("L"), dtype=np.float32)[:, :, np.newaxis]
    else:
        values = np.array(cut, dtype=np.float32)
        values = values[:, :, ::-1] if how.colour == "bgr" else values
    scaled: NDArray[np.float32] = values / np.float32(how.divide_by)
    mean, deviation = np.array(how.mean, dtype=np.float32), np.array(how.deviation, dtype=np.float32)
    scaled = (scaled - mean) / deviation
    ordered = scaled.transpose(2, 0, 1) if how.layout == "nchw" else scaled
    return np.ascontiguousarray(ordered[np.newaxis], dtype=np.float32)


def upright(picture: Image) -> Image:
    """The picture as people see it: turned as its EXIF orientation says, where that can be read."""
    from PIL import Image as Module

    try:
        orientation = picture.getexif().get(_ORIENTATION, 1)
    except (SyntaxError, ValueError, TypeError, KeyError, OSError):
        # A broken EXIF block is no reason to leave out the picture.
        return picture
    turns = {
        2: Module.Transpose.FLIP_LEFT_RIGHT,
        3: Module.Transpose.ROTATE_180,
        4: Module.Transpose.FLIP_TOP_BOTTOM,
        5: Module.Transpose.TRANSPOSE,
        6: Module.Transpose.ROTATE_270,
        7: Module.Transpose.TRANSVERSE,
        8: Module.Transpose.ROTATE_90,
    }
    turn = turns.get(orientation) if isinstance(orientation, int) else None
    return picture if turn is None else picture.transpose(turn)


def described_by_camera(picture: Image) -> bool:
    """Whether the picture's EXIF names a camera's make or model."""
    try:
        exif = picture.getexif()
    except (SyntaxError, ValueError, TypeError, KeyError, OSError):
        return False
    return _MAKE in exif or _MODEL in exif


def _resized(picture: Image, how: Input) -> Image:
    from PIL import Image as Module

    if how.resize == "none":
        return picture
    width, height = how.width, how.height
    if how.resize != "stretch":
        side = min(picture.size) if how.resize == "shorter" else max(picture.size)
        width, height = (max(1, round(each * how.resize_to / side)) for each in picture.size)
    kinds = {
        "nearest": Module.Resampling.NEAREST,
        "bilinear": Module.Resampling.BILINEAR,
        "bicubic": Module.Resampling.BICUBIC,
        "lanczos": Module.Resampling.LANCZOS,
    }
    resample = kinds[how.filter]
    if width * height <= MOST_RESIZED_PIXELS:
        return picture.resize((width, height), resample)
    # Of a very long picture only the middle is needed; resized as a whole it could fill the memory.
    return _middle_resized(picture, (width, height), how, resample)


def _middle_resized(picture: Image, size: tuple[int, int], how: Input, resample: int) -> Image:
    from PIL import Image as Module

    left, top = _corner(size, how)
    width, height = min(how.width, size[0]), min(how.height, size[1])
    left, top = max(left, 0), max(top, 0)
    across, down = picture.width / size[0], picture.height / size[1]
    box = (left * across, top * down, (left + width) * across, (top + height) * down)
    return picture.resize((width, height), Module.Resampling(resample), box=box)


def _cut(picture: Image, how: Input) -> Image:
    """The centre; where the picture is smaller than the model takes, black is around it."""
    if picture.size == (how.width, how.height):
        return picture
    left, top = _corner(picture.size, how)
    return picture.crop((left, top, left + how.width, top + how.height))


def _corner(size: tuple[int, int], how: Input) -> tuple[int, int]:
    return (size[0] - how.width) // 2, (size[1] - how.height) // 2
