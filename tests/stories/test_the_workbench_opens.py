"""A stranger opens the workbench in an empty folder: the first administrator, colleagues, four eyes, a decision."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.interfaces.browsing import DESK, NEEDS_A_BROWSER, started
from tests.interfaces.running import STARTER
from tests.interfaces.web.browser.conftest import served

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.enable_socket, NEEDS_A_BROWSER]
PASSWORD = "a long and quiet evening"


@dataclass(frozen=True, slots=True)
class House:
    """The folder that a stranger works in, and where its pages are."""

    folder: Path
    address: str
    browser: Browser

    def assay(self, *words: str) -> str:
        """What a command says; it must end well."""
        command = [sys.executable, "-m", "assay.interfaces.cli.app", *words]
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("ASSAY_", "DATABASE_"))}
        run = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False, timeout=60
        )
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout

    def begin(self, link: str) -> Page:
        """Somebody opens their link, chooses a password, and sets up an app for codes; then they are in."""
        context: BrowserContext = self.browser.new_context(
            viewport=DESK, base_url=self.address, reduced_motion="reduce"
        )
        page = context.new_page()
        page.goto(link[link.index("/account/") :])
        for field in page.locator("input[type=password]").all():
            field.fill(PASSWORD)
        page.get_by_role("button", name="Begin with this password").click()
        page.get_by_role("link", name="An authenticator app").click()
        page.get_by_text("The app cannot read it").click()
        page.locator("input[name=code]").fill(code_of(secret_on(page)))
        page.get_by_role("button", name="Use this app").click()
        expect(page).not_to_have_url(re.compile("activate"))
        page.goto("/")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        return page


def secret_on(page: Page) -> str:
    """The secret that an app would read off the picture."""
    found = re.search(r"\b[A-Z2-7]{32}\b", page.content())
    assert found is not None
    return found[0]


def code_of(secret: str) -> str:
    """The code that an app shows at this moment."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with served(tmp_path, "--pack", str(STARTER)) as address, started() as browser:
        yield House(tmp_path, address, browser)


def invite(page: Page, name: str) -> str:
    """An administrator invites somebody; the link that is shown once."""
    page.goto("/people/invite")
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=email]").fill(f"{name.lower()}@example.org")
    page.get_by_role("button", name="Invite", exact=True).click()
    found = re.search(r"https?://[^\s\"<]*/account/begin/\?link=[\w-]+", page.content())
    assert found is not None
    return found[0]


def to_person(page: Page, name: str) -> None:
    page.goto(f"/people/?name={name}")
    page.locator("table").get_by_role("link", name=name).click()


def give(page: Page, name: str, role: str, how: str) -> None:
    """An administrator gives somebody a role, or proposes it."""
    to_person(page, name)
    page.get_by_role("link", name="Give a role").first.click()
    page.locator("select[name=role]").select_option(role)
    page.locator("[name=reason]").fill("hired for it")
    page.get_by_role("button", name=how).click()
    expect(page).to_have_url(re.compile("/people/(?!.*give)"))


def test_a_stranger_opens_the_workbench_and_a_decision_is_seen(house: House) -> None:
    said = house.assay("workbench", "administrator", "dee@example.org")
    dee = house.begin(said.split("http", 1)[1].split()[0])
    eli = house.begin(invite(dee, "Eli"))
    give(dee, "Eli", "administrator", "Give the role")
    ada = house.begin(invite(dee, "Ada"))
    assert ada.goto("/decisions/").status == 403  # type: ignore[union-attr]

    give(dee, "Ada", "policy-lead", "Propose it")
    dee.goto("/people/approvals")
    dee.get_by_role("link", name=re.compile("Ada")).first.click()
    expect(dee.get_by_role("button", name=re.compile("Approve"))).to_have_count(0)
    eli.goto("/")
    eli.get_by_role("link", name=re.compile("Ada")).first.click()
    eli.get_by_role("button", name=re.compile("Approve")).click()

    eli.goto("/ledger/")
    expect(eli.get_by_role("table")).to_contain_text("Ada")
    assert "nothing is wrong" in house.assay("ledger", "verify")

    decide(house, "upload-1")
    ada.goto("/decisions/")
    link = ada.get_by_role("link", name=re.compile("upload-1")).first
    until_there(ada, link)
    link.click()
    expect(ada.locator("main")).to_contain_text("upload-1")
    exported(ada)


def decide(house: House, item: str) -> None:
    """A platform's own program asks for a decision."""
    token = re.search(r"\bassay_\w+_[\w-]+", (house.folder / "log").read_text())
    assert token is not None
    answer = httpx.post(
        f"{house.address}/v1/decisions",
        headers={"Authorization": f"Bearer {token[0]}"},
        json={"id": item, "signals": {"ai_extent": "generated"}},
    )
    assert answer.status_code == 200, answer.text


def until_there(page: Page, wanted: Locator) -> None:
    """The list is looked at again until something stands in it: records are taken into it a moment later."""
    until = time.monotonic() + 20
    while wanted.count() == 0:
        assert time.monotonic() < until, page.content()
        time.sleep(0.3)
        page.reload()


def exported(page: Page) -> None:
    """What is listed can be taken along."""
    page.goto("/decisions/")
    page.get_by_text("Export what is filtered").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("Export up to")).click()
    text = download.value.path().read_text(encoding="utf-8")
    assert "upload-1" in text
