"""A scan that is cut off goes on: nothing lost, nothing done again, and the same bytes in the end."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.engine.kernel.errors import Fault
from assay.interfaces.scans.given.lists import NoList
from assay.interfaces.scans.given.sources import Given
from assay.interfaces.scans.kept.journal import INDEX, ROWS, Journal, begin_journal, journal_of, open_journal
from assay.interfaces.scans.scanning import Done, scan_into
from tests.interfaces.scans.making import CONDITIONS, Engine, files, nobody

RECORD_BYTES = 32


def scanned(out: Path, folder: Path, engine: Engine | None = None, *, resume: bool = False) -> Done | Fault:
    return scan_into(out, Given((folder,)), engine or Engine(), CONDITIONS, nobody, resume=resume)


def finished(out: Path, folder: Path, engine: Engine | None = None, *, resume: bool = False) -> Done:
    done = scanned(out, folder, engine, resume=resume)
    assert isinstance(done, Done), done
    assert not journal_of(out).exists()
    return done


def cut_off(out: Path, folder: Path, rows: int) -> None:
    with pytest.raises(KeyboardInterrupt):
        scanned(out, folder, Engine(most=rows), resume=True)
    assert not out.exists(), "who looks sees nothing, or everything"


def named(out: Path) -> list[str]:
    return [Path(json.loads(line)["file"]).name for line in out.read_bytes().splitlines()]


def test_a_scan_writes_a_row_a_file_in_order(tmp_path: Path) -> None:
    paths = files(tmp_path / "files", 20)
    done = finished(tmp_path / "rows.jsonl", tmp_path / "files")
    assert named(tmp_path / "rows.jsonl") == [path.name for path in paths]
    assert (done.totals.files, done.totals.with_evidence, done.totals.faulty) == (20, 18, 2)
    assert done.totals.faults == {"empty-file": 2}
    assert done.totals.statuses == {"declared": 18}


def test_what_was_done_before_a_kill_is_not_done_again(tmp_path: Path) -> None:
    files(tmp_path / "files", 30)
    finished(tmp_path / "whole.jsonl", tmp_path / "files")
    out = tmp_path / "rows.jsonl"
    cut_off(out, tmp_path / "files", 11)
    cut_off(out, tmp_path / "files", 8)
    last = Engine()
    done = finished(out, tmp_path / "files", last, resume=True)
    assert last.given == [f"{number:03}.txt" for number in range(19, 30)]
    assert (done.totals.known, done.totals.changed, done.totals.gone, done.totals.files) == (19, 0, 0, 30)
    assert out.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


@settings(max_examples=12)
@given(left=st.tuples(st.integers(0, 1000), st.integers(0, 1000)), noise=st.tuples(st.binary(max_size=80), st.binary()))
def test_wherever_the_files_are_torn_the_bytes_come_out_the_same(
    tmp_path_factory: pytest.TempPathFactory, left: tuple[int, int], noise: tuple[bytes, bytes]
) -> None:
    place = tmp_path_factory.mktemp("torn")
    files(place / "files", 9)
    finished(place / "whole.jsonl", place / "files")
    out = place / "rows.jsonl"
    cut_off(out, place / "files", 6)
    rows, index = journal_of(out) / ROWS, journal_of(out) / INDEX
    for path, share, more in zip((rows, index), left, noise, strict=True):
        os.truncate(path, path.stat().st_size * share // 1000)
        with path.open("ab") as stream:
            stream.write(more)
    # A row holds where its record is whole and the row is, and every row before it.
    most = min(index.stat().st_size // RECORD_BYTES, rows.read_bytes().count(b"\n"))
    again = Engine()
    done = finished(out, place / "files", again, resume=True)
    assert out.read_bytes() == (place / "whole.jsonl").read_bytes()
    assert len(again.given) == 9 - done.totals.known
    assert done.totals.known <= most
    shutil.rmtree(place)


def test_a_byte_that_changed_in_a_row_costs_the_rows_from_there(tmp_path: Path) -> None:
    files(tmp_path / "files", 9)
    out = tmp_path / "rows.jsonl"
    cut_off(out, tmp_path / "files", 6)
    rows = journal_of(out) / ROWS
    lines = rows.read_bytes().splitlines(keepends=True)
    lines[3] = lines[3].replace(b"generated", b"captured_")
    rows.write_bytes(b"".join(lines))
    again = Engine()
    finished(out, tmp_path / "files", again, resume=True)
    assert again.given == [f"{number:03}.txt" for number in range(3, 9)]
    assert b"captured_" not in out.read_bytes()


def test_files_that_changed_came_or_went_are_told_and_their_rows_are_right(tmp_path: Path) -> None:
    folder, out = tmp_path / "files", tmp_path / "rows.jsonl"
    paths = files(folder, 12)
    cut_off(out, folder, 8)
    paths[2].write_bytes(b"another text")
    paths[5].with_name("005.txt.declared.json").write_text("{}")
    paths[4].unlink()
    (folder / "0015.txt").write_bytes(b"came between")
    again = Engine()
    done = finished(out, folder, again, resume=True)
    assert again.given == ["0015.txt", "002.txt", "005.txt", "008.txt", "009.txt", "010.txt", "011.txt"]
    assert (done.totals.known, done.totals.changed, done.totals.gone, done.totals.files) == (5, 2, 1, 12)
    finished(tmp_path / "whole.jsonl", folder)
    assert out.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


def test_a_file_that_is_listed_twice_has_two_rows(tmp_path: Path) -> None:
    (path,) = files(tmp_path / "files", 1)
    given_twice, out = Given((path, path)), tmp_path / "rows.jsonl"
    with pytest.raises(KeyboardInterrupt):
        scan_into(out, given_twice, Engine(most=1), CONDITIONS, nobody)
    done = scan_into(out, given_twice, Engine(), CONDITIONS, nobody, resume=True)
    assert isinstance(done, Done)
    assert named(out) == [path.name, path.name]


def test_other_conditions_refuse_to_go_on_and_name_what_changed(tmp_path: Path) -> None:
    files(tmp_path / "files", 5)
    out = tmp_path / "rows.jsonl"
    cut_off(out, tmp_path / "files", 2)
    now = CONDITIONS | {"seconds": "5", "banks": "abc", "scanner metadata": "3, ready"}
    refused = scan_into(out, Given((tmp_path / "files",)), Engine(), now, nobody, resume=True)
    assert isinstance(refused, Fault)
    assert refused.slug == "other-conditions"
    assert "`banks` were not given and are now" in refused.words
    assert "`scanner metadata` was 2, ready and is 3, ready" in refused.words
    assert "`seconds` was 20 and is 5" in refused.words
    assert "scan into another `--out`" in refused.words
    assert finished(out, tmp_path / "files", resume=True).totals.known == 2


def test_what_is_there_is_neither_overwritten_nor_gone_on_with_unasked(tmp_path: Path) -> None:
    files(tmp_path / "files", 4)
    out = tmp_path / "rows.jsonl"
    cut_off(out, tmp_path / "files", 2)
    refused = scanned(out, tmp_path / "files")
    assert isinstance(refused, Fault)
    assert refused.slug == "unfinished-scan"
    finished(out, tmp_path / "files", resume=True)
    before = out.read_bytes()
    refused = scanned(out, tmp_path / "files")
    assert isinstance(refused, Fault)
    assert refused.slug == "output-exists"
    again = Engine()
    assert finished(out, tmp_path / "files", again, resume=True).before
    assert (again.given, out.read_bytes()) == ([], before)


def test_no_record_is_on_the_disk_before_its_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = begin_journal(tmp_path / ".rows.jsonl.scan", CONDITIONS)
    assert isinstance(journal, Journal)
    synced: list[str] = []
    names = {(journal.folder / name).stat().st_ino: name for name in (ROWS, INDEX)}
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(names[os.fstat(handle).st_ino]))
    journal.sync()
    journal.close()
    assert synced == [ROWS, INDEX]


def test_two_scans_cannot_write_into_one_journal(tmp_path: Path) -> None:
    files(tmp_path / "files", 4)
    out = tmp_path / "rows.jsonl"
    cut_off(out, tmp_path / "files", 2)
    first = open_journal(journal_of(out), CONDITIONS)
    assert not isinstance(first, Fault)
    refused = scanned(out, tmp_path / "files", resume=True)
    assert isinstance(refused, Fault)
    assert refused.slug == "in-use"
    first.close()
    finished(out, tmp_path / "files", resume=True)


@pytest.mark.parametrize("name", ["rows.csv", "rows.jsonl.gz", "nowhere/rows.jsonl"])
def test_a_name_that_says_no_form_is_refused(tmp_path: Path, name: str) -> None:
    refused = scanned(tmp_path / name, tmp_path)
    assert isinstance(refused, Fault)
    assert refused.slug == "bad-output"


def test_a_scan_that_could_not_begin_leaves_nothing_behind(tmp_path: Path) -> None:
    out, table = tmp_path / "rows.jsonl", tmp_path / "list.csv"
    table.write_text("name\na.txt\n")
    for _ in range(2):
        with pytest.raises(NoList):
            scan_into(out, Given((table,)), Engine(), CONDITIONS, nobody)
        assert not journal_of(out).exists()
