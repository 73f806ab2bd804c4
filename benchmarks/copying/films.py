"""Which films agree, of those known to come from one source, and after what uploaders do to films. It keeps none."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from assay.detection.copies.hashing import film
from assay.detection.media import Media
from benchmarks.copying.edits import Edits, cell
from benchmarks.copying.pictures import made_pictures
from benchmarks.material.table import table

FOLDERS = ("copy/video", "video/ai")
RATE, SCENES, SCENE_SECONDS = 8, 5, 3
MADE, QUICK = 12, 4

Pictures = list[NDArray[np.uint8]]
Frames = tuple[film.Frame, ...]

# Name, edit, and how much the encoder may lose (x264's rate factor).
EDITS: tuple[tuple[str, Callable[[Pictures], Pictures], int], ...] = (
    ("another encoding, low rate", lambda frames: frames, 38),
    ("half size, low rate", lambda frames: [_resized(each, 0.5) for each in frames], 38),
    ("first 4 seconds cut off", lambda frames: frames[4 * RATE :], 23),
    ("5 seconds taken out of it", lambda frames: frames[5 * RATE : 10 * RATE], 23),
    ("a tenth faster", lambda frames: [each for place, each in enumerate(frames) if place % 10], 23),
    ("10 % of each side cut off", lambda frames: [_cut(each) for each in frames], 23),
    ("mirrored", lambda frames: [each[:, ::-1] for each in frames], 23),
)


def films_table(*, quick: bool, files: Path) -> Edits:
    """Pairs of the shared films that agree, and shares of edited films that do."""
    lines, false = _families(files)
    films = _films(QUICK if quick else MADE)
    known = [film.text_of(_hashed(_encoded(frames, 23))) for frames in films]
    rows: list[tuple[str, ...]] = []
    for name, edit, loss in EDITS:
        edited = [_hashed(_encoded(edit(frames), loss)) for frames in films]
        rows.append((name, *(_cell(edited, known, turned=turned) for turned in (False, True))))
    others = [_share(one, other) for one, other in combinations(known, 2)]
    mixed = sum(each >= film.USUAL_SHARE for each in others)
    rows.append(("another film matches", "", f"{mixed} of {len(others)}"))
    head = ("edit", f"vPDQ, {film.USUAL_SHARE:.0%} of either's frames", "with the mirrored form")
    words = f"{len(films)} made films of {SCENES * SCENE_SECONDS} seconds: share that agrees, 95 % interval, median."
    short = (f"{false + mixed} pairs of different films agree",) if false + mixed else ()
    return Edits("\n".join([*lines, words, "", table(head, rows)]), short)


def _families(files: Path) -> tuple[list[str], int]:
    """Films whose names begin with the same word are of one source."""
    paths = [path for folder in FOLDERS for path in sorted((files / folder).glob("*.*"))]
    if not paths:
        return [], 0
    values = {path: film.vpdq_of(Media.from_path(path)) for path in paths}
    same, agree, false = 0, [], 0
    for one, other in combinations(paths, 2):
        first, second = values[one], values[other]
        if first is None or second is None:
            continue
        of_one_source = one.parent == other.parent and one.name.split("-")[0] == other.name.split("-")[0]
        agreement = film.vpdq_agreement(first, second)
        same += of_one_source
        if agreement.share >= film.USUAL_SHARE:
            false += not of_one_source
            agree.append(f"  {one.name} and {other.name}: {agreement.of_one:.0%} and {agreement.of_other:.0%}")
    pairs = len(paths) * (len(paths) - 1) // 2
    words = f"{len(paths)} films, {pairs} pairs: {len(agree) - false} of {same} of one source agree, {false} others do."
    return [words, *agree, ""], false


def _cell(edited: list[Frames], known: list[str], *, turned: bool) -> str:
    shares = [
        max(_share(film.text_of(each), made) for each in ((frames, film.mirrored(frames)) if turned else (frames,)))
        for frames, made in zip(edited, known, strict=True)
    ]
    return cell(sum(each >= film.USUAL_SHARE for each in shares), len(shares), f"{np.median(shares):.2f}")


def _share(one: str, other: str) -> float:
    return film.vpdq_agreement(one, other).share


def _films(count: int) -> list[Pictures]:
    """Scenes that are slowly panned over, a cut between each two."""
    scenes = made_pictures(count * SCENES)
    return [_panned(scenes[place * SCENES : (place + 1) * SCENES]) for place in range(count)]


def _panned(scenes: list[Image.Image]) -> Pictures:
    frames = []
    for scene in scenes:
        for step in range(SCENE_SECONDS * RATE):
            view = scene.crop((step, step // 2, step + 560, step // 2 + 315)).resize((480, 270))
            frames.append(np.asarray(view))
    return frames


def _encoded(frames: Pictures, loss: int) -> bytes:
    stream = io.BytesIO()
    rows, columns = frames[0].shape[0] // 2 * 2, frames[0].shape[1] // 2 * 2
    with av.open(stream, "w", format="mp4") as container:
        track = container.add_stream("libx264", rate=RATE, options={"crf": str(loss), "preset": "ultrafast"})
        assert isinstance(track, av.VideoStream)
        track.width, track.height, track.pix_fmt = columns, rows, "yuv420p"
        for each in frames:
            picture = np.ascontiguousarray(each[:rows, :columns])
            container.mux(track.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(track.encode(None))
    return stream.getvalue()


def _hashed(content: bytes) -> Frames:
    return film.frames_of(Media.from_bytes(content, name="film.mp4"))


def _resized(frame: NDArray[np.uint8], share: float) -> NDArray[np.uint8]:
    size = (int(frame.shape[1] * share), int(frame.shape[0] * share))
    return np.asarray(Image.fromarray(frame).resize(size, Image.Resampling.BILINEAR))


def _cut(frame: NDArray[np.uint8]) -> NDArray[np.uint8]:
    rows, columns = frame.shape[:2]
    return frame[rows // 20 : -rows // 20, columns // 20 : -columns // 20]
