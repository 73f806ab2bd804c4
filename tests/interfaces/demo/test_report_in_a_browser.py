"""The report in a real browser: nothing for axe to find, an empty console, no request, nothing wider than a phone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from assay.engine.language.pack.pack import Pack
from assay.interfaces.demo.report import page as report
from assay.interfaces.demo.report.collect import contents_of
from tests.interfaces.demo.conftest import Decided

CHROMIUM = shutil.which("chromium")
ARGUMENTS = (
    "--disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update "
    "--disable-sync"
).split()
DESK, PHONE, ZOOMED = (ViewportSize(width=width, height=900) for width in (1280, 390, 320))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Debian's package `chromium` is not installed"),
]


@pytest.fixture(scope="module")
def address(decided: Decided, pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> str:
    # Every sixth file shows each kind of part there is, and a page a sixth as long is looked through in time.
    made, results, records = zip(*decided[::6], strict=True)
    path: Path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(report.render(contents_of(pack, made, results, records)), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # A browser's sandbox cannot be set up by root, and only there is it left out.
    arguments = [*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield found
        found.close()


@pytest.fixture(params=[("light", DESK), ("dark", DESK), ("light", PHONE), ("dark", ZOOMED)], ids=str)
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    scheme, size = request.param
    context = browser.new_context(color_scheme=scheme, viewport=size, reduced_motion="reduce", offline=True)
    found = context.new_page()
    said: list[str] = []
    found.on("console", lambda message: said.append(message.text))
    found.on("request", lambda asked: said.append(asked.url) if not asked.url.startswith(("file:", "data:")) else None)
    found.goto(address)
    yield found
    assert said == []
    context.close()


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
