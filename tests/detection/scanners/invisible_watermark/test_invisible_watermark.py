"""Known payloads are found in every arithmetic, and in nothing that does not carry them."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from assay.detection.decoding.pictures import picture
from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.judgement import judge
from assay.detection.media import Media
from assay.detection.run import inspect_file, scan_files
from assay.detection.scanner import ScanFailed, Settings
from assay.detection.scanners.invisible_watermark import blocks
from assay.detection.scanners.invisible_watermark.blocks import ARITHMETICS, ballots
from assay.detection.scanners.invisible_watermark.examples import as_png, embedded
from assay.detection.scanners.invisible_watermark.payloads import PAYLOADS, Payload, bits_of, matches
from assay.detection.scanners.invisible_watermark.scanner import NAME, build
from assay.detection.weighing.standing import Standing, standing_of
from assay.detection.weighing.wording import sentence_of
from tests.detection.scanners.invisible_watermark.embedding import embed

XL, FLUX, ONE, TWO = PAYLOADS
SCANNER = build(Settings())
Pixels = NDArray[np.uint8]


def scene(seed: int = 1, *, grain: float = 4, high: int = 384, wide: int = 512) -> Pixels:
    """Soft colours with some grain; with much of it the embedding holds, as it does on pictures full of detail."""
    rows, columns = np.indices((high, wide)) / 40
    waves = [np.sin(rows * (1 + at) / 3 + seed) + np.cos(columns / (2 + at)) for at in range(3)]
    noise = np.random.default_rng(seed).normal(0, grain, (high, wide, 3))
    return np.clip(np.stack(waves, axis=2) * 22 + (110, 120, 150) + noise, 0, 255).astype(np.uint8)


def found(pixels: Pixels) -> list[str]:
    return [match.payload.generator for match in matches(ballots(pixels)) if match.is_found]


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda payload: payload.generator)
def test_a_payload_is_found_in_the_arithmetic_in_which_it_was_embedded(payload: Payload, arithmetic: str) -> None:
    assert found(embed(scene(grain=40), payload.bits, arithmetic)) == [payload.generator]


def test_flux_embeds_46_bits_since_leading_noughts_are_dropped() -> None:
    assert [len(payload.bits) for payload in PAYLOADS] == [48, 46, 136, 32]
    assert FLUX.bits[:4] == (1, 0, 1, 0)


def test_the_picture_is_hardly_changed_by_our_own_embedding() -> None:
    before = scene(grain=40)
    assert np.abs(embed(before, XL.bits, "float bgr").astype(int) - before).mean() < 5


@pytest.mark.parametrize("seed", range(12))
def test_a_picture_without_a_payload_is_not_accused(seed: int) -> None:
    rng = np.random.default_rng(seed)
    flat = np.full((256, 320, 3), rng.integers(0, 256, 3), dtype=np.uint8)
    noise = rng.integers(0, 256, (256, 320, 3), dtype=np.uint8)
    tiles = np.kron(rng.integers(0, 256, (32, 48, 3)), np.ones((8, 8, 1))).astype(np.uint8)
    assert [found(each) for each in (scene(seed), flat, noise, tiles)] == [[], [], [], []]


def test_five_wrong_bits_are_one_too_many() -> None:
    off_by_four = tuple(bit ^ (place < 4) for place, bit in enumerate(XL.bits))
    off_by_five = tuple(bit ^ (place < 5) for place, bit in enumerate(XL.bits))
    assert found(embedded(off_by_four)) == [XL.generator]
    assert found(embedded(off_by_five)) == []


@pytest.mark.parametrize("quality", [95, 80])
def test_an_ordinary_jpeg_removes_it_and_that_is_no_fault(quality: int) -> None:
    stream = io.BytesIO()
    Image.fromarray(embed(scene(grain=40), XL.bits, "float bgr")).save(stream, "JPEG", quality=quality)
    (evidence,) = SCANNER.scan(Media.from_bytes(stream.getvalue(), name="a.jpg"))
    assert (evidence.claim, evidence.found) == (Claim.NONE, False)


@given(st.integers(8, 200), st.integers(8, 200), st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_strips_of_any_height_give_the_same_votes(high: int, wide: int, strip: int, seed: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (high, wide, 3), dtype=np.uint8)
    with pytest.MonkeyPatch.context() as patch:
        whole = ballots(pixels)
        patch.setattr(blocks, "STRIP", strip * blocks.BLOCK)
        assert [(name, votes.tolist()) for name, votes in ballots(pixels)] == [
            (name, votes.tolist()) for name, votes in whole
        ]


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda payload: payload.generator)
def test_our_bits_are_the_packages_bits(payload: Payload) -> None:
    package = pytest.importorskip("imwatermark", reason="invisible-watermark brings torch and is no dependency of ours")
    for seed in range(4):
        pixels = scene(seed, grain=40)
        bgr = np.ascontiguousarray(pixels[:, :, ::-1])
        theirs = package.WatermarkDecoder("bits", len(payload.bits)).decode(bgr, "dwtDct")
        ours = bits_of(dict(ballots(pixels))["whole bgr"], len(payload.bits))
        assert ours.tolist() == [bool(bit) for bit in theirs]
        encoder = package.WatermarkEncoder()
        encoder.set_watermark("bits", list(payload.bits))
        for picture_of_theirs in (bgr, bgr.astype(np.float32)):
            marked = np.clip(np.round(encoder.encode(picture_of_theirs, "dwtDct")), 0, 255).astype(np.uint8)
            assert found(np.ascontiguousarray(marked[:, :, ::-1])) == [payload.generator]


def test_a_public_payload_declares_and_never_confirms() -> None:
    (evidence,) = SCANNER.scan(Media.from_bytes(as_png(embedded(XL.bits)), name="a.png"))
    assert (evidence.integrity, evidence.tier) == (Integrity.UNSIGNED, Tier.UNVERIFIED)
    assert standing_of(evidence) is Standing.MARK
    judgement = judge([evidence])
    assert (judgement.ai_extent, judgement.synthetic_status, judgement.provenance) == (None, "declared", None)
    assert sentence_of(evidence) == (
        "A watermark that anybody can write says: AI was used on it, naming Stable Diffusion XL."
    )
    keyed = Evidence(Kind.KEYED_WATERMARK, Claim.AI_UNSPECIFIED, Integrity.OK, Tier.OPERATOR, "x")
    assert standing_of(keyed) is Standing.EVIDENCE
    assert sentence_of(keyed).startswith("A watermark read with its key says")


def test_a_default_scan_decodes_no_picture_and_a_deep_one_does(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(as_png(embedded(FLUX.bits)))
    (shallow,) = scan_files([path], workers=1)
    assert NAME not in shallow.scanners
    (named,) = scan_files([path], workers=1, scanners=[NAME])
    assert [each.details["generator"] for each in named.evidence] == ["FLUX"]


def test_an_inspection_shows_how_near_each_payload_came(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(as_png(embedded(XL.bits)))
    ((name, section),) = inspect_file(path, scanners=[NAME]).sections
    assert (name, section.state) == (NAME, "found")
    assert section.rows[0] == ("Stable Diffusion XL", "48 of 48 bits agree, 44 are needed")
    path.write_bytes(as_png(scene()))
    ((_, section),) = inspect_file(path, scanners=[NAME]).sections
    assert section.state == "absent"
    assert "its absence says nothing" in section.note


def test_a_picture_that_breaks_off_or_is_too_large_is_a_fault_and_no_miss() -> None:
    whole = as_png(scene())
    with pytest.raises(ScanFailed, match="undecodable-picture"):
        SCANNER.scan(Media.from_bytes(whole[: len(whole) // 2], name="a.png"))
    with pytest.raises(ScanFailed, match="too-many-pixels"):
        picture(Media.from_bytes(whole, name="a.png"), most_pixels=1000)


def test_a_file_that_cannot_carry_it_is_left_alone() -> None:
    assert SCANNER.scan(Media.from_bytes(as_png(embedded(XL.bits, side=248)), name="a.png")) == []
    assert SCANNER.scan(Media.from_bytes(b"Stable Diffusion XL", name="a.txt")) == []


@pytest.mark.slow
def test_no_real_picture_is_accused(shared_test_data: Path) -> None:
    accused, read = [], 0
    for path in sorted(shared_test_data.rglob("*")):
        if path.suffix not in (".png", ".webp", ".jpg"):
            continue
        evidence = SCANNER.scan(Media.from_path(path))
        read += bool(evidence)
        accused += [path.name for each in evidence if each.found]
    assert accused == []
    assert read > 100
