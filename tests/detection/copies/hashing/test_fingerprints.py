"""All hashes of a file: what each place is, what an option adds, and that what fails costs itself only."""

from __future__ import annotations

import io
import sys

import numpy as np
import pytest
from PIL import Image

from assay.detection.copies.hashing import chromaprint
from assay.detection.copies.hashing.crops import MIDDLES, crops_of, without_bars
from assay.detection.copies.hashing.fingerprints import fingerprints_of, hashed, of_picture
from assay.detection.copies.hashing.pdq import USUAL_DISTANCE, pdq_distance, pdq_of
from assay.detection.copies.hashing.values import canonical, value_of
from assay.detection.copies.kinds import Fingerprint, HashKind
from assay.detection.media import Media
from assay.detection.scanner import ScanFailed, State
from assay.engine.kernel.errors import Fault
from tests.detection.copies.hashing.made import PROSE, Pixels, file_of, film_of, scene

ALL = tuple(HashKind)


def pictured(pixels: Pixels, **options: object) -> Media:
    return Media.from_bytes(file_of(pixels, **options), name="a.jpg")


def framed(pixels: Pixels, top: int, right: int, bottom: int, left: int) -> Pixels:
    return np.pad(pixels, ((top, bottom), (left, right), (0, 0)), constant_values=255)


def nearest(asked: list[Fingerprint], known: list[Fingerprint]) -> tuple[int, str]:
    """The distance of the nearest pair, and the place on the asked side."""
    return min((pdq_distance(one.value, other.value), one.place) for one in asked for other in known)


def test_a_picture_has_its_digest_and_one_pdq() -> None:
    media = pictured(scene(1))
    assert [(each.kind, each.place) for each in fingerprints_of(media, ALL)] == [
        (HashKind.SHA256, ""),
        (HashKind.PDQ, ""),
    ]
    assert fingerprints_of(media, ALL)[0].value == media.sha256


def test_only_the_kinds_that_are_asked_for_are_made() -> None:
    assert {each.kind for each in fingerprints_of(pictured(scene(1)), [HashKind.PDQ])} == {HashKind.PDQ}
    assert fingerprints_of(pictured(scene(1)), []) == []


def test_a_text_has_its_digest_and_both_hashes_of_words() -> None:
    made = fingerprints_of(Media.from_bytes(PROSE.encode(), name="a.txt"), ALL)
    assert [each.kind for each in made] == [HashKind.SHA256, HashKind.TLSH, HashKind.MINHASH]


def test_a_film_has_its_own_hash_and_those_of_its_frames() -> None:
    media = Media.from_bytes(film_of([scene(1), scene(2)]), name="a.mp4")
    made = hashed(media, [HashKind.PDQ, HashKind.VPDQ])
    assert [(each.kind, each.place) for each in made.fingerprints] == [
        (HashKind.PDQ, "frame:0.0"),
        (HashKind.PDQ, "frame:1.0"),
        (HashKind.VPDQ, ""),
    ]
    assert made.failures == ()
    turned = hashed(media, [HashKind.PDQ, HashKind.VPDQ], dihedral=True)
    assert {each.place for each in turned.fingerprints if each.kind is HashKind.VPDQ} == {"", "flip"}
    assert "frame:1.0/flip" in {each.place for each in turned.fingerprints}


def test_a_moving_gif_is_a_picture_and_a_film() -> None:
    frames = [Image.fromarray(scene(seed)) for seed in (1, 2, 3)]
    stream = io.BytesIO()
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:], duration=1000)
    made = fingerprints_of(Media.from_bytes(stream.getvalue(), name="a.gif"), [HashKind.PDQ, HashKind.VPDQ])
    assert [each.place for each in made if each.kind is HashKind.PDQ] == ["", "frame:1.0", "frame:2.0"]


def test_the_dihedral_option_finds_a_mirrored_picture_and_says_how() -> None:
    pixels = scene(3, rows=320, columns=448)
    known = of_picture(pixels)
    mirrored = pixels[:, ::-1].copy()
    assert nearest(of_picture(mirrored), known)[0] > USUAL_DISTANCE
    distance, place = nearest(of_picture(mirrored, dihedral=True), known)
    assert (distance <= USUAL_DISTANCE, place) == (True, "flip")


def test_the_crops_option_finds_a_picture_in_a_border_and_says_how() -> None:
    pixels = scene(4, rows=300, columns=400)
    distance, place = nearest(of_picture(framed(pixels, 30, 30, 30, 30), crops=True), of_picture(pixels))
    assert (distance <= USUAL_DISTANCE, place) == (True, "crop:content")


def test_a_bank_with_crops_finds_a_picture_that_lost_its_edges() -> None:
    pixels = scene(5, rows=300, columns=400)
    cut = pixels[12:-12, 16:-16]
    assert nearest(of_picture(cut), of_picture(pixels))[0] > USUAL_DISTANCE
    assert nearest(of_picture(cut), of_picture(pixels, crops=True))[0] <= USUAL_DISTANCE


def test_both_options_find_a_mirrored_picture_in_a_border() -> None:
    pixels = scene(6, rows=320, columns=448)
    asked = of_picture(framed(pixels[:, ::-1], 20, 25, 20, 25), dihedral=True, crops=True)
    distance, place = nearest(asked, of_picture(pixels))
    assert (distance <= USUAL_DISTANCE, place) == (True, "crop:content/flip")


def test_a_photo_with_a_note_to_turn_it_is_hashed_as_stored_and_as_shown() -> None:
    pixels = scene(7, rows=320, columns=448)
    note = Image.Exif()
    note[0x0112] = 6
    made = fingerprints_of(pictured(pixels, exif=note), [HashKind.PDQ])
    assert [each.place for each in made] == ["", "rotate90"]
    shown = np.asarray(Image.fromarray(pixels).transpose(Image.Transpose.ROTATE_270))
    assert pdq_distance(made[1].value, pdq_of(shown).bits) <= USUAL_DISTANCE


@pytest.mark.parametrize("bars", [(20, 0, 20, 0), (0, 40, 0, 40), (10, 15, 20, 25), (0, 0, 45, 0)])
def test_bars_are_taken_off_to_the_pixel(bars: tuple[int, int, int, int]) -> None:
    # Dark, so that no line of the picture passes for one of the bar's.
    pixels = (scene(8) // 2).astype(np.uint8)
    content = without_bars(framed(pixels, *bars))
    assert content is not None
    assert content.shape == pixels.shape


def test_a_caption_in_its_bar_goes_with_it() -> None:
    pixels = (scene(8) // 2).astype(np.uint8)
    captioned = framed(pixels, 0, 0, 40, 0)
    captioned[len(pixels) + 12 : len(pixels) + 26, 40:150:2] = 0
    content = without_bars(captioned)
    assert content is not None
    assert content.shape == pixels.shape


def test_an_edge_of_nearly_the_bars_colour_stays_with_the_picture() -> None:
    pixels = (scene(8) // 2).astype(np.uint8)
    pixels[-30:, : pixels.shape[1] * 2 // 3] = 250
    content = without_bars(framed(pixels, 0, 0, 40, 0))
    assert content is not None
    assert content.shape == pixels.shape


@pytest.mark.parametrize("pixels", [np.full((90, 90, 3), 255, np.uint8), scene(9)])
def test_a_picture_without_bars_or_of_one_colour_has_none_to_take_off(pixels: Pixels) -> None:
    assert without_bars(pixels) is None
    assert [place for place, _ in crops_of(pixels)] == [f"crop:centre{each}" for each in MIDDLES]


def test_a_tiny_picture_has_no_parts() -> None:
    assert crops_of(scene(1, rows=60, columns=200)) == []


def test_what_cannot_be_decoded_keeps_its_digest() -> None:
    broken = Media.from_bytes(file_of(scene(1))[:200], name="a.jpg")
    made = hashed(broken, ALL)
    assert [each.kind for each in made.fingerprints] == [HashKind.SHA256]
    assert [each.slug for each in made.failures] == ["undecodable-picture"]
    with pytest.raises(ScanFailed):
        fingerprints_of(broken, ALL)


def test_a_picture_in_a_form_that_is_not_decoded_says_so() -> None:
    drawing = Media.from_bytes(b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', name="a.svg")
    made = hashed(drawing, ALL)
    assert [each.kind for each in made.fingerprints] == [HashKind.SHA256]
    assert [each.slug for each in made.failures] == ["picture-not-hashed"]
    assert hashed(drawing, [HashKind.SHA256]).failures == ()


def test_sound_that_cannot_be_hashed_here_costs_no_other_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "chromaprint", None)
    assert chromaprint.readiness().state is State.NO_PACKAGE
    made = hashed(Media.from_bytes(film_of([scene(1)]), name="a.mp4"), ALL)
    assert {each.kind for each in made.fingerprints} == {HashKind.SHA256, HashKind.PDQ, HashKind.VPDQ}
    assert [each.slug for each in made.failures] == ["sound-not-hashed"]


def test_every_kind_has_a_form_in_which_its_values_are_kept() -> None:
    media = [Media.from_bytes(film_of([scene(1)]), name="a.mp4"), Media.from_bytes(PROSE.encode(), name="a.txt")]
    for each in media:
        for made in hashed(each, ALL).fingerprints:
            assert canonical(made.kind, made.value) == made.value
            assert value_of(made.kind, f" {made.value}\n") == made.value


@pytest.mark.parametrize("kind", ALL)
def test_what_is_no_hash_is_told_in_words(kind: HashKind) -> None:
    fault = value_of(kind, "`not`\na hash" * 20)
    assert isinstance(fault, Fault)
    assert fault.slug == "malformed-hash"
    assert str(kind) in fault.words
    assert "\n" not in fault.words


def test_a_digest_or_a_pdq_in_capitals_is_the_same() -> None:
    assert value_of(HashKind.PDQ, "AB" * 32) == "ab" * 32
    assert isinstance(value_of(HashKind.SHA256, "ab" * 31), Fault)
