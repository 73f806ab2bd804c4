"""Films: one frame a second, agreement counted both ways, and nothing told of a file that cannot be decoded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assay.detection.copies.hashing import film
from assay.detection.copies.hashing.film import Frame, vpdq_agreement
from assay.detection.copies.hashing.pdq import Pdq
from assay.detection.media import Media
from assay.detection.scanner import ScanFailed
from tests.detection.copies.hashing.made import film_of, scene


def text(*hashes: int, quality: int = 100) -> str:
    """A film of frames whose hashes are one byte repeated: 0 and 255 differ in all bits, 0 and 1 in 32."""
    return film.text_of(tuple(Frame(Pdq(bytes([each]) * 32, quality), float(at)) for at, each in enumerate(hashes)))


def test_the_first_frame_and_one_of_each_second_are_taken() -> None:
    scenes = [scene(seed, rows=96, columns=128) for seed in range(3)]
    media = Media.from_bytes(film_of(scenes, rate=4, seconds_each=1), name="a.mp4")
    assert [each.seconds for each in film.frames_of(media)] == [0.0, 1.0, 2.0]


def test_a_film_encoded_again_agrees_and_another_does_not() -> None:
    scenes = [scene(seed, rows=96, columns=128) for seed in range(6)]
    one, again, other = (
        film.vpdq_of(Media.from_bytes(content, name="a.mp4"))
        for content in (film_of(scenes[:3]), film_of(scenes[:3], rate=3), film_of(scenes[3:]))
    )
    assert one is not None
    assert again is not None
    assert other is not None
    assert vpdq_agreement(one, again).share >= film.USUAL_SHARE
    assert vpdq_agreement(one, other).share == 0.0


def test_a_mirrored_film_agrees_by_its_mirrored_frames() -> None:
    scenes = [scene(seed, rows=320, columns=448) for seed in range(2)]
    known = film.frames_of(Media.from_bytes(film_of(scenes, rate=1), name="a.mp4"))
    turned = film.frames_of(Media.from_bytes(film_of([each[:, ::-1].copy() for each in scenes], rate=1), name="b.mp4"))
    assert vpdq_agreement(film.text_of(turned), film.text_of(known)).share == 0.0
    assert vpdq_agreement(film.text_of(film.mirrored(turned)), film.text_of(known)).share == 1.0


def test_agreement_is_counted_of_each_films_own_frames() -> None:
    """A clip lies wholly in the film that it was cut from, of which it is a small part."""
    agreement = vpdq_agreement(text(0b0, 0xFF), text(0, 0xFF, 0x0F, 0xF0, 0x33))
    assert (agreement.of_one, agreement.of_other) == (1.0, 0.4)
    assert (agreement.frames_of_one, agreement.frames_of_other) == (2, 5)
    assert agreement.share == 1.0


def test_a_frame_that_stands_still_counts_once() -> None:
    assert vpdq_agreement(text(0, 0, 0, 0xFF), text(0)).of_one == 0.5


def test_frames_of_too_little_quality_are_left_out() -> None:
    agreement = vpdq_agreement(text(0, quality=49), text(0))
    assert (agreement.share, agreement.frames_of_one) == (0.0, 0)


def test_the_distance_within_which_frames_are_the_same_can_be_set() -> None:
    assert vpdq_agreement(text(0), text(1)).share == 0.0
    assert vpdq_agreement(text(0), text(1), distance=32).share == 1.0


def test_the_text_is_the_exchanges_list_of_hash_quality_and_seconds() -> None:
    made = text(0xFF)
    assert json.loads(made) == [f"{'ff' * 32},100,0.000"]
    assert film.text_of(film.frames_in(made)) == made


@pytest.mark.parametrize(
    "value",
    [
        "",
        "{}",
        "[]",
        "[1]",
        '["ff,100,0.0"]',
        json.dumps([f"{'ff' * 32},101,0.0"]),
        json.dumps([f"{'ff' * 32},100,-1"]),
        json.dumps([f"{'ff' * 32},100,nan"]),
        json.dumps([f"{'ff' * 32},100,0.0"] * (film.MOST_FRAMES + 1)),
        "[" * 100_000,
        "x" * (film.MOST_CHARACTERS + 1),
    ],
)
def test_what_is_no_film_hash_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r"film|frame"):
        film.frames_in(value)


def test_a_film_that_cannot_be_decoded_fails_without_its_path(tmp_path: Path) -> None:
    path = tmp_path / "somebody-private.mp4"
    path.write_bytes(b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00" * 400)
    with pytest.raises(ScanFailed) as failed:
        film.frames_of(Media.from_path(path))
    assert failed.value.slug == "undecodable-picture"
    assert "somebody" not in failed.value.words


def test_a_film_that_breaks_off_is_told_by_its_beginning() -> None:
    content = film_of([scene(seed, rows=96, columns=128) for seed in range(4)])
    header = content.index(b"moov")
    # The table of contents stands at the end; the pictures before it are damaged from the middle on.
    middle = header // 2
    damaged = content[:middle] + b"\xff" * (header - 4 - middle) + content[header - 4 :]
    frames = film.frames_of(Media.from_bytes(damaged, name="a.mp4"))
    assert frames[0].seconds == 0.0


def test_a_film_of_too_many_pixels_is_told_by_its_beginning() -> None:
    scenes = [scene(seed, rows=96, columns=128) for seed in range(3)]
    media = Media.from_bytes(film_of(scenes, rate=4), name="a.mp4")
    frames = film.frames_of(media, most_decoded_pixels=96 * 128 * 5)
    assert [each.seconds for each in frames] == [0.0, 1.0]


def test_the_films_known_to_be_of_one_source_agree(shared_test_data: Path) -> None:
    folder = shared_test_data / "copy" / "video"
    names = ("pattern-sd-grey-bar.mp4", "pattern-sd-with-small-logo-bar.mp4", "doorknob-hd-no-bar.mp4")
    one, same, other = (film.vpdq_of(Media.from_path(folder / name)) for name in names)
    assert one is not None
    assert same is not None
    assert other is not None
    assert vpdq_agreement(one, same).of_one == 1.0
    assert vpdq_agreement(one, other).share == 0.0
