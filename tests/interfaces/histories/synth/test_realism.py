"""What is made up goes together as uploads do: kinds, weeks, uploaders, views, what is missing, what people found."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assay.interfaces.histories.synth.judging import ACCURACY, SENSITIVITY, SPECIFICITY
from assay.interfaces.histories.synth.recipe import Recipe
from assay.interfaces.packs import load_pack
from tests.interfaces.histories.synth.made_up import STARTER, made_up, table

ROWS = 30_000
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("made-up")
    pack = load_pack(STARTER)
    made_up([pack], found / "still", Recipe(ROWS, 2, labels=0.2, markets=("US", "DE")), found / "truth")
    made_up([pack], found / "drifting", Recipe(ROWS, 2, labels=0, drift=True, markets=("US", "DE")))
    return found


def column(path: Path, name: str) -> np.ndarray[Any, np.dtype[Any]]:
    found = table(path, name)[0].combine_chunks()
    found = found.cast("int64") if str(found.type).startswith("duration") else found
    return np.asarray(found.to_numpy(zero_copy_only=False))


def test_signals_of_one_kind_of_upload_come_together(folder: Path) -> None:
    intimacy, consent = column(folder / "truth", "intimacy"), column(folder / "truth", "person.consent")
    severe = np.isin(intimacy, ("nude", "sexual_act"))
    assert (consent[severe] == "absent").mean() > 4 * (consent[~severe] == "absent").mean()
    made = np.isin(column(folder / "truth", "ai_extent"), ("altered", "generated"))
    score = table(folder / "truth", "detector.score")[0].to_numpy()
    assert score[made].mean() > 3 * score[~made].mean()


def test_a_detectors_score_is_the_share_of_ai_until_generators_learn(folder: Path) -> None:
    def off(path: Path, last: bool) -> float:
        """How far scores are from the share of AI, in the last days or before."""
        made = np.isin(column(path, "ai_extent"), ("altered", "generated"))
        known = column(path, "ai_extent") != ""
        score = table(path, "detector.score")[0].to_numpy()
        late = np.arange(ROWS) > 0.8 * ROWS
        here = known & ~np.isnan(score) & (late == last)
        return abs(float(score[here].mean() - made[here].mean()))

    assert off(folder / "still", last=True) < 0.02
    assert off(folder / "drifting", last=True) > 3 * off(folder / "still", last=True)


def test_generated_uploads_grow_only_where_there_is_drift(folder: Path) -> None:
    def growth(path: Path) -> float:
        made = column(path, "ai_extent") == "generated"
        return float(made[-ROWS // 5 :].mean() / made[: ROWS // 5].mean())

    assert growth(folder / "still") == pytest.approx(1.0, abs=0.1)
    assert growth(folder / "drifting") > 1.3


def test_one_signal_goes_missing_late_where_there_is_drift(folder: Path) -> None:
    made = made_up([load_pack(STARTER)], folder / "again", Recipe(ROWS, 2, labels=0, drift=True, markets=("US", "DE")))
    assert made.jumps is not None
    missing = column(folder / "drifting", made.jumps) == ""
    assert missing[-ROWS // 4 :].mean() > 3 * missing[: ROWS // 2].mean()


def test_as_much_is_missing_as_was_asked_for_and_more_where_detectors_came_late(folder: Path) -> None:
    pack = load_pack(STARTER)
    words = [signal.name for signal in pack.vocabulary.signals if signal.values and not signal.by_market]
    shares = [float((column(folder / "still", name) == "").mean()) for name in words]
    assert np.mean(shares) == pytest.approx(0.08, abs=0.03)
    score = np.isnan(table(folder / "still", "detector.score")[0].to_numpy())
    assert score[: ROWS // 5].mean() > 2 * score[-ROWS // 2 :].mean()


def test_weeks_and_days_have_their_rhythm(folder: Path) -> None:
    days = Counter(table(folder / "still", "day")[0].to_pylist())
    weekend = [rows for day, rows in days.items() if day.weekday() >= 5]
    working = [rows for day, rows in days.items() if day.weekday() < 4]
    assert len(days) == 30
    assert min(weekend) > 1.2 * max(working)
    hours = Counter(table(folder / "still", "hour")[0].to_pylist())
    assert set(hours) == set(range(24)) and hours[18] > 3 * hours[3]


def test_a_few_uploaders_and_a_few_uploads_have_most(folder: Path) -> None:
    uploads = np.sort(list(Counter(table(folder / "still", "creator")[0].to_pylist()).values()))[::-1]
    assert uploads[: uploads.size // 10].sum() > 2 * uploads.sum() / 10
    assert (uploads == 1).mean() > 0.1
    views = sum(table(folder / "still", f"views:{market}")[0].to_numpy() for market in ("US", "DE", "*"))
    views = np.sort(views)[::-1]
    assert views[: ROWS // 100].sum() > 0.2 * views.sum()
    assert (table(folder / "still", "views:DE")[0].to_numpy() == 0).mean() > 0.3


def test_an_account_is_the_same_in_all_that_it_uploads(folder: Path) -> None:
    creator, age = column(folder / "truth", "creator"), column(folder / "truth", "account.age")
    cohort = column(folder / "truth", "cohort")
    busiest = [name for name, _ in Counter(creator.tolist()).most_common(20)]
    for name in busiest:
        assert len(set(age[creator == name].tolist())) == 1
        assert len(set(cohort[creator == name].tolist())) == 1


def test_people_err_as_often_as_is_said_and_adjudications_do_not(folder: Path) -> None:
    labels = table(folder / "still", "labels")[0].to_pylist()
    truth = column(folder / "truth", "ai_extent")
    measures = load_pack(STARTER).measures.by_id
    settled: dict[str, list[tuple[bool, bool]]] = {}
    right, judged = [], 0
    for row, given in enumerate(labels):
        if given is None:
            continue
        judged += 1
        final = {label["of"]: label["value"] for label in given if label["final"]}
        assert len({label["by"] for label in given}) * 8 == len(given)
        for label in given:
            if label["of"] == "ai_extent":
                assert label["value"] == truth[row] or not label["final"]
                right += [label["value"] == truth[row]] if not label["final"] else []
            elif label["of"] in measures and label["of"] in final and not label["final"]:
                settled.setdefault(label["of"], []).append((final[label["of"]] == "yes", label["value"] == "yes"))
    assert judged == pytest.approx(0.2 * ROWS, rel=0.05)
    # A value taken at random is sometimes the right one.
    assert np.mean(right) == pytest.approx(ACCURACY + (1 - ACCURACY) / 4, abs=0.01)
    assert len(settled) == 5
    for pairs in settled.values():
        yes = [said for right, said in pairs if right]
        no = [said for right, said in pairs if not right]
        assert np.mean(no) == pytest.approx(1 - SPECIFICITY, abs=0.01)
        if len(yes) > 300:
            assert np.mean(yes) == pytest.approx(SENSITIVITY, abs=0.05)


def test_what_was_done_is_mostly_what_the_pack_decides(folder: Path) -> None:
    done = Counter(table(folder / "still", "done")[0].to_pylist())
    assert 0.01 < done[""] / ROWS < 0.03
    assert 0.3 < done["|"] / ROWS < 0.7
    removed = sum(rows for words, rows in done.items() if "removed" in words.split("|"))
    assert 0.01 < removed / ROWS < 0.1
    assert set(table(folder / "truth", "done")[0].to_pylist()) == {""}
