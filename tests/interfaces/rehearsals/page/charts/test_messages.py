"""The title of a chart claims a difference only where intervals lie apart, and a change only where it is certain."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from assay.engine.backtest.figures import Bounds, Estimate
from assay.engine.backtest.rehearsal import ClockLoad, MeasureLine
from assay.interfaces.rehearsals.page.charts.clocks import clock_chart
from assay.interfaces.rehearsals.page.charts.intervals import Line, changed_chart, limits_of, sides_chart
from assay.interfaces.rehearsals.page.charts.measures import measures_chart
from tests.interfaces.rehearsals.made import around, exactly, made, matrix, share

WHOLE = made().comparison.matrices[0]
FEW = Estimate(None, None, None, 2, "stratified", suppressed=True)


def line(title: str, value: float, half: float) -> Line:
    return Line(title, replace(matrix(WHOLE.scope, 0.5), changed=share(value, half), stricter=share(value, half)))


def test_a_market_stands_out_only_beyond_chance() -> None:
    apart = changed_chart("m", "market", [line("India", 0.05, 0.002), line("Brazil", 0.01, 0.002)], WHOLE)
    within = changed_chart("m", "market", [line("India", 0.02, 0.01), line("Brazil", 0.01, 0.01)], WHOLE)
    assert apart is not None
    assert within is not None
    assert apart.title == "Most changes by market are in India: 5.0 % (4.8 to 5.2 %) of its decisions"
    assert within.title == "No market changes more than the others beyond what chance explains"


def test_a_line_that_surely_stands_out_is_not_hidden_by_one_that_may() -> None:
    lines = [line("Few", 0.09, 0.08), line("India", 0.05, 0.002), line("Brazil", 0.01, 0.002)]
    changed = changed_chart("m", "market", lines, WHOLE)
    sides = sides_chart("m", "language", lines, WHOLE, limits_of([one.matrix for one in lines]))
    assert changed is not None
    assert sides is not None
    assert changed.title == "Most changes by market are in India: 5.0 % (4.8 to 5.2 %) of its decisions"
    assert sides.title == "By language, decisions become stricter most often for India: 5.0 % (4.8 to 5.2 %)"


def test_of_many_lines_the_one_that_chance_puts_first_does_not_stand_out() -> None:
    low = (WHOLE.changed.high or 0.0) + 0.004
    lucky = line("l7", low + 0.01, 0.01)
    few = changed_chart("m", "language", [lucky, line("l8", 0.01, 0.01)], WHOLE)
    many = changed_chart("m", "language", [lucky, *(line(f"x{one}", 0.01, 0.01) for one in range(199))], WHOLE)
    assert few is not None
    assert many is not None
    assert few.title.startswith("Most changes by language are in l7")
    assert many.title == "No language changes more than the others beyond what chance explains"


@pytest.mark.parametrize("name", ["a\x1b[31mb", "a\x00b", "a\nb\x7f", "\ufffe", "<script>&\"'"])
def test_a_strangers_name_of_a_language_cannot_end_the_drawing(name: str) -> None:
    chart = changed_chart("m", "language", [line(name, 0.05, 0.002), line("de", 0.01, 0.002)], WHOLE)
    assert chart is not None
    ET.fromstring(f"<p>{chart.still}</p>")
    assert "<script>" not in chart.still


def test_a_line_that_is_kept_back_stands_in_the_table_and_not_in_the_drawing() -> None:
    silent = Line("France", replace(WHOLE, changed=FEW))
    chart = changed_chart("m", "market", [silent, line("India", 0.05, 0.002)], WHOLE)
    assert chart is not None
    assert "India" in chart.title
    assert [row[0] for row in chart.rows] == ["France", "India"]
    assert "kept back" in chart.rows[0][2]
    assert "France" not in chart.still


def test_nothing_known_is_no_chart() -> None:
    silent = Line("France", replace(WHOLE, changed=FEW, stricter=FEW, milder=FEW))
    assert changed_chart("m", "market", [silent], WHOLE) is None
    assert sides_chart("m", "language", [silent], WHOLE, limits_of([silent.matrix])) is None
    assert measures_chart("m", []) is None


def test_a_measure_that_may_go_either_way_is_not_said_to_change() -> None:
    either, surely = (
        MeasureLine(
            name, title, WHOLE.scope, exact(9), exact(9), Bounds(around(least), around(most)), exactly(1), exactly(1)
        )
        for name, title, least, most in (("removed", "Removed", -900.0, 800.0), ("label", "Label", -300.0, -100.0))
    )
    doubtful = measures_chart("m", [either])
    certain = measures_chart("m", [either, surely])
    assert doubtful is not None
    assert certain is not None
    assert doubtful.title == "Whether a measure gains or loses decisions depends on signals that are missing"
    assert certain.title.startswith("Whatever the missing signals are, “Label” changes most: at least −300")


def exact(number: float) -> Bounds:
    return Bounds(exactly(number), exactly(number))


def clock(old: float, new: float, peaks: tuple[int, int]) -> ClockLoad:
    return ClockLoad("clock:one", "One hour", 1, (around(old),) * 24, (around(new),) * 24, *peaks)


def test_a_clock_says_how_its_peak_turns() -> None:
    found = [clock_chart("c", clock(400, 800, peaks)) for peaks in ((60, 90), (90, 60), (1, 1))]
    assert [chart.title for chart in found if chart is not None] == [
        "One hour: at most 90 items at once, up from 60",
        "One hour: at most 60 items at once, down from 90",
        "One hour: at most 1 item at once under both versions",
    ]


def test_lines_that_end_together_have_one_name() -> None:
    together, apart = clock_chart("c", clock(800, 800, (1, 1))), clock_chart("c", clock(400, 800, (1, 1)))
    assert together is not None
    assert apart is not None
    assert ">both<" in together.still
    assert ">now<" not in together.still
    assert ">now<" in apart.still
    assert ">proposed<" in apart.still


def test_a_clock_without_a_figure_is_no_chart() -> None:
    assert clock_chart("c", ClockLoad("clock:one", "One hour", 1, (FEW,) * 24, (FEW,) * 24, 0, 0)) is None
