"""Small files of every kind that can be labelled, made by other people's encoders; and what a decoder sees in them."""

from __future__ import annotations

import hashlib
import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image, ImageSequence

RATE = 48_000
OTHER_PACKET = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:d="http://purl.org/dc/elements/1.1/" d:source="a walk"/>'
    b"</rdf:RDF></x:xmpmeta>"
)


def picture(width: int = 48, height: int = 32, *, mode: str = "RGB", step: int = 0) -> Image.Image:
    """A gradient, so that a wrong row or column would be seen."""
    row = np.linspace(0, 255, width, dtype=np.uint8)
    column = np.linspace(0, 255, height, dtype=np.uint8)[:, None]
    planes = [row + 0 * column, column + 0 * row, (row[::-1] + column + step).astype(np.uint8)]
    if mode == "RGBA":
        planes.append(np.full((height, width), 128, dtype=np.uint8))
    return Image.fromarray(np.stack(planes, axis=2), mode)


def saved(form: str, image: Image.Image | None = None, **options: object) -> bytes:
    out = io.BytesIO()
    (image or picture()).save(out, form, **options)
    return out.getvalue()


def moving(form: str, **options: object) -> bytes:
    frames = [picture(step=step) for step in (0, 40, 80)]
    return saved(form, frames[0], save_all=True, append_images=frames[1:], duration=80, **options)


def film(form: str, codec: str, *, sound: str | None = None, **options: str) -> bytes:
    """Six pictures, and half a second of sound where a codec for it is named."""
    with tempfile.NamedTemporaryFile() as out, av.open(out.name, "w", format=form, options=options) as container:
        stream = container.add_stream(codec, rate=12)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        audio = container.add_stream(sound, rate=RATE, layout="mono") if sound else None
        assert audio is None or isinstance(audio, av.AudioStream)
        for step in range(6):
            frame = av.VideoFrame.from_ndarray(np.asarray(picture(64, 48, step=40 * step)), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if audio is not None:
            _add_sound(container, audio)
        container.close()
        return Path(out.name).read_bytes()


def sound(form: str, codec: str, **options: str) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format=form, options=options) as container:
        stream = container.add_stream(codec, rate=RATE, layout="mono")
        assert isinstance(stream, av.AudioStream)
        _add_sound(container, stream)
    return out.getvalue()


def _add_sound(container: av.container.OutputContainer, stream: av.audio.stream.AudioStream) -> None:
    wave = (np.sin(np.arange(RATE // 2) / 20) * 12_000).astype(np.int16)[None, :]
    resampler = av.AudioResampler(format=stream.codec_context.format, layout="mono", rate=RATE)
    size = 960
    for number, start in enumerate(range(0, wave.shape[1], size)):
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(wave[:, start : start + size]), "s16", "mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, number * size, Fraction(1, RATE)
        for each in resampler.resample(frame):
            container.mux(stream.encode(each))
    container.mux(stream.encode(None))


def document() -> bytes:
    """A text document of the smallest form that word processors open."""
    out = io.BytesIO()
    space = "http://schemas.openxmlformats.org/package/2006/"
    types = (
        f'<?xml version="1.0" encoding="UTF-8"?><Types xmlns="{space}content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.document.main+xml"/></Types>'
    )
    relations = (
        f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{space}relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="word/document.xml"/></Relationships>'
    )
    body = (
        '<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/'
        'wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>A hill.</w:t></w:r></w:p></w:body></w:document>'
    )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in (
            ("[Content_Types].xml", types),
            ("_rels/.rels", relations),
            ("word/document.xml", body),
        ):
            package.writestr(name, part)
    return out.getvalue()


FILES: dict[str, Callable[[], bytes]] = {
    "plain.jpg": lambda: saved("JPEG", quality=90),
    "progressive.jpg": lambda: saved("JPEG", progressive=True, exif=_exif()),
    "pair.jpg": lambda: moving("MPO"),
    "plain.png": lambda: saved("PNG"),
    "moving.png": lambda: moving("PNG"),
    "lossy.webp": lambda: saved("WEBP", quality=80),
    "lossless.webp": lambda: saved("WEBP", picture(mode="RGBA"), lossless=True),
    "odd.webp": lambda: saved("WEBP", picture(33, 17), quality=61),
    "moving.webp": lambda: moving("WEBP"),
    "plain.gif": lambda: saved("GIF"),
    "moving.gif": lambda: moving("GIF", loop=0),
    "plain.tif": lambda: saved("TIFF", compression="tiff_lzw"),
    "large.tif": lambda: saved("TIFF", big_tiff=True),
    "pages.tif": lambda: moving("TIFF"),
    "plain.avif": lambda: saved("AVIF", quality=80),
    "described.avif": lambda: saved("AVIF", exif=_exif(), xmp=OTHER_PACKET),
    "described.webp": lambda: saved("WEBP", exif=_exif(), xmp=OTHER_PACKET),
    "moving.avif": lambda: moving("AVIF", quality=60),
    "front.mp4": lambda: film("mp4", "mpeg4", sound="aac", movflags="faststart"),
    "back.mp4": lambda: film("mp4", "mpeg4"),
    "pieces.mp4": lambda: film("mp4", "mpeg4", sound="aac", movflags="frag_keyframe+empty_moov+default_base_moof"),
    "plain.mov": lambda: film("mov", "mpeg4", sound="pcm_s16le"),
    "plain.m4a": lambda: sound("ipod", "aac"),
    "plain.mkv": lambda: film("matroska", "mpeg4", sound="aac"),
    "plain.webm": lambda: film("webm", "libvpx", sound="libopus"),
    "plain.avi": lambda: film("avi", "mpeg4", sound="pcm_s16le"),
    "plain.wav": lambda: sound("wav", "pcm_s16le"),
    "plain.mp3": lambda: sound("mp3", "libmp3lame"),
    "untagged.mp3": lambda: sound("mp3", "libmp3lame", id3v2_version="0", write_xing="0"),
    "plain.flac": lambda: sound("flac", "flac"),
    "opus.ogg": lambda: sound("ogg", "libopus"),
    "plain.pdf": lambda: saved("PDF"),
    "plain.docx": document,
}
WITHOUT_PROPERTIES = frozenset(name for name in FILES if name.endswith((".mkv", ".webm", ".flac", ".ogg", ".docx")))


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Kamera AG", "Model 9"
    return exif


def decoded(path: Path) -> str:
    """A digest of every picture and every sample that a decoder gives, with their times."""
    digest = hashlib.sha256()
    for part in _parts(path):
        digest.update(part)
    return digest.hexdigest()


def _parts(path: Path) -> Iterator[bytes]:
    if path.suffix == ".pdf":
        yield b""
    elif path.suffix == ".docx":
        with zipfile.ZipFile(path) as package:
            yield package.read("word/document.xml")
    elif path.suffix in {".jpg", ".png", ".webp", ".gif", ".tif", ".avif"}:
        with Image.open(path) as image:
            for frame in ImageSequence.Iterator(image):
                yield f"{frame.size}{frame.info.get('duration')}".encode()
                yield frame.convert("RGBA").tobytes()
    else:
        with av.open(str(path)) as container:
            for each in container.decode(*container.streams.video, *container.streams.audio):
                assert isinstance(each, av.VideoFrame | av.AudioFrame)
                yield f"{type(each).__name__}{each.pts}".encode()
                yield each.to_ndarray().tobytes()
