"""Somebody who knows the workbench by its guide alone: they press what the guide names in bold, on pages. No test."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.conftest import ROOT
from tests.interfaces.web.browser.conftest import Site

GUIDE = (ROOT / "docs" / "guide" / "policies.md").read_text(encoding="utf-8")
# Work that the clerk does between two looks at the page.
PATIENCE_SECONDS = 60


@dataclass(slots=True)
class Walk:
    """People in their browsers, and the change that they work on.

    token    by which the decision service is asked
    pressed  what was pressed, as the guide has to name it
    """

    site: Site
    browser: Browser
    token: str
    number: int = 0
    pressed: set[str] = field(default_factory=set)
    _pages: dict[str, tuple[BrowserContext, Page]] = field(default_factory=dict)

    def at(self, name: str, path: str = "") -> Page:
        """Somebody's page; without a path, where they are."""
        if name not in self._pages:
            context = self.site.signed_in(self.browser, name)
            self._pages[name] = (context, context.new_page())
        page = self._pages[name][1]
        if path or page.url == "about:blank":
            answer = page.goto(path.format(change=f"/changes/{self.number}") or "/")
            assert answer is not None
            assert answer.ok, page.content()
        return page

    def press(self, page: Page, words: str, *, among: str = "button") -> None:
        """A button or link that the guide has to name, in bold and between quotes."""
        self.pressed.add(words)
        self.send(page, words, among=among)

    def send(self, page: Page, words: str, *, among: str = "button") -> None:
        """The one button at the end of a form, which needs no guide."""
        # What follows the words is for those who hear the page and do not see it.
        said = re.compile(rf"^\s*{re.escape(words)}(?![\w-])")
        page.get_by_role("link" if among == "link" else "button", name=said).first.click()
        expect(page.locator("#content")).to_be_visible()
        assert "Nothing was changed" not in page.content()

    def go_on(self, name: str, stage: str) -> None:
        """A policy lead takes the change on, as soon as its gate is open."""
        page = self.at(name, "{change}/")
        button = page.get_by_role("button", name=f"Take it on to {stage}")
        eventually(page, lambda: button.count() > 0)
        # The guide names the first such step.
        self.pressed.add("Take it on to scoping")
        self.send(page, f"Take it on to {stage}")
        expect(page.get_by_text(f"Take it on to {stage}", exact=True)).to_have_count(0)

    def close(self) -> None:
        """Everybody goes home."""
        for context, _ in self._pages.values():
            context.close()


def eventually(page: Page, seen: Callable[[], bool]) -> None:
    """Until what the clerk does is to be seen; a person would press reload."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if seen():
            return
        page.wait_for_timeout(1_000)
        page.reload()
    raise AssertionError(f"it was not to be seen in time: {page.url}\n{page.locator('#content').inner_text()}")


def fill(page: Page, **fields: str) -> None:
    """Fields by their names; double underscores stand for hyphens."""
    for name, value in fields.items():
        page.locator(f"#content [name='{name.replace('__', '-')}']").first.fill(value)


def choose(page: Page, name: str, value: str) -> None:
    """One of several."""
    page.locator(f"#content input[name='{name}'][value='{value}']").check()


def named_in_guide(words: str) -> bool:
    """Whether the guide names a button; of one that names a thing, whatever the guide's example is."""
    pattern = re.sub(r"\d+", r"\\d+", re.escape(words))
    return re.search(rf"[“\"]{pattern}[”\"]", GUIDE) is not None
