"""The pages of changes, by people of every kind: what they show, what they let nobody do, and what they cost."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assay.governance.office.roles import Role
from assay.governance.policies.life.drafts import put
from assay.governance.policies.life.gates import REQUIREMENTS
from assay.governance.policies.life.stages import Stage
from tests.governance.policies.life.houses import FRAUD, begun, let_decide, only_gates, opened
from tests.workbench.people import SOME_MOMENT, ActorOf, ClientOf, a_person

if TYPE_CHECKING:
    from assay.governance.people.models import Person

pytestmark = pytest.mark.django_db


def test_the_empty_room_begins_at_a_press(ada: Person, cy: Person, client_of: ClientOf) -> None:
    let_decide()
    assert "Take over the policies in force" not in client_of(cy).get("/changes/").content.decode()
    client = client_of(ada)
    assert "Take over the policies in force" in client.get("/changes/").content.decode()
    assert client_of(cy).post("/changes/begin").status_code == 403
    assert client.post("/changes/begin", follow=True).status_code == 200
    assert "Edition 1 decides now" in client.get("/changes/").content.decode()


@pytest.mark.parametrize("address", ["/changes/", "/sign-off/matrix", "/features/", "/readiness/checklist"])
def test_the_rail_marks_changes_on_every_page_of_the_room(
    address: str, ada: Person, client_of: ClientOf, actor_of: ActorOf, at: datetime
) -> None:
    begun(actor_of(ada), at)
    page = client_of(ada).get(address).content.decode()
    assert '<a href="/changes/" aria-current="page"' in page
    assert page.count('aria-current="page" data-go') == page.count('<a href="/changes/" aria-current="page"')


def test_a_lead_goes_from_an_idea_through_gates_and_is_told_what_is_open(
    ada: Person, client_of: ClientOf, actor_of: ActorOf, at: datetime
) -> None:
    from assay.governance.policies.life.models import Change

    begun(actor_of(ada), at)
    client = client_of(ada)
    form = {"kind": "amend", "policy": "likeness", "title": "Say <b>it</b>", "why": "They misread it.", "risk": "high"}
    assert client.post("/changes/new", {**form, "policy": ""}).status_code == 422
    page = client.post("/changes/new", form, follow=True).content.decode()
    assert "Say &lt;b&gt;it&lt;/b&gt;" in page
    assert "Take it on to scoping" in page
    client.post("/changes/1/advance")
    client.post("/changes/1/advance")
    shut = client.post("/changes/1/advance")
    assert shut.status_code == 422
    assert "no source yet" in shut.content.decode()
    kept = client.post("/changes/1/sources", {"kind": "law", "title": "The Act", "link": "https://law.example/act"})
    assert kept.status_code == 302
    assert Change.objects.get().at_stage is Stage.RESEARCH
    client.post("/changes/1/back", {"to": "idea", "words": "Too wide."})
    page = client.get("/changes/1/").content.decode()
    assert "Sent back from research to idea" in page
    assert "Too wide." in page


def test_who_describes_a_change_sees_which_harms_there_are(
    ada: Person, client_of: ClientOf, actor_of: ActorOf, at: datetime
) -> None:
    begun(actor_of(ada), at)
    change = opened(actor_of(ada), at)
    assert "Harms that this pack knows" not in client_of(ada).get("/changes/1/describe").content.decode()
    harms = """harms: {voice-fraud: {title: Money asked for in a borrowed voice, severity: S3, when: flag}}"""
    put(change, "harms.yaml", harms, by=actor_of(ada), at=at)
    page = client_of(ada).get("/changes/1/describe").content.decode()
    assert "<code>voice-fraud</code>" in page
    assert "Money asked for in a borrowed voice" in page


def test_what_holds_is_looked_at_by_those_who_only_read(
    ada: Person, cy: Person, client_of: ClientOf, actor_of: ActorOf, at: datetime
) -> None:
    begun(actor_of(ada), at)
    change = opened(actor_of(ada), at)
    change.harms = ["voice-fraud"]
    change.save(update_fields=["harms"])
    found = REQUIREMENTS["life.scope"].find(change, at)
    assert found.met
    assert client_of(cy).get(found.url).status_code == 200


def test_who_may_only_read_sees_no_button_and_who_is_outside_sees_nothing(
    ada: Person, cy: Person, client_of: ClientOf, actor_of: ActorOf, at: datetime
) -> None:
    begun(actor_of(ada), at)
    opened(actor_of(ada), at)
    reader = client_of(cy)
    page = reader.get("/changes/1/").content.decode()
    assert "Take it on" not in page
    for path in ("describe", "people", "back", "withdraw", "waive/life.owner"):
        assert reader.get(f"/changes/1/{path}").status_code == 403, path
    assert reader.post("/changes/1/advance").status_code == 403
    outside = client_of(a_person("Eli", Role.EXTERNAL_EXPERT))
    assert outside.get("/changes/").status_code == 403
    assert outside.get("/changes/1/").status_code in (403, 404)
    assert client_of(ada).get("/changes/9/").status_code == 404
    assert client_of(ada).get("/changes/99999999999999999999/").status_code == 404


def test_lists_are_narrowed_by_what_stands_in_the_address_and_taken_along(
    ada: Person, bo: Person, client_of: ClientOf, actor_of: ActorOf, at: datetime
) -> None:
    begun(actor_of(ada), at)
    opened(actor_of(ada), at, policy="likeness")
    opened(actor_of(ada), at, policy="fraud", risk="high")
    client = client_of(ada)
    for query, numbers in (
        ("", {1, 2}), ("policy=fraud", {2}), ("risk=high", {2}), ("stage=idea", {1, 2}), ("stage=impact", set()),
        ("mine=yes", {1, 2}), ("shown=over", set()), ("stage=nonsense&after=nonsense", {1, 2}),
    ):  # fmt: skip
        page = client.get(f"/changes/list?{query}").content.decode()
        assert {number for number in (1, 2) if f'href="/changes/{number}/"' in page} == numbers, query
    assert 'href="/changes/1/"' not in client_of(bo).get("/changes/list?mine=yes").content.decode()
    taken = client.get("/changes/export?format=csv&policy=fraud").getvalue().decode()
    assert taken.count("\r\n") == 2


def test_a_list_of_many_costs_as_many_questions_as_one_of_few(
    ada: Person, client_of: ClientOf, actor_of: ActorOf, at: datetime
) -> None:
    from assay.governance.policies.life.models import Change

    edition = begun(actor_of(ada), at)
    Change.objects.bulk_create(
        Change(
            number=number, kind="amend", title=f"Change {number}", why="It is.", path=FRAUD, policy="fraud",
            base=edition, stage=list(Stage)[number % 12].value, stage_since=at, owner=ada, author=ada, made_at=at,
            changed_at=at,
        )
        for number in range(1, 400)
    )  # fmt: skip
    client = client_of(ada)
    for path in ("/changes/list", "/changes/", "/changes/list?shown=all&mine=yes"):
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        room = [each["sql"] for each in asked if "policies_" in each["sql"]]
        assert len(room) < 12, "\n".join(room)


def test_home_calendar_and_search_know_changes(ada: Person, bo: Person, actor_of: ActorOf, at: datetime) -> None:
    from assay.governance.policies.life.commands import look_at_gates, name_owner
    from assay.governance.policies.life.contributing.offering import dates, search, tasks

    by = actor_of(ada)
    begun(by, at)
    change = opened(by, at)
    assert [each.url for each in tasks(by, at)] == ["/changes/1/"]
    name_owner(change=change, stage=Stage.IDEA, person=bo, due_on=date(2026, 12, 20), by=by, at=at)
    assert list(tasks(by, at)) == []
    (task,) = tasks(actor_of(bo), at)
    assert task.due is not None
    with only_gates({}):
        assert look_at_gates(at) == 1
    # What may go on waits for whoever takes it on, and no longer for whoever worked on it.
    assert list(tasks(actor_of(bo), at)) == []
    (task,) = tasks(by, at)
    assert "nothing is open in idea" in task.words
    found = list(dates(by, at, at + timedelta(days=30)))
    assert [each.words for each in found] == ["Idea of change 1 is due: Bo"]
    assert [hit.score for hit in search(by, "change 1", 5)] == [1.0]
    assert [hit.title for hit in search(by, "LIKE", 5)] == ["Change 1: Say it better"]
    eli = actor_of(a_person("Eli", Role.EXTERNAL_EXPERT))
    assert list(search(eli, "likeness", 5)) == []
    assert list(tasks(eli, at)) == []
    assert list(dates(eli, at, at + timedelta(days=30))) == []


def test_people_are_told_what_waits_for_them_and_what_came_back(
    ada: Person, bo: Person, actor_of: ActorOf, at: datetime
) -> None:
    from assay.governance.ledger.subscribers import deliver
    from assay.governance.people.notices.models import Notice
    from assay.governance.policies.life.commands import advance, name_owner, send_back

    lead = a_person("Fay", Role.POLICY_LEAD)
    by = actor_of(lead)
    begun(by, at)
    change = opened(actor_of(ada), at)
    name_owner(change=change, stage=Stage.SCOPING, person=bo, by=by, at=at)
    advance(change=change, by=by, at=at)
    send_back(change=change, to=Stage.IDEA, words="Too wide.", by=by, at=at)
    while deliver(SOME_MOMENT):
        pass
    told = {(each.person.name, each.kind) for each in Notice.objects.select_related("person")}
    assert ("Bo", "change-waits") in told
    assert ("Ada", "change-moved") in told
    assert ("Ada", "change-sent-back") in told
    assert not any(name == "Fay" for name, _ in told)
