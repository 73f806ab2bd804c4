"""Somebody new takes a change from home to the uploads it decides and back again, by the guide and by pages alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from assay.interfaces.service.guard.book import make_token
from tests.interfaces.browsing import NEEDS_A_BROWSER, started
from tests.interfaces.web.browser.conftest import Site, copied_site, served
from tests.stories.policies.walking import Walk, choose, eventually, fill, named_in_guide

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.enable_socket, NEEDS_A_BROWSER]
# An account that posts so many near-copies a day: too few for the policy as it is, too many once it is changed.
FLOOD = {"id": "a-flood", "subject": "account", "signals": {"account.near_copies_per_day": 50}}
# Of the launch checklist, what a person has to say.
ITEMS = {
    "guidance-read": "Gus read it.",
    "queues": "None is needed: it is a limit on posting.",
    "notices": "The notice stands in all languages.",
    "appeals": "A form, answered within a day by somebody else.",
    "statement-of-reasons": "Mapped to scale and spam.",
    "education": "Told in the letter of last week.",
    "kill-switch": "Fay, around the clock.",
}


@pytest.fixture
def walk(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Walk]:
    settings, said = copied_site(tmp_path_factory, worker_id, tmp_path)
    # The service looks every ten seconds otherwise, which is too long to watch.
    settings.write_text(settings.read_text().replace("[bundles]\n", "[bundles]\npoll = 0.5\n"))
    made = make_token(tmp_path / "workbench" / "tokens.json", "story", ("decide",))
    assert not isinstance(made, list), made
    with served(tmp_path, "--config", str(settings)) as address, started() as browser:
        site = Site(address, tmp_path, said["cookie"], said["sessions"], said["keys"])
        walk = Walk(site, browser, made.credential)
        yield walk
        walk.close()


def test_a_change_is_made_signed_shipped_and_rolled_back_by_the_guide_alone(walk: Walk) -> None:
    assert limits_posting(walk) is False
    it_is_opened_and_described(walk)
    it_is_written(walk)
    colleagues_are_asked(walk)
    its_impact_is_found_out(walk)
    it_is_signed(walk)
    it_is_made_ready(walk)
    it_is_launched(walk)
    until(walk, limits=True)
    it_is_rolled_back(walk)
    until(walk, limits=False)
    unnamed = sorted(words for words in walk.pressed if not named_in_guide(words))
    assert unnamed == [], "the guide does not name what had to be pressed"


def it_is_opened_and_described(walk: Walk) -> None:
    page = walk.at("Ada", "/")
    page.get_by_role("link", name="Changes", exact=True).click()
    walk.press(page, "Open a change", among="link")
    choose(page, "kind", "amend")
    page.locator("select[name=policy]").select_option("mass-produced")
    choose(page, "risk", "ordinary")
    fill(page, title="Limit floods earlier", why="Forty near-copies a day drown a small feed, and nobody means them.")
    walk.send(page, "Open the change")
    found = re.search(r"/changes/(\d+)/", page.url)
    assert found is not None, page.url
    walk.number = int(found[1])
    walk.go_on("Ada", "scoping")
    walk.press(page, "Describe it", among="link")
    fill(page, note="We now limit how often an account may post from 40 near-copies a day on.")
    walk.send(page, "Keep the description")
    walk.go_on("Ada", "research")
    walk.press(page, "Add what was read", among="link")
    page.locator("select[name=kind]").select_option("data")
    fill(page, title="Floods of last month", note="Half of them stay below sixty a day.")
    walk.send(page, "Add it")
    walk.go_on("Ada", "drafting")


def it_is_written(walk: Walk) -> None:
    page = walk.at("Ada", "{change}/draft/")
    area = page.locator("#text")
    text = area.input_value()
    assert "account.near_copies_per_day >= 60" in text
    area.fill(text.replace("account.near_copies_per_day >= 60", "account.near_copies_per_day >= 40"))
    page.keyboard.press("Control+s")
    expect(page.get_by_text(re.compile("as revision 1")).first).to_be_visible()
    walk.go_on("Ada", "consultation")


def colleagues_are_asked(walk: Walk) -> None:
    page = walk.at("Ada", "{change}/consultation/")
    walk.press(page, "Ask for views", among="link")
    closes = (datetime.now(UTC) + timedelta(days=5)).date().isoformat()
    fill(page, title="Floods", question="Whom would forty a day hit who means no harm?", closes_at=closes)
    walk.press(page, "Open the consultation")
    walk.press(page, "Invite somebody", among="link")
    fill(page, person="gus@demo.example", region="PH", expertise="sees floods every day")
    page.locator("select[name=viewpoint]").select_option("inside")
    walk.send(page, "Invite")
    asked = page.url
    gus = walk.at("Gus", "/")
    gus.get_by_role("link", name=re.compile("Floods|view", re.IGNORECASE)).first.click()
    choose(gus, "interest-conflict", "none")
    walk.send(gus, "Declare")
    choose(gus, "view-position", "for")
    choose(gus, "view-confidence", "high")
    fill(gus, view__words="Nobody; shops post twice a week.")
    walk.press(gus, "Give my view")
    page.goto(asked)
    walk.press(page, "Close now", among="link")
    fill(page, words="the view is in")
    walk.send(page, "Close the consultation")
    walk.press(page, "Say what was done with it", among="link")
    choose(page, "outcome", "not-adopted")
    fill(page, words="There is nothing to be changed.")
    walk.send(page, "Keep the answer")
    walk.go_on("Ada", "impact")


def its_impact_is_found_out(walk: Walk) -> None:
    page = walk.at("Ada", "{change}/impact/")
    walk.press(page, "Do what is ticked")
    for about, fields in {
        "rights": {"none": "Posting is limited, and what was said stays.", "overall": "Little is limited."},
        "equity": {"words": "No group posts near-copies."},
        "cost": {"hours": "0", "rate": "38", "product_days": "0", "one_off": "0", "words": "Nothing is reviewed."},
        "exposure": {"hours": "0", "words": "Nothing is looked at."},
    }.items():
        page.goto(f"/changes/{walk.number}/impact/")
        walk.send(page, f"Assess {about}", among="link")
        fill(page, **fields)
        if conclusion := {"equity": "none", "exposure": "same"}.get(about):
            page.locator("#content select[name=conclusion]").select_option(conclusion)
        walk.send(page, f"Assess the {about} for this draft")
    walk.go_on("Ada", "sign-off")


def it_is_signed(walk: Walk) -> None:
    for name, role in (("Uma", "Policy lead"), ("Bo", "Legal")):
        page = walk.at(name, "/")
        page.get_by_role("link", name=re.compile(f"Sign change {walk.number}")).click()
        choose(page, "verdict", "signs")
        fill(page, words="Fit to be launched.")
        walk.pressed.add("Sign as Legal")
        walk.send(page, f"Sign as {role}")
    walk.go_on("Ada", "readiness")


def it_is_made_ready(walk: Walk) -> None:
    page = walk.at("Fay", "{change}/readiness/")
    for item, words in ITEMS.items():
        form = page.locator(f"form[action*='/readiness/items/{item}/mark']").last
        if not form.is_visible():
            page.locator(f"#item-{item}").get_by_text("Mark it").click()
        form.locator("[name=words]").fill(words)
        form.get_by_role("button", name="It holds", exact=True).click()
    walk.go_on("Ada", "pilot")


def it_is_launched(walk: Walk) -> None:
    page = walk.at("Fay", "{change}/release/")
    walk.press(page, "Build and sign the bundle")
    walk.press(page, "Let it look on")
    walk.go_on("Ada", "staged launch")
    page = walk.at("Fay", "{change}/release/")
    walk.press(page, "Let it decide everything")
    in_force(walk.at("Ada", "{change}/"))


def in_force(page: Page) -> None:
    """The clerk tells the channel, and the change comes in force by itself."""
    eventually(page, lambda: page.locator(".page-head").get_by_text("In force").count() > 0)


def it_is_rolled_back(walk: Walk) -> None:
    page = walk.at("Fay", "/releases/")
    walk.press(page, "Roll back to edition 2", among="link")
    fill(page, reason="Two newspapers were limited.")
    walk.press(page, "Roll back to edition 2")


def limits_posting(walk: Walk) -> bool:
    """What the decision service does about a flood just now."""
    answer = httpx.post(
        f"{walk.site.address}/v1/decisions", json=FLOOD, headers={"Authorization": f"Bearer {walk.token}"}, timeout=10
    )
    assert answer.status_code == 200, answer.text
    return [outcome["measures"]["posting_limited"] for outcome in answer.json()["outcomes"]].count("yes") > 0


def until(walk: Walk, *, limits: bool) -> None:
    eventually(walk.at("Fay"), lambda: limits_posting(walk) is limits)
