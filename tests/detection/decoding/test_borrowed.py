"""Readers that other packages bring: found, missed, broken and absent, each told for what it is."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from assay.detection.container import Modality
from assay.detection.decoding.sound import sound
from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.judgement import judge
from assay.detection.media import Media
from assay.detection.registry import load_scanner
from assay.detection.run import scan_files
from assay.detection.scanner import ScanFailed, Scanner, Settings, State, readiness_of
from assay.detection.scanners.invisible_watermark.examples import as_png
from tests.detection.decoding import standins

PICTURE = Media.from_bytes(as_png(np.zeros((64, 80, 3), dtype=np.uint8)), name="a.png")
SPEECH = standins.speech()
BITS = np.array([[1, 0] * 8])
NAMES = ("audioseal", "perth", "trustmark")


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    for name in ("audioseal/detector_base.pth", "trustmark/trustmark_Q.yaml", "trustmark/decoder_Q.ckpt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("the operator's", encoding="utf-8")
    return tmp_path


def scanner(name: str, weights: Path | None) -> Scanner:
    return load_scanner(name, Settings(weights=weights))


def only(evidence: list[Evidence]) -> Evidence:
    (one,) = evidence
    assert one.kind is Kind.KEYED_WATERMARK
    return one


@pytest.mark.parametrize("name", NAMES)
def test_without_its_package_a_scanner_says_so_with_the_next_step(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    readiness = readiness_of(scanner(name, None))
    assert readiness.state is State.NO_PACKAGE
    assert readiness.next_step == f"pip install 'assay[{name}]'"


def test_without_weights_a_scanner_says_what_to_put_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    standins.audioseal(monkeypatch, lambda: None)
    standins.trustmark(monkeypatch, lambda: None)
    for name, wanted in (("audioseal", "detector_base.pth"), ("trustmark", "decoder_P.ckpt")):
        for given in (None, tmp_path):
            readiness = readiness_of(scanner(name, given))
            assert readiness.state is State.NO_WEIGHTS
            assert wanted in readiness.next_step
        assert "--weights" in readiness_of(scanner(name, None)).next_step


@pytest.mark.parametrize("name", [*NAMES, "synthid_text"])
def test_a_scan_passes_over_it_without_a_fault(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with SPEECH.open() as stream:
        path.write_bytes(stream.read())
    (result,) = scan_files([path], workers=1, scanners=[name, "declared"], deep=True)
    assert (result.faults, result.scanners) == ((), ("declared",))


def test_audioseal_reports_share_and_message(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = standins.audioseal(monkeypatch, lambda: (np.float32(0.97), BITS))
    evidence = only(scanner("audioseal", weights).scan(SPEECH))
    assert (evidence.claim, evidence.integrity, evidence.tier) == (
        Claim.AI_UNSPECIFIED,
        Integrity.UNSIGNED,
        Tier.UNVERIFIED,
    )
    assert evidence.details["message"] == "10" * 8
    # The weights are the operator's, and are read as numbers only: a file of them cannot bring code along.
    loaded = ("load", "audioseal_detector_16bits", 16, ("detector_base.pth", "cpu", True))
    assert calls == [loaded, ("detect", (1, 1, 32_000), np.float32)]
    assert judge([evidence]).synthetic_status == "declared"


def test_perth_reports_its_confidence(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = standins.perth(monkeypatch, lambda: np.array([1.0, 0.98]))
    evidence = only(scanner("perth", None).scan(SPEECH))
    assert (evidence.claim, evidence.details["confidence"]) == (Claim.AI_UNSPECIFIED, "0.99")
    assert calls[1][2:] == (32_000, False)


def test_a_trustmark_names_a_record_and_accuses_nobody(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = standins.trustmark(monkeypatch, lambda: ("0110" * 10, True, 1))
    evidence = only(scanner("trustmark", weights).scan(PICTURE))
    assert (evidence.claim, evidence.details["registered"]) == (Claim.UNCLEAR, "com.adobe.trustmark.Q")
    assert calls == [
        ("load", "the operator's", "decoder_Q.ckpt", "decoder"),
        ("decode", "RGB", (80, 64), "binary"),
    ]
    judgement = judge([evidence])
    assert (judgement.ai_extent, judgement.synthetic_status) == (None, None)


def test_a_miss_records_that_somebody_looked_and_no_more(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    standins.audioseal(monkeypatch, lambda: (0.02, BITS))
    standins.perth(monkeypatch, lambda: np.array([0.0]))
    standins.trustmark(monkeypatch, lambda: ("", False, -1))
    for name, media in (("audioseal", SPEECH), ("perth", SPEECH), ("trustmark", PICTURE)):
        evidence = only(scanner(name, weights).scan(media))
        assert (evidence.claim, evidence.found) == (Claim.NONE, False)


WRONG: dict[str, list[object]] = {
    "audioseal": [None, (0.9,), ("much", BITS), (1.2, BITS), (float("nan"), BITS), (0.9, BITS[:, :5]), (0.9, "10")],
    "perth": [None, 1.0, np.array([]), np.array(["x"]), np.array([7.0]), np.array([np.nan])],
    "trustmark": [None, ("01", True), (None, True, 1), ("", True, 1), ("a message", True, 1), ("0" * 500, True, 1)],
}


@pytest.mark.parametrize(("name", "answer"), [(name, each) for name, answers in WRONG.items() for each in answers])
def test_an_answer_of_the_wrong_shape_is_a_fault_and_no_miss(
    name: str, answer: object, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    getattr(standins, name)(monkeypatch, lambda: answer)
    with pytest.raises(ScanFailed, match="strange-answer"):
        scanner(name, weights).scan(PICTURE if name == "trustmark" else SPEECH)


@pytest.mark.parametrize("name", NAMES)
def test_a_reader_that_crashes_is_not_taken_for_a_miss(
    name: str, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash() -> object:
        raise RuntimeError("no kernel image is available")

    getattr(standins, name)(monkeypatch, crash)
    with pytest.raises(RuntimeError, match="no kernel image"):
        scanner(name, weights).scan(PICTURE if name == "trustmark" else SPEECH)


@pytest.mark.parametrize("name", NAMES)
def test_what_it_cannot_hear_or_see_it_leaves_alone(name: str, weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = getattr(standins, name)(monkeypatch, lambda: None)
    for media in (Media.from_bytes(b"a text", name="a.txt"), SPEECH if name == "trustmark" else PICTURE):
        assert scanner(name, weights).scan(media) == []
    assert calls == []


def test_less_than_a_second_is_not_judged(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = standins.audioseal(monkeypatch, lambda: (0.9, BITS))
    assert scanner("audioseal", weights).scan(standins.speech(0.4)) == []
    assert calls == []


def test_sound_is_decoded_to_one_channel_at_the_rate_asked_for_and_no_longer() -> None:
    samples = sound(standins.speech(3.0), rate=8_000, most_seconds=2.0)
    assert samples is not None
    assert samples.dtype == np.float32
    assert len(samples) == 16_000
    assert 0.2 < np.abs(samples).max() < 0.3


def test_sound_that_cannot_be_decoded_is_a_fault() -> None:
    with SPEECH.open() as stream:
        head = stream.read(20)
    media = Media.from_bytes(head + b"\0" * 400, name="a.wav")
    assert media.modality is Modality.AUDIO
    with pytest.raises(ScanFailed, match="undecodable-sound"):
        sound(media, rate=8_000, most_seconds=2.0)
