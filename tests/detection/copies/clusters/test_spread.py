"""How far a cluster has spread is counted from what the platform knows of its items, and from no clock."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest

from assay.detection.copies.clusters.circumstances import Circumstance, read_circumstances
from assay.detection.copies.clusters.grouping import Cluster
from assay.detection.copies.clusters.spread import BARS, spread_of

START = datetime(2026, 11, 20, tzinfo=UTC)
IDS = ["a", "b", "c", "d", "e"]
CLUSTER = Cluster((0, 1, 2, 3, 4), 0, 0.0, 0.0, 0, 5)


def after(hours: float) -> Circumstance:
    return Circumstance("ada", "feed", "FR", START + timedelta(hours=hours))


def test_accounts_surfaces_and_markets_are_counted_with_the_most_first() -> None:
    known = {"a": Circumstance("bo", "feed", "FR"), "b": Circumstance("ada", "feed", ""), "c": Circumstance("bo")}
    spread = spread_of(CLUSTER, IDS, known)
    assert (spread.items, spread.known, spread.timed) == (5, 3, 0)
    assert spread.accounts == (("bo", 2), ("ada", 1))
    assert (spread.surfaces, spread.markets) == ((("feed", 2),), (("FR", 1),))
    assert (spread.first, spread.per_day, spread.bars) == (None, None, ())


def test_growth_is_counted_back_from_the_last_item() -> None:
    known = {"a": after(0), "b": after(10), "c": after(50), "d": after(50.5), "e": after(51)}
    spread = spread_of(CLUSTER, IDS, known)
    assert (spread.first, spread.last) == (START, START + timedelta(hours=51))
    assert spread.busiest_hour == 2
    assert (spread.last_day, spread.day_before) == (3, 1)
    assert spread.per_day == pytest.approx(4 / (51 / 24))
    assert (len(spread.bars), sum(spread.bars), spread.bars[0]) == (BARS, 5, 1)


def test_items_within_an_hour_have_no_rate_a_day() -> None:
    spread = spread_of(CLUSTER, IDS, {"a": after(0), "b": after(0.5)})
    assert (spread.per_day, spread.busiest_hour) == (None, 2)


def test_a_table_and_json_lines_say_the_same() -> None:
    table = b"id,account,surface,market,at\na,ada,feed,FR,2026-11-20T00:00:00Z\nb,,search,,\n"
    lines = (
        b'{"id": "a", "account": "ada", "signals": {"surface": "feed"}, "market": "FR", "at": "2026-11-20"}\n'
        b'{"id": "b", "assertions": [{"signal": "surface", "value": "search", "by": "platform"}]}\n'
    )
    told = read_circumstances(io.BytesIO(table))
    assert told.by_id == {"a": after(0), "b": Circumstance(surface="search")}
    assert read_circumstances(io.BytesIO(lines)).by_id == told.by_id


@pytest.mark.parametrize(
    ("content", "slug"),
    [
        (b"account,at\nada,2026-11-20\n", "no-header"),
        (b"id,at\na,yesterday\n", "bad-time"),
        (b"id,at\na,2026-11-20\na,2026-11-21\n", "duplicate-id"),
        (b'id,at\n"a,2026-11-20\n', "bad-id"),
        (b"{nothing\n", "malformed-json"),
        (b"id\n\xff\n", "not-utf-8"),
    ],
)
def test_a_line_that_cannot_be_used_is_told(content: bytes, slug: str) -> None:
    told = read_circumstances(io.BytesIO(content))
    assert [fault.slug for _, fault in told.faults] == [slug]
    assert told.refused == 1


def test_a_time_that_cannot_be_read_costs_the_time_only() -> None:
    told = read_circumstances(io.BytesIO(b"id,account,at\na,ada,yesterday\n"))
    assert told.by_id == {"a": Circumstance("ada")}


@pytest.mark.parametrize("at", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, tzinfo=UTC)])
def test_the_first_and_the_last_day_of_the_calendar_are_days(at: datetime) -> None:
    spread = spread_of(CLUSTER, IDS, dict.fromkeys(IDS, Circumstance(at=at)))
    assert (spread.last_day, spread.day_before, spread.busiest_hour) == (5, 0, 5)
