"""Times and durations are integers, and their texts give them back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.kernel.instants import (
    DAY,
    LONGEST_DURATION,
    SECOND,
    day_of,
    format_duration,
    format_instant,
    parse_days,
    parse_duration,
    parse_instant,
)

FIRST, LAST = parse_instant("0001-01-01") or 0, parse_instant("9999-12-31") or 0


@given(st.integers(FIRST, LAST))
def test_a_time_survives_its_text(instant: int) -> None:
    assert parse_instant(format_instant(instant)) == instant
    assert format_instant(instant).startswith(day_of(instant))


@given(st.integers(-LONGEST_DURATION, LONGEST_DURATION))
def test_a_duration_survives_its_text(length: int) -> None:
    assert parse_duration(format_duration(length)) == length


@given(st.text(max_size=45))
def test_any_text_is_a_time_or_none(text: str) -> None:
    assert parse_instant(text) is None or isinstance(parse_instant(text), int)
    assert parse_duration(text) is None or isinstance(parse_duration(text), int)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2026-12-01", "2026-12-01T00:00:00Z"),
        ("2026-12-01T05:30:00+05:30", "2026-12-01T00:00:00Z"),
        ("2026-11-30 19:00:00-05:00", "2026-12-01T00:00:00Z"),
        ("2026-12-01t00:00z", "2026-12-01T00:00:00Z"),
        ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.5Z"),
    ],
)
def test_one_moment_can_be_written_in_several_ways(text: str, same: str) -> None:
    assert parse_instant(text) == parse_instant(same)
    assert format_instant(parse_instant(text) or 0) == same


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2026-02-30",
            "2026-13-01",
            "1 December 2026",
            "2026-12-01T00:00:00",
            "20261201",
            "12:00",
            "",
            "2026-12-01T25:00Z",
        ),
        *("0000-01-01", "0001-01-01T00:00:00+10:00", "٢٠٢٦-12-01", "2026-12-01T00:00:00.1234567Z", "2026-12-01Z"),
    ],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    assert parse_instant(text) is None


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("36h", 36 * 3600 * SECOND),
        ("1h30m", 5400 * SECOND),
        ("90s", 90 * SECOND),
        ("1.5s", 1_500_000),
        ("-1m", -60 * SECOND),
        ("250ms", 250_000),
        ("3us", 3),
        ("0s", 0),
    ],
)
def test_durations_are_written_as_in_cel(text: str, length: int) -> None:
    assert parse_duration(text) == length


@pytest.mark.parametrize("text", ["", "h", "5", "5 s", "1d", "--1s", "1h ", "0.0000001s", "5000000h", "٣s", "1e3s"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    assert parse_duration(text) is None


def test_people_may_write_days() -> None:
    assert parse_days("30 days") == 30 * DAY
    assert parse_days(" 1 day ") == DAY
    assert parse_days("36h") == 36 * 3600 * SECOND
    assert parse_days("a month") is None
