"""Moving pictures: a slow walk across a still, or a list of frames, as MP4. It never records anything."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping

import av
import numpy as np
from PIL import Image

WIDTH, HEIGHT, FRAMES_PER_SECOND = 480, 320, 12


def pan(picture: Image.Image, *, frames: int = 36) -> Iterator[Image.Image]:
    """A window that drifts across `picture` and comes a little closer."""
    for number in range(frames):
        share = number / (frames - 1)
        width = picture.width * (0.86 - 0.12 * share)
        height = width * HEIGHT / WIDTH
        left = (picture.width - width) * (0.1 + 0.8 * share)
        top = (picture.height - height) * 0.5
        yield picture.resize((WIDTH, HEIGHT), box=(left, top, left + width, top + height))


def mp4(frames: Iterator[Image.Image], *, tags: Mapping[str, str] | None = None) -> bytes:
    """An MP4 file of the frames; `tags` become keys in `moov.udta.meta`."""
    stream = io.BytesIO()
    options = {"movflags": "use_metadata_tags"} if tags else {}
    with av.open(stream, "w", format="mp4", options=options) as container:
        container.metadata.update(tags or {})
        # One thread and one quality for every block: x264's own choice of quality differs from run to run.
        track = container.add_stream("libx264", rate=FRAMES_PER_SECOND, options={"qp": "28", "preset": "veryfast"})
        track.width, track.height, track.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        track.codec_context.thread_count = 1
        for frame in frames:
            container.mux(track.encode(av.VideoFrame.from_ndarray(_planes(frame), format="yuv420p")))
        container.mux(track.encode(None))
    return stream.getvalue()


def _planes(frame: Image.Image) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """The frame as brightness and two colours at half size, one below the other.

    Worked out here because the library's own conversion differs in a few pixels from run to run.
    """
    brightness, *colours = (np.asarray(channel, dtype=np.float64) for channel in frame.convert("YCbCr").split())
    halves = [each.reshape(HEIGHT // 2, 2, WIDTH // 2, 2).mean(axis=(1, 3)) for each in colours]
    # Video keeps brightness within 16 to 235 and colours within 16 to 240, where pictures use 0 to 255.
    planes = [16 + brightness * 219 / 255, *(128 + (half - 128) * 224 / 255 for half in halves)]
    rows = [plane.round().astype(np.uint8).reshape(-1, WIDTH) for plane in planes]
    return np.concatenate(rows)
