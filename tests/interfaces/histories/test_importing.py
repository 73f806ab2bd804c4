from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay.engine.backtest.history.block import Label
from assay.engine.backtest.history.layout import LABEL
from assay.engine.kernel.instants import parse_instant
from assay.interfaces.histories.importing import run
from assay.interfaces.histories.importing.incoming import Asked, Imported
from assay.interfaces.histories.importing.run import import_history
from tests.engine.backtest.history.rows import PACK, a_batch, value_at
from tests.interfaces.histories.made import ids, opened, prepared, read_all

DAY = "2026-10-01"


def imported(source: Path, **options: Any) -> tuple[Imported, list[dict[str, Any]], Path]:
    """What an import came to, its rejects, and the file it wrote."""
    out, rejects = source.parent / "out.parquet", io.BytesIO()
    found = import_history(Asked(source, out, PACK, **options), rejects)
    assert isinstance(found, Imported), found
    return found, [json.loads(line) for line in rejects.getvalue().splitlines()], out


def of_lines(folder: Path, *records: Mapping[str, object] | str, **options: Any) -> Any:
    path = folder / "items.jsonl"
    path.write_text("\n".join(each if isinstance(each, str) else json.dumps(each) for each in records), "utf-8")
    return imported(path, **options)


def of_csv(folder: Path, text: str, **options: Any) -> Any:
    path = folder / "items.csv"
    path.write_text(text, "utf-8")
    return imported(path, **options)


def of_parquet(folder: Path, batch: Any, **options: Any) -> Any:
    path = folder / "items.parquet"
    pq.write_table(pa.Table.from_batches([batch]), path)
    return imported(path, **options)


def values(path: Path, name: str) -> list[object]:
    """A signal's values, as reading the history gives them."""
    blocks, refusals = read_all(prepared(path))
    assert not refusals.listed()
    found: list[object] = []
    for block in blocks:
        column = block.block.columns.get(name)
        found += [None if column is None else value_at(column, row) for row in range(block.rows)]
    return found


RECORD: dict[str, object] = {
    "id": "a",
    "day": "2026-10-01T13:45:00Z",
    "creator": "c1",
    "language": "de",
    "cohort": "new",
    "stratum": "high",
    "probability": 0.5,
    "done": ["removed", "label:ai"],
    "views": {"DE": 10, "*": None},
    "labels": [{"of": "removed", "value": "yes", "by": "ada", "at": "2026-10-02T10:00:00Z", "final": True}],
    "disclosed": True,
    "extent": "altered",
    "technique": ["face_swap", "voice_clone"],
    "followers": 12,
    "detector": 0.25,
    "caption": "",
    "uploaded": "2026-09-30T10:00:00Z",
    "runs_for": "36h",
    "surface": "ads",
    "ordered": {"DE": "removal", "*": "none"},
}


def test_everything_that_a_record_says_is_in_the_history(tmp_path: Path) -> None:
    found, rejects, out = of_lines(tmp_path, RECORD)
    assert (found.given, found.kept, found.refused, rejects) == (1, 1, 0, [])
    (block,), refusals = read_all(prepared(out))
    assert not refusals.listed() and ids([block]) == ["a"]
    assert block.block.as_of == parse_instant(DAY) and block.hours is not None and block.hours.tolist() == [13]
    assert block.creators is not None and block.done is not None
    words = {name: group.names[group.codes[0]] for name, group in block.groups.items()}
    assert words == {"language": "de", "cohort": "new", "surface": "ads"}
    assert block.stratum.names[block.stratum.codes[0]] == "high" and block.probability.tolist() == [0.5]
    assert block.done.names[block.done.codes[0]] == "label:ai|removed"
    assert {market: views.tolist() for market, views in block.views.items()} == {"DE": [10], "*": [-1]}
    assert block.labels == (Label(0, "removed", "yes", "ada", parse_instant("2026-10-02T10:00:00Z"), final=True),)
    columns = block.block.columns
    known = {name: value_at(column, 0) for name, column in columns.items()}
    assert known["technique"] == frozenset({"face_swap", "voice_clone"}) and known["followers"] == 12
    assert known["caption"] == "" and known["disclosed"] is True and known["detector"] == 0.25
    assert known["uploaded"] == parse_instant("2026-09-30T10:00:00Z") and known["runs_for"] == 36 * 3600 * 1_000_000
    by_market = {market: value_at(column, 0) for market, column in block.block.by_market["ordered"].items()}
    assert by_market == {"DE": "removal", "*": "none"}


def test_signals_may_stand_in_an_object_of_their_own_as_in_item_records(tmp_path: Path) -> None:
    _, _, out = of_lines(tmp_path, {"id": "a", "day": DAY, "signals": {"extent": "none", "disclosed": None}})
    assert (values(out, "extent"), values(out, "disclosed")) == (["none"], [None])


@pytest.mark.parametrize(
    ("change", "slug", "field"),
    [
        ({"id": None}, "bad-id", "id"),
        ({"id": ""}, "bad-id", "id"),
        ({"id": "x" * 600}, "bad-id", "id"),
        ({"day": None}, "missing-day", "day"),
        ({"day": "1.10.2026"}, "bad-day", "day"),
        ({"day": "2026-10-01 10:00:00"}, "bad-day", "day"),
        ({"day": "1999-10-01"}, "day-outside", "day"),
        ({"hour": 24}, "bad-hour", "hour"),
        ({"hour": "noon"}, "bad-hour", "hour"),
        ({"probability": 0}, "bad-probability", "probability"),
        ({"probability": 1.01}, "bad-probability", "probability"),
        ({"probability": "often"}, "bad-probability", "probability"),
        ({"probability": True}, "bad-probability", "probability"),
        ({"probability": 1e-300}, "bad-probability", "probability"),
        ({"views:DE": 2**53}, "bad-views", "views:DE"),
        ({"views:DE": -1}, "bad-views", "views:DE"),
        ({"views:DE": 1.5}, "bad-views", "views:DE"),
        ({"views:XX": 1}, "unknown-market", "views:"),
        ({"subject": "post"}, "bad-subject", "subject"),
        ({"creator": ["a"]}, "wrong-type", "creator"),
        ({"done": [1]}, "wrong-type", "done"),
        ({"extent": "altred"}, "unknown-value", "extent"),
        ({"technique": "face_swap"}, "wrong-type", "technique"),
        ({"detector": 2}, "out-of-range", "detector"),
        ({"followers": 1.5}, "wrong-type", "followers"),
        ({"disclosed": "yes"}, "wrong-type", "disclosed"),
        ({"ordered": {"XX": "none"}}, "unknown-market", "ordered"),
        ({"assertions": []}, "unresolved", None),
        ({"views": 3}, "wrong-type", "signals"),
    ],
)
def test_a_wrong_row_costs_itself_and_is_named(
    tmp_path: Path, change: dict[str, object], slug: str, field: str | None
) -> None:
    wrong = {"id": "b", "day": DAY, **change}
    found, rejects, out = of_lines(tmp_path, {"id": "a", "day": DAY}, wrong, {"id": "c", "day": DAY})
    assert [(each["line"], each["slug"], each["field"]) for each in rejects] == [(2, slug, field)]
    assert (found.given, found.kept, dict(found.rejects.counts)) == (3, 2, {slug: 1})
    assert ids(read_all(prepared(out))[0]) == ["a", "c"]


def test_lines_that_are_none_and_ids_that_come_again_are_named(tmp_path: Path) -> None:
    record = {"id": "a", "day": DAY}
    found, rejects, _ = of_lines(tmp_path, record, "{", "[1]", record, '{"id": "b", "id": "c"}')
    assert [each["slug"] for each in rejects] == ["broken-json", "not-a-record", "duplicate-id", "duplicate-key"]
    assert (found.given, found.kept) == (5, 1)


def test_a_wrong_label_is_left_out_and_its_row_stays(tmp_path: Path) -> None:
    good = {"of": "removed", "value": True}
    labels = [{"of": "remved", "value": "yes"}, good, {"of": "extent", "value": "altred"}, "x", {**good, "at": "soon"}]
    found, rejects, out = of_lines(tmp_path, {"id": "a", "day": DAY, "labels": labels})
    assert (found.given, found.kept) == (1, 1) and not found.rejects.counts and found.rejects.beside.total() == 1
    (reject,) = rejects
    assert reject["decided"] and [reject["slug"], *(each["slug"] for each in reject["also"])] == [
        "unknown-label",
        "bad-label",
        "bad-label",
        "bad-label",
    ]
    assert [(label.of, label.value) for label in read_all(prepared(out))[0][0].labels] == [("removed", "yes")]


def test_names_that_nobody_knows_are_left_aside_and_counted(tmp_path: Path) -> None:
    found, _, out = of_lines(
        tmp_path, {"id": "a", "day": DAY, "extnt": "none"}, {"id": "b", "day": DAY, "extnt": None, "extent": "none"}
    )
    assert found.aside == {"extnt": 1} and values(out, "extent") == [None, "none"]


def test_columns_with_other_names_are_told_by_a_mapping(tmp_path: Path) -> None:
    text = "upload,when,de,all,ai\nu1,2026-10-01,3,,altered\n"
    called = {"upload": "id", "when": "day", "de": "views:DE", "all": "views:*", "ai": "extent"}
    found, rejects, out = of_csv(tmp_path, text, called=called)
    assert not rejects and found.kept == 1 and opened(out).markets == ("DE", "*")
    assert ids(read_all(prepared(out))[0]) == ["u1"] and values(out, "extent") == ["altered"]


@pytest.mark.parametrize("way", ["csv", "json", "parquet"])
def test_names_may_change_places(tmp_path: Path, way: str) -> None:
    called = {"caption": "extent", "extent": "caption"}
    if way == "csv":
        _, rejects, out = of_csv(tmp_path, f"id,day,caption,extent\na,{DAY},none,hello\n", called=called)
    elif way == "json":
        record = {"id": "a", "day": DAY, "caption": "none", "extent": "hello"}
        _, rejects, out = of_lines(tmp_path, record, called=called)
    else:
        batch = a_batch({"caption": ["none"], "extent": ["hello"]}, rows=1)
        _, rejects, out = of_parquet(tmp_path, batch, called=called)
    assert not rejects and (values(out, "extent"), values(out, "caption")) == (["none"], ["hello"])


def test_an_empty_cell_is_unknown_and_a_bar_is_the_empty_set(tmp_path: Path) -> None:
    text = "id,day,technique,detector,caption,disclosed,ordered\n"
    rows = f'a,{DAY},|,,,,\nb,{DAY},face_swap|voice_clone,0.5,"x, y",no,"{{""DE"": ""removal""}}"\n'
    found, rejects, out = of_csv(tmp_path, text + rows)
    assert not rejects and found.kept == 2
    assert values(out, "technique") == [frozenset(), frozenset({"face_swap", "voice_clone"})]
    assert (values(out, "detector"), values(out, "caption")) == ([None, 0.5], [None, "x, y"])
    assert values(out, "disclosed") == [None, False]


def test_a_table_without_ids_cannot_be_imported_at_all(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text(f"name,day\na,{DAY}\n")
    found = import_history(Asked(path, tmp_path / "out.parquet", PACK))
    assert isinstance(found, list) and [fault.slug for fault in found] == ["missing-id-column"]
    pq.write_table(pa.table({"name": ["a"]}), tmp_path / "items.parquet")
    found = import_history(Asked(tmp_path / "items.parquet", tmp_path / "out.parquet", PACK))
    assert isinstance(found, list) and [fault.field for fault in found] == ["id", "day"]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["items.csv", "items.parquet"]


@pytest.mark.parametrize("name", ["items.csv", "items.jsonl"])
def test_an_empty_source_gives_a_history_of_no_rows(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")
    found, rejects, out = imported(tmp_path / name)
    assert (found.given, found.kept, rejects) == (0, 0, []) and opened(out).rows == 0


def test_views_that_come_late_are_named_and_can_be_announced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from assay.interfaces.histories.importing import from_text

    monkeypatch.setattr(from_text, "_FIRST", 2)
    records = [{"id": f"i{row}", "day": DAY} for row in range(3)] + [{"id": "z", "day": DAY, "views:DE": 4}]
    found, rejects, _ = of_lines(tmp_path, *records)
    assert found.kept == 3 and [(each["slug"], each["field"]) for each in rejects] == [("late-views", "views:DE")]
    found, rejects, out = of_lines(tmp_path, *records, views=("DE",))
    assert found.kept == 4 and not rejects and opened(out).markets == ("DE",)


@pytest.mark.parametrize(
    ("change", "named", "design"),
    [
        ({}, None, "census"),
        ({"probability": 1}, None, "census"),
        ({"probability": 0.5}, None, "simple"),
        ({"probability": 0.5, "stratum": "high"}, None, "stratified"),
        ({"probability": 0.5}, "poisson", "poisson"),
    ],
)
def test_the_design_is_the_one_named_or_the_one_that_rows_show(
    tmp_path: Path, change: dict[str, object], named: str | None, design: str
) -> None:
    _, _, out = of_lines(tmp_path, {"id": "a", "day": DAY, **change}, design=named)
    assert opened(out).design == design


def test_nothing_half_done_is_left_where_an_import_is_broken_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaking(*_: object) -> None:
        raise KeyboardInterrupt

    (tmp_path / "items.jsonl").write_text(json.dumps({"id": "a", "day": DAY}))
    (tmp_path / "out.parquet").write_text("what was there before")
    monkeypatch.setattr(run, "_gathered", breaking)
    with pytest.raises(KeyboardInterrupt):
        imported(tmp_path / "items.jsonl")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["items.jsonl", "out.parquet"]
    assert (tmp_path / "out.parquet").read_text() == "what was there before"


def test_row_groups_have_one_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "GROUP_ROWS", 4)
    monkeypatch.setattr("assay.interfaces.histories.importing.from_text._AT_ONCE", 3)
    _, _, out = of_lines(tmp_path, *[{"id": f"i{row}", "day": DAY, "extent": "none"} for row in range(10)])
    assert [piece.rows for piece in opened(out).pieces] == [4, 4, 2]
    assert ids(read_all(prepared(out))[0]) == [f"i{row}" for row in range(10)]


# ------------------------------------------------------------------- decisions


def a_decision(**others: object) -> dict[str, object]:
    outcomes = [{"markets": ["DE"], "applied": ["blocked"]}, {"markets": ["rest"], "applied": ["removed", "label:ai"]}]
    record: dict[str, object] = {"schema": "assay.decision/1", "item": "a", "subject": "item", "outcomes": outcomes}
    return {**record, "as_of": "2026-10-01T13:45:00Z", "signals": {"extent": "none", "disclosed": True}, **others}


def test_decision_records_become_history_with_what_was_done_where_no_rule_tells_markets_apart(tmp_path: Path) -> None:
    found, rejects, out = of_lines(
        tmp_path,
        a_decision(),
        a_decision(item="b", outcomes=[{"markets": ["rest"], "applied": []}]),
        a_decision(item="c", outcomes=[{"markets": ["DE"], "applied": ["blocked"]}]),
    )
    assert found.kept == 3 and not rejects and not found.aside
    (block,), _ = read_all(prepared(out))
    assert ids([block]) == ["a", "b", "c"] and block.markets == ("*",)
    assert block.done is not None
    assert [block.done.names[code] for code in block.done.codes] == ["label:ai|removed", "|", ""]
    assert block.hours is not None and block.hours.tolist() == [13, 13, 13]
    assert values(out, "extent") == ["none"] * 3 and values(out, "disclosed") == [True] * 3


def test_a_real_decision_record_can_be_imported(tmp_path: Path) -> None:
    from assay.engine.decision.decide import Decider
    from assay.engine.decision.item import Item
    from assay.engine.decision.record import RecordWriter

    decider = Decider(replace(PACK, windows=()))
    item = Item.from_signals({"extent": "generated", "disclosed": False}, PACK.vocabulary, id="a", markets=PACK.markets)
    assert isinstance(item, Item)
    as_of = parse_instant("2026-10-01T13:45:00Z")
    assert as_of is not None
    record = RecordWriter(decider).write(decider.decide(item, as_of, None))
    found, rejects, out = of_lines(tmp_path, record.decode())
    assert found.kept == 1 and not rejects
    (block,), _ = read_all(prepared(out))
    assert block.done is not None and block.done.names[block.done.codes[0]] == "removed"


# --------------------------------------------------------------------- parquet


def test_a_parquet_table_is_checked_as_a_history_is_and_its_wrong_rows_are_written_down(tmp_path: Path) -> None:
    batch = a_batch(
        {"id": ["a", None, "a", "d", "e"], "extent": ["none", "none", "none", "altred", "none"]},
        rows=5,
        probability=[1.0, 1.0, 1.0, 0.0, 0.5],
        title=["x"] * 5,
    )
    found, rejects, out = of_parquet(tmp_path, batch)
    assert (found.given, found.kept, found.refused) == (5, 2, 3) and found.aside == {"title": 5}
    assert [(each["row"], each["id"], each["slug"]) for each in rejects] == [
        (2, None, "missing-id"),
        (3, "a", "duplicate-id"),
        (4, "d", "bad-probability"),
        (4, "d", "unknown-value"),
    ]
    assert ids(read_all(prepared(out))[0]) == ["a", "e"]


def test_numbers_may_be_ids_and_an_instant_gives_day_and_hour(tmp_path: Path) -> None:
    moments = [datetime(2026, 10, 1, 23, 59, tzinfo=UTC), datetime(2026, 10, 2, 0, 0, tzinfo=UTC)]
    batch = a_batch({"id": [7, 8], "creator": [1, 1]}, rows=2, day=pa.array(moments, pa.timestamp("ms", "UTC")))
    found, rejects, out = of_parquet(tmp_path, batch)
    assert found.kept == 2 and not rejects
    (block,), _ = read_all(prepared(out))
    assert ids([block]) == ["7", "8"] and block.hours is not None and block.hours.tolist() == [23, 0]


def test_damage_in_a_table_costs_its_row_group(tmp_path: Path) -> None:
    from tests.interfaces.histories.made import some_rows, spoil, write

    path = write(tmp_path / "items.parquet", some_rows(0, 3), some_rows(3, 4), write_page_checksum=True)
    spoil(path, 0)
    found, rejects, out = imported(path)
    assert (found.given, found.kept) == (7, 4) and [each["slug"] for each in rejects] == ["unreadable-rows"]
    assert ids(read_all(prepared(out))[0]) == ["i3", "i4", "i5", "i6"]


def test_wrong_labels_of_a_table_are_left_out_and_their_rows_stay(tmp_path: Path) -> None:
    labels = [[{"of": "remved", "value": "yes", "by": "", "at": None, "final": None}], None]
    found, rejects, out = of_parquet(tmp_path, a_batch(rows=2, labels=pa.array(labels, pa.list_(LABEL))))
    assert (found.kept, found.refused) == (2, 0) and [each["decided"] for each in rejects] == [True]
    assert len(ids(read_all(prepared(out))[0])) == 2


def test_a_history_that_is_imported_keeps_the_design_that_it_names(tmp_path: Path) -> None:
    from assay.engine.backtest.history.layout import DESIGN_KEY
    from tests.interfaces.histories.made import write

    columns = {"probability": [0.5, 0.5, 0.1], "stratum": ["a", "a", "b"]}
    path = write(tmp_path / "items.parquet", a_batch(columns), metadata={DESIGN_KEY: b"poisson"})
    assert opened(imported(path)[2]).design == "poisson"
    path = write(tmp_path / "items.parquet", a_batch(columns))
    assert opened(imported(path)[2]).design == "stratified"
