"""The editor in a real browser: problems as one types, saving by itself, two windows on one text, keys alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.interfaces.browsing import NEEDS_A_BROWSER
from tests.interfaces.web.browser.conftest import Site

pytestmark = [NEEDS_A_BROWSER, pytest.mark.enable_socket, pytest.mark.slow]
# The demonstration's change that stands in consultation, whose text may still be edited.
DRAFT = "/changes/3/draft/?file=policies/intimate.md"
SAVED = re.compile(r"Saved .* as revision \d+")


@contextmanager
def writing(site: Site, browser: Browser, name: str = "Ada") -> Iterator[Page]:
    """The editor as somebody has it open; its console must stay empty."""
    with site.signed_in(browser, name) as context:
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(DRAFT)
        page.locator("[data-ready]").wait_for()
        yield page
        assert said == []


def stand_before(page: Page, words: str) -> None:
    """Put the caret before the first place of the text that says so, by the browser's own debugger."""
    session = page.context.new_cdp_session(page)
    script = f"""(() => {{
      const area = document.querySelector('#text');
      const at = area.value.indexOf({json.dumps(words)});
      area.focus();
      area.setSelectionRange(at, at);
    }})()"""
    session.send("Runtime.evaluate", {"expression": script})


def test_a_problem_is_shown_at_its_line_as_one_types_and_goes_when_it_is_mended(site: Site, browser: Browser) -> None:
    with writing(site, browser) as page:
        stand_before(page, "person.kind")
        page.keyboard.type("xy")
        problem = page.locator("#problems li.error").first
        expect(problem).to_contain_text("Did you mean")
        line = re.search(r"Line (\d+)", problem.inner_text())
        assert line is not None
        expect(page.locator(f".mirror > li:nth-child({line.group(1)})")).to_have_class("error")
        expect(page.locator("#saved")).to_have_text(SAVED, timeout=9_000)
        page.keyboard.press("Control+Home")
        page.keyboard.press("F8")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Delete")
        page.keyboard.press("Delete")
        expect(page.locator("#problems")).to_contain_text("No problem")
        page.keyboard.press("Control+s")
        expect(page.locator("#saved")).to_have_text(SAVED)
        # Tab leaves the text: nobody is held in it.
        page.keyboard.press("Tab")
        expect(page.locator("#text")).not_to_be_focused()


def test_two_windows_write_one_text_and_choose_where_both_wrote_the_same_words(site: Site, browser: Browser) -> None:
    with writing(site, browser) as one, writing(site, browser) as other:
        stand_before(one, "consent")
        stand_before(other, "---\n\n")
        one.keyboard.type("recorded ")
        one.keyboard.press("Control+s")
        expect(one.locator("#saved")).to_have_text(SAVED)
        stand_before(other, "consent")
        other.keyboard.type("plain ")
        other.keyboard.press("Control+s")
        asides = other.locator("#asides")
        expect(asides).to_contain_text("wrote the same words differently")
        expect(other.locator("#text")).to_have_value(re.compile("recorded consent"))
        asides.get_by_role("button", name="Keep both").first.click()
        expect(other.locator("#text")).to_have_value(re.compile("recorded +plain"))
        expect(asides.get_by_role("button")).to_have_count(0)


def test_lines_are_remarked_on_by_keys_and_a_suggestion_is_accepted_by_one_press(site: Site, browser: Browser) -> None:
    with writing(site, browser) as page:
        stand_before(page, "> **Moderators:**")
        page.keyboard.press("Control+Alt+m")
        form = page.locator(".remark-form")
        expect(form.get_by_label("What you have to say")).to_be_focused()
        page.keyboard.type("Say it to <script>alert(1)</script> everybody.")
        form.get_by_label("Suggest other words").check()
        suggested = form.get_by_label("What should stand there instead")
        expect(suggested).to_have_value(re.compile("Moderators"))
        suggested.fill("> **Moderators:** ask first.")
        form.get_by_role("button", name="Remark").click()
        remark = page.locator(".remark.open").last
        expect(remark).to_contain_text("<script>alert(1)</script>")
        remark.get_by_role("button", name="Accept").click()
        expect(page.locator("#text")).to_have_value(re.compile(r"> \*\*Moderators:\*\* ask first\."))


def test_others_who_have_it_open_are_seen_and_whoever_may_not_write_reads(site: Site, browser: Browser) -> None:
    with writing(site, browser) as page:
        stand_before(page, "consent")
        with page.expect_response(re.compile("/present/")):
            page.reload()
        with writing(site, browser, "Cy") as reader:
            expect(reader.locator("#present")).to_contain_text(re.compile(r"Ada .*is at line \d+"))
            expect(reader.locator("#text")).to_have_js_property("readOnly", True)
            expect(reader.get_by_role("button", name="Save", exact=True)).to_have_count(0)
