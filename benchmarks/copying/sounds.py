"""Which edits of a recording its hash survives. It makes music of notes, and reads speech from the shared test data."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from assay.detection.copies.hashing import chromaprint
from assay.detection.copies.hashing.sound_text import numbers_of
from assay.detection.media import Media
from assay.detection.scanner import State
from benchmarks.copying.edits import Edits, cell
from benchmarks.material.table import table

RATE = 22_050
SECONDS = 20
MADE, QUICK = 30, 8
# Clips of speech are short; so many together make a recording.
CLIPS = 3

Samples = NDArray[np.float32]


def _coded(samples: Samples, codec: str, form: str, bit_rate: int) -> Samples:
    """Through a codec and back."""
    stream = io.BytesIO()
    with av.open(stream, "w", format=form) as container:
        track = container.add_stream(codec, rate=48_000 if codec == "libopus" else RATE)
        assert isinstance(track, av.AudioStream)
        track.bit_rate, track.layout = bit_rate, "mono"
        resampler = av.AudioResampler(format=track.format, layout="mono", rate=track.rate)
        for frame in (*resampler.resample(_frame(samples)), *resampler.resample(None)):
            container.mux(track.encode(frame))
        container.mux(track.encode(None))
    return _decoded(stream.getvalue())


def _filtered(samples: Samples, *filters: tuple[str, str]) -> Samples:
    graph = av.filter.Graph()
    nodes = [graph.add_abuffer(sample_rate=RATE, format="flt", layout="mono", time_base=Fraction(1, RATE))]
    nodes += [graph.add(name, words) for name, words in (*filters, ("aformat", "sample_fmts=flt:sample_rates=22050"))]
    nodes.append(graph.add("abuffersink"))
    for before, behind in pairwise(nodes):
        before.link_to(behind)
    graph.configure()
    graph.push(_frame(samples))
    graph.push(None)
    return np.concatenate([frame.to_ndarray().reshape(-1) for frame in _pulled(graph)])


def _pulled(graph: av.filter.Graph) -> Iterator[av.AudioFrame]:
    while True:
        try:
            frame = graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        if isinstance(frame, av.AudioFrame):
            yield frame


def _noisy(samples: Samples) -> Samples:
    noise = np.random.default_rng(4).normal(0, 1, len(samples)) * np.std(samples) / 10 ** (30 / 20)
    return (samples + noise).astype(np.float32)


Edit = Callable[[Samples], Samples]

EDITS: tuple[tuple[str, Edit], ...] = (
    ("MP3, 64 kbit/s", lambda samples: _coded(samples, "libmp3lame", "mp3", 64_000)),
    ("Opus, 32 kbit/s", lambda samples: _coded(samples, "libopus", "ogg", 32_000)),
    ("half as loud", lambda samples: samples * np.float32(0.5)),
    ("noise, 30 dB below", _noisy),
    ("first 5 seconds cut off", lambda samples: samples[5 * RATE :]),
    ("first 2 and last 3 seconds cut off", lambda samples: samples[2 * RATE : -3 * RATE]),
    ("a third taken out of the middle", lambda samples: samples[len(samples) // 3 : len(samples) * 2 // 3]),
    ("2 % faster, same pitch", lambda samples: _filtered(samples, ("atempo", "1.02"))),
    ("5 % faster, same pitch", lambda samples: _filtered(samples, ("atempo", "1.05"))),
    ("one semitone higher", lambda samples: _filtered(samples, ("asetrate", "23361"), ("atempo", "0.943874"))),
)


def sounds_table(*, quick: bool, files: Path) -> Edits:
    """Shares of edited recordings that are still alike enough."""
    told = chromaprint.readiness()
    if told.state is not State.READY:
        return Edits(f"sound: not measured: {told.words}; {told.next_step}", ())
    recordings = (_made(QUICK if quick else MADE) + _spoken(files))[: QUICK if quick else None]
    known = [_hashed(samples) for samples in recordings]
    rows, shares = [], {}
    for name, edit in EDITS:
        alike = [
            chromaprint.similarity_of(_hashed(edit(samples)), made)
            for samples, made in zip(recordings, known, strict=True)
        ]
        hits = sum(each >= chromaprint.USUAL_SIMILARITY for each in alike)
        shares[name] = hits / len(alike)
        rows.append((name, cell(hits, len(alike), f"{np.median(alike):.2f}")))
    others = [chromaprint.similarity_of(one, other) for at, one in enumerate(known) for other in known[at + 1 :]]
    false = sum(each >= chromaprint.USUAL_SIMILARITY for each in others)
    rows.append(("another recording matches", f"{false} of {len(others):,}"))
    rows.append(("most alike two different recordings", f"{max(others):.2f}"))
    words = f"{len(recordings)} recordings: share alike enough, its 95 % interval, and the median."
    short = [f"{name}: {shares[name]:.0%} found" for name, _ in EDITS[:2] if shares[name] < 0.95]
    short += [f"{false} pairs of different recordings match"] if false else []
    head = ("edit", f"Chromaprint, at least {chromaprint.USUAL_SIMILARITY}")
    return Edits(f"{words}\n\n{table(head, rows)}", tuple(short))


def _hashed(samples: Samples) -> NDArray[np.uint32]:
    """As a file's sound is hashed: brought to the library's rate first."""
    resampler = av.AudioResampler(format="flt", layout="mono", rate=chromaprint.RATE)
    frames = (*resampler.resample(_frame(samples)), *resampler.resample(None))
    value = chromaprint.chromaprint_of_samples(np.concatenate([each.to_ndarray().reshape(-1) for each in frames]))
    return numbers_of(value) if value is not None else np.zeros(0, np.uint32)


def _frame(samples: Samples) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1).astype(np.float32), format="flt", layout="mono")
    frame.sample_rate = RATE
    frame.pts = 0
    return frame


def _decoded(content: bytes) -> Samples:
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    with av.open(io.BytesIO(content), "r") as container:
        frames = [each for frame in container.decode(audio=0) for each in resampler.resample(frame)]
    frames += resampler.resample(None)
    return np.concatenate([each.to_ndarray().reshape(-1) for each in frames])


def _made(count: int) -> list[Samples]:
    dice = np.random.default_rng(7)
    return [_piece(dice) for _ in range(count)]


def _piece(dice: np.random.Generator) -> Samples:
    """Chords and a melody over twenty seconds, each note with overtones that fade."""
    samples = np.zeros(SECONDS * RATE, np.float64)
    at = 0
    while at < len(samples):
        length = int(RATE * dice.choice([0.25, 0.5, 0.75]))
        clock = np.arange(min(length, len(samples) - at)) / RATE
        for note in dice.integers(40, 76, 3):
            pitch = 440.0 * 2 ** ((int(note) - 69) / 12)
            tones = sum(np.sin(2 * np.pi * pitch * over * clock) / over for over in (1, 2, 3, 4))
            samples[at : at + len(clock)] += tones * np.exp(-3 * clock)
        at += length
    return np.asarray(samples / np.abs(samples).max() * 0.8, np.float32)


def _spoken(files: Path) -> list[Samples]:
    clips = []
    for path in sorted((files / "audio" / "real").glob("*.wav")):
        with Media.from_path(path).open() as stream:
            clips.append(_decoded(stream.read()))
    whole = len(clips) // CLIPS * CLIPS
    return [np.concatenate(clips[first : first + CLIPS]) for first in range(0, whole, CLIPS)]
