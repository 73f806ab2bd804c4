"""Windows give market-scoped signals their values; markets that nothing tells apart are one class."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assay.engine.kernel.instants import DAY, parse_instant
from assay.engine.kernel.span import Span
from assay.engine.language.pack.calendar import Window, value_by_calendar
from assay.engine.language.pack.classes import REST, market_classes
from assay.engine.language.pack.vocabulary import CalendarSource, Signal
from tests.makers import a_pack, a_rule, a_signal, a_vocabulary

PHASE: Signal = replace(
    a_signal("election.phase", "choice", ("none", "campaign", "blackout"), scope="market"),
    calendar=CalendarSource("election", "phase", "none"),
)
DAYS: Signal = replace(
    a_signal("election.days_to", "number", scope="market", integer=True), calendar=CalendarSource("election", "days_to")
)


def at(text: str) -> int:
    instant = parse_instant(text)
    assert instant is not None
    return instant


def window(
    phase: str,
    start: str,
    until: str,
    poll: str | None = None,
    markets: tuple[str, ...] = ("BR",),
    kind: str = "election",
) -> Window:
    vote = None if poll is None else at(poll)
    place = Span("calendar.yaml", 1, 1)
    return Window(phase, kind, frozenset(markets), phase, at(start), at(until), vote, "s", "verified", place)


WINDOWS = (
    window("blackout", "2026-10-01T03:00:00Z", "2026-10-06T03:00:00Z", "2026-10-04"),
    window("campaign", "2026-08-16T03:00:00Z", "2026-10-26T03:00:00Z", "2026-10-25"),
    window("blackout", "2026-01-01", "2027-01-01", markets=("BR",), kind="festival"),
)


@pytest.mark.parametrize(
    ("moment", "phase"),
    [
        ("2026-08-16T02:59:59Z", "none"),
        ("2026-08-16T03:00:00Z", "campaign"),
        ("2026-10-01T03:00:00Z", "blackout"),
        ("2026-10-06T02:59:59Z", "blackout"),
        ("2026-10-06T03:00:00Z", "campaign"),
        ("2026-10-26T03:00:00Z", "none"),
    ],
)
def test_the_phase_named_last_holds_where_windows_overlap(moment: str, phase: str) -> None:
    assert value_by_calendar(PHASE, WINDOWS, "BR", at(moment)) == phase
    assert value_by_calendar(PHASE, WINDOWS[::-1], "BR", at(moment)) == phase


@pytest.mark.parametrize(
    ("moment", "days"),
    [("2026-09-04T12:00:00Z", 30), ("2026-10-04T23:59:00Z", 0), ("2026-10-05", 20), ("2026-10-25", 0)],
)
def test_days_run_to_the_next_poll(moment: str, days: int) -> None:
    assert value_by_calendar(DAYS, WINDOWS, "BR", at(moment)) == days
    decimal = value_by_calendar(replace(DAYS, integer=False), WINDOWS, "BR", at(moment))
    assert isinstance(decimal, float)


def test_where_no_poll_is_known_the_days_are_unknown() -> None:
    assert value_by_calendar(DAYS, WINDOWS, "BR", at("2026-10-26")) is None
    assert value_by_calendar(DAYS, WINDOWS, "FR", at("2026-09-01")) is None
    assert value_by_calendar(PHASE, WINDOWS, "FR", at("2026-10-02")) == "none"
    assert value_by_calendar(a_signal(), WINDOWS, "BR", 0) is None


def test_a_phase_that_the_signal_does_not_know_does_not_count() -> None:
    strange = (window("recount", "2026-01-01", "2027-01-01"),)
    assert value_by_calendar(PHASE, strange, "BR", at("2026-06-01")) == "none"


# --------------------------------------------------------------------- classes


def names(*markets: tuple[str, ...]) -> dict[str, int]:
    rules = [a_rule(f"p/r{number}", markets=found) for number, found in enumerate(markets)]
    return {found.name: len(found.codes) for found in market_classes(a_pack(*rules))}


def test_markets_that_no_rule_tells_apart_are_one_class() -> None:
    assert names(()) == {REST: 252}
    assert names(("EU",)) == {"EU": 3, REST: 249}
    assert names(("EU",), ("FR",)) == {"DE+IT": 2, "FR": 1, REST: 249}


def test_a_country_and_its_state_are_apart_only_where_a_rule_says_so() -> None:
    assert names(("US",)) == {"US+US-CA+US-TX": 3, REST: 249}
    assert names(("US",), ("US-CA",)) == {"US+US-TX": 2, "US-CA": 1, REST: 249}
    assert names(("not:US",)) == {"US+US-CA+US-TX": 3, REST: 249}


def test_windows_tell_markets_apart_only_where_a_rule_reads_them() -> None:
    vocabulary = a_vocabulary(a_signal(), PHASE)
    silent = a_pack(a_rule(), vocabulary=vocabulary, windows=WINDOWS)
    reading = a_pack(a_rule(when='election.phase == "blackout"'), vocabulary=vocabulary, windows=WINDOWS)
    assert [found.name for found in market_classes(silent)] == [REST]
    assert [found.name for found in market_classes(reading)] == ["BR", REST]


def test_a_class_has_an_example_that_is_always_the_same() -> None:
    (eu, _) = market_classes(a_pack(a_rule(markets=("EU",))))
    assert eu.example == "DE"


def test_a_day_is_a_day() -> None:
    assert at("2026-10-05") - at("2026-10-04") == DAY
