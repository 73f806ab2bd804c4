"""Tables are made, changed and taken away again with people's work in them, and nothing is forgotten to be made."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from assay.governance.ledger.commands import sign_head
from assay.governance.ledger.models import Entry
from assay.governance.ledger.triggers import installed
from assay.governance.office.actor import SYSTEM
from assay.governance.people.commands import create_first_administrator

Tables = dict[str, Any]


def tables() -> Tables:
    """Every table with its columns, indexes and constraints, as the store itself describes them."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            columns = connection.introspection.get_table_description(cursor, table)
            limits = connection.introspection.get_constraints(cursor, table).values()
            found[table] = (
                [(each.name, each.type_code, each.null_ok) for each in columns],
                sorted(str(sorted(each.items(), key=str)) for each in limits),
            )
    return found


def migrate(target: str | None) -> None:
    """Every app to its last migration, or all of them back to where there is nothing."""
    executor = MigrationExecutor(connection)
    if target is None:
        executor.migrate(executor.loader.graph.leaf_nodes())
    else:
        executor.migrate([(app, None) for app in sorted(executor.loader.migrated_apps)])


@pytest.fixture
def worked(transactional_db: None, at: datetime, settings: Any, tmp_path: Any) -> None:
    """A store in which somebody did something, and it was signed."""
    settings.ASSAY_LEDGER_KEY = tmp_path / "ledger.key"
    made = create_first_administrator(email="dee@example.org", name="Dee", by=SYSTEM, at=at)
    assert not isinstance(made, list)
    assert not isinstance(sign_head(by=SYSTEM, at=at), list)


def test_no_model_has_changed_without_a_migration(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_with_data_in_them_all_tables_go_and_come_back_as_they_were(worked: None) -> None:
    before, at_first = tables(), Entry.objects.count()
    assert at_first > 0
    migrate("zero")
    left = set(tables()) - {"django_migrations"}
    assert left == set()
    migrate(None)
    assert tables() == before
    assert Entry.objects.count() == 0
    assert installed(connection)


def test_what_is_migrated_forwards_once_more_loses_nothing(worked: None) -> None:
    before = {model: model._default_manager.count() for model in apps.get_models()}
    call_command("migrate", verbosity=0, interactive=False)
    assert {model: model._default_manager.count() for model in apps.get_models()} == before
