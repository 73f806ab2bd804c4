"""`assay drift` names what moved between two periods, and ends with 1 only where something did."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assay.interfaces.histories.synth.make import synthesise
from assay.interfaces.histories.synth.recipe import Recipe
from assay.interfaces.packs import load_pack
from tests.interfaces import small
from tests.interfaces.pages import assert_every_link_arrives, assert_self_contained
from tests.interfaces.running import Run, assay

BEFORE, AFTER = "2026-10-01..2026-10-14", "2026-10-29..2026-11-11"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a pack, two histories that are alike, and one that drifts."""
    folder = tmp_path_factory.mktemp("drift")
    pack = load_pack(small.write(folder / "pack"))
    for name, seed, drifts in (("one", 1, False), ("other", 2, False), ("drifting", 3, True)):
        recipe = Recipe(rows=6_000, seed=seed, days=42, labels=0.2, drift=drifts, markets=("DE",))
        made = synthesise([pack], recipe, folder / f"{name}.parquet")
        assert not isinstance(made, list), made
    return folder


@pytest.fixture(autouse=True)
def inside(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    monkeypatch.setenv("COLUMNS", "100")


def drift(*words: str | Path) -> Run:
    return assay("drift", *words, "--pack", "pack")


def test_what_moved_is_named_with_both_shares_and_the_interval() -> None:
    run = drift("drifting.parquet", "--before", BEFORE, "--after", AFTER)
    assert run.code == 1, run.err
    first, *rest = run.out.splitlines()
    assert "moved beyond noise" in first and "things were looked at" in first
    assert "What is uploaded" in rest and "What is decided" in rest
    line = next(one for one in rest if one.startswith("How much AI"))
    assert "points (" in line and "< 0.001" in line
    assert f"{BEFORE}: 2,000 rows of 14 days, 2026-10-01 to 2026-10-14" in run.out


def test_two_histories_that_are_alike_end_with_0() -> None:
    run = drift("one.parquet", "other.parquet")
    assert run.code == 0, run.out
    assert run.out.startswith("Nothing moved beyond noise; ")
    assert "one.parquet: 6,000 rows" in run.out and "other.parquet: 6,000 rows" in run.out


def test_everything_that_was_looked_at_is_listed_on_request() -> None:
    short, long = drift("one.parquet", "other.parquet"), drift("one.parquet", "other.parquet", "--all")
    assert "How much AI" not in short.out and "How much AI" in long.out and "Reach of DE" in long.out


def test_a_monitor_reads_json() -> None:
    run = drift("drifting.parquet", "--before", BEFORE, "--after", AFTER, "--json")
    found = json.loads(run.out)
    assert (run.code, found["schema"]) == (1, "assay.drift/1")
    assert found["looks"] == len(found["shifts"]) + len(found["calibration"])
    assert found["moved"] == sum(one["moved"] for one in (*found["shifts"], *found["calibration"])) > 0
    extent = next(one for one in found["shifts"] if one["name"] == "ai_extent")
    assert extent["moved"] and extent["adjusted"] >= extent["probability"]
    change = extent["categories"][0]["change"]
    assert change["low"] <= change["value"] <= change["high"]
    assert found["before"]["digest"].startswith("sha256:") and found["before"]["rows"] == 2_000
    assert found["pack"]["digest"].startswith("sha256:")


def test_the_report_stands_alone_and_every_link_arrives(tmp_path: Path) -> None:
    for name, words in (
        ("moved", ("drifting.parquet", "--before", BEFORE, "--after", AFTER)),
        ("same", ("one.parquet", "other.parquet")),
        ("empty", ("one.parquet", "--before", BEFORE, "--after", "2027-01-01..2027-01-02")),
    ):
        page = tmp_path / f"{name}.html"
        run = drift(*words, "--html", page)
        assert f"the report is in {page}" in run.out
        text = page.read_text(encoding="utf-8")
        assert_self_contained(text)
        assert_every_link_arrives(text)
        assert run.out.splitlines()[0].partition(";")[0] in " ".join(text.split())


def test_a_period_without_rows_is_said_and_is_no_all_clear() -> None:
    run = drift("one.parquet", "--before", BEFORE, "--after", "2027-01-01..2027-01-02")
    assert run.code == 1
    assert run.out.startswith("Nothing can be said: 2027-01-01..2027-01-02 has no row.")


def test_a_larger_least_change_tells_less() -> None:
    words = ("drifting.parquet", "--before", BEFORE, "--after", AFTER, "--json")
    usual, coarse = (json.loads(drift(*words, *more).out) for more in ((), ("--points", "40", "--relative", "900")))
    assert coarse["moved"] < usual["moved"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("one.parquet",), "name both periods"),
        (("one.parquet", "--before", BEFORE), "name both periods"),
        (("one.parquet", "--before", "last week", "--after", AFTER), "`--before last week` is no period"),
        (("one.parquet", "--before", "..", "--after", AFTER), "is no period"),
        (("nowhere.parquet", "other.parquet"), "there is no file or folder `nowhere.parquet`"),
        (("one.parquet", "other.parquet", "--points", "0"), "numbers above 0"),
    ],
)
def test_wrong_use_is_said(words: tuple[str, ...], said: str) -> None:
    run = drift(*words)
    assert run.code == 2 and said in run.err


@pytest.mark.parametrize(
    ("before", "slug"), [("2026-13-01..2026-13-09", "bad-date"), ("2026-10-09..2026-10-01", "bad-date")]
)
def test_days_that_are_none_are_named(before: str, slug: str) -> None:
    run = drift("one.parquet", "--before", before, "--after", AFTER)
    assert run.code == 1 and f"one.parquet: {slug}: " in run.err


def test_a_file_that_is_no_history_is_named(tmp_path: Path) -> None:
    strange = tmp_path / "strange.parquet"
    strange.write_bytes(b"PAR1 but not really")
    run = drift(strange, "other.parquet")
    assert run.code == 1 and "strange.parquet" in run.err and not run.out
