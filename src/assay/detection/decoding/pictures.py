"""A picture's pixels, decoded within bounds. It never decodes one that says it is larger than it may be."""

from __future__ import annotations

import struct
import warnings
import zlib
from typing import TYPE_CHECKING

from assay.detection.media import Media
from assay.detection.scanner import ScanFailed

if TYPE_CHECKING:
    from PIL.Image import Image

# With what Pillow's decoders refuse a picture that breaks off or contradicts itself, each in its own way.
_REFUSALS = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, RuntimeError, struct.error, zlib.error)
# The containers that Pillow is asked for; no other decoder of its many is ever reached by a stranger's file.
FORMATS = {
    "png": "PNG",
    "jpeg": "JPEG",
    "webp": "WEBP",
    "gif": "GIF",
    "bmp": "BMP",
    "tiff": "TIFF",
    "heif": "AVIF",
}


def picture(media: Media, *, most_pixels: int, longest_side: int | None = None) -> Image | None:
    """The first picture in a file as RGB, or None where its form cannot be decoded here.

    most_pixels   a picture that says it has more is refused before it is decoded
    longest_side  a larger picture is made smaller while it is decoded, which costs a JPEG a fraction only
    raises        ScanFailed where the picture is too large, or breaks off
    """
    from PIL import Image, UnidentifiedImageError

    form = FORMATS.get(media.container.name)
    if form is None:
        return None
    with media.open() as stream, warnings.catch_warnings():
        # Pillow warns at its own limit; ours is checked below, before a pixel is decoded.
        warnings.simplefilter("ignore")
        try:
            opened = Image.open(stream, formats=[form])
            if opened.width * opened.height > most_pixels:
                words = f"the picture has {opened.width * opened.height:,} pixels, more than {most_pixels:,}"
                raise ScanFailed("too-many-pixels", words)
            if longest_side is not None:
                opened.draft("RGB", (longest_side, longest_side))
            return _plain(opened, longest_side)
        except UnidentifiedImageError:
            return None
        except Image.DecompressionBombError:
            raise ScanFailed("too-many-pixels", "the picture has more pixels than can be decoded") from None
        except _REFUSALS as error:
            words = f"the picture cannot be decoded to its end: {error}"[:200]
            raise ScanFailed("undecodable-picture", words) from error


def _plain(opened: Image, longest_side: int | None) -> Image:
    from PIL import Image

    if opened.mode in ("RGBA", "LA", "PA", "P"):
        # What is fully transparent hides any colour; people see it on something, mostly on white.
        with_alpha = opened.convert("RGBA")
        white = Image.new("RGBA", with_alpha.size, "white")
        plain = Image.alpha_composite(white, with_alpha).convert("RGB")
    else:
        plain = opened.convert("RGB")
    longest = max(plain.size)
    if longest_side is None or longest <= longest_side:
        return plain
    size = tuple(max(1, round(side * longest_side / longest)) for side in plain.size)
    return plain.resize((size[0], size[1]), Image.Resampling.LANCZOS)
