"""Every page in a real browser: axe, console, keyboard, both schemes, a phone, 400 %, no motion."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext

from tests.interfaces.browsing import NEEDS_A_BROWSER
from tests.interfaces.web.browser.checks import look_at
from tests.interfaces.web.browser.conftest import Site
from tests.interfaces.web.browser.pages import NO_PAGE, NOT_OURS, PAGES, leads_to, links_of, named_addresses


class Signed:
    """The contexts of those who are signed in, each opened once."""

    def __init__(self, site: Site, browser: Browser) -> None:
        self._site, self._browser = site, browser
        self._contexts: dict[str | None, BrowserContext] = {}

    def by(self, name: str | None) -> BrowserContext:
        if name not in self._contexts:
            self._contexts[name] = self._site.signed_in(self._browser, name)
        return self._contexts[name]

    def path_of(self, name: str) -> str:
        """Where a page is: by its name, or by the first link to one of this name on another page."""
        at = PAGES[name]
        if not at.on:
            return reverse(name, args=[self._named(each) for each in at.args]) + at.query
        on = self.path_of(at.on[1:-1]) if at.on[1:-1] in PAGES else self._named(at.on)
        text = self.by(at.by).request.get(on).text()
        found = next((path for path in links_of(text) if leads_to(path, name)), None)
        assert found is not None, f"{on} has no link to {name}"
        return found

    def _named(self, text: str) -> str:
        return text.format_map(self._site.keys) if "{" in text else text


@pytest.fixture(scope="module")
def signed(site: Site, browser: Browser) -> Iterator[Signed]:
    yield Signed(site, browser)


@NEEDS_A_BROWSER
@pytest.mark.enable_socket
@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_can_be_used_by_everybody(signed: Signed, site: Site, name: str) -> None:
    found = look_at(signed.by(PAGES[name].by), f"{site.address}{signed.path_of(name)}")
    found.page.close()
    assert not found.faults, "\n".join(found.faults)


# Everything that a page is looked at for, done wrong once.
WRONG = """<!doctype html><html lang="en"><title>Wrong</title><style>a:focus { outline: 0 } p { color: #ccc }
.wide { width: 900px; height: 9px } .moves { animation: m 1s infinite } @keyframes m { to { opacity: 0 } }</style>
<main><h1>One</h1><h3>Skipped</h3><p>Pale</p><div class="wide"></div><a href="#a">Not to be seen</a>
<button id="lost">Never reached</button><span class="moves">Moves</span>
<script>console.log("said"); lost.onfocus = () => lost.blur()</script></main></html>"""


@NEEDS_A_BROWSER
def test_what_is_wrong_with_a_page_is_found(browser: Browser) -> None:
    context = browser.new_context()
    context.route("**/*", lambda route: route.fulfill(body=WRONG, content_type="text/html"))
    found = {words.partition(":")[0] for words in look_at(context, "http://wrong.example/").faults}
    context.close()
    assert found == {
        "too wide at phone", "too wide at 400 %", "not reached by Tab", "focus cannot be seen",
        "axe, light", "axe, dark", "headings", "moving", "console",
    }  # fmt: skip


def test_every_address_is_a_page_that_is_looked_at_or_is_said_to_be_none() -> None:
    ours = {name for name in named_addresses() if not name.startswith(NOT_OURS)}
    assert ours - PAGES.keys() - NO_PAGE.keys() == set()
    assert {name for name in PAGES if not name.startswith(NOT_OURS)} - ours == set()
    assert NO_PAGE.keys() - ours == set()
