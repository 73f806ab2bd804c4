"""Which bucket a file falls into, so that scores are calibrated among their like. It never concludes anything else."""

from __future__ import annotations

from assay.detection.container import Modality
from assay.detection.media import Media

LARGE_SIDE = 768
LONG_TEXT_BYTES = 2_000
# Sides of the screens that most phones and desktops have, whichever way round; a lossless picture of exactly such
# a size that no camera describes is mostly a screenshot.
_SCREENS = frozenset(
    {
        (640, 1136), (720, 1280), (720, 1520), (720, 1600), (750, 1334), (768, 1024), (768, 1366), (800, 1280),
        (828, 1792), (900, 1440), (900, 1600), (1024, 1366), (1050, 1680), (1080, 1920), (1080, 2160), (1080, 2220),
        (1080, 2240), (1080, 2280), (1080, 2310), (1080, 2316), (1080, 2340), (1080, 2376), (1080, 2388), (1080, 2400),
        (1080, 2408), (1080, 2412), (1080, 2460), (1125, 2436), (1170, 2532), (1179, 2556), (1200, 1920), (1206, 2622),
        (1220, 2712), (1242, 2208), (1242, 2688), (1260, 2736), (1264, 2780), (1284, 2778), (1290, 2796), (1320, 2868),
        (1440, 2560), (1440, 2960), (1440, 3040), (1440, 3088), (1440, 3120), (1440, 3200), (1440, 3440), (1488, 2266),
        (1536, 2048), (1600, 2560), (1620, 2160), (1640, 2360), (1668, 2224), (1668, 2388), (1800, 2880), (1964, 3024),
        (2048, 2732), (2064, 2752), (2160, 3840), (2234, 3456), (2880, 5120),
    }
)  # fmt: skip
_FORMS = {"jpeg": "jpeg", "webp": "webp", "heif": "heif", "png": "lossless", "bmp": "lossless", "tiff": "lossless"}


def bucket_of(media: Media, size: tuple[int, int] | None = None, *, described_by_camera: bool = False) -> str:
    """A short name such as `jpeg-small`, `screenshot` or `text-long`.

    size   width and height of a picture in pixels, where it was decoded
    described_by_camera   whether its EXIF names a camera
    """
    if media.modality is Modality.TEXT:
        return "text-long" if media.size >= LONG_TEXT_BYTES else "text-short"
    if media.modality is not Modality.IMAGE or size is None:
        return media.container.name
    form = _FORMS.get(media.container.name, media.container.name)
    shorter, longer = sorted(size)
    if form == "lossless" and (shorter, longer) in _SCREENS and not described_by_camera:
        return "screenshot"
    return f"{form}-{'large' if shorter >= LARGE_SIDE else 'small'}"
