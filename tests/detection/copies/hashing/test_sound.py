"""Sound: the library's text is read and written without it, and recordings are laid over each other where they fit."""

from __future__ import annotations

import base64
import io
import json
import shutil
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from assay.detection.copies.hashing import chromaprint, sound_text
from assay.detection.media import Media
from assay.detection.scanner import ScanFailed, State
from tests.detection.copies.hashing.made import song

numbers = st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=40).map(lambda each: np.array(each, np.uint32))
needs_library = pytest.mark.skipif(
    chromaprint.readiness().state is not State.READY, reason="libchromaprint is not installed"
)


def wav(samples: NDArray[np.float32], rate: int = chromaprint.RATE) -> bytes:
    stream = io.BytesIO()
    with wave.open(stream, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return stream.getvalue()


@given(numbers)
def test_numbers_survive_being_written_and_read(made: NDArray[np.uint32]) -> None:
    assert sound_text.numbers_of(sound_text.text_of(made)).tolist() == made.tolist()


@needs_library
@settings(max_examples=30)
@given(numbers)
def test_the_text_is_the_librarys_own(made: NDArray[np.uint32]) -> None:
    import chromaprint as library

    text = sound_text.text_of(made)
    assert library.encode_fingerprint(made.view(np.int32).tolist(), 1).decode().rstrip("=") == text
    assert library.decode_fingerprint(text.encode()) == (made.tolist(), 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Base64"),
        ("AQAA B", "Base64"),
        ("A", "Base64"),
        ("AQAA", "breaks off"),
        ("AQAAAA", "1 to"),  # No number at all.
        ("AwAAAQA", "another algorithm"),
        ("Af____8A", "1 to"),  # Sixteen million numbers in one byte.
        ("AQAAZAA", "breaks off"),
        ("AQAAAf___w", "breaks off"),  # Only wide gaps, and nothing behind them.
    ],
)
def test_what_is_no_fingerprint_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        sound_text.numbers_of(text)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    text = base64.urlsafe_b64encode(b"\x01\x00\x00" + content).decode().rstrip("=")
    try:
        found = sound_text.numbers_of(text)
    except ValueError:
        return
    assert sound_text.numbers_of(sound_text.text_of(found)).tolist() == found.tolist()


def test_a_recording_is_found_inside_a_longer_one_whichever_is_asked_about() -> None:
    whole = np.random.default_rng(1).integers(0, 2**32, 200, np.uint32)
    part = whole[60:120]
    assert chromaprint.similarity_of(whole, part) == chromaprint.similarity_of(part, whole) == 1.0


def test_recordings_of_other_numbers_agree_by_chance_only() -> None:
    one, other = np.random.default_rng(2).integers(0, 2**32, (2, 150), np.uint32)
    assert 0.4 < chromaprint.similarity_of(one, other) < 0.6


def test_too_short_a_recording_is_like_none() -> None:
    few = np.zeros(chromaprint.FEWEST_IN_COMMON - 1, np.uint32)
    assert chromaprint.similarity_of(few, few) == 0.0


def test_a_short_overlap_at_an_end_does_not_count() -> None:
    """Otherwise any two recordings that share a jingle of three seconds would be one."""
    dice = np.random.default_rng(3)
    one, other = dice.integers(0, 2**32, (2, 200), np.uint32)
    other[:40] = one[-40:]
    assert chromaprint.similarity_of(one, other) < 0.6


@needs_library
def test_a_recording_survives_a_cut_and_another_is_not_taken_for_it() -> None:
    whole = song(1, 20, chromaprint.RATE)
    known = chromaprint.chromaprint_of(Media.from_bytes(wav(whole), name="a.wav"))
    cut = chromaprint.chromaprint_of(Media.from_bytes(wav(whole[5 * chromaprint.RATE :]), name="b.wav"))
    other = chromaprint.chromaprint_of(Media.from_bytes(wav(song(2, 20, chromaprint.RATE)), name="c.wav"))
    assert known is not None
    assert cut is not None
    assert other is not None
    assert chromaprint.chromaprint_similarity(known, cut) >= chromaprint.USUAL_SIMILARITY
    assert chromaprint.chromaprint_similarity(known, other) < chromaprint.USUAL_SIMILARITY


@needs_library
def test_a_recording_of_a_few_seconds_has_no_fingerprint() -> None:
    assert chromaprint.chromaprint_of(Media.from_bytes(wav(song(1, 3, chromaprint.RATE)), name="a.wav")) is None


@needs_library
def test_silence_is_hashed_without_a_fault() -> None:
    silence = np.zeros(12 * chromaprint.RATE, np.float32)
    value = chromaprint.chromaprint_of(Media.from_bytes(wav(silence), name="a.wav"))
    assert value is None or len(sound_text.numbers_of(value)) >= chromaprint.FEWEST_IN_COMMON


@needs_library
def test_numbers_are_those_of_the_librarys_own_program(shared_test_data: Path) -> None:
    if shutil.which("fpcalc") is None:
        pytest.skip("fpcalc is not installed")
    path = shared_test_data / "audio" / "real" / "LJ001-0001.wav"
    done = subprocess.run(["fpcalc", "-raw", "-json", str(path)], capture_output=True, text=True, check=False)
    value = chromaprint.chromaprint_of(Media.from_path(path))
    assert value is not None
    assert sound_text.numbers_of(value).tolist() == json.loads(done.stdout)["fingerprint"]


def test_without_the_library_the_next_step_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "chromaprint", None)
    told = chromaprint.readiness()
    assert told.state is State.NO_PACKAGE
    assert "sound-copies" in told.next_step
    with pytest.raises(ScanFailed, match="sound-not-hashed"):
        chromaprint.chromaprint_of(Media.from_bytes(wav(song(1, 1, chromaprint.RATE)), name="a.wav"))
