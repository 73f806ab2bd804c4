"""Experts see what they are asked about and nothing else of the house, whatever address they try."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone

from assay.governance.office.roles import Role
from tests.governance.policies.consulting.asking import TEXT, asked_change, consultation, invited, said
from tests.workbench.people import ActorOf, ClientOf, a_person

if TYPE_CHECKING:
    from assay.governance.people.models import Person
    from assay.governance.policies.consulting.models import Consultation

pytestmark = pytest.mark.django_db
SECRETS: tuple[str, ...] = (
    "frontmatterword",
    "guidanceword",
    "exampleword",
    "Quokka",
    "quokka",
    "Sectionword",
    "Subsection",
)
SECRETS += ("zebra-rule", "raidexample", "Say it better", "People misread it")


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def text_of(response: Any) -> str:
    return str(response.content.decode())


def withheld() -> frozenset[int]:
    """Everything that the text marks as secret: by kind, by section, by rule."""
    from assay.governance.policies.consulting.rules.pieces import pieces_of
    from assay.governance.policies.consulting.rules.redacting import of_kinds

    pieces = pieces_of(TEXT)
    section = {each.number for each in pieces if each.title == "Quokka plan for raids"}
    return of_kinds(pieces, {"front", "guidance", "example"}) | section


@pytest.fixture
def asked(ada: Person, actor_of: ActorOf, now: datetime) -> Consultation:
    """Eli and Fay are asked; much is withheld from them."""
    change = asked_change(actor_of(ada), now)
    held = consultation(change, actor_of(ada), now, withheld=withheld(), shows_changes=True)
    for name in ("Eli", "Fay"):
        invited(held, a_person(name, Role.EXTERNAL_EXPERT), actor_of(ada), now)
    return held


def person(name: str) -> Person:
    from assay.governance.people.models import Person

    return Person.objects.get(name=name)


def test_an_expert_reads_the_question_declares_says_and_reads_what_was_done(
    asked: Consultation, ada: Person, client_of: ClientOf
) -> None:
    client, url = client_of(person("Eli")), reverse("consulting:asked", args=[asked.key])
    assert "Marking fakes" in text_of(client.get(reverse("consulting:mine")))
    page = text_of(client.get(url))
    assert "Withheld here: a section, " in page
    assert "We mark what is fake, unless [withheld] applies" in page
    assert [word for word in SECRETS if word in page] == []
    wrong = client.post(reverse("consulting:declare", args=[asked.key]), {"interest-conflict": "paid"})
    assert (wrong.status_code, "write your interest" in text_of(wrong)) == (422, True)
    client.post(reverse("consulting:declare", args=[asked.key]), {"interest-conflict": "none", "interest-named": "on"})
    view = {"view-position": "against", "view-confidence": "low", "view-words": "<b>No</b>, not so.", "view-part": ""}
    assert client.post(reverse("consulting:say", args=[asked.key]), view).status_code == 302
    assert "&lt;b&gt;No&lt;/b&gt;, not so." in text_of(client.get(url))
    number, lead = asked.change.number, client_of(ada)
    closing = lead.post(reverse("consulting:close", args=[number, asked.key]), {"words": "Enough."})
    assert closing.status_code == 302
    row = asked.invitations.get(person=person("Eli")).view
    answer = {"outcome": "in-part", "words": "We added an exception.", "revision": "1"}
    assert lead.post(reverse("consulting:answer", args=[number, row.key]), answer).status_code == 302
    assert "We added an exception." in text_of(client.get(url))
    summary = text_of(lead.get(reverse("consulting:summary", args=[number, asked.key])))
    assert "Eli" in summary
    assert "Fay" not in summary


def test_whatever_address_an_expert_tries_nothing_withheld_and_nothing_of_the_house_is_in_it(
    asked: Consultation, ada: Person, client_of: ClientOf, actor_of: ActorOf, now: datetime
) -> None:
    said(asked, actor_of(person("Fay")), now, words="Fayword is what I think.")
    other = consultation(asked.change, actor_of(ada), now, title="Another question", question="Otherword?")
    client, number = client_of(person("Eli")), asked.change.number
    inside = [
        *(reverse(f"consulting:{name}", args=[number]) for name in ("change", "new")),
        *(
            reverse(f"consulting:{name}", args=[number, asked.key])
            for name in ("one", "preview", "summary", "extend", "close", "invite")
        ),
        reverse("consulting:answer", args=[number, asked.invitations.get(person=person("Fay")).view.key]),
        reverse("changes:change", args=[number]),
        reverse("questions:list"),
        reverse("ledger:entries"),
    ]
    assert {address: client.get(address).status_code for address in inside} == dict.fromkeys(inside, 403)
    hidden = [reverse("consulting:asked", args=[other.key]), reverse("consulting:declare", args=[other.key])]
    assert [client.get(hidden[0]).status_code, client.post(hidden[1], {}).status_code] == [404, 404]
    assert client.post(reverse("consulting:say", args=[other.key]), {}).status_code == 404
    open_to_all = ["home:home", "consulting:mine", "calendar:calendar", "notices:list", "people:me"]
    pages = [text_of(client.get(reverse(name))) for name in open_to_all]
    words = ("Quokka", "Sectionword", "Fayword", "Marking", "fakes", "Another", "Say it better", "likeness", "1")
    pages += [text_of(client.get(reverse("search:search"), {"q": word})).replace(word, "", 9) for word in words]
    pages.append(text_of(client.get(reverse("consulting:asked", args=[asked.key]))))
    for secret in (*SECRETS, "Fayword", "Otherword", "Another question"):
        assert [place for place, page in enumerate(pages) if secret in page] == [], secret


def test_who_is_taken_off_sees_nothing_any_more(
    asked: Consultation, ada: Person, client_of: ClientOf, now: datetime
) -> None:
    eli = person("Eli")
    client = client_of(eli)
    address = reverse("consulting:withdraw", args=[asked.change.number, asked.key])
    assert client_of(ada).post(address, {"person": str(eli.key)}).status_code == 302
    assert client.get(reverse("consulting:asked", args=[asked.key])).status_code == 404
    assert "Marking fakes" not in text_of(client.get(reverse("consulting:mine")))
    assert "Marking fakes" not in text_of(client.get(reverse("home:home")))


def test_the_draft_is_closed_to_an_engagement_that_is_over_and_the_view_stays(
    asked: Consultation, client_of: ClientOf, actor_of: ActorOf, now: datetime
) -> None:
    eli = person("Eli")
    said(asked, actor_of(eli), now, words="Eliword.")
    asked.invitations.filter(person=eli).update(stale_on=(now - timedelta(days=1)).date())
    page = text_of(client_of(eli).get(reverse("consulting:asked", args=[asked.key])))
    assert "Eliword." in page
    assert "We mark what is fake" not in page


def test_a_consultation_is_opened_after_its_preview_and_not_on_a_text_that_was_edited_meanwhile(
    ada: Person, cy: Person, client_of: ClientOf, actor_of: ActorOf, now: datetime
) -> None:
    from assay.governance.policies.consulting.models import Consultation
    from assay.governance.policies.life.drafts import put

    change = asked_change(actor_of(ada), now)
    address, client = reverse("consulting:new", args=[change.number]), client_of(ada)
    page = text_of(client.get(address))
    digest = page.partition('name="draft" value="')[2].partition('"')[0]
    given: dict[str, Any] = {
        "draft": digest, "title": "Marking", "question": "Is it fair?", "kinds": ["guidance"],
        "closes_at": (now + timedelta(days=9)).date().isoformat(),
    }  # fmt: skip
    shown = text_of(client.post(address, given | {"preview": "yes"})).partition('id="preview"')[2]
    assert "guidanceword" not in shown
    assert "exampleword" in shown
    put(change, change.path, TEXT + "\nMore.\n", by=actor_of(ada), at=now)
    assert client.post(address, given).status_code == 422
    assert not Consultation.objects.exists()
    page = text_of(client.get(address))
    given["draft"] = page.partition('name="draft" value="')[2].partition('"')[0]
    assert client.post(address, given).status_code == 302
    assert Consultation.objects.get().title == "Marking"
    assert client_of(cy).get(address).status_code == 403
