"""Both reports in a real browser: nothing for axe to find, an empty console, nothing wider than a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from assay.engine.analysis.difference.compare import compare
from assay.engine.analysis.proof.prove import prove
from assay.interfaces.packs import load_pack
from assay.interfaces.packs.texts import Texts
from assay.interfaces.proofs.page.difference_page import render_difference
from assay.interfaces.proofs.page.proof_page import render_proof
from tests.interfaces import small
from tests.interfaces.browsing import LOOKS, NEEDS_A_BROWSER, opened, started
from tests.interfaces.proofs.test_pages import AS_OF

pytestmark = [pytest.mark.slow, NEEDS_A_BROWSER]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The addresses of a proof with findings and of a comparison with changes."""
    folder = tmp_path_factory.mktemp("reports")
    old, new, dead = (
        load_pack(small.write(folder / name, *changes))
        for name, changes in (("old", ()), ("new", (small.NARROWED,)), ("dead", (small.DEAD,)))
    )
    texts = (Texts("old", "old/", old.files), Texts("new", "new/", new.files))
    pages = {
        "proof": render_proof(prove(dead, AS_OF), dead, "dead"),
        "comparison": render_difference(compare(old, new, AS_OF), (old, new), texts),
    }
    for name, text in pages.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: (folder / f"{name}.html").as_uri() for name in pages}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as found:
        yield found


@pytest.fixture(params=LOOKS, ids=str)
def page(request: pytest.FixtureRequest, browser: Browser, reports: dict[str, str], name: str) -> Iterator[Page]:
    with opened(browser, reports[name], *request.param) as found:
        # What is folded away is part of the page, too.
        for folded in found.locator("details").all():
            folded.evaluate("element => element.open = true")
        yield found


@pytest.mark.parametrize("name", ["proof", "comparison"])
def test_axe_finds_nothing_and_only_tables_scroll_sideways(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.evaluate("document.documentElement.clientWidth")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") in {"A", "SUMMARY", "DIV"}
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
