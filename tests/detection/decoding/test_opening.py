"""A film or recording is opened as what it is, and never as something that names other files or addresses."""

from __future__ import annotations

import io
from pathlib import Path

import av
import pytest

from assay.detection.decoding.frames import frames
from assay.detection.decoding.opening import FORMS, open_media
from assay.detection.decoding.sound import sound
from assay.detection.media import Media
from assay.detection.scanner import ScanFailed

# A session, which a decoder recognises in the middle of anything, and then opens ports and asks the address for sound.
SESSION = (
    b"\nc=IN IP4 127.0.0.1\nv=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\n"
    b"m=video 9 RTP/AVP 96\na=rtpmap:96 H264/90000\n"
)
PARTS = b"ffconcat version 1.0\nfile 'other.wav'\n"


@pytest.mark.parametrize(
    "content", [SESSION, b"FLV\x01" + SESSION, b"OggS" + SESSION, b"ID3" + bytes(7) + PARTS, PARTS]
)
def test_what_names_other_places_is_not_opened(content: bytes) -> None:
    with pytest.raises(av.error.ArgumentError):
        open_media(io.BytesIO(content))


def test_a_session_that_begins_like_a_film_is_a_film_that_cannot_be_decoded() -> None:
    film = Media.from_bytes(b"FLV\x01" + SESSION, name="film.flv")
    with pytest.raises(ScanFailed, match="undecodable-picture"):
        frames(film, most_pixels=10**6, longest_side=100)
    with pytest.raises(ScanFailed, match="undecodable-sound"):
        sound(film, rate=8_000, most_seconds=1)


def test_every_form_that_is_opened_is_one_that_the_decoder_knows() -> None:
    known = {name for form in av.formats_available for name in form.split(",")}
    assert set(FORMS) <= known


def test_a_form_that_holds_all_of_itself_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(
        b"RIFF\x64\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\x40\0\0\0" + bytes(64)
    )
    with path.open("rb") as stream, open_media(stream) as container:
        assert container.format.name == "wav"
