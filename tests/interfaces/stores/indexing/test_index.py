"""The index of records: what it finds is what the records say, however it came about."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.interfaces.stores.indexing.facts import OPEN, SETTLED, bundle_fact, measure_fact, rule_fact
from assay.interfaces.stores.indexing.following import Follower, Step
from assay.interfaces.stores.indexing.layout import CHUNK, index_path
from assay.interfaces.stores.indexing.planes import packed, unpacked
from assay.interfaces.stores.indexing.reading.index import IndexReader, reading
from assay.interfaces.stores.indexing.reading.records import record_of
from assay.interfaces.stores.indexing.reading.wanted import Listed, Wanted, place_of
from assay.interfaces.stores.indexing.sources.folder import FolderSource
from assay.interfaces.stores.rotation.rotating import rotate
from assay.interfaces.stores.segments.writer import Limits, SegmentWriter
from assay.interfaces.stores.settings import StoreSettings
from tests.interfaces.stores.indexing.decided import BUNDLES, MARKETS, MEASURES, RULES, Decided, decided, fits
from tests.interfaces.stores.making import an_entry

# Two chunks that are closed, and one that still grows.
MANY = 2 * CHUNK + 700


def keep(folder: Path, records: Sequence[Decided], *, number: int = 1, seal: bool = True) -> SegmentWriter:
    """Write records, in batches of which one comes a millisecond after the other."""
    clock = iter(range(number * 1_000_000_000, number * 1_000_000_000 + 10_000_000, 1_000))
    writer = SegmentWriter(folder, Limits("written"), number, now=lambda: next(clock))
    for first in range(0, len(records), 50):
        writer.write([each.entry for each in records[first : first + 50]])
    if seal:
        writer.close()
    return writer


def follow(folder: Path, follower: Follower | None = None) -> Step:
    """Bring the index up to date."""
    own = follower or Follower(index_path(folder), FolderSource(folder))
    step = own.follow(30.0)
    if follower is None:
        own.close()
    return step


def all_of(folder: Path) -> list[tuple[str, str, str, tuple[str, ...], tuple[str, ...], int]]:
    """What the index says of every decision, the oldest first, without its own numbers."""
    with reading(index_path(folder)) as index:
        assert isinstance(index, IndexReader)
        rows = index.find(Wanted(), upwards=True, most=100_000).rows
        return [(row.key, row.item, row.bundle, row.everywhere, row.somewhere, row.open_markets) for row in rows]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Decided]]:
    """A folder of records with its index."""
    folder, records = tmp_path_factory.mktemp("records"), decided(MANY)
    keep(folder, records)
    assert follow(folder).added == MANY
    return folder, records


FACTS = st.sampled_from(
    [OPEN, SETTLED, *(measure_fact(name, truth) for name in MEASURES for truth in ("yes", "unknown"))]
)
WANTED = st.builds(
    Wanted,
    item=st.sampled_from(["", "", "", "item-7", "nobody"]),
    market=st.sampled_from(["", *MARKETS, "XX"]),
    in_market=st.lists(FACTS, max_size=2, unique=True).map(tuple),
    anywhere=st.lists(
        st.sampled_from([bundle_fact(BUNDLES[0]), rule_fact(RULES[0], "yes"), rule_fact(RULES[1], "unknown")]),
        max_size=2,
        unique=True,
    ).map(tuple),
    since=st.none() | st.integers(1_000_000_000, 1_000_100_000),
    until=st.none() | st.integers(1_000_000_000, 1_000_100_000),
)


@settings(max_examples=120)
@given(WANTED, st.booleans(), st.integers(0, MANY + 1), st.integers(1, 90))
def test_what_is_found_is_what_the_records_say(
    kept: tuple[Path, list[Decided]], wanted: Wanted, upwards: bool, begin: int, most: int
) -> None:
    folder, records = kept
    numbers = range(begin + 1, MANY + 1) if upwards else range(begin - 1, 0, -1)
    since, until = wanted.since or 0, wanted.until or 1 << 62
    right = [
        number
        for number in numbers
        if since <= 1_000_000_000 + (number - 1) // 50 * 1_000 + 1_000 < until and fits(records[number - 1], wanted)
    ][:most]
    with reading(index_path(folder)) as index:
        assert isinstance(index, IndexReader)
        found = index.find(wanted, begin=begin, upwards=upwards, most=most)
        assert [row.number for row in found.rows] == right
        assert found.stopped is None


def test_a_search_that_gives_up_for_now_goes_on_where_it_stopped(kept: tuple[Path, list[Decided]]) -> None:
    folder, records = kept
    wanted = Wanted(in_market=(measure_fact("held", "yes"),))
    found, begin = [], None
    with reading(index_path(folder)) as index:
        assert isinstance(index, IndexReader)
        for _ in range(10):
            part = index.find(wanted, begin=begin, most=1_000, most_chunks=1)
            found += [row.number for row in part.rows]
            begin = part.stopped
            if begin is None:
                break
    assert found == [number for number in range(MANY, 0, -1) if fits(records[number - 1], wanted)]


def test_decisions_since_an_instant_are_counted(kept: tuple[Path, list[Decided]]) -> None:
    folder, _ = kept
    with reading(index_path(folder)) as index:
        assert isinstance(index, IndexReader)
        for batch in (0, 7, 60, 85, 95):
            instant = 1_000_000_000 + batch * 1_000 + 1_000
            assert index.count_since(instant) == max(0, MANY - 50 * batch)
        assert index.count_since(0) == MANY
        assert index.count_since(1 << 60) == 0


def test_every_record_is_found_by_its_name_byte_for_byte(kept: tuple[Path, list[Decided]]) -> None:
    folder, records = kept
    store = StoreSettings(folder=folder)
    with reading(index_path(folder)) as index:
        assert isinstance(index, IndexReader)
        for ordinal in (0, 1, CHUNK, MANY - 1):
            listed = index.one(1, ordinal)
            assert listed is not None
            assert place_of(listed.key) == (1, ordinal)
            assert record_of(listed, store, index.connection) == records[ordinal].record
        assert index.one(1, MANY) is None


def test_an_index_knows_all_that_a_decision_says(kept: tuple[Path, list[Decided]]) -> None:
    folder, records = kept
    with reading(index_path(folder)) as index:
        assert isinstance(index, IndexReader)
        for number in (1, CHUNK + 5, MANY):
            found = index.facts_of(number)
            for one in records[number - 1].outcomes:
                measures, markets = one["measures"], one["markets"]
                assert isinstance(measures, dict)
                assert isinstance(markets, list)
                wanted = {f"measure:{name}={truth}" for name, truth in measures.items() if truth != "no"}
                assert all(wanted == {fact for fact in found[market] if ":" in fact} for market in markets)


def test_what_changed_between_decisions_is_what_is_so_of_one_of_them_alone(kept: tuple[Path, list[Decided]]) -> None:
    folder, _ = kept
    numbers = [MANY, MANY - 1, 2 * CHUNK, 2 * CHUNK - 1, CHUNK + 5, CHUNK + 4, 3, 1]
    with reading(index_path(folder)) as index:
        assert isinstance(index, IndexReader)
        for (one, other), (only_one, only_other) in zip(pairwise(numbers), index.changes(numbers), strict=True):
            facts, others = index.facts_of(one), index.facts_of(other)
            both = facts.keys() & others.keys() - {""}
            left = {market: facts[market] - others[market] for market in both}
            right = {market: others[market] - facts[market] for market in both}
            assert only_one == {market: names for market, names in left.items() if names}
            assert only_other == {market: names for market, names in right.items() if names}


@settings(max_examples=5)
@given(st.integers(0, 2**32))
def test_a_follower_that_is_stopped_again_and_again_comes_to_the_same_index(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    folder, chance = tmp_path_factory.mktemp("stopped"), random.Random(seed)
    records = decided(120, seed)
    keep(folder, records[:40], number=1)
    keep(folder, records[40:70], number=2)
    writer = keep(folder, records[70:90], number=3, seal=False)
    follower = Follower(index_path(folder), FolderSource(folder))
    for _ in range(9):
        follower.follow(0.0)
        if chance.random() < 0.3:
            follower.close()
            follower = Follower(index_path(folder), FolderSource(folder))
    writer.write([each.entry for each in records[90:]])
    if chance.random() < 0.5:
        writer.close()
    if chance.random() < 0.5:
        list(rotate(folder))
    follow(folder, follower)
    follower.close()
    whole = all_of(folder)
    index_path(folder).unlink()
    for name in ("-wal", "-shm"):
        Path(f"{index_path(folder)}{name}").unlink(missing_ok=True)
    follow(folder)
    assert all_of(folder) == whole
    assert [item for _, item, *_ in whole] == [each.item for each in records]


def test_a_name_leads_to_the_same_record_when_its_file_became_parquet(tmp_path: Path) -> None:
    records = decided(90)
    keep(tmp_path, records)
    follow(tmp_path)
    list(rotate(tmp_path))
    assert not list(tmp_path.glob("*.segment"))
    assert follow(tmp_path).added == 0
    with reading(index_path(tmp_path)) as index:
        assert isinstance(index, IndexReader)
        listed = index.one(1, 70)
        assert isinstance(listed, Listed)
        assert record_of(listed, StoreSettings(folder=tmp_path), index.connection) == records[70].record
        assert index.connection.execute("SELECT count(*) FROM piece").fetchone() == (0,)


def test_half_a_record_waits_for_its_other_half(tmp_path: Path) -> None:
    records = decided(60)
    keep(tmp_path, records, seal=False)
    (path,) = tmp_path.glob("*.segment")
    whole = path.read_bytes()
    path.write_bytes(whole[:-37])
    follower = Follower(index_path(tmp_path), FolderSource(tmp_path))
    assert follow(tmp_path, follower).added == 59
    assert follow(tmp_path, follower) == Step(0, behind=False)
    with path.open("ab") as stream:
        stream.write(whole[-37:])
    assert follow(tmp_path, follower).added == 1
    follower.close()
    with reading(index_path(tmp_path)) as index:
        assert isinstance(index, IndexReader)
        assert index.condition().gaps == ()


def test_a_batch_that_was_taken_back_is_taken_out_again(tmp_path: Path) -> None:
    records = decided(150)
    writer = keep(tmp_path, records[:100], seal=False)
    follower = Follower(index_path(tmp_path), FolderSource(tmp_path))
    segment = writer._segment
    assert segment is not None
    size = segment.size
    # Written, read by the index, and then the disk would not sync: nobody was told that it is kept.
    writer.write([each.entry for each in records[100:]])
    assert follow(tmp_path, follower).added == 150
    segment.size = size
    segment.kept.records = 100
    writer._undo(segment)
    follow(tmp_path, follower)
    follow(tmp_path, follower)
    follower.close()
    assert [item for _, item, *_ in all_of(tmp_path)] == [each.item for each in records[:100]]


def test_what_is_damaged_is_named_and_the_rest_is_there(tmp_path: Path) -> None:
    keep(tmp_path, decided(100))
    (path,) = tmp_path.glob("*.segment")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    step = follow(tmp_path)
    assert 95 <= step.added < 100
    with reading(index_path(tmp_path)) as index:
        assert isinstance(index, IndexReader)
        assert {gap.slug for gap in index.condition().gaps} <= {"damaged-frame", "missing-piece"}
        assert index.condition().gaps


def test_what_a_removed_file_held_is_forgotten(tmp_path: Path) -> None:
    records = decided(CHUNK + 300)
    keep(tmp_path, records[: CHUNK - 100], number=1)
    keep(tmp_path, records[CHUNK - 100 :], number=2)
    follow(tmp_path)
    first = min(tmp_path.glob("*.segment"))
    first.unlink()
    follow(tmp_path)
    assert [item for _, item, *_ in all_of(tmp_path)] == [each.item for each in records[CHUNK - 100 :]]
    wanted = Wanted(in_market=(measure_fact("removed", "yes"),))
    with reading(index_path(tmp_path)) as index:
        assert isinstance(index, IndexReader)
        rows = index.find(wanted, upwards=True, most=10_000).rows
        assert [row.ordinal for row in rows] == [
            place for place, each in enumerate(records[CHUNK - 100 :]) if fits(each, wanted)
        ]
        assert [gap.slug for gap in index.condition().gaps] == ["gone"]


def test_what_is_no_decision_record_is_listed_and_says_nothing(tmp_path: Path) -> None:
    writer = SegmentWriter(tmp_path, Limits("written"), 1)
    writer.write([an_entry(1), an_entry(2)])
    writer.close()
    assert follow(tmp_path).added == 2
    assert [row[1:] for row in all_of(tmp_path)] == [(f"upload-{n}", "", (), (), 0) for n in (1, 2)]


def test_a_follower_that_is_killed_leaves_an_index_that_goes_on(tmp_path: Path) -> None:
    records = decided(2_500)
    keep(tmp_path, records)
    program = (
        "import sys; from pathlib import Path\n"
        "from assay.interfaces.stores.indexing.following import Follower\n"
        "from assay.interfaces.stores.indexing.layout import index_path\n"
        "from assay.interfaces.stores.indexing.sources.folder import FolderSource\n"
        "folder = Path(sys.argv[1]); follower = Follower(index_path(folder), FolderSource(folder))\n"
        "print('begun', flush=True)\n"
        "while True: follower.follow(0.005)\n"
    )
    for patience in (0.02, 0.09):
        with subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(patience)
            process.send_signal(signal.SIGKILL)
    follow(tmp_path)
    assert [item for _, item, *_ in all_of(tmp_path)] == [each.item for each in records]


def test_an_index_of_another_version_is_made_anew(tmp_path: Path) -> None:
    keep(tmp_path, decided(20))
    assert follow(tmp_path).added == 20
    assert index_path(tmp_path).stat().st_mode & 0o007 == 0
    for content in (b"not a database at all, but long enough to be taken for one" * 40, b""):
        index_path(tmp_path).write_bytes(content)
        assert follow(tmp_path).added == 20
    connection = sqlite3.connect(index_path(tmp_path))
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    assert follow(tmp_path).added == 20


@given(st.sets(st.integers(0, CHUNK - 1)))
def test_a_set_of_rows_is_read_as_it_was_packed(places: set[int]) -> None:
    import numpy as np

    content = packed(np.array(sorted(places), np.uint16))
    assert len(content) <= CHUNK // 8
    assert set(np.flatnonzero(unpacked(content)).tolist()) == places
