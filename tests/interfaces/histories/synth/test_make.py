"""A made-up history is read without a refusal, is the same again for the same seed, and is what its recipe says."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assay.engine.backtest.history.layout import DESIGNS, ONE_STRATUM
from assay.engine.language.pack.vocabulary import SignalType
from assay.interfaces.histories.synth.recipe import Recipe
from assay.interfaces.packs import load_pack
from tests.interfaces.histories.made import opened
from tests.interfaces.histories.synth.made_up import EDITIONS, STARTER, blocks_of, edition, made_up, table
from tests.makers import a_pack, a_rule, a_signal, a_vocabulary

PACKS = [STARTER, *(EDITIONS / str(year) for year in range(2022, 2026))]
SMALL = Recipe(3000, 7)


def assert_read_without_a_refusal(folder: Path, design: str, place: Path) -> None:
    pack = load_pack(folder)
    recipe = replace(SMALL, design=design, sample=None if design == "census" else 400, drift=True)
    made = made_up([pack], place / "h.parquet", recipe, place / "t.parquet")
    blocks = blocks_of(place / "h.parquet", [pack])
    assert sum(block.rows for block in blocks) == made.rows
    assert (made.rows == 3000) is (design == "census")
    assert opened(place / "h.parquet").design == design
    whole = blocks_of(place / "t.parquet", [pack])
    assert sum(block.rows for block in whole) == 3000


@pytest.mark.parametrize("design", DESIGNS)
def test_a_history_of_every_design_is_read_without_a_refusal(design: str, tmp_path: Path) -> None:
    assert_read_without_a_refusal(EDITIONS / "2025", design, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("folder", PACKS, ids=lambda folder: folder.name)
@pytest.mark.parametrize("design", DESIGNS)
def test_every_pack_reads_its_history_without_a_refusal(folder: Path, design: str, tmp_path: Path) -> None:
    assert_read_without_a_refusal(folder, design, tmp_path)


def test_a_history_for_two_editions_holds_what_both_know(tmp_path: Path) -> None:
    packs = [edition(2024), edition(2025)]
    made_up(packs, tmp_path / "h.parquet", SMALL)
    assert blocks_of(tmp_path / "h.parquet", packs)
    names = set(table(tmp_path / "h.parquet").column_names)
    assert {"miscaptioned", "ai_part"} <= names
    # 2025 alone knows `sexualised`, and a row that said so could not be decided by 2024.
    assert not any("sexualised" in (word or "") for word in table(tmp_path / "h.parquet", "portrayal")[0].to_pylist())


def test_signals_of_every_type_are_made_up(tmp_path: Path) -> None:
    signals = [a_signal(f"own.{kind}", kind) for kind in SignalType]
    signals += [a_signal(f"there.{kind}", kind, scope="market") for kind in SignalType]
    signals += [a_signal("count", "number", integer=True, minimum=0, maximum=9), a_signal("size", "number", maximum=-1)]
    conditions = ['own.text.contains("sale")', "count >= 4", "own.number < 12.5", 'own.duration > duration("36h")']
    rules = [a_rule(f"p/r{number}", when) for number, when in enumerate(conditions)]
    pack = a_pack(*rules, vocabulary=a_vocabulary(*signals))
    made_up([pack], tmp_path / "h.parquet", replace(SMALL, missing=0.3))
    (block,) = blocks_of(tmp_path / "h.parquet", [pack])
    assert {signal.name for signal in signals} == {*block.block.columns, *block.block.by_market}
    given = table(tmp_path / "h.parquet")
    texts = given["own.text"].to_pylist()
    assert None in texts and any("sale" in (text or "") for text in texts)
    counts = given["count"].to_numpy()
    assert np.isnan(counts).any() and set(counts[~np.isnan(counts)]) <= set(range(10))
    assert np.nanmax(given["size"].to_numpy()) <= -1
    assert {type(value) for value in given["own.duration"].to_pylist()} >= {type(None)}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    pack = edition(2025)
    recipe = Recipe(70_000, 3, design="stratified", sample=2000, drift=True)
    files = [tmp_path / name for name in ("a", "b", "c")]
    for path, seed in zip(files, (3, 3, 4), strict=True):
        made_up([pack], path, replace(recipe, seed=seed))
    first, again, other = [path.read_bytes() for path in files]
    assert first == again
    assert first != other


def test_a_sample_says_of_each_upload_what_the_whole_says_or_nothing(tmp_path: Path) -> None:
    pack = edition(2025)
    made_up([pack], tmp_path / "h", Recipe(5000, 5, design="simple", sample=500), tmp_path / "t")
    taken, whole = table(tmp_path / "h").to_pylist(), {row["id"]: row for row in table(tmp_path / "t").to_pylist()}
    aside = {"stratum", "probability", "done", "labels"}
    unknown = 0
    for row in taken:
        for name, value in row.items():
            if name in aside:
                continue
            if value != whole[row["id"]][name]:
                assert value in ("", None) or value != value, (name, value)  # noqa: PLR0124
                assert name in pack.vocabulary.by_name
                unknown += 1
    assert unknown > 100


def test_probabilities_are_the_shares_that_were_taken(tmp_path: Path) -> None:
    pack = edition(2025)
    recipe = Recipe(140_000, 6, design="stratified", sample=6000)
    made = made_up([pack], tmp_path / "h", recipe)
    given = table(tmp_path / "h", "stratum", "probability")
    strata, probability = given["stratum"].to_pylist(), given["probability"].to_numpy()
    assert made.rows == 6000 == len(strata)
    assert (1 / probability).sum() == pytest.approx(140_000)
    for name, rows in Counter(strata).items():
        taken, stands_for = made.strata[name]
        assert rows == taken
        assert len({share for share, stratum in zip(probability, strata, strict=True) if stratum == name}) == 1
        assert stands_for == pytest.approx(round(stands_for))
    assert made.strata["most seen"][0] == pytest.approx(made.strata["most seen"][1])
    assert made.strata["low"][1] > 100_000


def test_poisson_samples_stand_for_about_all_uploads(tmp_path: Path) -> None:
    sizes = []
    for seed in range(8):
        made_up([edition(2025)], tmp_path / "h", Recipe(20_000, seed, design="poisson", sample=1000))
        given = table(tmp_path / "h", "stratum", "probability")
        assert set(given["stratum"].to_pylist()) == {ONE_STRATUM}
        sizes.append((1 / given["probability"].to_numpy()).sum())
    assert abs(np.mean(sizes) - 20_000) < 4 * np.std(sizes) / len(sizes) ** 0.5


def test_a_history_without_uploads_is_a_history(tmp_path: Path) -> None:
    for design in ("census", "stratified"):
        made = made_up([edition(2025)], tmp_path / "h", Recipe(0, 1, design=design))
        assert made.rows == 0
        assert blocks_of(tmp_path / "h", [edition(2025)]) == []


def test_more_rows_are_asked_for_than_there_are_and_all_are_taken(tmp_path: Path) -> None:
    made = made_up([edition(2025)], tmp_path / "h", Recipe(30, 1, design="stratified", sample=30))
    assert made.rows == 30


def test_the_file_says_how_it_was_made(tmp_path: Path) -> None:
    pack = edition(2025)
    made_up([pack], tmp_path / "h", replace(SMALL, drift=True))
    keys = table(tmp_path / "h").schema.metadata
    said = json.loads(keys[b"assay.synth"])
    assert (said["seed"], said["rows"], said["drift"], said["packs"]) == (7, 3000, True, [pack.digest])


def test_row_groups_are_filled_from_several_parts(tmp_path: Path) -> None:
    made_up([edition(2022)], tmp_path / "h", Recipe(200_000, 1, labels=0))
    assert [piece.rows for piece in opened(tmp_path / "h").pieces] == [131_072, 68_928]


def test_a_run_that_is_stopped_leaves_no_file(tmp_path: Path) -> None:
    def stop(done: int, rows: int) -> None:
        if done:
            raise KeyboardInterrupt

    from assay.interfaces.histories.synth.make import synthesise

    with pytest.raises(KeyboardInterrupt):
        synthesise([edition(2022)], SMALL, tmp_path / "h", tmp_path / "t", stop)
    assert list(tmp_path.iterdir()) == []
