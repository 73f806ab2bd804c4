"""The page in a real browser: charts drawn, nothing for axe to find, an empty console, nothing wider than a phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from assay.interfaces.rehearsals.page.rehearsal_page import render_rehearsal
from tests.interfaces.browsing import DESK, LOOKS, NEEDS_A_BROWSER, opened, started
from tests.interfaces.rehearsals.made import made

pytestmark = [pytest.mark.slow, NEEDS_A_BROWSER]


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A rehearsal, and one of a history without rows."""
    folder: Path = tmp_path_factory.mktemp("rehearsals")
    found = made()
    pages = {"full": found, "empty": replace(found, history=replace(found.history, rows=0))}
    for name, one in pages.items():
        (folder / f"{name}.html").write_text(render_rehearsal(one, command="assay backtest"), encoding="utf-8")
    return {name: (folder / f"{name}.html").as_uri() for name in pages}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as found:
        yield found


@pytest.fixture(params=LOOKS, ids=str)
def page(request: pytest.FixtureRequest, browser: Browser, addresses: dict[str, str], name: str) -> Iterator[Page]:
    with opened(browser, addresses[name], *request.param, guarded=False) as found:
        if name == "full":
            found.locator(".drawn").nth(5).wait_for()
        for folded in found.locator("details").all():
            folded.evaluate("element => element.open = true")
        yield found


@pytest.mark.parametrize("name", ["full", "empty"])
def test_axe_finds_nothing_and_only_tables_scroll_sideways(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.evaluate("document.documentElement.clientWidth")


def test_every_chart_is_drawn_under_the_pages_own_rule(browser: Browser, addresses: dict[str, str]) -> None:
    with opened(browser, addresses["full"], "dark", DESK) as page:
        page.locator(".drawn").nth(5).wait_for()
        assert page.locator(".drawn").count() == page.locator("figure.chart").count() == 6
        assert page.locator(".live svg").count() == 6
        assert not page.locator(".still").first.is_visible()


def test_a_figure_is_told_where_one_points_at_it(browser: Browser, addresses: dict[str, str]) -> None:
    with opened(browser, addresses["full"], "light", DESK) as page:
        page.locator(".drawn").nth(5).wait_for()
        page.locator("#by-market .live .mark-symbol path").first.hover()
        told = page.locator("#vg-tooltip-element.visible")
        told.wait_for()
        assert "Everywhere else: 2.7 % (2.4 to 3.0 %)" in told.inner_text()


def test_without_scripts_every_chart_is_there_all_the_same(browser: Browser, addresses: dict[str, str]) -> None:
    with opened(browser, addresses["full"], "light", DESK, scripts=False) as page:
        assert page.locator(".still svg").count() == 6
        assert all(one.is_visible() for one in page.locator(".still").all())


def test_print_shows_the_drawings_that_were_made_for_it(browser: Browser, addresses: dict[str, str]) -> None:
    with opened(browser, addresses["full"], "dark", DESK) as page:
        page.locator(".drawn").nth(5).wait_for()
        page.emulate_media(media="print")
        assert page.locator(".still").first.is_visible()
        assert not page.locator(".live").first.is_visible()
        assert len(page.pdf(format="A4")) > 10_000
