"""The report in a real browser: nothing for axe to find, an empty console, no request, nothing wider than a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from assay.engine.language.pack.pack import Pack
from assay.interfaces.demo.report import page as report
from assay.interfaces.demo.report.collect import contents_of
from tests.interfaces.browsing import LOOKS, NEEDS_A_BROWSER, opened, started
from tests.interfaces.demo.conftest import Decided

pytestmark = [pytest.mark.slow, NEEDS_A_BROWSER]


@pytest.fixture(scope="module")
def address(decided: Decided, pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> str:
    # Every sixth file shows each kind of part there is, and a page a sixth as long is looked through in time.
    made, results, records = zip(*decided[::6], strict=True)
    path: Path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(report.render(contents_of(pack, made, results, records)), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as found:
        yield found


@pytest.fixture(params=LOOKS, ids=str)
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    with opened(browser, address, *request.param) as found:
        yield found


def test_axe_finds_nothing(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_only_tables_scroll_sideways(page: Page) -> None:
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.evaluate("document.documentElement.clientWidth")


def test_every_link_can_be_reached_by_keyboard(page: Page) -> None:
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.tagName")
    assert focused in {"A", "SUMMARY", "DIV"}
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
