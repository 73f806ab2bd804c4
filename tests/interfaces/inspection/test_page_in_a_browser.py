"""The page of an inspection in a real browser: nothing for axe to find, nothing wider than a phone, no script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ViewportSize

from assay.interfaces.inspection.page.inspection_page import render_inspection
from tests.interfaces.browsing import LOOKS, NEEDS_A_BROWSER, Scheme, opened, started
from tests.interfaces.inspection.test_shown import whole

pytestmark = [pytest.mark.slow, NEEDS_A_BROWSER]
ONE_POINT = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "inspection.html"
    path.write_text(render_inspection(whole(), picture=ONE_POINT), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as found:
        yield found


@pytest.mark.parametrize(("scheme", "size"), LOOKS, ids=str)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_page(
    browser: Browser, address: str, scheme: Scheme, size: ViewportSize
) -> None:
    with opened(browser, address, scheme, size, guarded=False) as page:
        for folded in page.locator("details").all():
            folded.evaluate("element => element.open = true")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_the_page_reads_the_same_where_scripts_are_off(browser: Browser, address: str) -> None:
    with opened(browser, address, *LOOKS[0], scripts=False) as page:
        assert page.locator("h1").inner_text() == "cat.png"
        page.locator("summary").first.click()
        assert page.get_by_text("The signature is right").is_visible()
