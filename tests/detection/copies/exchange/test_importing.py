"""A file that is taken into a bank fills it, merges what is there already, and takes back what was withdrawn."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assay.detection.copies.bank.bank import Bank
from assay.detection.copies.bank.settings import BankSettings
from assay.detection.copies.exchange.given import Given, Reject
from assay.detection.copies.exchange.importing import import_hashes
from assay.detection.copies.exchange.writing import Form, write_hashes
from assay.detection.copies.kinds import HashKind

AT = datetime(2026, 11, 23, tzinfo=UTC)
ONE, OTHER, THIRD = "ab" * 32, "0f" * 32, "12" * 32


def new_bank(folder: Path, kind: HashKind = HashKind.PDQ) -> Bank:
    return Bank.create(folder, BankSettings(name=folder.name, purpose="tests", kind=kind, words="It is known."))


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[Bank]:
    with new_bank(tmp_path / "known") as bank:
        yield bank


def taken(bank: Bank, text: str, **options: object) -> Counter[str]:
    told = import_hashes(bank, io.BytesIO(text.encode()), at=AT, **options)  # type: ignore[arg-type]
    counts = Counter({"added": told.added, "duplicates": told.duplicates, "withdrawn": told.withdrawn})
    return +(counts + told.rejected + Counter({f"of {name}": count for name, count in told.of_types.items()}))


def kept(bank: Bank) -> dict[str, tuple[int | None, tuple[str, ...], str, str]]:
    return {each.value: (each.quality, each.labels, each.note, each.source) for each in bank.entries()}


def test_hashes_are_kept_with_all_that_is_said_of_them(bank: Bank) -> None:
    text = f"hash,quality,tags,note\n{ONE},90,a;b,the first\n{OTHER},80,,\n"
    assert taken(bank, text, source="the exchange", labels=("all",)) == Counter(added=2)
    assert kept(bank) == {
        ONE: (90, ("a", "b", "all"), "the first", "the exchange"),
        OTHER: (80, ("all",), "", "the exchange"),
    }


def test_what_is_there_already_takes_on_new_labels(bank: Bank) -> None:
    taken(bank, f"hash,tags\n{ONE},a\n")
    assert taken(bank, f"hash,tags\n{ONE},b\n{ONE},a\n") == Counter(duplicates=2)
    assert kept(bank)[ONE][1] == ("a", "b")


def test_what_cannot_be_kept_is_counted_and_told_with_its_place(bank: Bank) -> None:
    told: list[Reject] = []
    text = f"signal_type,hash,quality\nmd5,x,\npdna,y,\nsha256,{ONE},\npdq,zz,\npdq,{OTHER},10\npdq,{ONE},90\n"
    counts = taken(bank, text, on_reject=told.append)
    assert counts["added"] == 1
    assert {name: counts[f"of {name}"] for name in ("MD5", "PhotoDNA", "sha256")} == dict.fromkeys(
        ("MD5", "PhotoDNA", "sha256"), 1
    )
    assert sorted(each.number for each in told) == [2, 3, 4, 5, 6]
    assert counts.total() == 1 + 5 + 3


def test_withdrawn_hashes_are_deleted_and_the_later_word_counts(bank: Bank) -> None:
    taken(bank, f"{ONE}\n{OTHER}\n{THIRD}\n")
    records = [
        {"hashValue": ONE, "hashStatus": "Withdrawn"},
        {"hashValue": OTHER, "hashStatus": "Withdrawn"},
        {"hashValue": OTHER, "hashStatus": "Active"},
    ]
    assert taken(bank, json.dumps({"hashRecords": records})) == Counter(withdrawn=1, duplicates=1)
    assert set(kept(bank)) == {OTHER, THIRD}


@pytest.mark.parametrize("form", [Form.CSV, Form.JSON, Form.JSON_LINES])
def test_a_bank_that_is_written_and_taken_in_is_the_same_bank(bank: Bank, tmp_path: Path, form: Form) -> None:
    taken(
        bank, f'hash,quality,tags,note,source\n{ONE},90,"[""a;b"", ""c""]","one, two",s\n{OTHER},,,,\n{THIRD},70,x,,\n'
    )
    stream = io.BytesIO()
    write_hashes(
        (
            Given(0, HashKind.PDQ, each.value, each.quality, each.labels, each.note, each.source, each.added_at)
            for each in bank.entries()
        ),
        form,
        stream,
    )
    with new_bank(tmp_path / "again") as again:
        assert taken(again, stream.getvalue().decode()) == Counter(added=3)
        assert kept(again) == kept(bank)


def test_progress_is_told_in_bytes(bank: Bank) -> None:
    told: list[int] = []
    text = "".join(f"{number:064x},90\n" for number in range(3_000))
    import_hashes(bank, io.BytesIO(text.encode()), at=AT, progress=told.append)
    assert len(told) == 3
    assert told == sorted(told)
    assert told[-1] > 2_000 * 68
