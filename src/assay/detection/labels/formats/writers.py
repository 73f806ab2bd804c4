"""Which container has which writer. A container that is not here is refused by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from assay.detection.labels.formats.document.office import rewrite_office
from assay.detection.labels.formats.document.pdf import rewrite_pdf
from assay.detection.labels.formats.picture.gif import rewrite_gif
from assay.detection.labels.formats.picture.heif import rewrite_heif
from assay.detection.labels.formats.picture.jpeg import rewrite_jpeg
from assay.detection.labels.formats.picture.png import rewrite_png
from assay.detection.labels.formats.picture.tiff import rewrite_tiff
from assay.detection.labels.formats.riff import rewrite_avi, rewrite_wav, rewrite_webp
from assay.detection.labels.formats.sound.id3 import rewrite_mp3
from assay.detection.labels.formats.sound.matroska import rewrite_matroska
from assay.detection.labels.formats.sound.movie import rewrite_movie
from assay.detection.labels.formats.sound.vorbis import rewrite_flac, rewrite_ogg
from assay.detection.labels.marking import Marking
from assay.detection.labels.pieces import Original, Piece

Writer = Callable[[Original, Marking], Iterable[Piece]]
WRITERS: dict[str, Writer] = {
    "jpeg": rewrite_jpeg,
    "png": rewrite_png,
    "gif": rewrite_gif,
    "tiff": rewrite_tiff,
    "webp": rewrite_webp,
    "heif": rewrite_heif,
    "mp4": rewrite_movie,
    "mov": rewrite_movie,
    "matroska": rewrite_matroska,
    "avi": rewrite_avi,
    "wav": rewrite_wav,
    "mp3": rewrite_mp3,
    "flac": rewrite_flac,
    "ogg": rewrite_ogg,
    "pdf": rewrite_pdf,
    "ooxml": rewrite_office,
}
