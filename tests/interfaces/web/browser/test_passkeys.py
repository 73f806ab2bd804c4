"""A passkey from its making to signing in with it alone, in a real browser with a made-up key; and the pages of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.interfaces.browsing import DESK, NEEDS_A_BROWSER
from tests.interfaces.web.browser.checks import look_at
from tests.interfaces.web.browser.conftest import Site

pytestmark = [NEEDS_A_BROWSER, pytest.mark.enable_socket]
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def by_name(site: Site) -> str:
    """The site by a name: keys are bound to names, and an address of numbers is none."""
    return site.address.replace("127.0.0.1", "localhost")


@pytest.fixture
def context(site: Site, browser: Browser, by_name: str) -> Iterator[BrowserContext]:
    found = browser.new_context(viewport=DESK, reduced_motion="reduce", base_url=by_name)
    found.add_cookies([{"name": site.cookie, "value": site.sessions["Cy"], "url": by_name}])
    yield found
    found.close()


def with_a_key(page: Page) -> list[str]:
    """Put a key into the device; gives what the page will say on its console."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    return said


def test_a_passkey_is_made_and_is_enough_to_sign_in(site: Site, context: BrowserContext, by_name: str) -> None:
    page = context.new_page()
    said = with_a_key(page)
    page.goto("/account/2fa/webauthn/add/")
    page.get_by_label("Name of the key").fill("Laptop <b>")
    expect(page.get_by_label("Sign in with it alone")).to_be_checked()
    page.get_by_role("button", name="Add the key").click()
    # The page that follows, whichever it is: opening another before would break off the one that is under way.
    page.wait_for_url(lambda url: not url.endswith("/webauthn/add/"))
    page.goto("/account/2fa/webauthn/")
    expect(page.get_by_role("rowheader", name="Laptop <b>")).to_be_visible()

    page.context.clear_cookies()
    page.goto("/account/login/?next=/account/sessions/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Sessions")).to_be_visible()
    assert said == []


def test_a_key_that_is_refused_says_so_on_the_page(context: BrowserContext) -> None:
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": {**KEY, "isUserVerified": False}})
    page.goto("/account/2fa/webauthn/add/")
    page.get_by_role("button", name="Add the key").click()
    expect(page.get_by_text("did not get an answer from the key")).to_be_visible()


@pytest.mark.parametrize(
    "path",
    [
        "2fa/webauthn/add/",
        "2fa/webauthn/",
        "2fa/recovery-codes/",
        "2fa/recovery-codes/generate/",
        "2fa/totp/activate/",
        "reauthenticate/",
        "password/set/",
    ],
)
def test_a_page_of_one_s_way_in_can_be_used_by_everybody(context: BrowserContext, by_name: str, path: str) -> None:
    found = look_at(context, f"{by_name}/account/{path}")
    found.page.close()
    assert not found.faults, "\n".join(found.faults)


@pytest.mark.parametrize("path", ["signup/", "inactive/", "begin/", "sso/cancelled/", "recovery/use/"])
def test_a_page_for_strangers_can_be_used_by_everybody(browser: Browser, site: Site, path: str) -> None:
    found = look_at(site.signed_in(browser, None), f"{site.address}/account/{path}")
    found.page.close()
    faults = [fault for fault in found.faults if "410" not in fault]
    assert not faults, "\n".join(faults)
