"""Pictures, sound and frames are decoded within bounds, and whatever breaks is a fault with a name."""

from __future__ import annotations

import io
import random
import wave
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from assay.detection.decoding.frames import PLACES, frames
from assay.detection.decoding.pictures import picture
from assay.detection.decoding.sound import sound
from assay.detection.media import Media
from assay.detection.registry import load_scanner
from assay.detection.scanner import ScanFailed, Settings, State, readiness_of
from assay.detection.scanners.visible.examples import drawn
from tests.detection.decoding import standins


def film(*pictures: bytes, frames_each: int = 12) -> Media:
    """An MP4 of a few pictures, each shown for a second."""
    stream = io.BytesIO()
    with av.open(stream, "w", format="mp4") as container:
        video = container.add_stream("mpeg4", rate=frames_each)
        video.width, video.height, video.pix_fmt, video.bit_rate = 640, 480, "yuv420p", 4_000_000
        video.codec_context.gop_size = frames_each
        for each in pictures:
            pixels = np.asarray(Image.open(io.BytesIO(each)).convert("RGB"))
            shown = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            for _ in range(frames_each):
                shown.pts = None
                container.mux(video.encode(shown))
        container.mux(video.encode(None))
    return Media.from_bytes(stream.getvalue(), name="film.mp4")


def saved(form: str, **options: object) -> bytes:
    pixels = np.random.default_rng(1).integers(0, 256, (80, 100, 3), dtype=np.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, form, **options)
    return stream.getvalue()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_a_picture_comes_as_rgb_and_no_larger_than_asked_for(form: str) -> None:
    media = Media.from_bytes(saved(form), name="a")
    for longest, size in ((None, (100, 80)), (50, (50, 40)), (1000, (100, 80))):
        decoded = picture(media, most_pixels=10_000, longest_side=longest)
        assert decoded is not None
        assert (decoded.mode, decoded.size) == ("RGB", size)


def test_what_shines_through_is_seen_on_white() -> None:
    stream = io.BytesIO()
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(stream, "PNG")
    decoded = picture(Media.from_bytes(stream.getvalue(), name="a"), most_pixels=100)
    assert decoded is not None
    assert decoded.getpixel((3, 3)) == (255, 255, 255)


def test_a_form_that_is_no_picture_is_left_to_others() -> None:
    assert picture(Media.from_bytes(b"a text", name="a"), most_pixels=100) is None
    assert picture(standins.speech(), most_pixels=100) is None
    assert frames(standins.speech(), most_pixels=100, longest_side=100) == []


def test_frames_are_taken_at_start_middle_and_end() -> None:
    plain = [drawn((word, (24, 436), 28)) for word in ("one", "two", "three", "four")]
    taken = frames(film(*plain), most_pixels=1_000_000, longest_side=320)
    assert [place for place, _frame in taken] == [place for place, _share in PLACES]
    assert {each.size for _place, each in taken} == {(320, 240)}
    start, middle, end = (np.asarray(each).astype(int) for _place, each in taken)
    assert np.abs(start - middle).max() > 60
    assert np.abs(middle - end).max() > 60


def test_a_film_of_too_many_pixels_is_refused() -> None:
    with pytest.raises(ScanFailed, match="too-many-pixels"):
        frames(film(drawn()), most_pixels=1000, longest_side=100)


def test_a_label_in_a_film_is_read_once_with_its_frame() -> None:
    scanner = load_scanner("visible", Settings())
    if readiness_of(scanner).state is not State.READY:
        pytest.skip("the extra `ocr` is not installed")
    label = ("Made with AI", (24, 436), 28)
    found = [
        [(each.details["phrase"], each.details["frame"]) for each in scanner.scan(film(*pictures)) if each.found]
        for pictures in ([drawn(label)] * 4, [drawn(), drawn(), drawn(label), drawn(label)], [drawn()] * 3)
    ]
    assert found == [[("Made with AI", "start")], [("Made with AI", "middle")], []]


def mutated(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 5, 20])):
        at = chance.randrange(len(changed)) if chance.random() < 0.6 else chance.randrange(min(len(changed), 200))
        kind = chance.random()
        if kind < 0.6:
            changed[at] = chance.randrange(256)
        elif kind < 0.75:
            del changed[at : at + chance.randrange(1, 50)]
        elif kind < 0.9:
            changed[at:at] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 9)))
        else:
            del changed[max(at, 16) :]
        if len(changed) < 20:
            break
    return bytes(changed)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "AVIF", "wav", "film"])
def test_a_broken_file_is_a_fault_with_a_name_and_no_crash(kind: str, tmp_path: Path) -> None:
    whole = {"wav": lambda: standins.speech(0.2).content, "film": lambda: film(drawn()).content}
    content = whole[kind]() if kind in whole else saved(kind)
    assert content is not None
    chance = random.Random(kind)
    slugs = set()
    for _ in range(150):
        media = Media.from_bytes(mutated(content, chance), name="a")
        try:
            picture(media, most_pixels=1_000_000, longest_side=64)
            frames(media, most_pixels=1_000_000, longest_side=64)
            sound(media, rate=8_000, most_seconds=1.0)
        except ScanFailed as failed:
            slugs.add(failed.slug)
    assert slugs <= {"undecodable-picture", "undecodable-sound", "too-many-pixels"}
    assert slugs or kind in ("BMP", "wav")


def test_a_second_of_sound_is_whole_after_its_rate_was_changed() -> None:
    stream = io.BytesIO()
    with wave.open(stream, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(44_100)
        written.writeframes(bytes(2 * 44_100))
    decoded = sound(Media.from_bytes(stream.getvalue(), name="second.wav"), rate=11_025, most_seconds=5.0)
    assert decoded is not None
    assert len(decoded) == 11_025
