"""A bank keeps what it is given, finds what is near, and says what is wrong with its files."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from assay.detection.copies.bank import indexed
from assay.detection.copies.bank.bank import Bank
from assay.detection.copies.bank.entry import Entry, Stored
from assay.detection.copies.bank.listing import banks_in, digest_of_banks
from assay.detection.copies.bank.settings import BankSettings
from assay.detection.copies.bank.store import ENTRIES_FILE
from assay.detection.copies.bank.unusable import UnusableBank
from assay.detection.copies.kinds import Fingerprint, HashKind
from assay.detection.evidence import Claim, Tier
from tests.detection.copies.bank.made import AT, SETTINGS, VALUES, asked, found, near


def slugs(folder: Path, *, writing: bool = False) -> list[str]:
    with pytest.raises(UnusableBank) as caught:
        Bank.open(folder, writing=writing).close()
    return [fault.slug for fault in caught.value.faults]


def test_what_is_added_is_found_up_to_the_distance_and_no_farther(bank: Bank) -> None:
    assert bank.add(map(Entry, VALUES), at=AT).added == 400
    assert found(bank, VALUES[7]) == [(8, 0)]
    assert found(bank, near(VALUES[7], 31)) == [(8, 31)]
    assert found(bank, near(VALUES[7], 32)) == []


def test_a_match_says_what_the_bank_means(bank: Bank) -> None:
    bank.add([Entry(VALUES[0], 80, ("election",), "seen in May", "an exchange")], at=AT)
    asking = [(40, "", 90), (12, "rotate90", 90), (3, "flip", 70), (9, "crop:centre90", 90)]
    (match,) = bank.search([asked(near(VALUES[0], bits), quality, place) for bits, place, quality in asking])
    assert (match.bank, match.entry, match.distance, match.threshold) == ("fakes", 1, 3, 31)
    assert (match.place, match.quality, match.measure) == ("flip", 70, "distance")
    assert (match.claim, match.tier, match.words) == (Claim.GENERATED, Tier.OPERATOR, SETTINGS.words)
    assert (match.labels, match.note, match.source) == (("election",), "seen in May", "an exchange")


def test_nearest_come_first_and_no_more_than_asked_for(bank: Bank) -> None:
    bank.add([Entry(near(VALUES[0], bits)) for bits in (9, 2, 5)], at=AT)
    assert found(bank, VALUES[0]) == [(2, 2), (3, 5), (1, 9)]
    assert [match.entry for match in bank.search([asked(VALUES[0])], limit=2)] == [2, 3]


def test_each_value_is_kept_once_and_takes_on_new_labels(bank: Bank) -> None:
    bank.add([Entry(VALUES[0], labels=("a",)), Entry(VALUES[0].upper(), labels=("b",))], at=AT)
    told = bank.add([Entry(VALUES[0], labels=("a", "c")), Entry(VALUES[0], labels=("a",)), Entry(VALUES[1])], at=AT)
    assert (told.added, told.duplicates, told.merged, told.refused) == (1, 2, 1, 0)
    first, _ = bank.entries()
    assert first == Stored(1, VALUES[0], None, ("a", "b", "c"), "", "", "2026-11-23T12:00:00+00:00")
    assert bank.find(VALUES[0].upper()) == (1,)
    assert bank.find(VALUES[9]) == ()
    assert len(bank) == 2


def test_a_bad_entry_costs_itself_only(bank: Bank) -> None:
    entries = [
        Entry("zz"),
        Entry(VALUES[0]),
        Entry(VALUES[1], 49),
        Entry(VALUES[2], labels=("x",) * 65),
        Entry(VALUES[3]),
    ]
    told = bank.add(entries, at=AT)
    assert (told.added, told.refused) == (2, 3)
    assert [(place, fault.slug) for place, fault in told.faults] == [
        (0, "malformed-hash"),
        (2, "quality-too-low"),
        (3, "entry-too-large"),
    ]


@pytest.mark.parametrize(
    ("entry", "slug"),
    [
        (Entry(VALUES[1], 101), "quality-out-of-range"),
        (Entry(VALUES[1], 1 << 70), "quality-out-of-range"),
        (Entry(VALUES[1], note="a\ud800"), "unreadable-text"),
        (Entry(VALUES[1], labels=("a\0b",)), "unreadable-text"),
        (Entry(VALUES[1], source="x" * 2001), "entry-too-large"),
        (Entry("\ud800" * 64), "malformed-hash"),
        (Entry(""), "malformed-hash"),
    ],
)
def test_nothing_in_an_entry_stops_the_others(bank: Bank, entry: Entry, slug: str) -> None:
    told = bank.add([Entry(VALUES[0], note="naïve – 例"), entry, Entry(VALUES[2])], at=AT)
    assert (told.added, told.stopped) == (2, None)
    assert [fault.slug for _, fault in told.faults] == [slug]
    assert bank.delete([-1, 0, 1 << 70], at=AT) == 0


def test_progress_is_told_of_what_is_on_the_disk(bank: Bank) -> None:
    done: list[int] = []
    chance = np.random.default_rng(8).integers(0, 256, (20_005, 32), dtype=np.uint8)
    bank.add((Entry(each.tobytes().hex()) for each in chance), at=AT, progress=done.append)
    assert done == [10_000, 20_000, 20_005]
    assert bank.tables == (20_005, 0)


def test_what_is_deleted_is_found_no_more_and_its_id_is_not_given_again(bank: Bank) -> None:
    bank.add(map(Entry, VALUES[:3]), at=AT)
    assert bank.delete([3, 3, 99], at=AT) == 1
    assert found(bank, VALUES[2]) == []
    bank.add([Entry(VALUES[2])], at=AT)
    assert found(bank, VALUES[2]) == [(4, 0)]


def test_a_picture_too_poor_to_tell_is_left_out_or_found_without_the_claim(bank: Bank, tmp_path: Path) -> None:
    bank.add([Entry(VALUES[0])], at=AT)
    assert bank.search([asked(VALUES[0], 49)]) == []
    assert bank.search([asked(VALUES[0], None)])
    settings = BankSettings("other", "p", HashKind.PDQ, "w", claim=Claim.GENERATED, on_quality_below="unclear")
    with Bank.create(tmp_path / "other", settings) as other:
        other.add([Entry(VALUES[0])], at=AT)
        assert [match.claim for match in other.search([asked(VALUES[0], 49)])] == [Claim.UNCLEAR]
        assert [match.claim for match in other.search([asked(VALUES[0], 50)])] == [Claim.GENERATED]


def test_a_hash_of_just_the_quality_asked_for_is_taken_in(bank: Bank) -> None:
    told = bank.add([Entry(VALUES[0], 50), Entry(VALUES[1], 49)], at=AT)
    assert (told.added, [fault.slug for _, fault in told.faults]) == (1, ["quality-too-low"])


def test_hashes_of_other_kinds_are_passed_over_and_malformed_ones_are_not(bank: Bank) -> None:
    bank.add([Entry(VALUES[0])], at=AT)
    assert bank.search([Fingerprint(HashKind.SHA256, VALUES[0])]) == []
    with pytest.raises(ValueError, match="hexadecimal"):
        bank.search([asked("xyz")])


def test_only_one_writes_at_a_time_and_readers_may_not(bank: Bank) -> None:
    assert slugs(bank.folder, writing=True) == ["bank-busy"]
    with Bank.open(bank.folder) as reader:
        for change in (lambda: reader.add([], at=AT), lambda: reader.delete([1], at=AT), reader.compact):
            with pytest.raises(UnusableBank, match="open for reading"):
                change()


def sealed(bank: Bank) -> Path:
    bank.add(map(Entry, VALUES), at=AT)
    bank.delete([5], at=AT)
    bank.compact()
    bank.close()
    (path,) = (bank.folder / "index").glob("*.segment")
    return path


@pytest.mark.parametrize("writing", [False, True])
@pytest.mark.parametrize("harm", ["missing", "short", "no manifest", "no folder", "of an older backup"])
def test_an_index_that_is_torn_is_made_again_from_the_entries(bank: Bank, harm: str, *, writing: bool) -> None:
    path = sealed(bank)
    match harm:
        case "missing":
            path.unlink()
        case "short":
            path.write_bytes(path.read_bytes()[:-9])
        case "no manifest":
            path.with_name("manifest.json").unlink()
        case "no folder":
            for each in path.parent.iterdir():
                each.unlink()
            path.parent.rmdir()
        case _:
            with sqlite3.connect(bank.folder / ENTRIES_FILE) as connection:
                connection.execute("DELETE FROM entries WHERE id > 200")
                connection.execute("UPDATE sqlite_sequence SET seq = 200 WHERE name = 'entries'")
            connection.close()
    with Bank.open(bank.folder, writing=writing) as again:
        assert found(again, VALUES[7]) == [(8, 0)]
        assert found(again, VALUES[4]) == []
        assert bool(found(again, VALUES[300])) is (harm != "of an older backup")
        assert len(again) == (199 if harm == "of an older backup" else 399)
        if writing:
            assert again.verify() == ()


def test_one_other_bit_in_the_index_is_told_by_verify_and_mended_by_the_next_writer(bank: Bank) -> None:
    path = sealed(bank)
    content = bytearray(path.read_bytes())
    content[4096] ^= 1
    path.write_bytes(content)
    with Bank.open(bank.folder) as reader:
        assert [fault.slug for fault in reader.verify()] == ["index-torn"]
    with Bank.open(bank.folder, writing=True) as writer:
        assert writer.verify() == ()


def test_verify_tells_entries_that_the_index_does_not_hold(bank: Bank) -> None:
    sealed(bank)
    with sqlite3.connect(bank.folder / ENTRIES_FILE) as connection:
        connection.execute("UPDATE entries SET value = ? WHERE id = 9", (bytes(32),))
    connection.close()
    with Bank.open(bank.folder) as reader:
        (fault,) = reader.verify()
        assert fault.slug == "index-differs"
        # What the index finds is compared with the entry itself: it makes no match of its own.
        assert found(reader, VALUES[8]) == []
        assert reader.find(VALUES[8]) == ()


def test_what_is_deleted_is_overwritten_in_the_file_of_entries(bank: Bank) -> None:
    bank.add(map(Entry, VALUES), at=AT)
    bank.delete([7], at=AT)
    bank.close()
    content = (bank.folder / ENTRIES_FILE).read_bytes()
    assert bytes.fromhex(VALUES[5]) in content
    assert bytes.fromhex(VALUES[6]) not in content


def test_compacting_leaves_nothing_of_what_was_deleted_in_any_file(bank: Bank) -> None:
    bank.add(map(Entry, VALUES), at=AT)
    bank.compact()
    gone = bytes.fromhex(VALUES[6])
    in_files = [path.name for path in bank.folder.iterdir() if path.is_file() and gone in path.read_bytes()]
    assert in_files == [ENTRIES_FILE]
    before = sum(path.stat().st_size for path in (bank.folder / "index").glob("*.segment"))
    bank.delete(range(5, 400), at=AT)
    bank.compact()
    assert not [path.name for path in bank.folder.iterdir() if path.is_file() and gone in path.read_bytes()]
    assert sum(path.stat().st_size for path in (bank.folder / "index").glob("*.segment")) < before
    assert bank.verify() == ()


def test_a_full_disk_stops_adding_and_keeps_what_was_counted(bank: Bank) -> None:
    bank.add(map(Entry, VALUES[:5]), at=AT)
    bank._store._connection.execute("PRAGMA max_page_count = 14")
    many = np.random.default_rng(9).integers(0, 256, (12_000, 32), dtype=np.uint8)
    told = bank.add((Entry(each.tobytes().hex()) for each in many), at=AT)
    assert told.added == 0
    assert told.stopped is not None
    assert told.stopped.slug == "bank-disk-full"
    assert len(bank) == 5
    assert found(bank, VALUES[4]) == [(5, 0)]
    assert found(bank, many[3].tobytes().hex()) == []


def test_no_room_for_the_index_costs_no_entry(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(indexed, "TAIL", 50)
    with monkeypatch.context() as patch:
        patch.setattr("assay.detection.copies.search.index.write_segment", full)
        told = bank.add(map(Entry, VALUES), at=AT)
    assert told.added == 400
    assert told.stopped is not None
    assert told.stopped.slug == "bank-disk-full"
    assert found(bank, VALUES[399]) == [(400, 0)]
    assert bank.add([], at=AT).stopped is None
    assert bank.tables == (400, 0)


def test_a_bank_in_a_folder_that_may_not_be_written_can_be_read(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    bank.add([Entry(VALUES[0])], at=AT)
    bank.close()
    assert not (bank.folder / f"{ENTRIES_FILE}-wal").exists()
    connect = sqlite3.connect

    def refused(address: str, **options: object) -> sqlite3.Connection:
        if not str(address).endswith("immutable=1"):
            raise sqlite3.OperationalError("unable to open database file")
        return connect(address, **options)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr(sqlite3, "connect", refused)
    with Bank.open(bank.folder) as reader:
        assert found(reader, VALUES[0]) == [(1, 0)]


def test_what_is_no_bank_is_told_with_the_next_step(bank: Bank, tmp_path: Path) -> None:
    bank.close()
    assert slugs(tmp_path) == ["no-bank"]
    with pytest.raises(UnusableBank, match="not empty"):
        Bank.create(bank.folder, SETTINGS)
    with pytest.raises(UnusableBank, match="bank-not-reached"):
        Bank.create(bank.folder / "bank.toml" / "below", SETTINGS)
    with pytest.raises(UnusableBank) as caught:
        Bank.create(tmp_path / "new", BankSettings("A B", "p", HashKind.PDQ, "w", distance=99))
    assert [fault.field for fault in caught.value.faults] == ["name"]
    (bank.folder / ENTRIES_FILE).write_bytes(b"not a database" * 100)
    assert slugs(bank.folder) == ["bank-damaged"]
    sqlite3.connect(tmp_path / "other.sqlite3").close()
    (bank.folder / ENTRIES_FILE).write_bytes(b"")
    assert slugs(bank.folder, writing=True) == ["bank-damaged"]
    (bank.folder / ENTRIES_FILE).unlink()
    assert slugs(bank.folder) == ["bank-damaged"]
    (bank.folder / "bank.toml").write_text('kind = "pdk"')
    assert slugs(bank.folder) == ["unknown-value", "missing-key", "missing-key", "missing-key"]


def test_banks_are_listed_by_name_with_those_that_cannot_be_read(bank: Bank, tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "bank.toml").write_text("=")
    (tmp_path / "no bank").mkdir()
    broken, fakes = banks_in(tmp_path)
    assert (broken.folder.name, broken.settings) == ("broken", None)
    assert [fault.slug for fault in broken.faults] == ["unreadable-bank-file"]
    assert fakes.settings == bank.settings
    assert banks_in(tmp_path / "nowhere") == ()
    Bank.create(tmp_path / "again", SETTINGS).close()
    assert [[fault.slug for fault in each.faults] for each in banks_in(tmp_path)] == [
        ["same-name"],
        ["unreadable-bank-file"],
        ["same-name"],
    ]


def test_the_digest_changes_with_the_entries_and_the_settings_only(bank: Bank, tmp_path: Path) -> None:
    seen = [bank.digest]
    bank.add([Entry(VALUES[0]), Entry(VALUES[1])], at=AT)
    seen.append(bank.digest)
    bank.add([Entry(VALUES[0], labels=("new",))], at=AT)
    seen.append(bank.digest)
    bank.delete([2], at=AT)
    seen.append(bank.digest)
    assert len(set(seen)) == 4
    whole, alone = digest_of_banks(tmp_path), digest_of_banks(bank.folder)
    bank.compact()
    bank.add([Entry(VALUES[0])], at=AT)
    bank.delete([2], at=AT)
    assert bank.digest == seen[-1]
    bank.close()
    assert digest_of_banks(tmp_path) == whole
    assert digest_of_banks(bank.folder) == alone
    settings = bank.folder / "bank.toml"
    settings.write_text(settings.read_text().replace("distance = 31", "distance = 30"))
    assert digest_of_banks(tmp_path) != whole
    # A folder that is a bank itself may be named in place of a folder of banks.
    assert digest_of_banks(bank.folder) != alone
    settings.write_text("=")
    assert digest_of_banks(tmp_path) != whole


def test_the_same_done_in_the_same_order_gives_the_same_digest(tmp_path: Path) -> None:
    digests = []
    for name in ("one", "two"):
        with Bank.create(tmp_path / name / "fakes", SETTINGS) as bank:
            bank.add(map(Entry, VALUES), at=AT)
            bank.delete([3], at=AT)
        digests.append(digest_of_banks(tmp_path / name))
    assert digests[0] == digests[1]
