"""What people write into every field is shown as words on every page, whatever it would be to a browser."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from assay.governance.office.roles import Role
from assay.governance.policies.life.stages import Stage
from tests.governance.policies.life.houses import FILES, LIKENESS, begun, opened
from tests.governance.policies.signing.desks import at_stage, seal
from tests.workbench.people import ActorOf, ClientOf, a_person

if TYPE_CHECKING:
    from assay.governance.office.actor import Actor
    from assay.governance.people.models import Person
    from assay.governance.policies.life.models import Change

pytestmark = pytest.mark.django_db
EVIL = (
    "\"'><img src=x onerror=alert(1)><script>alert(2)</script>{{ 7 }}{% csrf_token %}"
    "[a](javascript:alert(3))![b](//x.example/p)"
)


class _Tags(HTMLParser):
    """Tags of a page that nobody but a stranger would have put there."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.strange: list[tuple[str, object]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        runs = [name for name, _ in attrs if name.startswith("on") or name == "style"]
        leads = [value for _, value in attrs if (value or "").lower().lstrip().startswith(("javascript:", "data:"))]
        given = dict(attrs)
        fetched = tag in ("img", "script", "iframe", "object") and not (given.get("src") or "").startswith("/static/")
        if runs or leads or fetched or (given.get("src") or "").startswith("//"):
            self.strange.append((tag, attrs))


def _text() -> str:
    said = FILES[LIKENESS].replace("Nobody's face is used without asking.", EVIL).replace("We mark what is fake.", EVIL)
    said = said.replace("## Fakes are marked", f"## {EVIL}").replace("title: a fake", f"title: {json.dumps(EVIL)}")
    return said.replace("title: Likeness of people", "title: 'Likeness <script>alert(2)</script>'")


def _signed(change: Change, ada: Person, other: Actor, at: datetime) -> None:
    from assay.governance.policies.signing.commands.signing import Asked, sign
    from assay.governance.policies.signing.commands.vetoes import set_veto
    from assay.governance.policies.signing.rules.counting import Verdict

    change.refresh_from_db()
    at_stage(change, Stage.SIGN_OFF)
    set_veto(change=change, words=EVIL, by=other, at=at)
    conditions = [Asked(EVIL, ada)]
    signed = sign(
        change=change, role=Role.LEGAL, verdict=Verdict.ON_CONDITIONS, seal=seal(change, at), words=EVIL,
        conditions=conditions, by=other, at=at,
    )  # fmt: skip
    assert not isinstance(signed, list), signed


def _filled(ada: Person, bo: Person, actor_of: ActorOf, at: datetime) -> Change:
    """A change in sign-off, with something hostile wherever somebody may write."""
    from assay.governance.policies.drafting.commands import make_remark, save_draft
    from assay.governance.policies.drafting.commands.remarks import Lines
    from assay.governance.policies.life.commands import add_source, describe
    from assay.governance.policies.life.commands.wishes import Wish
    from assay.governance.policies.questions.commands import answer_question, ask_question
    from assay.governance.policies.questions.rules import About
    from assay.governance.policies.readiness.commands.features import save_feature
    from assay.governance.policies.readiness.rules.registering import Wish as Feature
    from assay.governance.policies.readiness.rules.standing import State

    by, other = actor_of(ada, at), actor_of(bo, at)
    ann = actor_of(a_person("Ann", Role.ANALYST), at)
    begun(by, at)
    change = at_stage(opened(by, at), Stage.DRAFTING)
    wish = Wish(EVIL, EVIL, ("fraud",), ("DE",), "ordinary", EVIL)
    states: dict[str, tuple[State, None]] = {"*": (State.MISSING, None)}
    feature = Feature("a-thing", EVIL, "measure", ("marked",), states, note=EVIL, team=EVIL[:110])
    asked = ask_question(about=About("likeness"), question=EVIL, context=EVIL, by=by, at=at)
    made: list[object] = [
        describe(change=change, wish=wish, by=by, at=at),
        add_source(change=change, kind="law", title=EVIL, link="https://x.example/?a='\"><b>", note=EVIL, by=by, at=at),
        save_draft(change=change, path=LIKENESS, text=_text(), started_from=0, by=by, at=at),
        make_remark(change=change, lines=Lines(LIKENESS, 1, 1, 2), words=EVIL, suggested=EVIL, by=by, at=at),
        save_feature(wish=feature, seen=0, by=by, at=at),
        asked,
    ]
    assert not [each for each in made if isinstance(each, list)]
    until = at.date() + timedelta(days=90)
    answer_question(asked=asked, ruling=EVIL, rationale=EVIL, expires_on=until, by=ann, at=at)  # type: ignore[arg-type]
    _signed(change, ada, other, at)
    return change


def test_no_page_takes_for_markup_what_somebody_wrote(
    ada: Person, bo: Person, actor_of: ActorOf, client_of: ClientOf
) -> None:
    at = datetime.now(UTC)
    change = _filled(ada, bo, actor_of, at)
    a_person("<img src=x onerror=alert(1)>", Role.ANALYST, email="odd@example.org")
    one = f"/changes/{change.number}/"
    beside = [
        f"{one}draft/?beside={name}"
        for name in ("problems", "examples", "item", "public", "guidance", "tree", "difference", "remarks", "revisions")
    ]
    pages = [
        "/", "/changes/", "/changes/list", one, f"{one}describe", f"{one}sources", f"{one}people", *beside,
        f"{one}impact/", f"{one}consultation/new", f"{one}sign-off/", f"{one}sign-off/sheet", f"{one}readiness/",
        f"{one}readiness/product", f"{one}release/", "/known-questions/", "/known-questions/1", "/features/",
        "/features/of/a-thing", "/search?q=img", f"/policies/likeness/public?change={change.number}",
        f"/policies/likeness/guidance?change={change.number}", f"/policies/likeness/explanation?change={change.number}",
        f"/policies/likeness/translations?change={change.number}", "/ledger/", "/notices/",
    ]  # fmt: skip
    client, shown = client_of(ada), 0
    for page in pages:
        response = client.get(page, follow=True)
        assert response.status_code == 200, page
        content = response.content.decode()
        assert not _Tags(content).strange, page
        shown += "&lt;img src=x onerror" in content
    assert shown > 12
