"""How a picture is to be turned before it is shown, as its camera noted. It turns none."""

from __future__ import annotations

from assay.detection.decoding.pictures import FORMATS
from assay.detection.media import Media

_TAG = 0x0112
# The tag's values in EXIF, and what is done to the stored picture to show it.
_TURNS = {
    2: "flip",
    3: "rotate180",
    4: "flip-upright",
    5: "transpose",
    6: "rotate90",
    7: "transverse",
    8: "rotate270",
}


def shown_by(media: Media) -> str | None:
    """The turn, as `pdq.dihedral_of` names it, by which the stored picture is shown; None where it stands upright."""
    from PIL import Image

    form = FORMATS.get(media.container.name)
    if form is None:
        return None
    with media.open() as stream:
        try:
            told = Image.open(stream, formats=[form]).getexif().get(_TAG)
        except (OSError, SyntaxError, ValueError, EOFError, LookupError, RuntimeError, TypeError):
            # The note is beside the picture; what is wrong with the picture itself is told by its own decoding.
            return None
    return _TURNS.get(told) if isinstance(told, int) else None
