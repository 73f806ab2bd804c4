"""Everything can be done by keys alone, every key that is named works, and without scripts nothing is lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from assay.interfaces.web.look.keys import GROUPS
from tests.interfaces.browsing import NEEDS_A_BROWSER
from tests.interfaces.web.browser.conftest import Site
from tests.interfaces.web.look.stylesheet import WEB

pytestmark = [NEEDS_A_BROWSER, pytest.mark.enable_socket, pytest.mark.slow]


def test_every_key_of_the_help_stands_in_the_script() -> None:
    script = (WEB / "static" / "web" / "assay.js").read_text(encoding="utf-8")
    obeyed = set(re.findall(r'^    "?([^\s":]+)"?: (?:\(\) =>|begin)', script, flags=re.MULTILINE))
    # These belong to the browser, or are asked for by name.
    elsewhere = {"Ctrl+K", "Esc", "Enter"}
    named = {key for group in GROUPS for each in group.keys for key in each.keys}
    assert named - elsewhere == obeyed - {"g"}


def test_a_day_by_keys_alone(site: Site, browser: Browser) -> None:
    with site.signed_in(browser, "Ada") as context:
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto("/ledger/")
        help_is_shown_and_gone(page)
        rows_are_moved_through(page)
        rooms_are_gone_to(page)
        anything_is_found_from_anywhere(page)
        assert said == []


def help_is_shown_and_gone(page: Page) -> None:
    keys = page.get_by_role("button", name="Keys")
    keys.focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    # One is where one was.
    expect(keys).to_be_focused()


def rows_are_moved_through(page: Page) -> None:
    for _ in range(3):
        page.keyboard.press("j")
    page.keyboard.press("k")
    current = page.locator("[data-current]")
    expect(current).to_have_count(1)
    link = current.get_by_role("link").first
    expect(link).to_be_focused()
    number = link.inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Entry {number}")


def rooms_are_gone_to(page: Page) -> None:
    page.keyboard.press("g")
    page.keyboard.press("l")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ledger")
    page.keyboard.press("/")
    field = page.get_by_role("searchbox", name="Search")
    expect(field).to_be_focused()
    # Letters that are typed are letters, and no keys.
    page.keyboard.type("gl?j")
    expect(field).to_have_value("gl?j")
    expect(page.get_by_role("dialog")).to_have_count(0)


def anything_is_found_from_anywhere(page: Page) -> None:
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Go to, find or do")
    expect(field).to_be_focused()
    page.keyboard.type("calendar")
    first = page.locator("#palette-hits [role=option]").first
    expect(first).to_contain_text(re.compile("calendar", re.IGNORECASE))
    expect(first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Calendar"))


def test_the_chosen_colours_hold_against_those_of_the_system(site: Site, browser: Browser) -> None:
    with site.signed_in(browser, "Ada") as context:
        page = context.new_page()
        page.emulate_media(color_scheme="light")
        page.goto("/look/")
        ground = page.locator("html")
        expect(ground).to_have_css("background-color", "rgb(251, 250, 248)")
        page.locator("#shell").get_by_role("button", name="Dark").click()
        expect(page).to_have_url(re.compile("/look/$"))
        expect(ground).to_have_css("background-color", "rgb(23, 22, 20)")
        expect(page.locator("#chart img")).to_have_attribute("src", re.compile("scheme=dark"))


def test_without_scripts_the_page_offers_nothing_that_does_not_work(site: Site, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=site.address)
    context.add_cookies([{"name": site.cookie, "value": site.sessions["Ada"], "url": site.address}])
    page = context.new_page()
    page.goto("/look/")
    assert page.locator("[data-copy]:visible, [data-opens]:visible").count() == 0
    page.get_by_role("searchbox", name="Search").fill("consent")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("consent")
    context.close()
