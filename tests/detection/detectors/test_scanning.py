from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from assay.detection.calibration.calibration import Calibration, Origin
from assay.detection.calibration.fitting import fit
from assay.detection.calibration.keeping import keep_calibration
from assay.detection.calibration.sample import sample_of
from assay.detection.detectors.asking.asked import Loaded, score_of
from assay.detection.detectors.buckets import bucket_of
from assay.detection.detectors.folder import UnusableDetectors, detectors_in
from assay.detection.evidence import Claim, Kind
from assay.detection.media import Media
from assay.detection.scanner import ScanFailed, Settings, State
from assay.detection.scanners.detectors.scanner import DetectorsScanner, build
from tests.detection.detectors.models import mean_model, picture, set_up


def media(level: int = 128, **options: object) -> Media:
    return Media.from_bytes(picture(level, **options), name="upload")  # type: ignore[arg-type]


def scanner(folder: Path) -> DetectorsScanner:
    return build(Settings(detectors=folder))


def calibrate(place: Path, digest: str | None = None) -> Calibration:
    (detector,) = detectors_in(place).detectors
    chance = np.random.default_rng(3)
    scores = np.clip(np.concatenate([chance.normal(0.7, 0.12, 400), chance.normal(0.3, 0.12, 400)]), 0, 1)
    sample = sample_of(scores.tolist(), [True] * 400 + [False] * 400)
    assert not isinstance(sample, list)
    found = fit(sample, Origin(detector.name, digest or detector.digest, "", "2026-11-23"))
    assert isinstance(found, Calibration)
    keep_calibration(place, found)
    return found


def test_without_a_folder_it_is_not_ready_and_says_the_next_step() -> None:
    readiness = build(Settings()).readiness()
    assert readiness.state is State.NO_DETECTORS
    assert "--detectors" in readiness.next_step


def test_a_score_that_nobody_calibrated_says_nothing_of_ai(tmp_path: Path) -> None:
    set_up(tmp_path)
    (found,) = scanner(tmp_path).scan(media(255))
    assert (found.kind, found.claim, found.source) == (Kind.DETECTOR, Claim.UNCLEAR, "detectors:bright")
    assert (found.details["verdict"], found.details["score"]) == ("uncalibrated", "1")
    assert "log10_lr" not in found.details


def test_a_calibrated_score_carries_what_it_is_worth(tmp_path: Path) -> None:
    calibration = calibrate(set_up(tmp_path))
    bright, middle, dark = (scanner(tmp_path).scan(media(level))[0] for level in (230, 128, 10))
    assert (bright.claim, bright.details["verdict"]) == (Claim.AI_UNSPECIFIED, "for")
    assert (middle.claim, middle.details["verdict"]) == (Claim.UNCLEAR, "abstains")
    assert (dark.claim, dark.details["verdict"]) == (Claim.UNCLEAR, "against")
    # A cap is an amount, whichever way the score speaks: fusion takes none that is negative.
    assert 0 < float(bright.details["log10_lr"]) <= float(bright.details["cap"])
    assert 0 < -float(dark.details["log10_lr"]) <= float(dark.details["cap"])
    assert bright.details["calibration"] == calibration.digest


def test_a_calibration_of_another_version_counts_for_nothing(tmp_path: Path) -> None:
    calibrate(set_up(tmp_path), "sha256:" + "0" * 64)
    (found,) = scanner(tmp_path).scan(media(255))
    assert (found.details["verdict"], found.details["why"]) == ("uncalibrated", "the calibration is of another version")


def test_an_unreadable_calibration_counts_for_nothing(tmp_path: Path) -> None:
    (set_up(tmp_path) / "calibration.json").write_text("{")
    (found,) = scanner(tmp_path).scan(media(255))
    assert found.details["verdict"] == "uncalibrated"


def test_a_detector_that_counts_the_other_way_is_turned_round(tmp_path: Path) -> None:
    set_up(tmp_path, more='\n[scale]\nhigher_means = "real"\n')
    (found,) = scanner(tmp_path).scan(media(255))
    assert found.details["score"] == "0"


def test_a_range_that_does_not_begin_at_nothing_is_turned_round_within_itself(tmp_path: Path) -> None:
    set_up(tmp_path, more='\n[scale]\nlow = 0.25\nhigh = 1.0\nhigher_means = "real"\n')
    (found,) = scanner(tmp_path).scan(media(255))
    assert found.details["score"] == "0.25"


def test_a_score_out_of_its_range_is_a_strange_answer(tmp_path: Path) -> None:
    set_up(tmp_path, more="\n[scale]\nhigh = 0.5\n")
    with pytest.raises(ScanFailed, match="strange-answer"):
        scanner(tmp_path).scan(media(255))


def test_what_a_detector_was_not_made_for_tells_nothing(tmp_path: Path) -> None:
    set_up(tmp_path, more='\n[fit]\nleast_side = 60\nexcluded = ["gif"]\n')
    asked = scanner(tmp_path)
    assert asked.scan(media(255)) == []
    assert asked.scan(media(255, size=(80, 80), form="GIF")) == []
    assert asked.scan(Media.from_bytes(b"a text about AI", name="x.txt")) == []
    assert len(asked.scan(media(255, size=(80, 80)))) == 1


def test_one_detector_that_fails_costs_its_own_score_only(tmp_path: Path) -> None:
    set_up(tmp_path, "good")
    set_up(tmp_path, "broken", more="\n[output]\nindex = 7\n")
    asked = scanner(tmp_path)
    # The same file again, as an inspection asks after a scan, is no success either.
    for _ in range(2):
        with pytest.raises(ScanFailed, match="strange-answer") as failed:
            asked.scan(media())
        assert [each.source for each in failed.value.evidence] == ["detectors:good"]


def test_a_model_that_cannot_be_loaded_is_told_for_its_own_score(tmp_path: Path) -> None:
    set_up(tmp_path, "good")
    (set_up(tmp_path, "changed") / "model.onnx").write_bytes(mean_model(side=9))
    with pytest.raises(ScanFailed, match="unusable-detector") as failed:
        scanner(tmp_path).scan(media())
    assert [each.source for each in failed.value.evidence] == ["detectors:good"]


def test_a_picture_that_breaks_off_is_told(tmp_path: Path) -> None:
    set_up(tmp_path)
    with pytest.raises(ScanFailed, match="undecodable-picture"):
        scanner(tmp_path).scan(Media.from_bytes(picture()[:80], name="x"))


def test_one_unsound_configuration_stops_all_rather_than_being_missed(tmp_path: Path) -> None:
    set_up(tmp_path, "good")
    set_up(tmp_path, "bad", more="[outptu]\n")
    with pytest.raises(UnusableDetectors, match="outptu"):
        scanner(tmp_path)


def test_a_reviewer_is_told_that_a_score_is_no_proof(tmp_path: Path) -> None:
    calibrate(set_up(tmp_path, more=""))
    asked = scanner(tmp_path)
    (section,) = asked.inspect(media(230))
    assert section.state == "found"
    assert "no proof" in section.note
    assert any("times as likely if AI made it" in text for _label, text in section.rows)
    assert asked.inspect(Media.from_bytes(b"text", name="x"))[0].state == "not checked"


def test_an_inspection_asks_no_second_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from assay.detection.scanners.detectors import scanner as module

    set_up(tmp_path)
    asked = scanner(tmp_path)
    calls: list[str] = []

    def counted(loaded: Loaded, upload: Media, seen: Image.Image | None) -> float:
        calls.append(upload.sha256)
        return score_of(loaded, upload, seen)

    monkeypatch.setattr(module, "score_of", counted)
    first = asked.scan(media(10))
    asked.inspect(media(10))
    assert asked.scan(media(10)) == first
    assert len(calls) == 1
    asked.scan(media(20))
    assert len(calls) == 2


@pytest.mark.parametrize(
    ("form", "size", "camera", "bucket"),
    [
        ("JPEG", (640, 480), False, "jpeg-small"),
        ("JPEG", (1024, 768), False, "jpeg-large"),
        ("PNG", (1170, 2532), False, "screenshot"),
        ("PNG", (2532, 1170), False, "screenshot"),
        ("PNG", (2532, 1170), True, "lossless-large"),
        ("JPEG", (1170, 2532), False, "jpeg-large"),
        ("WEBP", (100, 100), False, "webp-small"),
    ],
)
def test_files_fall_into_buckets_of_form_and_size(form: str, size: tuple[int, int], camera: bool, bucket: str) -> None:
    assert bucket_of(media(form=form, size=(8, 8)), size, described_by_camera=camera) == bucket


def test_texts_fall_into_buckets_by_length() -> None:
    assert bucket_of(Media.from_bytes(b"short", name="x")) == "text-short"
    assert bucket_of(Media.from_bytes(b"long " * 1000, name="x")) == "text-long"


def test_without_the_runtime_it_is_not_ready_and_says_which_extra_brings_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assay.detection.detectors import folder

    set_up(tmp_path)
    monkeypatch.setattr(folder, "_is_installed", lambda package: False)
    readiness = scanner(tmp_path).readiness()
    assert readiness.state is State.NO_PACKAGE
    assert readiness.next_step == "pip install 'assay[detectors]'"
