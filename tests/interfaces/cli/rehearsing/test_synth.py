"""`assay history synth` makes a history up, says what is in it, and refuses what cannot be, everything at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.interfaces.running import assay

EDITIONS = ROOT / "packs" / "editions"


def test_a_history_is_made_up_and_shown_without_a_refusal(tmp_path: Path) -> None:
    out, truth = tmp_path / "h.parquet", tmp_path / "t.parquet"
    words = ("--rows", "5000", "--seed", "3", "--design", "stratified", "--sample", "600", "--drift")
    run = assay(
        "history",
        "synth",
        "--pack",
        EDITIONS / "2024",
        "--pack",
        EDITIONS / "2025",
        "-o",
        out,
        "--truth",
        truth,
        *words,
    )
    assert run.code == 0, run.err
    assert f"{out}: 600 uploads of 5,000, stratified, seed 3" in run.out
    assert "stratum most seen: " in run.out
    assert "with drift: " in run.out
    for path in (out, truth):
        # A pack that lacks a signal of the other says so; no row is refused for it.
        shown = assay("history", "show", path, "--pack", EDITIONS / "2024", "--json").out
        assert {refusal["slug"] for refusal in json.loads(shown)["refusals"]} == {"unknown-column"}


@pytest.mark.slow
def test_what_was_made_up_can_be_rehearsed_on(tmp_path: Path) -> None:
    out = tmp_path / "h.parquet"
    packs = ("--pack", EDITIONS / "2024", "--pack", EDITIONS / "2025")
    assert assay("history", "synth", *packs, "-o", out, "--rows", "1000", "--markets", "US,KR").code == 0
    run = assay("backtest", "--history", out, "--base", EDITIONS / "2024", "--candidate", EDITIONS / "2025")
    assert run.code == 0, run.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--rows", "-1"), "--rows: `-1` rows"),
        (("--days", "0"), "--days: `0` days"),
        (("--first-day", "yesterday"), "`yesterday` is no date"),
        (("--first-day", "1999-01-01"), "--first-day: days from `1999-01-01`"),
        (("--design", "cluster"), "--design: `cluster` is no design; there are census, simple, stratified, poisson"),
        (("--sample", "0.1"), "--sample: a census takes every row"),
        (("--design", "simple", "--sample", "2.5"), "--sample: `2.5` is neither"),
        (("--design", "simple", "--rows", "10", "--sample", "11"), "--sample: `11` is neither"),
        (("--labels", "2"), "--labels: `2` is a share"),
        (("--missing", "-0.1"), "--missing: `-0.1` is a share"),
        (("--seed", "-4"), "--seed: `-4` is no seed"),
        (("--markets", "US,EU"), "--markets: no single market is named `EU`"),
    ],
)
def test_what_cannot_be_is_wrong_use(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    run = assay("history", "synth", "--pack", EDITIONS / "2025", "-o", tmp_path / "h.parquet", *words)
    assert run.code == 2
    assert said in run.err
    assert list(tmp_path.iterdir()) == []


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    run = assay(
        "history",
        "synth",
        "--pack",
        EDITIONS / "2025",
        "-o",
        tmp_path / "h",
        "--rows",
        "-1",
        "--labels",
        "3",
        "--days",
        "0",
    )
    assert all(option in run.err for option in ("--rows", "--labels", "--days"))


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    run = assay("history", "synth", "--pack", EDITIONS / "2025", "-o", tmp_path / "taken", "--rows", "10")
    assert run.code == 2
    assert f"`{tmp_path / 'taken'}` cannot be written" in run.err
    assert list((tmp_path).iterdir()) == [tmp_path / "taken"]


def test_the_truth_does_not_go_where_the_history_goes(tmp_path: Path) -> None:
    out = tmp_path / "h.parquet"
    run = assay("history", "synth", "--pack", EDITIONS / "2025", "-o", out, "--truth", out)
    assert run.code == 2
    assert "a file of its own" in run.err
