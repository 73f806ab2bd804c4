"""Calibrations are written and read without loss, refused where they were changed, and kept for appeals."""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.detection.calibration.calibration import Calibration
from assay.detection.calibration.choices import Method
from assay.detection.calibration.keeping import (
    KEPT,
    PRESENT,
    keep_calibration,
    kept_calibration,
    load_calibration,
    load_joints,
)
from assay.detection.calibration.measures.bounds import Bounds
from assay.detection.calibration.stored import from_json, to_json
from assay.engine.kernel.errors import Fault
from tests.detection.calibration.made import calibrated, normal, sampled


@pytest.fixture(scope="module")
def calibration() -> Calibration:
    buckets = (["photo"] * 60 + ["sketch"] * 20) * 2
    return calibrated(sampled(*normal(80), buckets=buckets), Method.ISOTONIC)


def slugs(found: object) -> list[str]:
    return [one.slug for one in found if isinstance(one, Fault)] if isinstance(found, list) else []


def test_it_is_the_same_after_writing_and_reading(calibration: Calibration) -> None:
    assert from_json(to_json(calibration)) == calibration
    assert to_json(calibration).isascii()


def test_the_same_scores_give_the_same_bytes(calibration: Calibration) -> None:
    again = calibrated(sampled(*normal(80), buckets=(["photo"] * 60 + ["sketch"] * 20) * 2), Method.ISOTONIC)
    assert to_json(again) == to_json(calibration)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [leaf for name, one in value.items() for leaf in leaves(one, (*path, name))]
    if isinstance(value, list):
        return [leaf for place, one in enumerate(value) for leaf in leaves(one, (*path, place))]
    return [path]


@given(st.data(), st.sampled_from([0.123, -7, "x", None, [], {}, True, 1e300]))
def test_any_value_that_was_changed_is_seen(calibration: Calibration, data: st.DataObject, other: object) -> None:
    body = json.loads(to_json(calibration))
    *above, last = data.draw(st.sampled_from(leaves(body)))
    inner = body
    for name in above:
        inner = inner[name]
    if inner[last] == other and type(inner[last]) is type(other):
        return
    inner[last] = other
    found = from_json(json.dumps(body))
    assert slugs(found) or (isinstance(found, Calibration) and found == calibration)


@pytest.mark.parametrize("path", [("curve", "values", 0), ("whole", "bounds", "upper"), ("origin", "detector")])
@pytest.mark.parametrize("other", [10**400, -(10**400), 1e308, "\ud800"])
def test_a_value_that_no_float_or_file_holds_is_refused_even_when_it_was_sealed_again(
    calibration: Calibration, path: tuple[str | int, ...], other: object
) -> None:
    body = json.loads(to_json(calibration))
    inner = body
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = other
    body["digest"] = "sha256:" + hashlib.sha256(repr(other).encode("unicode_escape")).hexdigest()
    assert slugs(from_json(json.dumps(body)))


def test_bounds_beyond_any_sample_are_none() -> None:
    with pytest.raises(ValueError, match="bounds"):
        Bounds(-1e308, 1e308)


@given(st.text(max_size=60))
def test_any_text_is_refused_in_words(text: str) -> None:
    assert slugs(from_json(text))


@pytest.mark.parametrize(
    "text", ['{"schema": NaN}', '{"schema": 1e999}', "[" * 5000, '{"schema": "assay.joint/1"}', "null"]
)
def test_odd_json_is_refused_in_words(text: str) -> None:
    assert slugs(from_json(text))


def test_a_folder_without_a_calibration_has_none(tmp_path: Path) -> None:
    assert load_calibration(tmp_path) is None
    assert load_joints(tmp_path) == {}


def test_older_calibrations_are_kept_by_their_digest(tmp_path: Path, calibration: Calibration) -> None:
    newer = calibrated(sampled(*normal(90)))
    keep_calibration(tmp_path, calibration)
    keep_calibration(tmp_path, newer)
    assert load_calibration(tmp_path) == newer
    assert kept_calibration(tmp_path, calibration.digest) == calibration
    assert len(list((tmp_path / KEPT).iterdir())) == 2
    assert not [path for path in tmp_path.rglob(".*") if path.is_file()]


@pytest.mark.parametrize("digest", ["sha256:../../etc/passwd", "", "sha256:" + "0" * 64])
def test_a_digest_that_is_none_of_ours_finds_nothing(tmp_path: Path, digest: str) -> None:
    assert kept_calibration(tmp_path, digest) is None


def test_a_kept_calibration_under_another_name_is_refused(tmp_path: Path, calibration: Calibration) -> None:
    kept = keep_calibration(tmp_path, calibration)
    kept.rename(kept.with_name("0" * 64 + ".json"))
    assert slugs(kept_calibration(tmp_path, "sha256:" + "0" * 64)) == ["changed-calibration"]


def test_a_file_that_is_too_large_or_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / PRESENT).write_bytes(b"\xff\xfe\x00")
    assert slugs(load_calibration(tmp_path)) == ["bad-json"]
    (tmp_path / PRESENT).write_bytes(b" " * 8_000_001)
    assert slugs(load_calibration(tmp_path)) == ["too-large"]


def test_a_bound_stays_below_what_the_items_support(calibration: Calibration) -> None:
    for fitted in (calibration.whole, *calibration.buckets.values()):
        assert 10**fitted.bounds.upper <= fitted.other.worth
        assert 10**-fitted.bounds.lower <= fitted.ai.worth
        assert math.isfinite(fitted.slope)
