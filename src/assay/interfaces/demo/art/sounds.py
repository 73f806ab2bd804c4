"""Sounds: a small tune, rain, a murmur without words. It never imitates anybody's voice."""

from __future__ import annotations

import io
import wave
from collections.abc import Mapping, Sequence

import av
import numpy as np

from assay.interfaces.demo.art.canvas import Floats

RATE = 22_050
"""Samples a second."""


def tune(notes: Sequence[float], *, beat: float = 0.3) -> Floats:
    """Plucked notes, each given in hertz, which ring on into one another."""
    length = int(RATE * (beat * len(notes) + 1.2))
    sound = np.zeros(length)
    for number, pitch in enumerate(notes):
        start = int(number * beat * RATE)
        times = np.arange(length - start) / RATE
        for harmonic, strength in ((1, 0.6), (2, 0.25), (3, 0.12), (5, 0.04)):
            sound[start:] += strength * np.sin(2 * np.pi * pitch * harmonic * times) * np.exp(-times * (2.2 + harmonic))
    return _levelled(sound)


def rain(seed: int, *, seconds: float = 4.0) -> Floats:
    """Rain on a roof, with drops."""
    random = np.random.default_rng(seed)
    length = int(RATE * seconds)
    hiss = np.convolve(random.normal(size=length), np.ones(6) / 6, mode="same")
    swell = 0.7 + 0.3 * np.sin(np.linspace(0, 3 * np.pi, length))
    drops = np.zeros(length)
    for start in random.integers(0, length - 900, size=90):
        times = np.arange(900) / RATE
        drops[start : start + 900] += np.sin(2 * np.pi * random.uniform(900, 2600) * times) * np.exp(-times * 160)
    return _levelled(hiss * swell + 1.6 * drops)


def murmur(seed: int, *, seconds: float = 4.0) -> Floats:
    """Vowels in the rhythm of speech, spoken by nobody."""
    random = np.random.default_rng(seed)
    length = int(RATE * seconds)
    times = np.arange(length) / RATE
    pitch = 120 + 18 * np.sin(2 * np.pi * 0.5 * times) + 9 * np.sin(2 * np.pi * 1.7 * times)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    syllable = np.floor(times / 0.21).astype(int)
    formants = random.uniform((300, 900, 2300), (800, 2000, 2900), size=(syllable.max() + 1, 3))[syllable]
    sound = np.zeros(length)
    for harmonic in range(1, 26):
        distance = (pitch[:, None] * harmonic - formants) / np.array([90, 120, 180])
        sound += np.sin(phase * harmonic) * np.exp(-0.5 * distance**2).sum(axis=1) / harmonic**0.4
    return _levelled(sound * np.sin(np.pi * (times / 0.21 % 1)) ** 0.7)


def wav(sound: Floats) -> bytes:
    """The sound as a WAV file of 16 bits and one channel."""
    stream = io.BytesIO()
    with wave.open(stream, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(_samples(sound).tobytes())
    return stream.getvalue()


def mp3(sound: Floats, *, tags: Mapping[str, str] | None = None) -> bytes:
    """The sound as an MP3 file; a tag that ID3 has no field for becomes a TXXX frame."""
    stream = io.BytesIO()
    with av.open(stream, "w", format="mp3", options={"id3v2_version": "3"}) as container:
        container.metadata.update(tags or {})
        track = container.add_stream("libmp3lame", rate=RATE, layout="mono")
        track.bit_rate = 64_000
        frame = av.AudioFrame.from_ndarray(_samples(sound)[None, :], format="s16", layout="mono")
        frame.sample_rate = RATE
        container.mux(track.encode(frame))
        container.mux(track.encode(None))
    return stream.getvalue()


def _samples(sound: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    return (sound * 32_000).astype(np.int16)


def _levelled(sound: Floats) -> Floats:
    fade = np.minimum(1, np.minimum(np.arange(len(sound)), np.arange(len(sound))[::-1]) / (0.03 * RATE))
    levelled: Floats = sound / np.abs(sound).max() * fade * 0.8
    return levelled
