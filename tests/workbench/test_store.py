"""The ground that the workbench's tests stand on: nothing of one test is seen by the next."""

from __future__ import annotations

import threading

import pytest

from tests.workbench.store import Store


def somebody(name: str) -> None:
    from assay.governance.people.models import Person

    Person.objects.create_user(f"{name}@example.org", name=name)


def everybody() -> list[str]:
    from assay.governance.people.models import Person

    return sorted(Person.objects.values_list("name", flat=True))


@pytest.mark.parametrize("name", ["one", "two"])
def test_what_a_test_writes_is_undone(db: None, name: str) -> None:
    assert everybody() == []
    somebody(name)
    assert everybody() == [name]


@pytest.mark.parametrize("name", ["one", "two"])
def test_what_a_test_commits_is_seen_by_its_threads_and_by_no_other_test(transactional_db: None, name: str) -> None:
    from django.db import connection

    assert everybody() == []
    found: list[list[str]] = []

    def look() -> None:
        somebody("thread")
        found.append(everybody())
        connection.close()

    somebody(name)
    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert found == [sorted([name, "thread"])]
    assert everybody() == sorted([name, "thread"])


def test_the_store_is_the_one_that_was_asked_for(db: None, store: Store) -> None:
    from django.db import connection

    assert connection.vendor == store.kind
