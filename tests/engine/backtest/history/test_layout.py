from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from assay.engine.backtest.history.layout import (
    LABEL,
    RESERVED,
    column_faults,
    history_schema,
    signal_faults,
    signal_field,
    unknown_columns,
)
from assay.engine.backtest.history.needs import Needs
from tests.engine.backtest.history.rows import PACK, VOCABULARY, needed
from tests.makers import a_signal, a_vocabulary

SOUND = {"id": pa.string(), "day": pa.date32()}


def slugs(**columns: Any) -> list[tuple[str, str | None]]:
    given = {name.replace("__", ":"): kind for name, kind in columns.items()}
    return [(fault.slug, fault.field) for fault in column_faults(pa.schema({**SOUND, **given}), needed())]


def test_what_we_write_has_nothing_wrong_with_it() -> None:
    schema = history_schema(VOCABULARY, ("DE", "US-CA", "*"), ("language", "cohort", "surface"), RESERVED)
    assert column_faults(schema, needed()) == []
    assert unknown_columns(schema.names, needed()) == []


def test_id_and_day_must_be_there() -> None:
    found = column_faults(pa.schema({"ids": pa.string(), "days": pa.date32()}), needed())
    assert [(fault.slug, fault.field) for fault in found] == [("missing-column", "id"), ("missing-column", "day")]
    assert "did you mean `days`?" in found[1].words


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("id", pa.int64()),
        ("day", pa.string()),
        ("hour", pa.float64()),
        ("subject", pa.int8()),
        ("creator", pa.int64()),
        ("stratum", pa.bool_()),
        ("probability", pa.string()),
        ("done", pa.list_(pa.string())),
        ("labels", pa.string()),
        ("labels", pa.list_(pa.string())),
        ("labels", pa.list_(pa.struct({"of": pa.string()}))),
        ("labels", pa.list_(pa.struct({"of": pa.string(), "value": pa.string(), "at": pa.timestamp("us")}))),
        ("views:DE", pa.float64()),
        ("language", pa.int64()),
        ("disclosed", pa.int64()),
        ("extent", pa.int64()),
        ("technique", pa.int64()),
        ("followers", pa.string()),
        ("followers", pa.dictionary(pa.int32(), pa.string())),
        ("detector", pa.string()),
        ("caption", pa.int64()),
        ("uploaded", pa.timestamp("us")),
        ("uploaded", pa.int64()),
        ("runs_for", pa.int64()),
        ("ordered", pa.string()),
        ("ordered", pa.map_(pa.int64(), pa.string())),
        ("ordered", pa.map_(pa.string(), pa.int64())),
    ],
)
def test_a_column_of_a_type_that_cannot_be_is_a_fault_that_names_it(name: str, kind: Any) -> None:
    assert slugs(**{name: kind}) == [("wrong-type", name)]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("id", pa.large_string()),
        ("day", pa.date64()),
        ("day", pa.timestamp("ns")),
        ("day", pa.timestamp("s", "Asia/Seoul")),
        ("hour", pa.uint8()),
        ("hour", pa.null()),
        ("probability", pa.float32()),
        ("probability", pa.int8()),
        ("views:*", pa.uint32()),
        ("labels", pa.list_(LABEL)),
        ("labels", pa.null()),
        ("labels", pa.large_list(pa.struct({"of": pa.string(), "value": pa.string()}))),
        ("disclosed", pa.bool_()),
        ("disclosed", pa.string()),
        ("technique", pa.list_(pa.string())),
        ("followers", pa.decimal128(10, 2)),
        ("detector", pa.float32()),
        ("uploaded", pa.timestamp("s", "UTC")),
        ("uploaded", pa.string()),
        ("runs_for", pa.duration("ms")),
        ("ordered", pa.map_(pa.string(), pa.dictionary(pa.int32(), pa.string()))),
        ("ordered", pa.null()),
    ],
)
def test_a_column_that_can_be_read_is_no_fault(name: str, kind: Any) -> None:
    assert slugs(**{name: kind}) == []


def test_views_in_a_market_that_nobody_knows_are_a_fault_with_the_nearest_one() -> None:
    (fault,) = column_faults(pa.schema({**SOUND, "views:us-ca": pa.int64()}), needed())
    assert fault.slug == "unknown-market" and "did you mean `US-CA`?" in fault.words


def test_a_column_that_comes_twice_is_a_fault() -> None:
    schema = pa.schema([("id", pa.string()), ("day", pa.date32()), ("extent", pa.string()), ("extent", pa.string())])
    assert [(fault.slug, fault.field) for fault in column_faults(schema, needed())] == [("duplicate-column", "extent")]


def test_a_signal_with_a_name_of_the_layout_is_a_fault() -> None:
    needs = Needs.of_vocabulary(a_vocabulary(a_signal("day")), PACK.markets.codes, frozenset())
    assert [fault.slug for fault in column_faults(pa.schema(SOUND), needs)] == ["reserved-name"]


def test_columns_that_nobody_knows_are_left_aside() -> None:
    assert unknown_columns([*SOUND, "views:DE", "cohort", "extent", "title"], needed()) == ["title"]


@pytest.mark.parametrize("signal", VOCABULARY.signals, ids=lambda signal: signal.name)
def test_every_type_of_signal_can_be_read_in_the_form_in_which_it_is_written(signal: Any) -> None:
    assert signal_faults(signal, signal_field(signal).type) == []
