"""Records in PostgreSQL, NATS and Kafka, with the real servers: durable when they say so, and there once."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from assay.interfaces.stores.entry import Entry, StoreUnwritable
from assay.interfaces.stores.indexing.following import Follower, Step
from assay.interfaces.stores.indexing.layout import index_path
from assay.interfaces.stores.indexing.opening import follower_of
from assay.interfaces.stores.indexing.reading.index import IndexReader, reading
from assay.interfaces.stores.indexing.reading.records import record_of
from assay.interfaces.stores.indexing.reading.wanted import Wanted
from assay.interfaces.stores.keeper import Keeper
from assay.interfaces.stores.opening import open_store
from assay.interfaces.stores.postgres import PostgresStore
from assay.interfaces.stores.settings import BrokerSettings, PostgresSettings, StoreSettings
from tests.engine.program.sql.tables import a_postgres_server, why_no_postgres
from tests.interfaces.stores.indexing.decided import decided
from tests.interfaces.stores.making import an_entry, some_entries
from tests.interfaces.stream.brokers import KafkaCluster, nats_server

RECORD = b'{"as_of":"2026-12-15T10:00:00Z","bundle":"sha256:abc","item":"upload-1"}'


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    why = why_no_postgres()
    if why is not None:
        pytest.skip(why)
    with a_postgres_server() as folder:
        yield f"postgresql://assay@/postgres?host={folder}"


def opened(settings: StoreSettings) -> Keeper:
    found = open_store(settings)
    assert isinstance(found, Keeper), found
    return found


def rows(url: str, table: str, columns: str = "item, key, record") -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(f"SELECT {columns} FROM {table} ORDER BY id").fetchall()


def test_records_are_rows_with_what_they_say_of_themselves(server: str) -> None:
    keeper = opened(StoreSettings(kind="postgres", postgres=PostgresSettings(server, "said")))
    keeper.keep_now([Entry([RECORD], "upload-1", "http ada 1"), Entry([b"words \xc3\xa9"], "nul \0", "")])
    keeper.close()
    assert rows(server, "said") == [
        ("upload-1", "http ada 1", RECORD.decode()),
        ("nul \N{REPLACEMENT CHARACTER}", None, "words é"),
    ]
    ((as_of, bundle), (nothing, none)) = rows(server, "said", "as_of, bundle")
    assert bundle == "sha256:abc" and as_of is not None and str(as_of).startswith("2026-12-15 10:00")
    assert nothing is None and none is None


def test_an_index_follows_a_table_whose_rows_are_committed_out_of_order(server: str, tmp_path: Path) -> None:
    given = StoreSettings(kind="postgres", folder=tmp_path, postgres=PostgresSettings(server, "followed"))
    keeper = opened(given)
    records = [each.entry for each in decided(60)]
    keeper.keep_now(records[:20])
    follower = follower_of(given)
    assert isinstance(follower, Follower)
    assert follower.follow().added == 20
    insert = "INSERT INTO followed (batch, place, item, record) VALUES (gen_random_uuid(), 0, 'late', 'x')"
    with psycopg.connect(server) as late:
        late.execute(insert)
        keeper.keep_now(records[20:])
        assert follower.follow().added == 40
        late.commit()
    assert follower.follow() == Step(1, behind=False)
    with reading(index_path(tmp_path)) as index:
        assert isinstance(index, IndexReader)
        assert [row.item for row in index.find(Wanted(), most=1).rows] == ["late"]
        (listed,) = index.find(Wanted(item=records[30].item), most=1).rows
        assert record_of(listed, given, index.connection) in {entry.record for entry in records}
    with psycopg.connect(server, autocommit=True) as cleaning:
        cleaning.execute("DELETE FROM followed WHERE id <= 40")
    follower.follow()
    with reading(index_path(tmp_path)) as index:
        assert isinstance(index, IndexReader)
        assert len(index.find(Wanted(), most=100).rows) == 21
    follower.close()
    keeper.close()


def test_a_connection_that_is_lost_costs_nothing_and_writes_nothing_twice(server: str) -> None:
    keeper = opened(StoreSettings(kind="postgres", postgres=PostgresSettings(server, "lost")))
    given = [entry for batch in range(30) for entry in some_entries(4, 100 * batch)]
    with psycopg.connect(server, autocommit=True) as killer:
        for first in range(0, len(given), 4):
            if first % 12 == 0:
                killer.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'assay'"
                )
            keeper.keep_now(given[first : first + 4])
    keeper.close()
    assert [row[0] for row in rows(server, "lost")] == [entry.item for entry in given]


def test_a_commit_that_was_not_answered_is_not_made_twice(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = PostgresStore(PostgresSettings(server, "unanswered"))
    assert store.open() is None
    commit, failures = store._commit, iter([True, False])

    def lost(*arguments: object) -> None:
        commit(*arguments)  # type: ignore[arg-type]
        if next(failures):
            raise psycopg.OperationalError("the connection was lost")

    monkeypatch.setattr(store, "_commit", lost)
    store.write(some_entries(5))
    assert len(rows(server, "unanswered")) == 5
    store.close()


def test_a_batch_whose_fate_nobody_knew_is_taken_out_again(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = PostgresStore(PostgresSettings(server, "doubtful", timeout=0.2))
    assert store.open() is None
    commit = store._commit

    def lost(*arguments: object) -> None:
        commit(*arguments)  # type: ignore[arg-type]
        raise psycopg.OperationalError("the connection was lost")

    with monkeypatch.context() as patch:
        patch.setattr(store, "_commit", lost)
        with pytest.raises(StoreUnwritable, match="postgres-unreachable"):
            store.write([an_entry(1)])
    store.write([an_entry(2)])
    assert [row[0] for row in rows(server, "doubtful")] == ["upload-2"]
    store.close()


def test_one_key_is_kept_once_and_known_after_a_restart(server: str) -> None:
    settings = StoreSettings(kind="postgres", postgres=PostgresSettings(server, "keyed"))
    keeper = opened(settings)
    keeper.keep_now(some_entries(9))
    keeper.keep_now(some_entries(1))
    keeper.close()
    keeper = opened(settings)
    assert list(keeper.kept_keys("http", 2)) == [(each.key, each.record) for each in some_entries(9) if each.key][-2:]
    assert list(keeper.kept_keys("nats")) == []
    keeper.close()
    assert len(rows(server, "keyed")) == 9


def test_a_server_that_takes_no_writes_is_named(server: str) -> None:
    keeper = opened(StoreSettings(kind="postgres", postgres=PostgresSettings(server, "standby")))
    keeper.keep_now([an_entry(1)])
    keeper.close()
    only_read = f"{server}&options=-c%20default_transaction_read_only%3Don"
    store = PostgresStore(PostgresSettings(only_read, "standby"))
    with pytest.raises(StoreUnwritable, match="postgres-read-only"):
        store.write([an_entry(2)])
    with pytest.raises(StoreUnwritable, match="postgres-read-only"):
        store.probe()
    store.close()


def test_a_server_that_is_not_there_is_a_fault_without_the_password() -> None:
    url = "postgresql://assay:open-sesame@/records?host=/nowhere"
    found = open_store(StoreSettings(kind="postgres", postgres=PostgresSettings(url, timeout=0.5)))
    assert isinstance(found, list) and found[0].slug == "postgres-unreachable" and "sesame" not in repr(found)
    for wrong in ("postgresql://[", "open-sesame"):
        found = open_store(StoreSettings(kind="postgres", postgres=PostgresSettings(wrong, timeout=0.5)))
        assert isinstance(found, list) and "sesame" not in repr(found)


@pytest.mark.enable_socket
def test_records_in_jetstream_are_there_once_and_survive_the_brokers_restart(tmp_path: Path) -> None:
    import asyncio

    import nats

    with nats_server(tmp_path) as broker:
        keeper = opened(StoreSettings(kind="nats", broker=BrokerSettings((broker.url,), timeout=3.0)))
        keeper.keep_now(some_entries(20))
        keeper.keep_now(some_entries(10))
        broker.stop(signal.SIGKILL)
        with pytest.raises(StoreUnwritable, match="broker"):
            keeper.keep_now(some_entries(5, 50))
        broker.start()
        until = time.monotonic() + 20
        while not keeper.state().healthy and time.monotonic() < until:
            time.sleep(0.1)
        keeper.keep_now(some_entries(5, 50))
        keeper.close()

        async def read() -> list[bytes]:
            client = await nats.connect(broker.url)
            stream = client.jetstream()
            count = (await stream.stream_info("RECORDS")).state.messages
            found = [(await stream.get_msg("RECORDS", number)).data or b"" for number in range(1, count + 1)]
            await client.close()
            return found

        wanted = [each.record for each in [*some_entries(20), *some_entries(5, 50)]]
        assert asyncio.run(read()) == wanted


@pytest.mark.enable_socket
def test_a_broker_that_is_not_there_is_a_fault_in_time() -> None:
    began = time.monotonic()
    for kind in ("nats", "kafka"):
        settings = BrokerSettings(("127.0.0.1:9",), user="ada", password="open-sesame", timeout=1.0)
        found = open_store(StoreSettings(kind=kind, broker=settings))
        assert isinstance(found, list) and found[0].slug.startswith("broker-") and "sesame" not in repr(found)
    assert time.monotonic() - began < 10
    assert not [each for each in threading.enumerate() if each.name == "assay-records-nats"]


@pytest.mark.enable_socket
def test_records_in_kafka_are_all_there_an_items_in_order() -> None:
    cluster = KafkaCluster()
    keeper = opened(StoreSettings(kind="kafka", broker=BrokerSettings(cluster.servers, "records", timeout=10.0)))
    given = [an_entry(number % 5, f"key {number}") for number in range(50)]
    for first in range(0, 50, 10):
        keeper.keep_now(given[first : first + 10])
    keeper.close()
    found = cluster.read("records")
    assert sorted(each.value() or b"" for each in found) == sorted(entry.record for entry in given)
    by_item: dict[object, list[object]] = {}
    for each in found:
        by_item.setdefault(each.key(), []).append(dict(each.headers() or [])["Assay-Key"])
    for item, keys in by_item.items():
        assert keys == [entry.key.encode() for entry in given if entry.item.encode() == item]
