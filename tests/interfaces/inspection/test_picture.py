"""The picture on a page is too coarse to make anything out in, and a hostile file simply has none."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from assay.interfaces.inspection.picture import FIELD, blurred_picture


def decoded(address: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2])))


@pytest.mark.slow
def test_a_picture_comes_out_small_grey_and_without_detail(tmp_path: Path) -> None:
    board = np.indices((600, 900)).sum(axis=0) // 4 % 2 * 255
    Image.fromarray(np.stack([board] * 3, axis=-1).astype(np.uint8)).save(tmp_path / "board.png")
    found = blurred_picture(tmp_path / "board.png")
    assert found is not None
    picture = decoded(found)
    assert (picture.mode, picture.size) == ("L", (FIELD, FIELD * 2 // 3))
    # A board of black and white squares is one grey when nothing of its detail is left.
    assert np.asarray(picture).std() < 8


@pytest.mark.slow
@pytest.mark.parametrize(
    "content",
    [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"\x00\x00\xff\xff" * 2 + b"\x08\x02\0\0\0"],
)
def test_what_cannot_be_decoded_has_no_picture(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file.png"
    path.write_bytes(content)
    assert blurred_picture(path) is None
