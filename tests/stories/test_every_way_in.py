"""The same items through every way in, and out of every store: a decision has the same bytes wherever it comes from."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import nats
import psycopg
import pyarrow.parquet as pq
import pytest
from nats.js.api import ConsumerConfig

from assay import Decider, RecordWriter, decide
from assay.client import AsyncClient, Client, Decision
from assay.interfaces.stores.files import records_in
from assay.interfaces.stores.segments.reading import StoredRecord
from benchmarks.crashing.service import Service
from benchmarks.crashing.tokens import token_in
from benchmarks.material.starter import starter_pack
from benchmarks.serving.process import free_port
from tests.engine.program.sql.tables import a_postgres_server, why_no_postgres
from tests.interfaces.running import STARTER, assay
from tests.interfaces.stream.brokers import KafkaCluster, bytes_of, headers_of, nats_server
from tests.interfaces.stream.processes import Process, consuming
from tests.stories.serving.items import AS_OF, COUNT, MARKETS, asking, lines_of_all_sorts

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.enable_socket]
Records = dict[str, bytes]
NDJSON = {"Content-Type": "application/x-ndjson"}


@dataclass(frozen=True)
class Given:
    """The items, and their records as the library makes them."""

    lines: list[bytes]
    items: list[dict[str, object]]
    records: Records

    @property
    def asking(self) -> list[bytes]:
        return [asking(line) for line in self.lines]


@pytest.fixture(scope="module")
def given() -> Given:
    """By the library's front door: `assay.decide` and a writer."""
    decider = Decider(starter_pack())
    writer = RecordWriter(decider)
    lines = lines_of_all_sorts(decider.pack)
    items = [json.loads(line) for line in lines]
    decisions = [decide(item, decider, as_of=AS_OF, markets=MARKETS) for item in items]
    records = {str(item["id"]): writer.write(found) for item, found in zip(items, decisions, strict=True)}
    assert len(records) == COUNT
    return Given(lines, items, records)


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[tuple[Service, str]]:
    folder.mkdir()
    token = token_in(folder)
    service = Service(folder, STARTER, free_port(), {"ASSAY_SERVICE__LOG_LEVEL": "warning", **settings})
    service.start()
    try:
        yield service, token
        assert service.stop() == 0
    finally:
        service.kill()


def by_item(records: Sequence[bytes]) -> Records:
    """Records by the item that each says it is about; none may be there twice in two ways."""
    found: Records = {}
    for record in records:
        item = json.loads(record)["item"]
        assert found.setdefault(item, record) == record
    return found


def assert_alike(found: Mapping[str, bytes], expected: Records, way: str) -> None:
    """Say which item differs, since two times 300 records tell nobody anything."""
    assert set(found) == set(expected), f"{way}: {set(found) ^ set(expected)}"
    unlike = [item for item, record in found.items() if record != expected[item]]
    assert not unlike, f"{way}: {len(unlike)} differ, such as {found[unlike[0]]!r}, not {expected[unlike[0]]!r}"


def test_the_command_line_writes_the_librarys_bytes(given: Given, tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    path.write_bytes(b"".join(line + b"\n" for line in given.lines))
    out = tmp_path / "decided.jsonl"
    run = assay("decide", path, "--pack", STARTER, "--as-of", AS_OF, "--markets", ",".join(MARKETS), "--out", out)
    assert run.code == 0, run.err
    assert out.read_bytes().splitlines() == list(given.records.values())


def _singles(http: httpx.Client, given: Given) -> list[bytes]:
    answers = [http.post("/v1/decisions", content=line) for line in given.asking]
    assert {answer.status_code for answer in answers} == {200}
    return [answer.content for answer in answers]


def _batch(http: httpx.Client, lines: list[bytes], **query: str) -> list[bytes]:
    answer = http.post("/v1/decisions:batch", params=query, content=b"\n".join(lines), headers=NDJSON)
    assert answer.status_code == 200, answer.text
    return answer.content.split(b"\n")[:-1]


def _by_client(address: str, token: str, given: Given) -> Iterator[tuple[str, list[bytes]]]:
    with Client(address, token) as client:
        found = [client.decide(item, markets=MARKETS, as_of=AS_OF) for item in given.items]
        yield "client, single", [each.record for each in found]
        batch = list(client.decide_batch(given.lines, markets=MARKETS, as_of=AS_OF))
    decided = [each for each in batch if isinstance(each, Decision)]
    assert len(decided) == COUNT
    yield "client, batch", [each.record for each in decided]

    async def at_once() -> list[bytes]:
        async with AsyncClient(address, token) as client:
            asked = (client.decide(line, markets=MARKETS, as_of=AS_OF) for line in given.lines[::5])
            return [each.record for each in await asyncio.gather(*asked)]

    first = list(given.records.values())[::5]
    assert asyncio.run(at_once()) == first


def test_the_service_and_its_clients_answer_the_librarys_bytes_and_its_files_give_them_back(
    given: Given, tmp_path: Path
) -> None:
    expected = list(given.records.values())
    with serving(tmp_path / "service", ASSAY_STORE__DURABILITY="written") as (service, token):
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        with httpx.Client(base_url=service.address, headers=headers, timeout=30) as http:
            assert _singles(http, given) == expected
            assert _batch(http, given.lines, markets=",".join(MARKETS), as_of=AS_OF) == expected
            assert _batch(http, given.asking) == expected
        for way, records in _by_client(service.address, token, given):
            assert records == expected, way
    times = 5
    _look_into(service.records, given, times)
    kinds = {path.suffix for path in service.records.iterdir()}
    assert ".segment" in kinds
    assert assay("records", "rotate", service.records).code == 0
    assert not list(service.records.glob("*.segment"))
    _look_into(service.records, given, times)
    assert assay("records", "replay", service.records, "--pack", STARTER).code == 0
    columns = [name for path in service.records.glob("*.parquet") for name in pq.read_schema(path).names]
    assert "id" in columns


def _look_into(folder: Path, given: Given, times: int) -> None:
    """What the folder's files hold, however they are read, is what was answered, as often as it was asked."""
    stored = [
        each
        for path in sorted(folder.glob("*.*"))
        if path.suffix in (".segment", ".parquet")
        for each in records_in(path)
    ]
    kept = [each for each in stored if isinstance(each, StoredRecord)]
    assert len(kept) == len(stored) == times * COUNT + len(given.lines[::5])
    assert all(json.loads(each.record)["item"] == each.item for each in kept)
    assert_alike(by_item([each.record for each in kept]), given.records, "files")
    lines = folder.parent / "exported.jsonl"
    assert assay("records", "export", folder, "-o", lines).code == 0
    assert lines.read_bytes().splitlines() == [each.record for each in kept]
    table = folder.parent / "exported.parquet"
    assert assay("records", "export", folder, "-o", table).code == 0
    assert pq.read_table(table)["record"].to_pylist() == [each.record.decode() for each in kept]


def _from_nats(url: str) -> list[bytes]:
    async def read() -> list[bytes]:
        client = await nats.connect(url)
        context = client.jetstream()
        name = await context.find_stream_name_by_subject("decisions")
        total = (await context.stream_info(name)).state.messages
        reader = await context.pull_subscribe("", stream=name, config=ConsumerConfig(max_ack_pending=10_000))
        found: list[bytes] = []
        while len(found) < total:
            found += [message.data for message in await reader.fetch(min(200, total - len(found)), timeout=5)]
        await client.close()
        return found

    return asyncio.run(read())


def test_nats_hands_out_the_librarys_bytes_and_postgresql_gives_them_back(given: Given, tmp_path: Path) -> None:
    why = why_no_postgres()
    if why is not None:
        pytest.skip(why)
    path = tmp_path / "items.jsonl"
    path.write_bytes(b"".join(line + b"\n" for line in given.asking))
    with a_postgres_server() as database, nats_server(tmp_path) as server:
        url = f"postgresql://assay@/postgres?host={database}"
        kept = {"ASSAY_STORE__KIND": "postgres", "ASSAY_STORE__POSTGRES__URL": url}
        words = ("nats", "--pack", str(STARTER), "--server", server.url, "--create")
        process = Process(tmp_path / "consumer", words, kept)
        with consuming(process):
            process.start()
            assert assay("publish", "nats", path, "--server", server.url).code == 0
            _until(lambda: _rows(url) >= COUNT)
            assert process.stop() == 0
        assert_alike(by_item(_from_nats(server.url)), given.records, "NATS")
        with psycopg.connect(url) as connection:
            rows = connection.execute("SELECT item, record FROM assay_records").fetchall()
        assert len(rows) == COUNT
        assert_alike(by_item([record.encode() for _, record in rows]), given.records, "PostgreSQL")


def _rows(url: str) -> int:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT count(*) FROM assay_records").fetchone()
    return int(found[0]) if found else 0


def _until(reached: Callable[[], bool], seconds: float = 30.0) -> None:
    import time

    ends = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < ends, "it never came so far"
        time.sleep(0.1)


def test_kafka_hands_out_the_librarys_bytes_and_a_consumers_files_give_them_back(given: Given, tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    path.write_bytes(b"".join(line + b"\n" for line in given.asking))
    cluster = KafkaCluster()
    server = ("--server", ",".join(cluster.servers))
    process = Process(tmp_path / "consumer", ("kafka", "--pack", str(STARTER), *server))
    assert assay("publish", "kafka", path, *server).code == 0
    with consuming(process):
        process.start()
        _until(lambda: len(cluster.read("decisions")) >= COUNT)
        assert process.stop() == 0
    answers = cluster.read("decisions")
    assert len({headers_of(message)["Assay-Source"] for message in answers}) == len(answers) == COUNT
    assert_alike(by_item([bytes_of(message) for message in answers]), given.records, "Kafka")
    kept = [record for _, record in process.kept()]
    assert len(kept) == COUNT
    assert_alike(by_item(kept), given.records, "the consumer's files")
