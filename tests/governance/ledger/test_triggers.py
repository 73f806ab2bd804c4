"""The store itself refuses to change or remove what was recorded."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from assay.governance.ledger import triggers
from assay.governance.ledger.models import Entry, Node, TreeHead
from tests.governance.ledger.making import written

CHANGES = [
    "UPDATE {table} SET {key} = {key}",
    "DELETE FROM {table}",
    "DELETE FROM {table} WHERE {key} >= 0",
]


@pytest.fixture
def rows(db: None) -> None:
    written(4)
    TreeHead.objects.create(size=2, root=bytes(32), at=0, key_id="0" * 32, signature=bytes(64))


def refused(words: str) -> str:
    with pytest.raises(IntegrityError) as raised, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(words)
    return str(raised.value)


@pytest.mark.parametrize("table", sorted(triggers.TABLES))
@pytest.mark.parametrize("change", CHANGES)
def test_no_row_is_changed_or_removed(rows: None, table: str, change: str) -> None:
    assert triggers.WORDS in refused(change.format(table=table, key=triggers.TABLES[table]))


@pytest.mark.parametrize("table", sorted(triggers.TABLES))
def test_no_row_takes_the_place_of_another(rows: None, table: str) -> None:
    key = triggers.TABLES[table]
    columns = {
        "ledger_entry": "number, at, actor, way, kind, subject, content, previous, hash",
        "ledger_node": "place, hash",
        "ledger_treehead": "number, size, root, at, key_id, signature",
    }[table]
    copy = f"INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE {key} = (SELECT MIN({key}) FROM {table})"
    if connection.vendor == "sqlite":
        assert "ledger" in refused(f"INSERT OR REPLACE {copy}") or triggers.GAP in refused(f"INSERT OR REPLACE {copy}")
    else:
        changes = f"ON CONFLICT ({key}) DO UPDATE SET {key} = {table}.{key}"
        refused(f"INSERT {copy} {changes}")
        assert triggers.WORDS in refused(f"TRUNCATE {table} CASCADE")


def test_no_signed_head_takes_the_place_of_one_of_the_same_size(rows: None) -> None:
    way = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
    columns = "size, root, at, key_id, signature"
    refused(f"{way} INTO ledger_treehead ({columns}) SELECT {columns} FROM ledger_treehead")
    assert TreeHead.objects.count() == 1


def test_an_entry_that_leaves_a_gap_is_refused(rows: None) -> None:
    entry = Entry.objects.get(number=3)
    for number in (-1, 3, 5):
        entry.number = number
        with pytest.raises(IntegrityError, match="number"), transaction.atomic():
            entry.save(force_insert=True)
    entry.number = 4
    entry.save(force_insert=True)


def test_models_can_neither_save_nor_delete(rows: None) -> None:
    for row in (Entry.objects.get(number=1), Node.objects.first(), TreeHead.objects.first()):
        assert row is not None
        with pytest.raises(DatabaseError), transaction.atomic():
            row.save()
        with pytest.raises(DatabaseError), transaction.atomic():
            row.delete()


def test_without_triggers_is_for_as_long_as_it_lasts(rows: None) -> None:
    with triggers.without_triggers():
        assert not triggers.installed(connection)
        Node.objects.all().delete()
    assert triggers.installed(connection)


def test_migrations_go_forwards_and_back(transactional_db: None) -> None:
    written(3)
    call_command("migrate", "ledger", "zero", verbosity=0)
    assert "ledger_entry" not in connection.introspection.table_names()
    call_command("migrate", "ledger", verbosity=0)
    assert triggers.installed(connection)
    written(3)
    assert Entry.objects.count() == 3
