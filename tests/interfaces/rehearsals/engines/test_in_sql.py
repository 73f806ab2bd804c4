"""What is counted in SQL is what is counted here, byte for byte; what SQL cannot count is refused or named."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from assay.engine.backtest.rehearsal import Rehearsal
from assay.engine.kernel.errors import Fault
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.vocabulary import SignalType
from assay.interfaces.packs import load_pack
from assay.interfaces.rehearsals.engines.in_sql import FORECAST_LEFT_OUT, LABELS_LEFT_OUT
from assay.interfaces.rehearsals.running import Settings
from tests.engine.program.sql.fixed_pack import the_pack
from tests.interfaces.rehearsals.engines.comparing import Bytes, as_bytes, rehearsed
from tests.interfaces.rehearsals.engines.drawn import write_history
from tests.interfaces.running import STARTER
from tests.makers import a_pack, a_rule, a_signal, a_vocabulary, packs

SMALL = a_vocabulary(a_signal("disclosed"), a_signal("likeness", "score"), a_signal("topic", "choice", ("a", "b")))
OLD = a_pack(a_rule("p/one", "likeness > 0.5", then=("removed",)), vocabulary=SMALL)
NEW = a_pack(
    a_rule("p/one", "likeness > 0.5 && !disclosed", then=("removed",)),
    a_rule("p/two", 'topic == "a"', then=("label:ai",), until_known=("label:ai",)),
    vocabulary=SMALL,
)


def without_a_rule(pack: Pack, dropped: int) -> Pack:
    """The pack without one of its rules."""
    gone = pack.rules[dropped % len(pack.rules)].ref
    policies = [replace(one, rules=tuple(rule for rule in one.rules if rule.ref != gone)) for one in pack.policies]
    return replace(pack, policies=tuple(policies), version="2.0.0")


def a_table(**columns: Any) -> Any:
    found = {
        "id": ["a", "b", "c", "d"],
        "day": pa.array([20_780] * 4, pa.int32()).cast(pa.date32()),
        "disclosed": [True, False, None, True],
        "likeness": [0.9, 0.2, None, 0.6],
        "topic": ["a", "b", None, "a"],
    } | columns
    return pa.table({name: values for name, values in found.items() if values is not None})


def refused(tmp_path: Path, **columns: Any) -> list[Fault]:
    pq.write_table(a_table(**columns), tmp_path / "history.parquet")
    found = rehearsed("duckdb", tmp_path / "history.parquet", OLD, NEW)
    assert isinstance(found, list), found.history
    return found


def agree(path: Path, old: Pack, new: Pack, asked: Settings | None = None) -> Bytes:
    here, there = (as_bytes(engine, path, old, new, asked) for engine in ("local", "duckdb"))
    assert there.counts == here.counts
    return here


@pytest.mark.parametrize("nulls", [True, False], ids=["nulls", "never null"])
@pytest.mark.parametrize("strata", [True, False], ids=["a sample", "every item"])
def test_a_pack_with_everything_is_counted_alike(tmp_path: Path, nulls: bool, strata: bool) -> None:
    pack = the_pack()
    path = write_history(tmp_path / "h.parquet", pack.vocabulary, 600, nulls=nulls, strata=strata, group=250)
    for rule in (0, 2, 4):
        assert agree(path, pack, without_a_rule(pack, rule)).rows == 600


@pytest.mark.slow
@pytest.mark.parametrize("nulls", [True, False], ids=["nulls", "never null"])
def test_the_starter_pack_is_counted_alike(tmp_path: Path, nulls: bool) -> None:
    pack = load_pack(STARTER)
    path = write_history(tmp_path / "h.parquet", pack.vocabulary, 3000, nulls=nulls, group=1000)
    agree(path, pack, without_a_rule(pack, 30))


@pytest.mark.slow
@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(pack=packs(), dropped=st.integers(0, 5), seed=st.integers(0, 99), nulls=st.booleans(), strata=st.booleans())
def test_any_pack_is_counted_alike(
    tmp_path: Path, pack: Pack, dropped: int, seed: int, nulls: bool, strata: bool
) -> None:
    assume(not any(signal.by_market and signal.type is SignalType.SET for signal in pack.vocabulary.signals))
    assume(not {signal.name for signal in pack.vocabulary.signals} & {"id", "day", "hour", "creator"})
    path = write_history(tmp_path / "h.parquet", pack.vocabulary, 120, seed=seed, nulls=nulls, strata=strata)
    agree(path, pack, without_a_rule(pack, dropped))


def test_one_market_a_part_of_the_days_and_several_files_are_counted_alike(tmp_path: Path) -> None:
    for seed in (1, 2):
        write_history(tmp_path / f"{seed}.parquet", SMALL, 300, seed=seed, first=seed * 1000)
    agree(tmp_path, OLD, NEW, Settings(least_rows=1, markets=("US",)))
    kept = agree(tmp_path, OLD, NEW, Settings(least_rows=1, since="2026-11-25", until="2026-12-05"))
    assert 0 < kept.rows < 600
    assert agree(tmp_path, OLD, NEW, Settings(least_rows=1, since="2027-11-25")).rows == 0


def test_a_column_of_two_types_is_refused(tmp_path: Path) -> None:
    for seed in (1, 2):
        write_history(tmp_path / f"{seed}.parquet", SMALL, 9, seed=seed, first=seed * 1000, nulls=seed == 1)
    found = rehearsed("duckdb", tmp_path, OLD, NEW)
    assert isinstance(found, list)
    assert found[0].words.startswith("the column `disclosed` has two types in the files, which is not written as SQL")


def test_a_history_without_views_strata_or_groups_is_counted_alike(tmp_path: Path) -> None:
    pq.write_table(a_table(), tmp_path / "h.parquet")
    assert agree(tmp_path / "h.parquet", OLD, NEW).rows == 4


def test_a_value_that_is_not_a_number_is_unknown_here_too(tmp_path: Path) -> None:
    pq.write_table(a_table(likeness=[0.9, math.nan, math.nan, 0.6]), tmp_path / "h.parquet")
    agree(tmp_path / "h.parquet", OLD, NEW)


def test_more_values_than_are_told_apart_are_joined_alike(tmp_path: Path) -> None:
    count = 230
    columns = {
        "id": [f"i{number}" for number in range(count)],
        "day": pa.array([20_780] * count, pa.int32()).cast(pa.date32()),
        "disclosed": [number % 3 == 0 for number in range(count)],
        "likeness": [number % 10 / 10 for number in range(count)],
        "topic": ["ab"[number % 2] for number in range(count)],
        "language": [f"l{number % 215}" for number in range(count)],
    }
    pq.write_table(pa.table(columns), tmp_path / "h.parquet")
    agree(tmp_path / "h.parquet", OLD, NEW)


def test_what_sql_does_not_give_is_said(tmp_path: Path) -> None:
    pq.write_table(a_table(), tmp_path / "plain.parquet")
    label = pa.struct([("of", pa.string()), ("value", pa.string())])
    labels = pa.array([[{"of": "removed", "value": "yes"}], None, None, None], pa.list_(label))
    pq.write_table(a_table(labels=labels), tmp_path / "labelled.parquet")
    for name, left in (("plain", [FORECAST_LEFT_OUT]), ("labelled", [FORECAST_LEFT_OUT, LABELS_LEFT_OUT])):
        found = rehearsed("duckdb", tmp_path / f"{name}.parquet", OLD, NEW)
        assert isinstance(found, Rehearsal)
        assert found.engine == "duckdb"
        assert [one for one in found.not_worked_out if one in (FORECAST_LEFT_OUT, LABELS_LEFT_OUT)] == left
        assert not found.cases
        assert not found.quality


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"topic": ["a", "c", None, "a"]}, "`topic`: 1 rows that have a value that is none"),
        ({"likeness": [1.5, 0.2, None, -0.1]}, "`likeness`: 2 rows that have a value that is none"),
        ({"disclosed": ["yes", "no", "perhaps", ""]}, "`disclosed`: 1 rows that have a value that is none"),
        ({"probability": [0.5, 0.0, 1.2, 1e-300]}, "`probability`: 3 rows that have a value that is none"),
        ({"hour": [1, 24, -1, None]}, "`hour`: 2 rows that have a value that is none"),
        ({"views:DE": [1, -5, None, 2**52]}, "`views:DE`: 2 rows that have a value that is none"),
        ({"subject": ["item", "account", "", None]}, "`subject`: 1 rows that are no items but accounts or campaigns"),
        ({"id": ["a", "b", "a", "d"]}, "some ids are wrong: duplicate-id"),
        ({"id": ["a", "", None, "d"]}, "some ids are wrong: bad-id, missing-id"),
    ],
)
def test_a_row_that_others_would_leave_out_is_counted_and_refuses_the_engine(
    tmp_path: Path, columns: dict[str, Any], words: str
) -> None:
    (fault,) = refused(tmp_path, **columns)
    assert (fault.slug, fault.words.partition(";")[0]) == ("wrong-rows", words)
    assert "`--engine local`" in fault.words


def test_strata_of_several_probabilities_are_refused(tmp_path: Path) -> None:
    (fault,) = refused(tmp_path, stratum=["x", "x", "y", "y"], probability=[0.5, 0.25, 0.5, 1.0])
    assert fault.slug == "uneven-stratum"
    assert "in the stratum `x` rows were drawn with several probabilities" in fault.words


def test_a_form_that_is_not_written_as_sql_is_refused(tmp_path: Path) -> None:
    timed = a_vocabulary(a_signal("signed_at", "time"), a_signal("disclosed"))
    pack = a_pack(a_rule("p/one", 'signed_at > timestamp("2026-01-01T00:00:00Z")'), vocabulary=timed)
    times = pa.array([1, 2, 3, 4], pa.timestamp("ns", "UTC"))
    pq.write_table(a_table(signed_at=times), tmp_path / "h.parquet")
    found = rehearsed("duckdb", tmp_path / "h.parquet", pack, pack)
    assert isinstance(found, list)
    assert found[0].slug == "not-pushed"
    assert "`signed_at` is a time in a column of timestamp[ns" in found[0].words


def test_a_damaged_row_group_ends_with_the_engines_own_words(tmp_path: Path) -> None:
    path = tmp_path / "h.parquet"
    pq.write_table(a_table(), path, compression="none", use_dictionary=False)
    content = bytearray(path.read_bytes())
    content[8:40] = b"\xff" * 32
    path.write_bytes(bytes(content))
    found = rehearsed("duckdb", path, OLD, NEW)
    assert isinstance(found, list)
    assert {fault.slug for fault in found} <= {"engine-failed", "wrong-rows"}
