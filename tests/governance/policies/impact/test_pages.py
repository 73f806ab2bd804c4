"""The pages of impact as people use them: asked, watched, read, assessed, confirmed, printed."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from assay.governance.people.models import Person
from assay.governance.policies.impact import working
from assay.governance.policies.impact.models import Run
from assay.governance.policies.impact.rules.assessing import About
from assay.governance.policies.life.models import Change
from tests.governance.policies.impact.givens import FOUND, GIVEN, drafted, redraft, shop
from tests.workbench.people import ActorOf, ClientOf

WRONG = {
    About.RIGHTS: {"overall": ""}, About.EQUITY: {"words": ""}, About.COST: {"rate": "twelve"},
    About.EXPOSURE: {"conclusion": ""},
}  # fmt: skip
# What was written stays in the form, however much of it is wrong.
KEPT = {
    About.RIGHTS: "A label alone left them exposed.", About.EQUITY: "satire in Hindi",
    About.COST: "Training of two teams.", About.EXPOSURE: "Budgets have room.",
}  # fmt: skip
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def change(ada: Person, actor_of: ActorOf, at: datetime) -> Change:
    return drafted(actor_of(ada), at)


@pytest.fixture
def browser(bo: Person, client_of: ClientOf) -> Client:
    return client_of(bo)


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content
    return answer.content.decode()


def flat(about: About) -> dict[str, object]:
    given = dict(GIVEN[about])
    found: dict[str, object] = {
        f"{slug}-{name}": value
        for slug, said in given.items()
        if isinstance(said, dict)
        for name, value in said.items()
    }
    found |= {
        f"g{place}-{name}": value for place, row in enumerate(given.get("groups", ())) for name, value in row.items()
    }
    return found | {name: value for name, value in given.items() if not isinstance(value, dict) and name != "groups"}


def test_work_is_asked_for_watched_and_read(change: Change, browser: Client, at: datetime) -> None:
    place = f"/changes/{change.number}/impact/"
    assert "Not done" in text(browser, place)
    with shop():
        asked = browser.post(place + "ask", {"works": ["check", "proof", "difference", "rehearsal"]})
        assert asked.status_code == 302
        waiting = text(browser, place + "progress")
        assert 'hx-trigger="every 1s"' in waiting
        assert "It waits for the clerk" in waiting
        working.work_all(at)
        over = text(browser, place + "progress")
        assert "hx-trigger" not in over
        assert "9 claims are proved" in over
        for name in ("", "check", "proof", "difference", "rehearsal", "memo", "beside/difference/"):
            text(browser, place + name)
    run = Run.objects.get(kind="rehearsal")
    drawing = browser.get(f"{place}runs/{run.key}/drawings/flow.svg?scheme=dark")
    assert (drawing["Content-Type"], drawing.content) == ("image/svg+xml", b"<svg>dark</svg>")
    assert browser.get(f"{place}runs/{run.key}/drawings/other.svg").status_code == 404
    page = browser.get(f"{place}runs/{run.key}/report.html")
    assert page["Content-Disposition"].startswith("attachment")
    assert browser.get(f"{place}runs/{run.key}/report.json").json()["history"] == {"rows": 900}


def test_nothing_that_a_report_quotes_becomes_markup(change: Change, browser: Client, at: datetime) -> None:
    place = f"/changes/{change.number}/impact/"
    finding = {"anchor": "a", "weight": "error", "title": "A harm", "slug": "gap", "words": HOSTILE, "about": HOSTILE,
               "hint": HOSTILE, "place": HOSTILE, "markets": [HOSTILE], "witnesses": []}  # fmt: skip
    shown = {"verdict": HOSTILE, "findings": [finding], "figures": [], "checks": [], "register": [], "totals": []}
    proof = type(FOUND["proof"])(False, HOSTILE, {**FOUND["proof"].document, "shown": shown})
    with shop(found={**FOUND, "proof": proof}):
        browser.post(place + "ask", {"works": ["proof"]})
        working.work_all(at)
        for name in ("", "proof", "memo", "beside/proof/"):
            found = text(browser, place + name)
            assert "&lt;script&gt;alert" in found
            assert HOSTILE not in found


def test_the_memo_says_what_is_decided_otherwise_while_something_is_unknown(
    change: Change, browser: Client, at: datetime
) -> None:
    place = f"/changes/{change.number}/impact/"
    assert "was not compared with what is in force yet" in text(browser, place + "memo")
    region = {"condition": "while it is open", "told": "an unchecked speech", "witness": {}}
    waits = {"anchor": "a", "measure": "marked", "title": "Marked", "before": "no", "after": "yes", "meanwhile": True,
             "where": "everywhere", "when": "", "subject": "item", "rules": [], "regions": [region]}  # fmt: skip
    shown = {"verdict": "1 measure changes: marked.", "known": [], "waiting": [waits], "clauses": [], "doubts": []}
    differs = type(FOUND["difference"])(True, "1 measure changes.", {**FOUND["difference"].document, "shown": shown})
    with shop(found={**FOUND, "difference": differs}):
        browser.post(place + "ask", {"works": ["difference"]})
        working.work_all(at)
    found = text(browser, place + "memo")
    assert "no → yes while something is unknown" in found
    assert "an unchecked speech" in found
    assert "Nothing: no item is decided otherwise" not in found


@pytest.mark.parametrize("about", list(About))
def test_an_assessment_is_written_read_and_confirmed_after_an_edit(
    about: About, change: Change, browser: Client, ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    place = f"/changes/{change.number}/impact/assess/{about.value}"
    assert f"Assess the {about.value}" in text(browser, place)
    wrong = browser.post(place, {**flat(about), **WRONG[about]})
    assert wrong.status_code == 422
    assert KEPT[about] in wrong.content.decode()
    assert browser.post(place, flat(about)).status_code == 302
    held = change.assessments.get()
    assert held.outcome in text(browser, place).replace("&quot;", '"')
    redraft(change, "We mark fakes.", by=actor_of(ada), at=at)
    assert "It still holds for this draft" in text(browser, place)
    said = {"assessment": str(held.key), "digest": change.draft_digest, "words": "Only a word."}
    assert browser.post(place + "/confirm", said).status_code == 302
    assert "Only a word." in text(browser, place)
    own = browser.post(place + "/second", said)
    assert own.status_code == 422
    assert text(browser, f"/changes/{change.number}/impact/memo")


def test_who_may_not_assess_reads_all_of_it_and_is_offered_no_button(
    change: Change, cy: Person, client_of: ClientOf
) -> None:
    reader = client_of(cy)
    found = text(reader, f"/changes/{change.number}/impact/")
    assert "Do what is ticked" not in found
    assert "Assess rights" not in found
    assert reader.post(f"/changes/{change.number}/impact/ask", {"works": ["check"]}).status_code == 403
    assert reader.post(f"/changes/{change.number}/impact/assess/rights", flat(About.RIGHTS)).status_code == 403


def test_a_run_of_another_change_is_not_there(change: Change, browser: Client, at: datetime) -> None:
    with shop():
        browser.post(f"/changes/{change.number}/impact/ask", {"works": ["check"]})
    run = Run.objects.get()
    Change.objects.filter(pk=change.pk).update(number=77)
    assert browser.get(f"/changes/77/impact/runs/{run.key}").status_code == 200
    Change.objects.create(
        number=78, kind="new", title="t", why="w", path="policies/x.md", policy="x", stage_since=at, made_at=at,
        changed_at=at,
    )  # fmt: skip
    assert browser.get(f"/changes/78/impact/runs/{run.key}").status_code == 404
    assert browser.post(f"/changes/78/impact/runs/{run.key}/stop").status_code == 404
    assert browser.post(f"/changes/77/impact/runs/{run.key}/stop").status_code == 302


def test_the_summary_asks_few_questions_of_the_store(change: Change, browser: Client, at: datetime) -> None:
    place = f"/changes/{change.number}/impact/"
    with shop():
        for _ in range(3):
            browser.post(place + "ask", {"works": ["check", "proof", "difference", "rehearsal"], "fresh": "1"})
            working.work_all(at)
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as asked:
            text(browser, place)
    mine = [one["sql"] for one in asked.captured_queries if "policies_impact" in one["sql"]]
    assert len(mine) <= 9, mine
