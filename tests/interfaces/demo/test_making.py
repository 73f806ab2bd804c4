"""How the demonstration's media are made: the same every time, signed by nobody real, on no disk before its time."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from PIL import Image

from assay.interfaces.demo import marks
from assay.interfaces.demo.art import moving, sounds
from assay.interfaces.demo.art.patterns import tiles
from assay.interfaces.demo.authority import Authority, found_authority
from assay.interfaces.demo.make import RECIPES
from assay.interfaces.demo.recipe import found_workshop
from assay.interfaces.demo.shelves import scenes
from assay.interfaces.demo.signed import change_one_byte

NOW = datetime(2026, 11, 22, tzinfo=UTC)
UNSIGNED = ("lights-iptc.jpg", "tune-label-1.wav", "voice-label-2.mp3", "hills-settings.png", "library-hours.md")


@pytest.fixture
def authority() -> Authority:
    return found_authority("Test Authority", start=NOW, end=NOW + timedelta(days=9))


def test_a_signature_is_the_two_numbers_side_by_side(authority: Authority) -> None:
    signer = authority.vouch("Test Signer", start=NOW, end=NOW + timedelta(days=1))
    signature = signer.sign(b"claim")
    assert len(signature) == 64
    pair = encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    signer.key.public_key().verify(pair, b"claim", ec.ECDSA(hashes.SHA256()))


def test_the_authority_vouches_for_the_signer(authority: Authority) -> None:
    signer = authority.vouch("Test Signer", start=NOW, end=NOW + timedelta(days=1))
    certificate = x509.load_pem_x509_certificate(signer.chain.encode())
    certificate.verify_directly_issued_by(authority.certificate)
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


@pytest.mark.parametrize("name", UNSIGNED)
def test_an_unsigned_file_is_the_same_every_time(name: str) -> None:
    (recipe,) = [each for each in RECIPES if each.name == name]
    assert recipe.make(found_workshop()) == recipe.make(found_workshop())


def test_a_video_is_the_same_every_time() -> None:
    still = tiles(1, ["#112233", "#445566", "#778899"], "#ffffff")
    assert moving.mp4(moving.pan(still, frames=12)) == moving.mp4(moving.pan(still, frames=12))


def test_a_change_of_one_byte_is_one_byte_and_leaves_a_readable_picture() -> None:
    before = marks.jpeg(scenes.dunes())
    after = change_one_byte(before)
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 1
    Image.open(io.BytesIO(after)).load()


def test_a_chunk_added_to_a_wave_leaves_the_sound_alone() -> None:
    wave = sounds.wav(sounds.tune((440,)))
    longer = marks.with_riff_chunk(wave, b"AIGC", b"odd")
    assert int.from_bytes(longer[4:8], "little") == len(longer) - 8
    assert longer[12 : len(wave)] == wave[12:]


def test_every_sound_stays_within_its_bounds() -> None:
    for sound in (sounds.tune((262, 330)), sounds.rain(1, seconds=1), sounds.murmur(1, seconds=1)):
        assert np.abs(sound).max() <= 0.8


def test_every_file_has_a_name_a_title_and_a_story_of_its_own() -> None:
    assert len({recipe.name for recipe in RECIPES}) == len(RECIPES)
    assert len({recipe.title for recipe in RECIPES}) == len(RECIPES)
    assert all(recipe.story.endswith(".") and len(recipe.story) < 160 for recipe in RECIPES)
