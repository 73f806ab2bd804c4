"""A few frames of a moving picture, decoded within bounds. It never decodes one from end to end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.detection.container import Modality
from assay.detection.decoding.opening import open_media
from assay.detection.media import Media
from assay.detection.scanner import ScanFailed

if TYPE_CHECKING:
    import av
    from PIL import Image

# Where a label is put: at the start, as the Chinese standard asks, and where somebody looks in later.
PLACES = (("start", 0.0), ("middle", 0.5), ("end", 0.95))
# From the place that is sought, no more is read until a frame comes; what gives none until then is damaged.
MOST_PACKETS = 400


def frames(media: Media, *, most_pixels: int, longest_side: int) -> list[tuple[str, Image.Image]]:
    """Frames with the place where each was taken; none where the file has no moving picture.

    raises  ScanFailed where the picture is too large, or no frame can be decoded at all
    """
    if media.modality is not Modality.VIDEO:
        return []
    import av

    taken: list[tuple[str, Image.Image]] = []
    try:
        with media.open() as stream, open_media(stream) as container:
            if not container.streams.video:
                return []
            video = container.streams.video[0]
            # One thread a process, as everywhere in the pool.
            video.codec_context.thread_count = 1
            _check_size(video.codec_context.width * video.codec_context.height, most_pixels)
            for place, share in PLACES:
                frame = _frame_at(container, share)
                if frame is not None:
                    _check_size(frame.width * frame.height, most_pixels)
                    taken.append((place, _image(frame, longest_side)))
    except (av.FFmpegError, ValueError, OSError, RuntimeError) as error:
        # A film that breaks off is judged by what came before.
        if not taken:
            raise ScanFailed("undecodable-picture", f"no frame can be decoded: {error}"[:200]) from error
    return taken


def _check_size(pixels: int, most_pixels: int) -> None:
    if pixels > most_pixels:
        raise ScanFailed("too-many-pixels", f"a frame has {pixels:,} pixels, more than {most_pixels:,}")


def _frame_at(container: av.container.InputContainer, share: float) -> av.VideoFrame | None:
    if share:
        if not container.duration:
            return None
        container.seek(int(container.duration * share))
    for number, packet in enumerate(container.demux(container.streams.video[0])):
        if number >= MOST_PACKETS:
            return None
        for frame in packet.decode():
            return frame
    return None


def _image(frame: av.VideoFrame, longest_side: int) -> Image.Image:
    from PIL import Image

    longest = max(frame.width, frame.height)
    scale = min(1.0, longest_side / longest)
    size = (max(1, round(frame.width * scale)), max(1, round(frame.height * scale)))
    return Image.fromarray(frame.reformat(width=size[0], height=size[1], format="rgb24").to_ndarray())
