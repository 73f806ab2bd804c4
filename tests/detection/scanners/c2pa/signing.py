"""Tiny files of every container that carries credentials, plain, signed, or naming an address. It holds no test."""

from __future__ import annotations

import io
import json
import wave
import zipfile
from collections.abc import Mapping, Sequence
from functools import lru_cache

import av
import c2pa
import numpy as np
from PIL import Image

from assay.detection.scanners.c2pa.examples.authority import Authority, make_authority
from assay.detection.scanners.c2pa.examples.cases import created

MANIFEST_AT = "https://manifests.example/1.c2pa"
TYPES = {
    "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif", "tiff": "image/tiff",
    "avif": "image/avif", "svg": "image/svg+xml", "wav": "audio/wav", "mp3": "audio/mpeg", "flac": "audio/flac",
    "mp4": "video/mp4", "mov": "video/quicktime", "avi": "video/avi",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "epub": "application/epub+zip",
}  # fmt: skip


@lru_cache(maxsize=32)
def plain(kind: str) -> bytes:
    """A tiny file of a kind, without credentials."""
    if kind == "svg":
        return b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="5" height="5"/></svg>'
    if kind in ("mp4", "mov", "avi"):
        return _film(kind)
    if kind in ("mp3", "flac"):
        return _sound(kind)
    if kind in _MEMBERS:
        return _archive(kind)
    target = io.BytesIO()
    if kind == "wav":
        with wave.open(target, "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(8_000)
            sound.writeframes(bytes(400))
        return target.getvalue()
    # One colour would leave pictures without the many blocks that real ones have.
    pixels = (np.arange(64 * 48 * 3, dtype=np.uint32) * 2_654_435_761 >> 7).astype(np.uint8).reshape(48, 64, 3)
    Image.fromarray(pixels).save(target, kind)
    return target.getvalue()


_MEMBERS = {
    "docx": (("[Content_Types].xml", "<Types/>"), ("word/document.xml", "<w/>")),
    "epub": (("mimetype", "application/epub+zip"), ("META-INF/container.xml", "<container/>")),
}


def _archive(kind: str) -> bytes:
    target = io.BytesIO()
    # The library reads members only as they are, and would sign no packed ones.
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as members:
        for name, content in _MEMBERS[kind]:
            members.writestr(name, content)
    return target.getvalue()


def _film(kind: str) -> bytes:
    target = io.BytesIO()
    with av.open(target, "w", format=kind) as film:
        stream = film.add_stream("mjpeg", rate=5)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj420p"
        for level in (0, 90, 200):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), level, np.uint8), format="rgb24")
            film.mux(stream.encode(frame))
        film.mux(stream.encode())
    return target.getvalue()


def _sound(kind: str) -> bytes:
    target = io.BytesIO()
    with av.open(target, "w", format=kind) as sound:
        stream = sound.add_stream("mp3" if kind == "mp3" else "flac", rate=16_000)
        stream.layout = "mono"
        form = "fltp" if kind == "mp3" else "s16"
        samples = np.zeros((1, 3_200), np.float32 if kind == "mp3" else np.int16)
        frame = av.AudioFrame.from_ndarray(samples, format=form, layout="mono")
        frame.sample_rate = 16_000
        sound.mux(stream.encode(frame))
        sound.mux(stream.encode())
    return target.getvalue()


def sign(
    kind: str,
    *,
    remote: str | None = None,
    authority: Authority | None = None,
    actions: Sequence[Mapping[str, object]] = (),
    assertions: Sequence[Mapping[str, object]] = (),
) -> tuple[bytes, bytes]:
    """The signed file and the manifest store by itself, which is not in the file where `remote` names an address."""
    who = authority or make_authority()
    steps = list(actions) or [created("trainedAlgorithmicMedia")]
    manifest = {
        "claim_generator_info": [{"name": "Example", "version": "1"}],
        "assertions": [{"label": "c2pa.actions", "data": {"actions": steps}}, *assertions],
    }
    signer = c2pa.Signer.from_info(
        c2pa.C2paSignerInfo(alg=c2pa.C2paSigningAlg.ES256, sign_cert=who.chain, private_key=who.key, ta_url=None)
    )
    settings = {
        "verify": {"verify_after_sign": False, "verify_trust": False},
        "builder": {"thumbnail": {"enabled": False}},
    }
    target = io.BytesIO()
    with c2pa.Builder(json.dumps(manifest), c2pa.Context(c2pa.Settings.from_dict(settings), signer)) as builder:
        if remote is not None:
            builder.set_no_embed()
            builder.set_remote_url(remote)
        store: bytes = builder.sign(TYPES[kind], io.BytesIO(plain(kind)), target)
    return target.getvalue(), store


@lru_cache(maxsize=1)
def offline() -> c2pa.Context:
    """The library as it is, but for the network."""
    settings = {
        "core": {"allowed_network_hosts": [], "decode_identity_assertions": False},
        "verify": {"remote_manifest_fetch": False, "verify_trust": False},
    }
    return c2pa.Context(c2pa.Settings.from_dict(settings))


def library_sees(content: bytes, kind: str | None = None) -> bool:
    """Whether the library finds a manifest in a file, or the address of one."""
    try:
        hint = {"svg": "image/svg+xml", "docx": "docx", "epub": "epub", "zip": "zip", "ooxml": "zip"}.get(kind or "")
        return c2pa.Reader.try_create(hint, io.BytesIO(content), None, offline()) is not None
    except c2pa.C2paError as error:
        return "must fetch remote manifests" in str(error)
