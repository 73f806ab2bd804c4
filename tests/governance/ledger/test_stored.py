"""Whatever is done to the store behind our backs, triggers off, is found and said where."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.governance.ledger import triggers
from assay.governance.ledger.checking import stored
from assay.governance.ledger.checking.chain import Chain
from assay.governance.ledger.checking.exports import check_export
from assay.governance.ledger.checking.stored import check_store, export_store
from assay.governance.ledger.commands import sign_head
from assay.governance.ledger.models import Entry, Head, TreeHead
from assay.governance.ledger.proofs.heads import SignedHead
from assay.governance.ledger.proofs.remembered import place_of_head, remembered
from assay.governance.office.actor import SYSTEM
from tests.governance.ledger.making import NOW, written

COUNT = 45
pytestmark = pytest.mark.django_db
TABLES = {
    "ledger_entry": ("number", ("at", "actor", "way", "kind", "subject", "content", "previous", "hash")),
    "ledger_node": ("place", ("hash",)),
    "ledger_treehead": ("number", ("size", "root", "at", "key_id", "signature")),
    "ledger_head": ("id", ("size", "last", "frontier")),
}


@pytest.fixture(autouse=True)
def _a_key(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    settings.ASSAY_LEDGER_KEY = tmp_path_factory.mktemp("keys") / "ledger.key"


@pytest.fixture
def full(db: None) -> None:
    """Entries with heads signed in between, and triggers off."""
    written(20)
    assert isinstance(sign_head(by=SYSTEM, at=NOW), TreeHead)
    written(COUNT - 22)
    assert isinstance(sign_head(by=SYSTEM, at=NOW), TreeHead)
    triggers.remove(connection)


def findings() -> Chain:
    from assay.governance.ledger.commands import signing_key
    from assay.governance.ledger.proofs.signing import SigningKey

    key = signing_key()
    assert isinstance(key, SigningKey)
    chain = check_store({key.id: key.public})[0]
    # The triggers are off, which is one finding.
    assert [each.slug for each in chain.findings].count("no-triggers") == 1
    chain.findings = [each for each in chain.findings if each.slug != "no-triggers"]
    return chain


def run(words: str, *given: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(words, given)


def test_a_store_as_it_was_written_has_no_fault(db: None) -> None:
    assert check_store()[0].count == 0
    written(COUNT)
    chain, summary = check_store()
    assert (chain.count, chain.expected) == (0, COUNT)
    assert summary == "45 entries; 0 of 0 signed heads agree; nothing is wrong"


def test_triggers_that_are_gone_are_told(full: None) -> None:
    assert findings().findings == []
    triggers.install(connection)
    assert triggers.installed(connection)
    assert check_store()[0].count == 0


@pytest.mark.usefixtures("full")
@given(st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_value_that_was_changed_is_found_and_placed(data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(sorted(TABLES)))
    key, columns = TABLES[table]
    column = data.draw(st.sampled_from(columns))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key}, {column} FROM {table} ORDER BY {key}")
        rows = cursor.fetchall()
    place, value = data.draw(st.sampled_from(rows))
    other = changed(data, bytes(value) if isinstance(value, memoryview) else value)
    undone = transaction.savepoint()
    run(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", other, place)
    found = findings().findings
    transaction.savepoint_rollback(undone)
    assert found, (table, column, value, other)
    if table == "ledger_entry":
        assert any(abs(finding.number - place) <= 1 for finding in found), (place, found)


def changed(data: st.DataObject, value: object) -> Any:
    """Another value, near the one that was there."""
    if isinstance(value, int):
        return value + data.draw(st.sampled_from([-1, 1, 1000]))
    if isinstance(value, bytes):
        bit = data.draw(st.integers(0, len(value) * 8 - 1))
        return bytes(each ^ (1 << bit % 8 if at == bit // 8 else 0) for at, each in enumerate(value))
    text = str(value)
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("aZ0 \"'}é").filter(lambda each: each != text[at]))
    return text[:at] + letter + text[at + 1 :]


@pytest.mark.usefixtures("full")
@given(st.integers(0, COUNT - 1))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_entry_that_was_taken_away_is_found_and_placed(number: int) -> None:
    undone = transaction.savepoint()
    run("DELETE FROM ledger_entry WHERE number = %s", number)
    assert any(each.slug == "missing-entries" and each.number == number for each in findings().findings)
    transaction.savepoint_rollback(undone)


@pytest.mark.usefixtures("full")
@given(st.integers(0, COUNT - 2), st.integers(1, 5))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_entries_in_another_order_are_found_and_placed(number: int, apart: int) -> None:
    undone = transaction.savepoint()
    other = min(number + apart, COUNT - 1)
    run("UPDATE ledger_entry SET number = -7 WHERE number = %s", number)
    run("UPDATE ledger_entry SET number = %s WHERE number = %s", number, other)
    run("UPDATE ledger_entry SET number = %s WHERE number = -7", other)
    assert {number, other} <= {each.number for each in findings().findings}
    transaction.savepoint_rollback(undone)


@pytest.mark.usefixtures("full")
@given(st.integers(0, COUNT - 1))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_entry_that_was_put_between_is_found_and_placed(number: int) -> None:
    undone = transaction.savepoint()
    for moved in range(COUNT - 1, number - 1, -1):
        run("UPDATE ledger_entry SET number = %s WHERE number = %s", moved + 1, moved)
    copied = Entry.objects.order_by("-number")[0]
    copied.number = number
    copied.save(force_insert=True)
    assert any(abs(each.number - number) <= 1 for each in findings().findings)
    transaction.savepoint_rollback(undone)


@pytest.mark.usefixtures("full")
def test_a_rewritten_entry_with_all_hashes_after_it_is_placed_by_the_nodes_and_caught_by_the_heads() -> None:
    number = 7
    previous = b""
    for entry in Entry.objects.filter(number__gte=number).order_by("number"):
        if entry.number == number:
            entry.content = '{"count":99}'
        else:
            entry.previous = previous
        previous = entry.record.hash()
        run(
            "UPDATE ledger_entry SET content = %s, previous = %s, hash = %s WHERE number = %s",
            entry.content, bytes(entry.previous), previous, entry.number,
        )  # fmt: skip
    Head.objects.update(last=previous)
    found = findings().findings
    assert any(each.place == "entries 6 to 7" and each.slug == "wrong-node" for each in found)
    assert {each.place for each in found if each.slug == "wrong-root"} == {
        "signed head of 20 entries", "signed head of 44 entries",
    }  # fmt: skip


@pytest.mark.usefixtures("full")
def test_what_stands_before_the_first_or_behind_the_last_entry_is_found() -> None:
    for number, slug in ((-3, "out-of-order"), (COUNT, "more-entries"), (COUNT + 9, "more-entries")):
        undone = transaction.savepoint()
        entry = Entry.objects.get(number=4)
        entry.number = number
        entry.save(force_insert=True)
        assert [each.slug for each in findings().findings] == [slug]
        transaction.savepoint_rollback(undone)


@pytest.mark.usefixtures("full")
def test_nodes_that_no_entry_gave_are_found() -> None:
    for place in (2, 2 * COUNT + 1, 1 << 20):
        undone = transaction.savepoint()
        run("INSERT INTO ledger_node (place, hash) VALUES (%s, %s)", place, bytes(32))
        assert {each.slug for each in findings().findings} == {"wrong-node"}
        transaction.savepoint_rollback(undone)


def test_chunks_of_any_size_find_the_same(full: None, monkeypatch: pytest.MonkeyPatch) -> None:
    run("UPDATE ledger_node SET hash = %s WHERE place = 31", bytes(32))
    run("UPDATE ledger_entry SET way = 'page' WHERE number = 17")
    expected = findings().findings
    for size in (1, 2, 4, 16, 64):
        monkeypatch.setattr(stored, "CHUNK", size)
        assert sorted(map(str, findings().findings)) == sorted(map(str, expected))


def test_an_export_of_the_store_is_whole(full: None) -> None:
    chain, summary = check_export(io.BytesIO(b"".join(export_store())))
    assert (chain.count, chain.expected, chain.compared) == (0, COUNT, 2)
    assert "signatures not checked" in summary


@pytest.mark.parametrize("moment", ["_head", "_rows", "signed_heads"])
def test_what_others_write_and_sign_meanwhile_is_no_finding(
    db: None, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    written(5)
    sign_head(by=SYSTEM, at=NOW)
    reading = getattr(stored, moment)

    def and_others_write(*given: Any) -> Any:
        found = reading(*given)
        written(9)
        assert isinstance(sign_head(by=SYSTEM, at=NOW), TreeHead)
        return found

    monkeypatch.setattr(stored, moment, and_others_write)
    chain, summary = check_store()
    assert not chain.findings
    assert "nothing is wrong" in summary


def taken_back(count: int) -> None:
    """The whole store as it was after so many entries, as somebody would put it there who has the database alone."""
    kept = list(Entry.objects.filter(number__lt=count).order_by("number"))
    for table in ("ledger_entry", "ledger_node", "ledger_treehead", "ledger_head"):
        run(f"DELETE FROM {table}")
    written(len(kept))


@pytest.mark.parametrize("count", [5, 22, COUNT])
def test_a_ledger_that_was_taken_back_or_written_anew_is_found_and_not_signed(full: None, count: int) -> None:
    assert _last() is not None
    taken_back(count)
    triggers.install(connection)
    assert check_store()[0].count == 0
    found = check_store(None, lambda _: None, _last())[0].findings
    assert [each.slug for each in found] == ["missing-entries" if count < COUNT - 1 else "wrong-root"]
    refused = sign_head(by=SYSTEM, at=NOW)
    assert isinstance(refused, list)
    assert [each.slug for each in refused] == ["another-ledger"]
    # An operator who restored a back-up says so by moving the file away.
    place_of_head(Path(django_settings.ASSAY_LEDGER_KEY)).unlink()
    assert isinstance(sign_head(by=SYSTEM, at=NOW), TreeHead)


def _last() -> SignedHead | None:
    found = remembered(Path(django_settings.ASSAY_LEDGER_KEY))
    assert found is None or isinstance(found, SignedHead)
    return found
