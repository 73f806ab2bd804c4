"""A change is made ready: items of the checklist, features of the product, gaps that somebody takes upon them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.models import Entry
from assay.governance.office.operations import NotAllowed
from assay.governance.office.roles import Role
from assay.governance.policies.life.stages import Stage
from assay.governance.policies.readiness.rules.items import Item, ItemState, faults_of
from assay.governance.policies.readiness.rules.registering import Wish
from assay.governance.policies.readiness.rules.standing import State
from assay.governance.policies.readiness.rules.tables import Unread, read, rows_of
from tests.governance.policies.life.houses import LIKENESS, only_gates
from tests.governance.policies.signing.desks import at_stage, edited, holds, slugs, to_be_signed
from tests.workbench.people import SOME_MOMENT, ActorOf, ClientOf, a_person

if TYPE_CHECKING:
    from assay.governance.office.actor import Actor
    from assay.governance.people.models import Person
    from assay.governance.policies.life.models import Change

pytestmark = pytest.mark.django_db
AT = SOME_MOMENT


@pytest.fixture(autouse=True)
def _own_gates(db: None) -> Iterator[None]:
    from assay.governance.policies.life.gates import REQUIREMENTS

    with only_gates({name: one for name, one in REQUIREMENTS.items() if name.startswith("readiness.")}):
        yield


@pytest.fixture
def pru(db: None) -> Person:
    return a_person("Pru", Role.PRODUCT)


@pytest.fixture
def change(ada: Person, actor_of: ActorOf) -> Change:
    return at_stage(to_be_signed(actor_of(ada)), Stage.READINESS)


def house(*items: Item, by: Actor) -> None:
    """The checklist of the house: what cannot go, and these."""
    from assay.governance.policies.readiness.commands.checklist import change_template
    from assay.governance.policies.readiness.rules.first_items import FIRST
    from assay.governance.policies.readiness.rules.items import KEPT

    kept = [each for each in FIRST if each.name in KEPT]
    made = change_template(items=[*kept, *items], by=by, at=AT)
    assert not isinstance(made, list), made


HELP = Item("help", "The help centre says the same", "", Role.COMMUNICATIONS, True, True)
CURVE = Item("curve", "A learning curve was drawn", "", Role.DATA, False, True)


def mark(change: Change, by: Actor, state: str, words: str = "", item: str = "help") -> object:
    from assay.governance.policies.readiness.commands.checklist import mark_item

    return mark_item(change=change, item=item, state=ItemState(state), words=words, by=by, at=AT)


def standing(change: Change, item: str = "help") -> ItemState:
    from assay.governance.policies.readiness.queries.checklists import sheet_of

    change.refresh_from_db()
    return next(each.state for each in sheet_of(change, AT).items if each.item.name == item)


def test_an_item_holds_with_what_shows_it_and_for_this_draft_alone(
    change: Change, ada: Person, bo: Person, actor_of: ActorOf
) -> None:
    house(HELP, by=actor_of(ada))
    assert slugs(mark(change, actor_of(bo), "passed")) == {"no-evidence"}
    assert not isinstance(mark(change, actor_of(bo), "passed", "Article 7 is rewritten."), list)
    assert standing(change) is ItemState.PASSED
    entry = Entry.objects.order_by("-number").first()
    assert entry is not None
    assert "Article" not in entry.content
    edited(change, actor_of(ada), "Another sentence.")
    assert standing(change) is ItemState.OPEN


def test_nobody_says_of_their_own_work_that_a_needed_item_does_not_apply(
    change: Change, ada: Person, bo: Person, actor_of: ActorOf
) -> None:
    house(HELP, by=actor_of(ada))
    assert slugs(mark(change, actor_of(ada), "not-applicable", "Nothing there.")) == {"own-work"}
    assert not isinstance(mark(change, actor_of(bo), "not-applicable", "Nothing there."), list)
    assert standing(change) is ItemState.NOT_APPLICABLE


def test_what_is_found_by_itself_nobody_marks(change: Change, bo: Person, actor_of: ActorOf) -> None:
    assert slugs(mark(change, actor_of(bo), "passed", "I looked.", item="proof")) == {"computed"}
    assert standing(change, "proof") is ItemState.OPEN
    assert standing(change, "guidance") is ItemState.PASSED
    assert standing(change, "review-date") is ItemState.PASSED


def test_the_gate_waits_for_needed_items_alone(
    change: Change, ada: Person, bo: Person, actor_of: ActorOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assay.governance.policies.readiness.computed import Computed
    from assay.governance.policies.readiness.queries import checklists
    from assay.governance.policies.readiness.rules.items import KEPT

    fine = Computed(ItemState.PASSED, "as the test says")
    monkeypatch.setattr(checklists, "COMPUTED", dict.fromkeys(KEPT, lambda change, at: fine))
    house(HELP, CURVE, by=actor_of(ada))
    assert not holds(change, "readiness.checklist")
    mark(change, actor_of(bo), "failed", "Not yet.")
    assert not holds(change, "readiness.checklist")
    mark(change, actor_of(bo), "passed", "Done.")
    mark(change, actor_of(bo), "failed", "Too steep.", item="curve")
    assert holds(change, "readiness.checklist")
    change.risk = "high"
    change.save(update_fields=["risk"])
    assert not holds(change, "readiness.checklist")


def test_a_checklist_cannot_lose_what_no_release_is_built_without() -> None:
    names = ("examples", "proof", "rollback", "guidance")
    assert {fault.slug for fault in faults_of([HELP], names)} == {"cannot-go"}
    twice = faults_of([HELP, HELP], names)
    assert "twice" in {fault.slug for fault in twice}


def wish(name: str = "marks", *, provides: tuple[str, ...] = ("marked",), **states: str) -> Wish:
    said = {("*" if market == "everywhere" else market): (State(state), None) for market, state in states.items()}
    return Wish(name, "Marks on items", "measure", provides, said)


def save(made: Wish, by: Actor, seen: int = 0) -> object:
    from assay.governance.policies.readiness.commands.features import save_feature

    return save_feature(wish=made, seen=seen, by=by, at=AT)


def test_a_missing_feature_blocks_until_it_is_there_or_somebody_takes_it_upon_them(
    change: Change, ada: Person, bo: Person, pru: Person, actor_of: ActorOf
) -> None:
    from assay.governance.policies.readiness.commands.acceptances import accept_missing, withdraw_acceptance

    # What the edition in force needs as well is there, though nobody has registered it.
    assert holds(change, "readiness.features")
    save(wish(everywhere="ready", DE="missing"), actor_of(pru))
    assert not holds(change, "readiness.features")

    def accept(by: Actor, *markets: str) -> object:
        return accept_missing(
            change=change, kind="measure", name="marked", markets=markets, words="By hand meanwhile.", by=by, at=AT
        )

    with pytest.raises(NotAllowed):
        accept(actor_of(ada))
    assert slugs(accept(actor_of(pru), "XX")) == {"no-market"}
    assert not isinstance(accept(actor_of(pru), "FR"), list)
    assert not holds(change, "readiness.features")
    taken = accept(actor_of(bo), "DE")
    assert not isinstance(taken, list)
    assert holds(change, "readiness.features")
    assert not isinstance(withdraw_acceptance(change=change, acceptance=taken, by=actor_of(bo), at=AT), list)  # type: ignore[arg-type]
    assert not holds(change, "readiness.features")
    save(wish(everywhere="ready"), actor_of(pru), seen=1)
    assert holds(change, "readiness.features")


def test_an_acceptance_is_for_one_draft_and_by_nobody_whose_work_it_is(
    change: Change, ada: Person, pru: Person, actor_of: ActorOf
) -> None:
    from assay.governance.policies.readiness.commands.acceptances import accept_missing

    save(wish(everywhere="missing"), actor_of(pru))

    def accept() -> object:
        return accept_missing(
            change=change, kind="measure", name="marked", markets=(), words="By hand.", by=actor_of(pru), at=AT
        )

    accept()
    assert holds(change, "readiness.features")
    edited(change, actor_of(ada), "Another sentence.")
    assert not holds(change, "readiness.features")
    accept()
    assert holds(change, "readiness.features")
    edited(change, actor_of(pru), "A third one.")
    assert slugs(accept()) == {"own-work"}
    change.refresh_from_db()
    change.acceptances.update(digest=change.draft_digest)
    assert not holds(change, "readiness.features")


def test_of_a_draft_that_cannot_be_read_nothing_is_known(change: Change, ada: Person, actor_of: ActorOf) -> None:
    from assay.governance.policies.life import drafts

    drafts.put(change, LIKENESS, "---\npolicy: likeness\n", by=actor_of(ada), at=AT)
    assert not holds(change, "readiness.features")


def test_nobody_writes_over_what_they_have_not_read(pru: Person, ada: Person, actor_of: ActorOf) -> None:
    first = wish(everywhere="planned")
    assert slugs(save(first, actor_of(pru))) == {"no-day"}
    save(wish(everywhere="missing"), actor_of(pru))
    assert slugs(save(wish(everywhere="ready"), actor_of(ada))) == {"changed"}
    assert slugs(save(wish(everywhere="missing"), actor_of(ada), seen=1)) == {"nothing-new"}
    assert not isinstance(save(wish(everywhere="ready"), actor_of(ada), seen=1), list)
    with pytest.raises(NotAllowed):
        save(wish(everywhere="missing"), actor_of(a_person("Eve", Role.EXECUTIVE)), seen=2)


def test_what_already_decides_is_registered_as_ready_at_once(change: Change, pru: Person, actor_of: ActorOf) -> None:
    from assay.governance.policies.readiness.commands.features import begin_features
    from assay.governance.policies.readiness.models import Feature
    from tests.governance.policies.life.houses import told

    assert change.base is not None
    told(change.base, at=AT)
    assert begin_features(by=actor_of(pru), at=AT) == 3
    assert set(Feature.objects.values_list("name", "worst")) == {
        ("measure.marked", "ready"), ("measure.stopped", "ready"), ("signal.is-fake", "ready"),
    }  # fmt: skip
    assert slugs(begin_features(by=actor_of(pru), at=AT)) == {"nothing-new"}


def exported(client: object) -> bytes:
    response = client.get("/features/export")  # type: ignore[attr-defined]
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def test_a_file_of_features_comes_back_as_it_went(
    pru: Person, ada: Person, actor_of: ActorOf, client_of: ClientOf
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from assay.governance.policies.readiness.models import Feature

    made = Wish(
        "odd", '=HYPERLINK("x"), "quoted"', "measure", ("marked", "stopped"),
        {"*": (State.READY, None), "DE": (State.PLANNED, date(2027, 1, 1))}, str(ada.key), "-Team", "a\nb", "l",
    )  # fmt: skip
    save(made, actor_of(pru))
    client = client_of(pru)
    content = exported(client)
    found = read(content)
    assert not isinstance(found, Unread), found.faults
    assert [{**each.content(), "owner": str(ada.key)} for each in found] == [made.content()]
    answer = client.post("/features/import", {"file": SimpleUploadedFile("f.csv", content)})
    assert answer.status_code == 422
    assert "stands so already" in answer.content.decode()
    changed = content.replace(b'"planned"', b'"ready"').replace(b'"2027-01-01"', b'""')
    assert client.post("/features/import", {"file": SimpleUploadedFile("f.csv", changed)}).status_code == 302
    feature = Feature.objects.get()
    assert (feature.versions, feature.worst) == (2, "ready")


@pytest.mark.parametrize(
    ("content", "slug"),
    [
        (b"\xff\xfe", "no-text"),
        (b"name,title\nx,y\n", "no-column"),
        (b"name,title,kind,provides,market,state\n", "no-lines"),
        (b"name,title,kind,provides,market,state\nx,X,spell,a,*,ready\n", "no-kind"),
        (b"name,title,kind,provides,market,state\nx,X,signal,a,*,soon\n", "no-state"),
        (b"name,title,kind,provides,market,state\nx,X,signal,a,*,ready\nx,X,signal,a,*,ready\n", "twice"),
        (b"name,title,kind,provides,market,state\n../x,X,signal,a,*,ready\n", "no-name"),
        (b"name,title,kind,provides,market,state\nx,X,signal,a,Mars!,ready\n", "no-market"),
    ],
)
def test_a_file_that_is_wrong_is_told_so(content: bytes, slug: str) -> None:
    found = read(content)
    assert isinstance(found, Unread)
    assert slug in {fault.slug for fault in found.faults}
    assert all(isinstance(fault, Fault) for fault in found.faults)
    assert list(rows_of(Wish("x", "X", "signal", ("a",)))) == []


def text_of(response: Any, status: int = 200) -> str:
    text: str = response.content.decode()
    assert response.status_code == status, text[:3_000]
    return text


def test_the_pages_say_what_waits_what_is_missing_and_take_an_answer(
    change: Change, ada: Person, bo: Person, pru: Person, actor_of: ActorOf, client_of: ClientOf
) -> None:
    house(HELP, by=actor_of(ada))
    save(wish(everywhere="ready", DE="missing"), actor_of(pru))
    client = client_of(bo)
    page = text_of(client.get("/changes/1/readiness/"))
    assert "The help centre says the same" in page
    assert "1 thing missing somewhere" in page
    mark_url = "/changes/1/readiness/items/help/mark"
    assert "say what shows it" in text_of(client.post(mark_url, {"state": "passed"}), 422).lower()
    assert client.post(mark_url, {"state": "passed", "words": "Done."}).status_code == 302
    assign = {"owner": "ada@example.org", "due_on": "2026-12-20"}
    assert client.post("/changes/1/readiness/items/help/assign", assign).status_code == 302
    page = text_of(client.get("/changes/1/readiness/product"))
    assert "Marks on items" in page
    assert "<strong>DE</strong>" in page
    accepted = {"kind": "measure", "name": "marked", "markets": "DE", "words": "By hand."}
    assert client.post("/changes/1/readiness/product/accept", accepted).status_code == 302
    assert "By hand." in text_of(client.get("/changes/1/readiness/product"))
    for path in ("/features/", "/features/?state=missing&market=DE", "/features/of/marks", "/readiness/checklist"):
        assert "Marks" in text_of(client.get(path)) or path == "/readiness/checklist"
    for path in ("/features/new", "/features/import", "/features/of/marks/change", "/readiness/checklist/change"):
        text_of(client_of(ada).get(path))
        assert client.get(path).status_code == 403


def test_the_checklist_of_the_house_is_changed_through_its_form(ada: Person, client_of: ClientOf) -> None:
    from assay.governance.policies.readiness.models import Checklist
    from assay.governance.policies.readiness.rules.first_items import FIRST
    from assay.governance.policies.readiness.rules.items import written

    rows: list[dict[str, object]] = [
        *written(FIRST),
        {"name": "podcast", "title": "The podcast knows", "role": "communications", "high": "on"},
    ]
    given = {"form-TOTAL_FORMS": str(len(rows)), "form-INITIAL_FORMS": str(len(FIRST))}
    for place, row in enumerate(rows):
        given |= {f"form-{place}-{name}": str(value) for name, value in row.items() if value is not False}
    last = {"form-4-DELETE": "on"}
    client = client_of(ada)
    assert client.post("/readiness/checklist/change", given | last).status_code == 302
    names = [each["name"] for each in Checklist.objects.get().content]
    assert "podcast" in names
    assert FIRST[4].name not in names
    kept = {"form-1-DELETE": "on"}
    assert "stay needed" in text_of(client.post("/readiness/checklist/change", given | kept), 422)


def test_needed_items_are_tasks_of_whose_they_are(change: Change, ada: Person, bo: Person, actor_of: ActorOf) -> None:
    from assay.governance.policies.readiness.commands.checklist import assign_item
    from assay.governance.policies.readiness.contributing import tasks

    com = a_person("Com", Role.COMMUNICATIONS)
    house(HELP, by=actor_of(ada))

    def words(person: Person) -> list[str]:
        return [task.words for task in tasks(actor_of(person), AT)]

    assert words(com) == ["Make change 1 ready: the help centre says the same"]
    assert words(bo) == []
    assign_item(change=change, item="help", owner=bo, due_on=date(2026, 12, 20), by=actor_of(ada), at=AT)
    assert words(com) == []
    assert words(bo) == ["Make change 1 ready: the help centre says the same"]
    mark(change, actor_of(bo), "passed", "Done.")
    assert words(bo) == []
