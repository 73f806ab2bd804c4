"""Segments become Parquet that is read as history, every record in it, and go only once that has been read back."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from math import isnan
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings

from assay.engine.decision.decide import Decider
from assay.engine.decision.item import Item
from assay.engine.decision.record import RecordWriter
from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import parse_instant
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.vocabulary import Vocabulary
from assay.interfaces.stores.entry import Entry
from assay.interfaces.stores.files import record_files, records_in
from assay.interfaces.stores.keeper import Keeper
from assay.interfaces.stores.opening import open_store
from assay.interfaces.stores.recent import recent_keys
from assay.interfaces.stores.rotation import rotating
from assay.interfaces.stores.rotation.rotating import Rotated, rotate
from assay.interfaces.stores.rotation.tables import write_table
from assay.interfaces.stores.segments.names import ROTATING
from assay.interfaces.stores.segments.reading import StoredRecord
from assay.interfaces.stores.segments.system import Lock
from assay.interfaces.stores.segments.writer import Limits
from assay.interfaces.stores.settings import StoreSettings
from assay.interfaces.stores.verifying import verify_file
from tests.interfaces.histories.made import spoil
from tests.interfaces.histories.test_import_law import Said, pack_of, read_back, tables
from tests.interfaces.stores.making import asked, shown, some_entries, write

NOON = parse_instant("2026-10-03T12:30:00Z") or 0


def decided(pack: Pack, said: Sequence[dict[str, Any]], key: str = "") -> list[Entry]:
    """Decisions on items that say something, as entries."""
    decider, vocabulary = Decider(pack), pack.vocabulary
    writer, found = RecordWriter(decider), []
    for number, signals in enumerate(said):
        item = Item.from_signals(signals, vocabulary, id=f"upload-{number}", markets=pack.markets)
        assert isinstance(item, Item), item
        found.append(Entry(writer.parts(decider.decide(item, NOON)), item.id, key and f"{key} {number}"))
    return found


def rotated(folder: Path) -> list[Path]:
    found = list(rotate(folder))
    assert all(isinstance(each, Rotated) for each in found), found
    return sorted(folder.glob("*.parquet"))


@given(tables())
@settings(max_examples=40, deadline=None)
def test_what_records_say_is_the_history_that_is_read(table: tuple[Vocabulary, Sequence[Said]]) -> None:
    vocabulary, rows = table
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        entries = decided(pack_of(vocabulary), [_written(vocabulary, said) for said in rows])
        write(folder, [entries])
        files = rotated(folder)
        assert len(files) == bool(rows)
        for path in files:
            assert shown([each for each in records_in(path) if isinstance(each, StoredRecord)]) == asked(entries)
            ids, found = read_back(path, vocabulary)
            assert ids == [entry.item for entry in entries] and list(found) == list(rows)


def _written(vocabulary: Vocabulary, said: Said) -> dict[str, Any]:
    from tests.interfaces.histories.test_import_law import written

    return {name: written(vocabulary.by_name[name], value) for name, value in said.items()}


def test_day_hour_and_what_was_done_come_with_it(tmp_path: Path) -> None:
    from assay.interfaces.packs import load_pack
    from tests.interfaces import small

    pack = load_pack(small.write(tmp_path / "pack"))
    said: list[dict[str, Any]] = [
        {"ai_extent": "generated", "nudity": True, "consent": "absent"},
        {"ai_extent": "none"},
        {},
    ]
    records = tmp_path / "records"
    records.mkdir()
    write(records, [decided(pack, said, "http ada")])
    (path,) = rotated(records)
    table = pq.read_table(path)
    assert [str(day) for day in table.column("day").to_pylist()] == ["2026-10-03"] * 3
    assert table.column("hour").to_pylist() == [12] * 3
    assert table.column("done").to_pylist() == ["removed", "|", "|"]
    assert table.column("record:bundle").to_pylist() == [pack.digest] * 3
    assert table.column("record:key").to_pylist() == [f"http ada {number}" for number in range(3)]
    assert table.column("nudity").to_pylist() == ["yes", "", ""]
    assert path.stat().st_mode & 0o777 == 0o640


def test_what_two_bundles_mean_by_one_name_is_text_or_what_the_last_one_means(tmp_path: Path) -> None:
    def record(number: int, value: str) -> Entry:
        text = (
            f'{{"as_of":"2026-10-03T00:00:00Z","bundle":"sha256:{number}","item":"i{number}","outcomes":[],'
            f'"schema":"assay.decision/1","signals":{{"x":{value}}},"subject":"item"}}'
        )
        return Entry([text.encode()], f"i{number}")

    cases: list[tuple[list[str], list[object], int]] = [
        (['"a"', "true", '["b","a"]'], ["a", "yes", "a|b"], 0),
        (['"a"', "2"], [None, 2.0], 1),
        (["2", '"a"', "true"], [None, "a", "yes"], 1),
        (["1", '{"DE":"a"}'], [None, [("DE", "a")]], 1),
        (['{"DE":1,"*":0.5}'], [[("*", 0.5), ("DE", 1.0)]], 0),
    ]
    for number, (values, wanted, left) in enumerate(cases):
        folder = tmp_path / str(number)
        folder.mkdir()
        write(folder, [[record(row, value) for row, value in enumerate(values)]])
        (path,) = rotated(folder)
        table = pq.read_table(path)
        found = [
            None if isinstance(value, float) and isnan(value) else value for value in table.column("x").to_pylist()
        ]
        assert found == wanted
        assert json.loads(table.schema.metadata[b"assay.records"])["left"] == ({"x": left} if left else {})
        assert verify_file(path).records == len(values)


def test_what_is_no_decision_record_is_kept_and_is_no_history(tmp_path: Path) -> None:
    entries = [Entry([b"words"], "a"), *some_entries(2)]
    write(tmp_path, [entries])
    (path,) = rotated(tmp_path)
    assert pq.read_table(path).column("id").to_pylist() == [None] * 3
    assert [each.record for each in records_in(path) if isinstance(each, StoredRecord)] == [
        entry.record for entry in entries
    ]


def test_a_record_that_is_no_text_keeps_its_segment(tmp_path: Path) -> None:
    (path,) = write(tmp_path, [[Entry([b"\xff"], "a")]])
    (found,) = rotate(tmp_path)
    assert isinstance(found, Fault) and found.slug == "not-text" and path.exists()


def test_a_damaged_segment_is_kept_aside_and_its_sound_records_go_on(tmp_path: Path) -> None:
    (path,) = write(tmp_path, [some_entries(30)])
    content = bytearray(path.read_bytes())
    place = content.index(b'"item":"upload-17"')
    content[place + 9] ^= 1
    path.write_bytes(content)
    (found,) = rotate(tmp_path)
    assert isinstance(found, Rotated) and found.records == 29 and len(found.damages) == 1
    assert [each.name for each in tmp_path.glob("*.aside")] == [f"{path.name}.damaged.aside"]
    assert verify_file(found.path).records == 29


def test_a_file_that_does_not_hold_what_was_written_takes_no_segments_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (path,) = write(tmp_path, [some_entries(5)])
    whole = write_table

    def wrong(*arguments: Any) -> list[int]:
        return [digest ^ 1 for digest in whole(*arguments)]

    monkeypatch.setattr(rotating, "write_table", wrong)
    (found,) = rotate(tmp_path)
    assert isinstance(found, Fault) and found.slug == "not-read-back"
    assert [each.name for each in tmp_path.iterdir() if each.name != ROTATING] == [path.name]


@pytest.mark.parametrize("step", ["write_table", "_read_back", "_settle", "sync_folder", "unlink"])
def test_rotation_can_end_at_any_point_and_goes_on_from_there(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = some_entries(12)
    (path,) = write(tmp_path, [entries])

    def killed(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        if step == "unlink":
            patch.setattr(Path, "unlink", killed)
        elif step == "sync_folder":
            patch.setattr("assay.interfaces.stores.segments.system.RealSystem.sync_folder", killed)
        else:
            patch.setattr(rotating, step, killed)
        list(rotate(tmp_path))
    assert path.exists()
    # Whoever reads meanwhile meets every record once.
    files = record_files(tmp_path)
    assert isinstance(files, list)
    found = [each for file in files for each in records_in(file) if isinstance(each, StoredRecord)]
    assert shown(found) == asked(entries)
    rotated(tmp_path)
    assert sorted(each.suffix for each in tmp_path.iterdir()) == ["", ".parquet", ".sum"]


def test_two_do_not_rotate_one_folder(tmp_path: Path) -> None:
    write(tmp_path, [some_entries(2)])
    lock = Lock(tmp_path / ROTATING)
    assert lock.take() is None
    (found,) = rotate(tmp_path)
    assert isinstance(found, Fault) and found.slug == "rotation-running"
    lock.release()


def test_damage_in_a_table_is_found_and_costs_its_group(tmp_path: Path) -> None:
    write(tmp_path, [some_entries(3)])
    (path,) = rotated(tmp_path)
    names = pq.ParquetFile(path).schema_arrow.names
    spoil(path, 0, names.index("record:json"))
    found = verify_file(path)
    assert found.records == 0 and found.damages[0].slug == "unreadable-rows"
    path.write_bytes(path.read_bytes()[:-20])
    assert verify_file(path).damages[0].slug == "unreadable-rows"


@pytest.mark.slow
def test_any_byte_of_a_table_that_changed_is_found_or_changes_no_record(tmp_path: Path) -> None:
    entries = some_entries(3)
    write(tmp_path, [entries])
    (path,) = rotated(tmp_path)
    content, whole = path.read_bytes(), [entry.record for entry in entries]
    for place in range(0, len(content), 7):
        changed = bytearray(content)
        changed[place] ^= 0x10
        path.write_bytes(changed)
        found = list(records_in(path))
        records = [each.record for each in found if isinstance(each, StoredRecord)]
        assert len(records) < len(found) or records == whole, place


@pytest.mark.slow
def test_a_store_rotates_beside_its_work_and_knows_the_keys_afterwards(tmp_path: Path) -> None:
    settings = StoreSettings(folder=tmp_path, durability="written", segment_bytes=4096)
    keeper = _open(settings)
    entries = some_entries(120)
    for first in range(0, 120, 10):
        keeper.keep_now(entries[first : first + 10])
    until = time.monotonic() + 30
    while not list(tmp_path.glob("*.parquet")) and time.monotonic() < until:
        time.sleep(0.1)
    keeper.close()
    assert list(tmp_path.glob("*.parquet")) and keeper.state().rotation_fault is None
    keeper = _open(settings)
    assert list(keeper.kept_keys()) == [(entry.key, entry.record) for entry in entries if entry.key]
    assert list(keeper.kept_keys("http", 3)) == [(entry.key, entry.record) for entry in entries if entry.key][-3:]
    keeper.close()
    files = record_files(tmp_path)
    assert isinstance(files, list)
    found = [each for path in files for each in records_in(path) if isinstance(each, StoredRecord)]
    assert shown(found) == asked(entries)


def _open(settings: StoreSettings) -> Keeper:
    found = open_store(settings)
    assert isinstance(found, Keeper), found
    return found


def test_keys_are_found_while_segments_become_tables(tmp_path: Path) -> None:
    entries = some_entries(90)
    batches = [entries[first : first + 10] for first in range(0, 90, 10)]
    write(tmp_path, batches, Limits("written", segment_bytes=2000))
    keyed = [(entry.key, entry.record) for entry in entries if entry.key]
    found = recent_keys(tmp_path, 0, "", 1000)
    first = next(found)
    # The files were chosen; now they are others.
    rotated(tmp_path)
    assert [first, *found] == keyed
    assert list(recent_keys(tmp_path, 0, "http", 5)) == keyed[-5:]


@pytest.mark.slow
def test_rotation_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    entries = [entry for batch in range(6) for entry in some_entries(400, 1000 * batch)]
    write(
        tmp_path, [entries[first : first + 100] for first in range(0, 2400, 100)], Limits("written", segment_bytes=9000)
    )
    command = [sys.executable, "-P", "-m", "assay.interfaces.stores.rotation", str(tmp_path)]
    for milliseconds in (400, 600, 650, 700, 800, 900, 1000):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        time.sleep(milliseconds / 1000)
        process.kill()
        process.wait()
        files = record_files(tmp_path)
        assert isinstance(files, list)
        found = [each for path in files for each in records_in(path)]
        assert shown([each for each in found if isinstance(each, StoredRecord)]) == asked(entries)
    assert subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode == 0
    assert not list(tmp_path.glob("*.segment")) and not list(tmp_path.glob(".*.part"))
