"""Bands are what a rehearsal forecasts or an operator says, and nothing where neither knows."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.events import EventLog
from assay.interfaces.deciding.rails.judging.bands import Bands, bands_of, wilson
from assay.interfaces.deciding.rails.judging.forecast import Forecast, forecast_for, read_forecast, read_forecasts
from assay.interfaces.deciding.rails.opening import open_rails
from assay.interfaces.deciding.rails.written import Limit
from tests.interfaces import small
from tests.interfaces.deciding.small_service import SETTINGS, Bundles, Service, loaded, small_bundle
from tests.interfaces.running import assay

IN_BRAZIL = {**small.FILES, small.POLICY: small.FILES[small.POLICY].replace("[label:ai]", "[label:ai]\nmarkets: [BR]")}
MEANTIME = {
    **small.FILES,
    small.POLICY: small.FILES[small.POLICY].replace("then: [removed]", "then: [removed]\nuntil_known: [removed]"),
}


def figure(value: float | None, rows: int = 1_000) -> dict[str, Any]:
    return {"value": value, "low": value, "high": value, "rows": rows, "method": "census", "suppressed": value is None}


def scope(market: str, dimension: str = "") -> dict[str, str]:
    return {"market": market, "dimension": dimension, "value": ""}


def line(market: str, least: float | None, most: float | None, dimension: str = "") -> dict[str, Any]:
    new = {"least": figure(least), "most": figure(most)}
    return {"measure": "removed", "scope": scope(market, dimension), "new": new, "title": "Removed"}


def rehearsal(folder: Path, *lines: dict[str, Any], digest: str | None = None, name: str = "r.json") -> Path:
    """A rehearsal of a thousand decisions in each market."""
    markets = ("every market", "BR", "US", "*")
    found = {
        "schema": "assay.rehearsal/1",
        "new": {"title": "small", "version": "1.0.0", "digest": digest or small_bundle().digest},
        "comparison": {
            "matrices": [{"scope": scope(market), "decisions": figure(1_000.0)} for market in markets]
            + [{"scope": scope("BR", "language"), "decisions": figure(5.0)}],
            "measures": list(lines),
        },
    }
    path = folder / name
    path.write_text(json.dumps(found), encoding="utf-8")
    return path


def forecast(folder: Path, *lines: dict[str, Any]) -> Forecast:
    found = read_forecast(rehearsal(folder, *lines))
    assert isinstance(found, Forecast)
    return found


def band(bands: Bands, market: str) -> tuple[float, float]:
    place = bands.classes.index(market)
    return float(bands.low[place, 0]), float(bands.high[place, 0])


def test_a_band_is_the_interval_widened(tmp_path: Path) -> None:
    found = forecast(tmp_path, line("BR", 30.0, 30.0), line("BR", 900.0, 900.0, "language"))
    bands = bands_of(loaded(IN_BRAZIL), ("removed",), (), found, 1.5)
    low, high = wilson(0.03, 1_000)
    assert band(bands, "BR") == pytest.approx((low / 1.5, high * 1.5))


def test_what_a_rehearsal_does_not_name_happened_never_and_may_still_happen_once(tmp_path: Path) -> None:
    low, high = band(bands_of(loaded(IN_BRAZIL), ("removed",), (), forecast(tmp_path), 1.5), "BR")
    assert low == 0.0
    assert 0.003 < high < 0.01


def test_a_figure_that_was_kept_back_and_a_market_that_is_unknown_have_no_band(tmp_path: Path) -> None:
    found = replace(forecast(tmp_path, line("BR", None, None)), totals={"BR": (1_000.0, 1_000)})
    bands = bands_of(loaded(IN_BRAZIL), ("removed",), (), found, 1.5)
    assert bands.classes == ("BR", "rest")
    assert np.isnan(bands.high).all()
    assert bands.count == 0


def test_markets_of_one_class_are_one_rate_and_no_larger_sample(tmp_path: Path) -> None:
    found = forecast(tmp_path, line("US", 10.0, 10.0), line("*", 50.0, 50.0))
    low, high = wilson(60 / 2_000, 1_000)
    assert band(bands_of(loaded(IN_BRAZIL), ("removed",), (), found, 1.0), "rest") == pytest.approx((low, high))


def test_what_is_imposed_until_more_is_known_reaches_up_to_the_open_ones(tmp_path: Path) -> None:
    found = forecast(tmp_path, line("US", 10.0, 400.0), line("*", 10.0, 400.0), line("BR", 10.0, 400.0))
    high = wilson(0.4, 1_000)[1]
    assert band(bands_of(loaded(MEANTIME), ("removed",), (), found, 1.0), "rest")[1] == pytest.approx(high)
    assert band(bands_of(small_bundle(), ("removed",), (), found, 1.0), "rest")[1] < 0.05


def test_a_limit_goes_before_the_rehearsal_and_the_nearest_before_the_general(tmp_path: Path) -> None:
    limits = (Limit("removed", None, 0.0, 0.02), Limit("removed", "BR", 0.01, 0.5), Limit("label:ai", None, 0.0, 0.1))
    bands = bands_of(loaded(IN_BRAZIL), ("removed",), limits, forecast(tmp_path, line("BR", 30.0, 30.0)), 1.5)
    assert band(bands, "BR") == (0.01, 0.5)
    assert band(bands, "rest") == (0.0, 0.02)


def test_a_limit_for_a_group_reaches_its_markets() -> None:
    german = {**small.FILES, small.POLICY: IN_BRAZIL[small.POLICY].replace("[BR]", "[DE]")}
    bands = bands_of(loaded(german), ("removed",), (Limit("removed", "EU", 0.0, 0.02),), None, 1.5)
    assert band(bands, "DE") == (0.0, 0.02)
    assert bands.origin == "limits only"


def test_of_a_folder_each_bundle_gets_its_own_rehearsal(tmp_path: Path) -> None:
    rehearsal(tmp_path, digest="sha256:one", name="one.json")
    rehearsal(tmp_path, digest="sha256:two", name="two.json")
    found = read_forecasts(tmp_path)
    assert isinstance(found, list)
    own = forecast_for("sha256:two", found)
    assert own is not None
    assert own.digest == "sha256:two"
    assert forecast_for("sha256:three", found) is None
    assert forecast_for("sha256:three", found[:1]) == found[0]


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"schema": "assay.rehearsal/2"}', "[" * 100_000])
def test_what_is_no_rehearsal_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "r.json"
    path.write_text(content, encoding="utf-8")
    found = read_forecasts(path)
    assert isinstance(found, Fault)
    assert (found.slug, found.field) == ("bad-rehearsal", "rehearsal")
    missing = read_forecasts(tmp_path / "gone.json")
    assert isinstance(missing, Fault)
    assert missing.slug == "unreadable"


def test_a_rehearsal_of_another_bundle_is_used_and_said(tmp_path: Path) -> None:
    path = rehearsal(tmp_path, line("US", 30.0, 30.0), digest="sha256:other")
    service = Service(settings=replace(SETTINGS, limits=(), rehearsal=path))
    service.look()
    assert service.kinds() == ["rehearsal-of-another-bundle"]
    assert service.rails.bands()[0].origin == "the rehearsal of small 1.0.0"


def test_a_rehearsal_that_cannot_be_read_keeps_the_rails_from_opening(tmp_path: Path) -> None:
    settings = replace(SETTINGS, rehearsal=tmp_path / "gone.json")
    opened = open_rails(settings, Bundles(), EventLog(None), Service().tally, tmp_path)
    assert isinstance(opened, list)
    assert [fault.slug for fault in opened] == ["unreadable"]


@pytest.mark.slow
def test_what_backtest_prints_becomes_bands(tmp_path: Path) -> None:
    pack, history = small.write(tmp_path / "pack"), tmp_path / "history.parquet"
    made = assay("history", "synth", "--pack", pack, "--rows", "3000", "--out", history, "--markets", "BR,US")
    assert made.code == 0, made.err
    told = assay("backtest", "--history", history, "--base", pack, "--candidate", pack, "--json")
    assert told.code == 0, told.err
    path = tmp_path / "rehearsal.json"
    path.write_text(told.out, encoding="utf-8")
    found = read_forecast(path)
    assert isinstance(found, Forecast)
    assert found.digest == small_bundle().digest
    bands = bands_of(small_bundle(), ("removed",), (), found, 1.25)
    low, high = band(bands, "rest")
    assert 0 <= low < high < 1
