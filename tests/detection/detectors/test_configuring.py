from __future__ import annotations

import re
from pathlib import Path

import pytest

from assay.detection.detectors import configured
from assay.detection.detectors.configured import Configured
from assay.detection.detectors.configuring.reading import configured_of
from assay.detection.detectors.folder import (
    UnusableDetectors,
    detectors_in,
    digest_of_folder,
    refusals,
    sound_detectors,
)
from tests.detection.detectors.models import CONFIGURATION, set_up

MODEL = CONFIGURATION.format(name="bright", sha256="0" * 64)
SERVICE = """
name = "asked"
version = "3"
kind = "http"
modalities = ["image", "text"]

[endpoint]
url = "https://detector.example/score"
score = "result.0.score"
"""


def slugs(text: str, name: str = "bright") -> list[tuple[str, str]]:
    found = configured_of(text, Path(name))
    assert not isinstance(found, Configured)
    return [(fault.slug, (fault.field or "").partition(": ")[2]) for fault in found]


def words(text: str, name: str = "bright") -> str:
    found = configured_of(text, Path(name))
    assert not isinstance(found, Configured)
    return found[0].words


def sound(text: str, name: str = "bright") -> Configured:
    found = configured_of(text, Path(name))
    assert isinstance(found, Configured), found
    return found


@pytest.mark.parametrize("number", ["0x" + "f" * 400, "9" * 5_000, "nan", "-inf", "1e999"])
def test_a_number_without_end_is_a_fault(number: str) -> None:
    assert slugs(f"{SERVICE}seconds = {number}\n", "asked")[0][0] in ("wrong-type", "unreadable-configuration")
    assert slugs(f"{SERVICE}[endpoint.also]\nlimit = {number}\n", "asked")[0][0] in (
        "wrong-type",
        "unreadable-configuration",
    )


def test_a_word_before_the_token_that_no_header_holds_is_a_fault() -> None:
    assert slugs(f'{SERVICE}token_scheme = "Bär"\n', "asked") == [("wrong-type", "endpoint.token_scheme")]


def test_what_is_left_out_has_the_usual_value() -> None:
    model, service = sound(MODEL), sound(SERVICE, "asked")
    assert (model.kind, model.group, model.scale.higher_means) == ("onnx", "image", "ai")
    assert (service.kind, service.scale.low, service.scale.high) == ("http", 0, 1)


def test_every_fault_is_told_at_once_with_its_place() -> None:
    text = MODEL.replace("width = 8", 'width = "8"').replace('resize = "stretch"', 'resize = "strech"\nmeen = [1]')
    assert slugs(text) == [
        ("wrong-type", "input.width"),
        ("unknown-value", "input.resize"),
        ("unknown-key", "input.meen"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "hint"),
    [
        ("modalities", "modality", "say what it is"),
        ('resize = "stretch"', 'resize = "strech"', "did you mean `stretch`"),
        ('kind = "onnx"', 'kind = "onxx"', "did you mean `onnx`"),
        ('name = "bright"', 'name = "dark"', "give both one name"),
        ('file = "model.onnx"', 'file = "../model.onnx"', "put the file into the folder"),
        ('file = "model.onnx"', 'file = "/etc/model.onnx"', "put the file into the folder"),
        ('["image"]', '["audio"]', "set up a service"),
        ("0" * 64, "abc", "64 hexadecimal digits"),
    ],
)
def test_a_fault_says_the_next_step(old: str, new: str, hint: str) -> None:
    assert hint in words(MODEL.replace(old, new))


@pytest.mark.parametrize(
    ("address", "slug"),
    [
        ("http://detector.example/score", "unencrypted-address"),
        ("https://ada:secret@detector.example/", "secret-in-address"),
        ("ftp://detector.example/", "wrong-type"),
        ("https://[::1/", "wrong-type"),
    ],
)
def test_an_address_that_would_leak_is_refused_without_being_repeated(address: str, slug: str) -> None:
    text = SERVICE.replace("https://detector.example/score", address)
    assert slugs(text, "asked") == [(slug, "endpoint.url")]
    assert "secret" not in words(text, "asked").replace("secret-in-address", "")


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:8080", "[::1]:8080"])
def test_this_machine_may_be_asked_without_encryption(host: str) -> None:
    assert sound(SERVICE.replace("https://detector.example", f"http://{host}"), "asked").kind == "http"


def test_a_token_that_stands_where_its_variable_belongs_is_not_repeated() -> None:
    text = SERVICE + 'token_variable = "sk-very-secret"\n'
    assert slugs(text, "asked") == [("wrong-type", "endpoint.token_variable")]
    assert "very" not in words(text, "asked")


def test_what_is_no_toml_is_one_fault() -> None:
    assert slugs("name = ") == [("unreadable-configuration", "")]
    assert slugs("a = " + "[" * 5000) == [("unreadable-configuration", "")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('version = "1"', 'version = "2"'),
        ("0" * 64, "1" * 64),
        ("width = 8", "width = 9"),
        ('resize = "stretch"', 'resize = "stretch"\nmean = [0.5, 0.5, 0.5]'),
        ("[input]", '[scale]\nhigher_means = "real"\n\n[input]'),
    ],
)
def test_whatever_changes_a_score_changes_the_digest(old: str, new: str) -> None:
    assert sound(MODEL.replace(old, new)).digest != sound(MODEL).digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('licence = "none"', 'licence = "MIT"'),
        ("[model]", "[fit]\nleast_side = 64\n\n[model]"),
    ],
)
def test_what_changes_no_score_leaves_the_digest(old: str, new: str) -> None:
    assert sound(MODEL.replace(old, new)).digest == sound(MODEL).digest


@pytest.mark.parametrize(("optimise", "same"), [("basic", True), ("all", False)])
def test_another_runtime_is_another_detector_only_where_it_rewrites_the_model(
    monkeypatch: pytest.MonkeyPatch, optimise: str, *, same: bool
) -> None:
    found = sound(MODEL.replace("[model]", f'[model]\noptimise = "{optimise}"'))
    before = found.digest
    monkeypatch.setattr(configured, "version", lambda _name: "0")
    assert (found.digest == before) is same


def test_how_long_a_service_is_waited_for_leaves_the_digest_and_its_address_does_not() -> None:
    before = sound(SERVICE, "asked").digest
    assert sound(SERVICE + "seconds = 3\n", "asked").digest == before
    assert sound(SERVICE.replace("detector.example", "other.example"), "asked").digest != before


def test_a_folder_tells_every_detector_and_every_fault(tmp_path: Path) -> None:
    set_up(tmp_path, "good")
    set_up(tmp_path, "bad", more="[outptu]\n")
    found = detectors_in(tmp_path)
    assert [each.name for each in found.detectors] == ["good"]
    assert [fault.field for fault in found.faults] == ["bad/detector.toml: outptu"]
    with pytest.raises(UnusableDetectors, match="did you mean `output`"):
        sound_detectors(tmp_path)


def test_a_detectors_own_folder_is_a_folder_of_one(tmp_path: Path) -> None:
    assert [each.name for each in detectors_in(set_up(tmp_path)).detectors] == ["bright"]


def test_a_folder_without_detectors_is_a_fault(tmp_path: Path) -> None:
    assert [fault.slug for fault in detectors_in(tmp_path).faults] == ["no-detector"]
    assert [fault.slug for fault in detectors_in(tmp_path / "none").faults] == ["no-folder"]


def test_what_a_detector_misses_here_is_told_before_work_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = set_up(tmp_path)
    assert refusals(tmp_path) == []
    (place / "model.onnx").write_bytes(b"another one")
    assert "wrong-digest" in refusals(tmp_path)[0]
    (place / "model.onnx").unlink()
    assert "no-model" in refusals(tmp_path)[0]
    asked = tmp_path / "asked"
    asked.mkdir()
    (asked / "detector.toml").write_text(SERVICE + 'token_variable = "ASSAY_TEST_TOKEN"\n')
    monkeypatch.delenv("ASSAY_TEST_TOKEN", raising=False)
    assert "no-token" in refusals(asked)[0]
    monkeypatch.setenv("ASSAY_TEST_TOKEN", "x")
    assert refusals(asked) == []


def test_a_model_behind_a_link_out_of_the_folder_is_not_read(tmp_path: Path) -> None:
    place = set_up(tmp_path / "detectors")
    outside = tmp_path / "model.onnx"
    (place / "model.onnx").rename(outside)
    (place / "model.onnx").symlink_to(outside)
    assert "no-model" in refusals(tmp_path / "detectors")[0]


def test_a_folders_digest_changes_with_a_calibration(tmp_path: Path) -> None:
    place = set_up(tmp_path)
    before = digest_of_folder(tmp_path)
    (place / "calibration.json").write_text("{}")
    assert digest_of_folder(tmp_path) != before


def test_the_example_is_the_one_that_the_guide_prints() -> None:
    root = Path(__file__).resolve().parents[3]
    example = (root / "examples" / "detectors" / "sahu65" / "detector.toml").read_text(encoding="utf-8")
    blocks = re.findall(
        r"```toml\n(.*?)```", (root / "docs" / "guide" / "detectors.md").read_text(encoding="utf-8"), re.DOTALL
    )
    assert example in blocks
    assert sound(example, "sahu65").digest.startswith("sha256:")


def test_detectors_of_one_medium_that_nobody_grouped_are_of_one_group() -> None:
    assert sound(SERVICE, "asked").group == "image"
    assert sound(SERVICE.replace('["image", "text"]', '["text"]'), "asked").group == "text"
