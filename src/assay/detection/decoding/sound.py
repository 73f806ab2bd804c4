"""A recording's samples, decoded within bounds to one channel. It never reads further than it was told to."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from assay.detection.container import Modality
from assay.detection.decoding.opening import open_media
from assay.detection.media import Media
from assay.detection.scanner import ScanFailed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_FRAMES = 200_000


def sound(media: Media, *, rate: int, most_seconds: float) -> NDArray[np.float32] | None:
    """The first seconds of a file's first sound track at `rate` samples a second, or None where it has none.

    raises  ScanFailed where it breaks off before anything was decoded
    """
    if media.modality not in (Modality.AUDIO, Modality.VIDEO):
        return None
    import av
    import numpy as np

    most = int(rate * most_seconds)
    pieces: list[NDArray[np.float32]] = []
    collected = 0
    try:
        with media.open() as stream, open_media(stream) as container:
            if not container.streams.audio:
                return None
            resampler = av.AudioResampler(format="flt", layout="mono", rate=rate)
            # After the last frame the resampler gives up what it still holds.
            frames = chain(container.decode(container.streams.audio[0]), (None,))
            for number, frame in enumerate(frames):
                for each in resampler.resample(frame):
                    pieces.append(each.to_ndarray().reshape(-1).astype(np.float32))
                    collected += len(pieces[-1])
                if collected >= most or number >= MOST_FRAMES:
                    break
    except (av.FFmpegError, ValueError, OSError) as error:
        # A recording that breaks off is judged by what came before; one that never began cannot be.
        if not pieces:
            raise ScanFailed("undecodable-sound", f"the sound cannot be decoded: {error}"[:200]) from error
    return np.concatenate(pieces)[:most] if pieces else None
