"""`assay backtest` says what a change would have done to past items, and leaves whole files or none."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from assay.engine.backtest.rehearsal import Refusal
from assay.interfaces.cli.rehearsing.shown import print_rehearsal
from assay.interfaces.histories.synth.make import synthesise
from assay.interfaces.histories.synth.recipe import Recipe
from assay.interfaces.packs import load_pack
from tests.conftest import ROOT
from tests.interfaces import small
from tests.interfaces.rehearsals.made import made
from tests.interfaces.running import Run, assay

STRICTER = {
    small.POLICY: (
        "then: [removed]\nseverity: S4",
        "then: [removed, label:ai]\nuntil_known: [not_recommended]\nseverity: S4",
    )
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two versions and a month of uploads that both can read."""
    folder = tmp_path_factory.mktemp("backtest")
    packs = [load_pack(small.write(folder / name, *changes)) for name, changes in (("old", ()), ("new", (STRICTER,)))]
    recipe = Recipe(rows=4_000, seed=7, design="stratified", sample=1_500, markets=("DE", "BR"))
    made = synthesise(packs, recipe, folder / "history.parquet")
    assert not isinstance(made, list), made
    return folder


@pytest.fixture(autouse=True)
def inside(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    monkeypatch.setenv("COLUMNS", "100")


def backtest(*words: str | Path, base: str = "old", candidate: str = "new", history: str = "history.parquet") -> Run:
    return assay("backtest", "--history", history, "--base", base, "--candidate", candidate, *words)


def test_the_first_line_is_the_verdict_and_tables_follow() -> None:
    run = backtest()
    assert run.code == 0, run.err
    assert re.match(r"[\d.]+ % of decisions change \([\d.]+ to [\d.]+ %\)", run.out), run.out
    for title in ("What moves", "By market", "people and clocks would feel", "What could mislead"):
        assert title in run.out
    assert "Germany" in run.out
    said = " ".join(run.out.split())
    side = r"A small pack 1\.0\.0 \(sha256:\w{8}\)"
    assert re.search(f"from {side} to {side}, on history.parquet: 1,500 rows", said)


def test_a_version_changes_nothing_against_itself() -> None:
    run = backtest(candidate="old")
    assert run.code == 0
    assert run.out.startswith("No decision changes.") or run.out.startswith("0.0")


def test_json_is_as_published_and_the_same_each_time() -> None:
    first, second = backtest("--json"), backtest("--json")
    assert first.out == second.out
    found: Any = json.loads(first.out)
    schema = json.loads((ROOT / "docs" / "language" / "rehearsal.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(found)
    assert found["history"]["rows"] == 1_500
    assert found["settings"]


def test_the_report_is_written_and_names_the_command_that_makes_it() -> None:
    run = backtest("--html", "out/report.html", "--markets", "DE", "--cases", "3")
    assert run.code == 0, run.err
    assert "the report is in out/report.html" in run.out
    page = Path("out/report.html").read_text(encoding="utf-8")
    command = "assay backtest --history history.parquet --base old --candidate new --html out/report.html"
    assert f"{command} --markets DE --cases 3" in page
    assert shlex.split(command)[0] == "assay"
    assert [path.name for path in Path("out").iterdir()] == ["report.html"]


def test_rows_of_which_a_label_is_left_out_are_not_said_to_be_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = Refusal("unknown-label", "the label is left out, the row stays", "labels", 438, "h.parquet:8")
    lost = Refusal("bad-views", "`-1` is no number of views", "views:DE", 3, "h.parquet:2")
    print_rehearsal(replace(made(), refusals=(wrong, lost)))
    told = capsys.readouterr().out
    assert "438 rows left out" not in told and "in 438 rows: the label is left out, the row stays" in told
    assert "3 rows left out: `-1` is no number of views" in told


def test_only_the_days_and_markets_that_were_asked_for() -> None:
    found: Any = json.loads(backtest("--json", "--since", "2026-10-08", "--until", "2026-10-14", "--markets", "BR").out)
    assert found["history"]["first_day"] == "2026-10-08"
    assert found["history"]["last_day"] == "2026-10-14"
    assert {one["scope"]["market"] for one in found["comparison"]["matrices"]} <= {"BR", "every market"}


def test_a_history_without_such_days_ends_with_1_and_a_clear_page() -> None:
    run = backtest("--since", "2030-01-01", "--html", "none.html")
    assert run.code == 1
    assert "There was nothing to decide" in run.out
    assert "There was nothing to decide" in Path("none.html").read_text(encoding="utf-8")


def test_totals_known_from_elsewhere_give_a_reweighted_share() -> None:
    Path("totals.yaml").write_text("language: {en: 9000, pt: 1000, de: 1000, hi: 1000, es: 1000, fr: 1000}\n")
    run = backtest("--json", "--totals", "totals.yaml")
    assert run.code == 0, run.err
    assert "post_stratified" in json.loads(run.out)["comparison"]
    told = " ".join(backtest("--totals", "totals.yaml").out.split())
    assert "Reweighted to totals known from elsewhere, " in told and "of decisions change" in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--engine", "sprak"), "did you mean `spark`?"),
        (("--since", "yesterday"), "`--since yesterday` is no day; write `2026-12-15`"),
        (("--since", "2026-10-09", "--until", "2026-10-01"), "no day is left"),
        (("--cases", "-1"), "`--cases` is 0 or more"),
        (("--least-rows", "0"), "`--least-rows` is 1 or more"),
        (("--assume", "none.yaml"), "there is no file `none.yaml`"),
        (("--totals", "none.yaml"), "there is no file `none.yaml`"),
        (("--markets", " ,"), "no market is named"),
        (("--html", "old"), "`old` is a folder"),
    ],
)
def test_wrong_use_is_said_before_anything_long_begins(words: tuple[str, ...], said: str) -> None:
    run = backtest(*words)
    assert run.code == 2
    assert said in run.err


def test_what_is_not_there_is_wrong_use() -> None:
    assert "there is no file and no folder `none.parquet`" in backtest(history="none.parquet").err
    run = backtest(candidate="none")
    assert run.code == 2
    assert "`none` is no folder and no file" in run.err


def test_a_file_of_totals_that_is_wrong_is_shown_with_its_line() -> None:
    Path("wrong.yaml").write_text("language: {de: many}\n")
    run = backtest("--totals", "wrong.yaml")
    assert run.code == 2
    assert "wrong.yaml:1:16: bad-value: the total of `de` is no count" in run.err
    assert "    1 | language: {de: many}" in run.err


def test_a_pack_that_is_not_sound_is_not_rehearsed(place: Path) -> None:
    small.write(place / "unsound", small.UNSOUND)
    run = backtest(candidate="unsound")
    assert run.code == 1
    assert "only sound packs can be rehearsed" in run.err


def test_a_file_that_is_no_history_is_named() -> None:
    Path("notes.parquet").write_text("no table")
    run = backtest(history="notes.parquet")
    assert run.code == 1
    assert "notes.parquet" in run.err


@pytest.mark.parametrize(
    "where",
    [
        "assay.interfaces.rehearsals.running.rehearse",
        "assay.interfaces.rehearsals.page.rehearsal_page.render_rehearsal",
    ],
)
def test_whoever_stops_it_finds_no_half_file(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*given: object, **named: object) -> None:
        raise KeyboardInterrupt(given, named)

    Path("kept.html").write_text("the report of yesterday")
    monkeypatch.setattr(where, stopped)
    before = sorted(path.name for path in Path().iterdir())
    run = backtest("--html", "kept.html")
    assert run.code == 130
    assert "stopped; nothing was written" in run.err
    assert sorted(path.name for path in Path().iterdir()) == before
    assert Path("kept.html").read_text() == "the report of yesterday"


def test_a_report_that_cannot_be_written_is_wrong_use() -> None:
    Path("file").write_text("")
    run = backtest("--html", "file/report.html")
    assert run.code == 2
    assert "`file/report.html` cannot be written" in run.err


@pytest.mark.slow
def test_an_interrupt_in_the_middle_ends_with_130(place: Path) -> None:
    made = synthesise(
        [load_pack(place / "old"), load_pack(place / "new")],
        Recipe(rows=1_500_000, seed=1, markets=("DE", "BR")),
        place / "long.parquet",
    )
    assert not isinstance(made, list), made
    command = "backtest --history long.parquet --base old --candidate new --html long.html".split()
    running = subprocess.Popen(
        [Path(sys.executable).with_name("assay"), *command],
        cwd=place,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    time.sleep(3)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130, said
    assert "stopped" in said
    assert not [path.name for path in place.iterdir() if path.name.startswith(("long.html", ".long"))]
