"""A small picture of a file, grey and blurred until nothing in it can be made out. A process of its own makes it."""

from __future__ import annotations

import base64
import io
import resource
import warnings
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pebble import ProcessExpired, ProcessPool

from assay.detection.container import Modality
from assay.detection.decoding.opening import open_media
from assay.detection.media import Media, Unreadable
from assay.detection.pixels import pixel_count
from assay.detection.pool.processes import process_context

if TYPE_CHECKING:
    from PIL.Image import Image

SECONDS = 10.0
MEGABYTES = 1024
MAXIMUM_PIXELS = 100_000_000
# So few points, drawn over so large a field, show where it is light and where it is dark, and no face.
POINTS, FIELD, BLUR = 24, 240, 7
_MEBIBYTE = 1024 * 1024
# What decoders raise over a hostile file, which then simply has no picture.
_OF_DECODERS = (OSError, ValueError, SyntaxError, EOFError, LookupError, TypeError, ArithmeticError, AttributeError)


def blurred_picture(path: Path, *, seconds: float = SECONDS) -> str | None:
    """The picture, or a film's first frame, as a data address; None where there is none or it cannot be made."""
    pool = ProcessPool(max_workers=1, context=process_context())
    try:
        return pool.schedule(_made, args=(path,), timeout=seconds).result()
    except (FutureTimeout, ProcessExpired, MemoryError):
        return None
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def _made(path: Path) -> str | None:
    _limit(resource.RLIMIT_AS, MEGABYTES * _MEBIBYTE)
    _limit(resource.RLIMIT_CORE, 0)
    warnings.simplefilter("ignore")
    try:
        media = Media.from_path(path)
        if (pixel_count(media) or 0) > MAXIMUM_PIXELS:
            return None
        if media.modality is Modality.IMAGE:
            return _of_picture(path)
        return _of_film(path) if media.modality is Modality.VIDEO else None
    except (Unreadable, StopIteration, *_OF_DECODERS):
        return None


def _limit(which: int, most: int) -> None:
    _soft, hard = resource.getrlimit(which)
    # Some systems know the limit and refuse to set it; the time limit still holds there.
    with suppress(ValueError, OSError):
        resource.setrlimit(which, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _of_picture(path: Path) -> str | None:
    from PIL.Image import DecompressionBombError
    from PIL.Image import open as opened

    try:
        with opened(path) as picture:
            picture.draft("L", (FIELD, FIELD))
            return _address(picture)
    except DecompressionBombError:
        return None


def _of_film(path: Path) -> str | None:
    import av
    from PIL.Image import fromarray

    try:
        with path.open("rb") as stream, open_media(stream) as container:
            frame = next(container.decode(video=0))
            return _address(fromarray(frame.to_ndarray(format="gray")))
    except av.FFmpegError:
        return None


def _address(picture: Image) -> str:
    from PIL import ImageFilter
    from PIL.Image import Resampling

    grey = picture.convert("L")
    grey.thumbnail((POINTS, POINTS))
    large = grey.resize((FIELD, max(1, FIELD * grey.height // grey.width)), Resampling.BICUBIC)
    stream = io.BytesIO()
    large.filter(ImageFilter.GaussianBlur(BLUR)).save(stream, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode("ascii")
