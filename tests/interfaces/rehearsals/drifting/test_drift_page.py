"""The page of drift: what moved first, each change with its interval, and a stranger's text as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from assay.engine.backtest.drift.compare import compare_periods
from assay.engine.backtest.drift.moved import Drift
from assay.engine.backtest.history.refusals import Refusals
from assay.interfaces.rehearsals.drifting.grouped import verdict_of
from assay.interfaces.rehearsals.drifting.page.drift_page import render_drift
from assay.interfaces.rehearsals.drifting.page.strips import reach_of, strip_of
from assay.interfaces.rehearsals.drifting.periods import Period, Watched
from tests.engine.backtest.drift.periods import PACK, World, period
from tests.interfaces.browsing import LOOKS, NEEDS_A_BROWSER, opened, started
from tests.interfaces.pages import assert_every_link_arrives, assert_self_contained

HOSTILE = '<script>alert("x")</script>'


@pytest.fixture(scope="module")
def watched() -> tuple[Watched, Watched]:
    usual = World(labelled=0.3, markets=("DE", "BR"))
    other = replace(usual, extent=(0.1, 0.5, 0.2, 0.2), lifted=0.2)
    watches = period(usual, 1, rows=200), period(other, 2, first=28, rows=200)
    one, two = (
        Watched(Period(Path(name)), watch, Refusals(), "sha256:0") for name, watch in zip("ab", watches, strict=True)
    )
    return one, two


@pytest.fixture(scope="module")
def drift(watched: tuple[Watched, Watched]) -> Drift:
    return compare_periods(watched[0].watch, watched[1].watch, (f"September {HOSTILE}", "October"))


@pytest.fixture(scope="module")
def page(drift: Drift, watched: tuple[Watched, Watched]) -> str:
    return render_drift(drift, watched, PACK)


def visible(text: str) -> str:
    body = re.sub(r"<svg.*?</svg>", " ", text.partition("<body>")[2], flags=re.DOTALL)
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", body).split()))


def test_the_page_stands_alone_and_a_strangers_text_stays_text(page: str) -> None:
    assert_self_contained(page)
    assert_every_link_arrives(page)
    assert HOSTILE not in page and HOSTILE in visible(page)


def test_the_verdict_comes_first_and_a_thing_in_several_markets_is_one_line(page: str, drift: Drift) -> None:
    text = visible(page)
    assert verdict_of(drift) in text
    assert len(re.findall(r"Label:?ai|Label ai", text)) >= 1
    rows = re.findall(r'<tr class="told" id="(outcome-[^"]+)"', page)
    assert len(rows) == len({row.rpartition("-")[0] for row in rows}) == 2
    assert "and in BR" in text or "and in DE" in text


def test_a_score_is_drawn_and_told_bin_by_bin(page: str, drift: Drift) -> None:
    (score,) = drift.calibrated
    assert score.moved
    assert "the same score means something else by" in visible(page)
    assert page.count("<circle") >= len(score.before.bins) + len(score.after.bins)
    assert "0.4 to 0.5" in visible(page)


def test_strips_of_a_table_share_one_scale_with_zero_in_the_middle(drift: Drift) -> None:
    changes = [move.change for shift in drift.shifts if shift.moved for move in shift.categories]
    reach = reach_of(changes)
    strips = [strip_of(change, reach) for change in changes]
    assert max(max(abs(one.low - 80), abs(one.high - 80)) for one in strips if one is not None) == pytest.approx(76)
    for change, strip in zip(changes, strips, strict=True):
        assert strip is not None and change.value is not None
        assert (strip.point > 80) == (change.value > 0) or abs(strip.point - 80) < 0.1


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as found:
        yield found


@pytest.fixture(params=LOOKS, ids=str)
def shown(request: pytest.FixtureRequest, browser: Browser, page: str, tmp_path: Path) -> Iterator[Page]:
    (tmp_path / "drift.html").write_text(page, encoding="utf-8")
    with opened(browser, (tmp_path / "drift.html").as_uri(), *request.param, guarded=False) as found:
        for folded in found.locator("details").all():
            folded.evaluate("element => element.open = true")
        yield found


@pytest.mark.slow
@NEEDS_A_BROWSER
def test_axe_finds_nothing_and_only_tables_scroll_sideways(shown: Page) -> None:
    found = Axe().run(shown)
    assert found.violations_count == 0, found.generate_report()
    width = shown.evaluate("document.documentElement.scrollWidth")
    assert width <= shown.evaluate("document.documentElement.clientWidth")
