"""Where a stretch of time begins and ends: at what is written in the pack, and each day where days are counted."""

from __future__ import annotations

from dataclasses import replace

from assay.engine.kernel.instants import DAY
from assay.engine.kernel.span import Span
from assay.engine.language.pack.calendar import Window
from assay.engine.language.pack.policy import Period
from assay.engine.language.pack.vocabulary import CalendarSource
from assay.engine.program.stretches import Stretches
from tests.makers import SOME_DAY, a_pack, a_rule, a_signal, a_vocabulary

WINDOW = Window(
    "ballot", "election", frozenset({"BR"}), "blackout", SOME_DAY, SOME_DAY + 3 * DAY, SOME_DAY + DAY, "", "high",
    Span("", 1, 1),
)  # fmt: skip


def test_a_pack_without_dates_is_one_stretch() -> None:
    begin, end = Stretches(a_pack()).around(SOME_DAY)
    assert begin < SOME_DAY - 10_000 * DAY < SOME_DAY + 10_000 * DAY < end


def test_a_rule_turns_when_it_begins_when_its_grace_ends_and_when_it_ends() -> None:
    rule = replace(a_rule("p/r"), period=Period(SOME_DAY, SOME_DAY + 9 * DAY), grace_until=SOME_DAY + 2 * DAY)
    stretches = Stretches(a_pack(rule))
    assert stretches.around(SOME_DAY - 1) == (SOME_DAY - 1, SOME_DAY)
    assert stretches.around(SOME_DAY - 900 * DAY) == (SOME_DAY - 1, SOME_DAY)
    assert stretches.around(SOME_DAY) == (SOME_DAY, SOME_DAY + 2 * DAY)
    assert stretches.around(SOME_DAY + 2 * DAY - 1) == (SOME_DAY, SOME_DAY + 2 * DAY)
    assert stretches.around(SOME_DAY + 2 * DAY) == (SOME_DAY + 2 * DAY, SOME_DAY + 9 * DAY)
    assert stretches.around(SOME_DAY + 9 * DAY)[0] == SOME_DAY + 9 * DAY


def test_a_window_turns_when_it_opens_and_when_it_shuts() -> None:
    stretches = Stretches(a_pack(a_rule("p/r"), windows=(WINDOW,)))
    assert stretches.around(SOME_DAY + DAY) == (SOME_DAY, SOME_DAY + 3 * DAY)


def test_where_the_days_to_a_poll_are_counted_each_day_is_a_stretch() -> None:
    days = replace(
        a_signal("election.days_to", "number", integer=True),
        scope="market",
        calendar=CalendarSource("election", "days_to"),
    )
    pack = a_pack(
        a_rule("p/r"), vocabulary=a_vocabulary(a_signal("p"), days), windows=(replace(WINDOW, start=SOME_DAY + 5),)
    )
    stretches = Stretches(pack)
    assert stretches.around(SOME_DAY + 4) == (SOME_DAY, SOME_DAY + 5)
    assert stretches.around(SOME_DAY + 6) == (SOME_DAY + 5, SOME_DAY + DAY)
    assert stretches.around(SOME_DAY + 90 * DAY + 7) == (SOME_DAY + 90 * DAY, SOME_DAY + 91 * DAY)
