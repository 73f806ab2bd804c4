"""A rehearsal from files to figures: what it counts, what it refuses, and that it does not matter how files are cut."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from assay.engine.backtest.rehearsal import Rehearsal, Scope
from assay.engine.kernel.errors import Fault
from assay.engine.language.pack.pack import Pack
from assay.interfaces.rehearsals.replaying import Job, merged, replay_piece
from assay.interfaces.rehearsals.running import Settings, concluded, job_of, rehearse
from assay.interfaces.rehearsals.totals import Totals
from tests.engine.backtest.blocks import measures_with_clocks
from tests.interfaces.histories.made import spoil, write
from tests.makers import a_pack, a_rule, a_signal, a_vocabulary

VOCABULARY = a_vocabulary(a_signal("disclosed"), a_signal("edited"))
FEW = Settings(least_rows=1)


def a_version(*rules: tuple[str, str]) -> Pack:
    parts = [a_rule(f"p/{measure.replace(':', '-')}", when, then=(measure,)) for when, measure in rules]
    return a_pack(*parts, vocabulary=VOCABULARY, measures=measures_with_clocks())


OLD = a_version(("disclosed", "label:ai"))
NEW = a_version(("disclosed", "label:ai"), ("edited", "removed"))


def rows(first: int, count: int, **columns: Any) -> Any:
    """A batch: of ten rows four are disclosed, two edited and one neither known nor not."""
    numbers = range(first, first + count)
    found = {
        "id": pa.array([f"i{n}" for n in numbers]),
        "day": pa.array([date(2026, 10, 1 + n % 28) for n in numbers]),
        "disclosed": pa.array([None if n % 10 == 9 else n % 10 < 4 for n in numbers], pa.bool_()),
        "edited": pa.array([None if n % 10 == 9 else n % 10 in (3, 4) for n in numbers], pa.bool_()),
        "language": pa.array([("de", "en", None)[n % 3] for n in numbers], pa.string()),
        "creator": pa.array([f"c{n % 7}" for n in numbers]),
        "views:DE": pa.array([n % 5 for n in numbers], pa.int64()),
        "views:*": pa.array([None if n % 11 == 0 else 3 for n in numbers], pa.int64()),
        "stratum": pa.array(["risky" if n % 2 else "calm" for n in numbers]),
        "probability": pa.array([1.0 if n % 2 else 0.25 for n in numbers]),
        "done": pa.array(["label:ai" if n % 10 < 4 else "|" for n in numbers]),
    } | columns
    return pa.RecordBatch.from_pydict({name: column for name, column in found.items() if column is not None})


def rehearsed(path: Path, settings: Settings = FEW, old: Pack = OLD, new: Pack = NEW) -> Rehearsal:
    found = rehearse(path, old, new, settings, lambda done, of: None)
    assert isinstance(found, Rehearsal), found
    return found


def faults(path: Path, settings: Settings = FEW, old: Pack = OLD, new: Pack = NEW) -> list[Fault]:
    found = rehearse(path, old, new, settings, lambda done, of: None)
    assert isinstance(found, list)
    return found


@pytest.fixture
def history(tmp_path: Path) -> Path:
    return write(tmp_path / "h.parquet", rows(0, 100), rows(100, 100))


def test_a_rehearsal_says_what_changes_and_what_of(history: Path) -> None:
    told: list[tuple[int, int]] = []
    found = rehearse(history, OLD, NEW, FEW, lambda done, of: told.append((done, of)))
    assert isinstance(found, Rehearsal)
    assert told == [(0, 200), (100, 200), (200, 200)]
    assert (found.history.rows, found.history.refused, found.history.markets) == (200, 0, ("DE", "*"))
    assert found.history.first_day == "2026-10-01"
    assert found.old.digest == OLD.digest
    assert found.code.startswith("assay ")
    whole = found.comparison.matrices[0]
    assert {(cell.old, cell.new) for cell in whole.cells} == {
        ("visible", "visible"),
        ("labelled", "labelled"),
        ("labelled", "removed"),
        ("visible", "removed"),
    }
    assert found.comparison.items.value == 100 + 100 * 4
    assert found.comparison.items_changed.value == pytest.approx(20 + 20 * 4)
    assert found.comparison.then_as_decided is not None
    assert found.comparison.then_as_decided.value == 1.0
    assert len(found.cases) > 0
    assert len(found.pitfalls) > 10
    assert found.forecast.lines
    assert "Views of 19 decisions in * are unknown and count as none; the decisions count." in found.not_worked_out


def test_it_does_not_matter_how_a_history_is_cut_into_row_groups_and_files(tmp_path: Path, history: Path) -> None:
    one = write(tmp_path / "one.parquet", rows(0, 200))
    folder = tmp_path / "several"
    folder.mkdir()
    write(folder / "a.parquet", rows(0, 17), rows(17, 1), rows(18, 60))
    write(folder / "b.parquet", rows(78, 122))
    expected = rehearsed(one)
    for path in (history, folder):
        found = rehearsed(path)
        assert found.comparison == expected.comparison
        assert found.forecast == expected.forecast
        assert found.cases == expected.cases
        assert found.pitfalls == expected.pitfalls


def test_pieces_replayed_in_other_processes_come_to_the_same(history: Path) -> None:
    job = job_of(history, OLD, NEW, FEW)
    assert isinstance(job, Job)
    elsewhere: Job = pickle.loads(pickle.dumps(job))
    parts = [pickle.loads(pickle.dumps(replay_piece(elsewhere, piece))) for piece in job.reading.history.pieces]
    assert concluded(job, merged(job, parts, lambda done: None), FEW) == rehearsed(history)


def test_a_history_without_rows_gives_a_rehearsal_that_says_so(tmp_path: Path) -> None:
    found = rehearsed(write(tmp_path / "h.parquet", rows(0, 0)))
    assert found.history.rows == 0
    assert found.comparison.matrices == ()
    assert found.cases == ()
    assert found.forecast.lines == ()
    assert len(found.pitfalls) > 10


def test_rows_that_are_wrong_are_left_out_and_named_and_a_damaged_group_costs_itself(tmp_path: Path) -> None:
    probability = pa.array([0.0, 2.0] + [1.0] * 98)
    path = write(tmp_path / "h.parquet", rows(0, 100, probability=probability), rows(100, 100))
    spoil(path, 1)
    found = rehearsed(path)
    assert found.history.rows == 98
    assert found.history.refused == 102
    assert sum(refusal.rows for refusal in found.refusals) == 102


def test_only_markets_and_days_that_are_asked_for_are_replayed(history: Path) -> None:
    found = rehearsed(history, replace(FEW, markets=("DE",), since="2026-10-01", until="2026-10-07"))
    assert [matrix.scope for matrix in found.comparison.matrices[:2]] == [Scope(), Scope("DE")]
    assert not any(matrix.scope.market == "*" for matrix in found.comparison.matrices)
    assert found.history.last_day == "2026-10-07"
    assert any("outside of the days asked for" in words for words in found.not_worked_out)
    assert found.settings["markets"] == "DE"


def test_a_history_without_views_is_decided_everywhere_as_one_market(tmp_path: Path) -> None:
    without = {"views:DE": None, "views:*": None, "creator": None, "probability": None, "stratum": None, "done": None}
    found = rehearsed(write(tmp_path / "h.parquet", rows(0, 40, **without)))
    whole = found.comparison.matrices[0]
    assert whole.views is None
    assert whole.decisions.value == 40
    assert found.comparison.creators_changed is None
    assert found.comparison.then_as_decided is None
    assert whole.changed.method == "census"


def test_known_totals_reweigh_and_what_they_lack_is_told(history: Path) -> None:
    found = rehearsed(history, replace(FEW, totals=Totals("language", {"de": 100.0, "en": 300.0})))
    assert found.comparison.post_stratified is not None
    assert found.comparison.post_stratified.value is not None
    assert "No total is known for `unknown` of language: the reweighted share leaves them out." in found.not_worked_out
    unseen = rehearsed(history, replace(FEW, totals=Totals("language", {"de": 100.0, "it": 300.0})))
    assert any("no row of `it`" in words for words in unseen.not_worked_out)


@pytest.mark.parametrize(
    ("settings", "slug", "words"),
    [
        (replace(FEW, engine="duck"), "no-engine", "no engine is named `duck`"),
        (replace(FEW, markets=("DF",)), "unknown-market", "the history has no market `DF`"),
        (replace(FEW, since="2026-10-40"), "bad-date", "is a day such as"),
        (replace(FEW, since="2026-10-09", until="2026-10-08"), "bad-date", "ends before it begins"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_runs(
    history: Path, settings: Settings, slug: str, words: str
) -> None:
    (fault,) = faults(history, settings)
    assert fault.slug == slug
    assert words in fault.words


def test_a_market_that_one_version_lacks_cannot_be_compared(tmp_path: Path) -> None:
    path = write(tmp_path / "h.parquet", rows(0, 10, **{"views:US-CA": pa.array([1] * 10)}))
    lacking = replace(NEW, markets=replace(NEW.markets, subdivisions=()), version="9.0.0")
    (fault,) = faults(path, new=lacking)
    assert fault.slug == "unknown-market"
    assert "version 9.0.0 has no market `US-CA`" in fault.words


def test_no_history_at_all_is_a_fault(tmp_path: Path) -> None:
    assert [fault.slug for fault in faults(tmp_path / "nothing.parquet")] == ["no-such-file"]


def test_ctrl_c_goes_through(history: Path) -> None:
    def stop(done: int, of: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rehearse(history, OLD, NEW, FEW, stop)
