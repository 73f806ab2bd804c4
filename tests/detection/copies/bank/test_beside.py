"""One writes to a bank while others read, and files are put back: nobody misses what is there, or finds what is not."""

from __future__ import annotations

from typing import Any

import pytest

from assay.detection.copies.bank import indexed
from assay.detection.copies.bank.bank import Bank
from assay.detection.copies.bank.entry import Entry
from assay.detection.copies.bank.store import ENTRIES_FILE, Store
from tests.detection.copies.bank.made import AT, VALUES, asked, found, near


def test_who_reads_sees_what_is_added_deleted_and_compacted_meanwhile(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Bank.open(bank.folder) as reader:
        assert found(reader, VALUES[0]) == []
        bank.add(map(Entry, VALUES[:100]), at=AT)
        assert found(reader, VALUES[0]) == [(1, 0)]
        bank.delete([1], at=AT)
        assert found(reader, VALUES[0]) == []
        monkeypatch.setattr(indexed, "TAIL", 50)
        bank.add(map(Entry, VALUES[100:200]), at=AT)
        assert bank.tables == (199, 0)
        bank.delete([2], at=AT)
        bank.compact()
        bank.add([Entry(VALUES[0])], at=AT)
        assert [found(reader, value) for value in (VALUES[0], VALUES[1], VALUES[150])] == [[(201, 0)], [], [(151, 0)]]
        assert len(reader) == 199
        assert reader.verify() == bank.verify() == ()


def test_what_another_deleted_takes_no_place_among_the_nearest(bank: Bank) -> None:
    with Bank.open(bank.folder) as reader:
        bank.add([Entry(near(VALUES[0], bits)) for bits in range(6)], at=AT)
        assert [match.entry for match in reader.search([asked(VALUES[0])], limit=2)] == [1, 2]
        bank.delete([1, 2, 3], at=AT)
        assert [match.entry for match in reader.search([asked(VALUES[0])], limit=2)] == [4, 5]


@pytest.mark.parametrize("opened_late", [False, True])
def test_a_compaction_in_the_middle_of_a_look_hides_nothing(
    bank: Bank, monkeypatch: pytest.MonkeyPatch, *, opened_late: bool
) -> None:
    bank.add([Entry(near(VALUES[0], bits)) for bits in range(10)], at=AT)
    bank.compact()
    real = Store.reading

    def late(store: Store) -> Any:
        monkeypatch.undo()
        bank.compact()
        return real(store)

    early = None if opened_late else Bank.open(bank.folder)
    bank.delete([1, 2, 3, 4, 5], at=AT)
    monkeypatch.setattr(Store, "reading", late)
    with early or Bank.open(bank.folder) as reader:
        # Were deleted rows still in the index, the nearest three would all be of them.
        assert [match.entry for match in reader.search([asked(VALUES[0])], limit=3)] == [6, 7, 8]


def test_entries_put_back_from_before_a_deletion_are_found_again_by_the_next_writer(bank: Bank) -> None:
    bank.add(map(Entry, VALUES[:100]), at=AT)
    bank.compact()
    backup = (bank.folder / ENTRIES_FILE).read_bytes()
    bank.delete([50], at=AT)
    bank.compact()
    bank.close()
    for beside in bank.folder.glob(f"{ENTRIES_FILE}-*"):
        beside.unlink()
    (bank.folder / ENTRIES_FILE).write_bytes(backup)
    with Bank.open(bank.folder, writing=True) as again:
        assert found(again, VALUES[49]) == [(50, 0)]
        assert again.verify() == ()


def test_a_commit_is_on_the_disk_before_it_returns(bank: Bank) -> None:
    (how,) = bank._store._connection.execute("PRAGMA synchronous").fetchone()
    # SQLite's number for FULL: the log is given to the disk at every commit.
    assert how == 2
