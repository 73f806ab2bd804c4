"""The pages of sign-off: what stands on them, for whom the buttons are, and what they do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from assay.governance.office.roles import Role
from assay.governance.policies.life.stages import Stage
from tests.governance.policies.signing.desks import at_stage, edited, holds, seal, signed, to_be_signed
from tests.workbench.people import SOME_MOMENT, ActorOf, ClientOf, a_person

if TYPE_CHECKING:
    from assay.governance.people.models import Person
    from assay.governance.policies.life.models import Change

pytestmark = pytest.mark.django_db


@pytest.fixture
def pam(db: None) -> Person:
    return a_person("Pam", Role.POLICY_LEAD)


@pytest.fixture
def change(ada: Person, actor_of: ActorOf) -> Change:
    return to_be_signed(actor_of(ada))


def text_of(response: Any, status: int = 200) -> str:
    text: str = response.content.decode()
    assert response.status_code == status, text[:3_000]
    return text


ROWS = {"conditions-TOTAL_FORMS": "3", "conditions-INITIAL_FORMS": "0"}


def test_legal_reads_what_exactly_is_signed_and_signs_it(change: Change, bo: Person, client_of: ClientOf) -> None:
    client = client_of(bo)
    page = text_of(client.get("/changes/1/sign-off/"))
    assert 'href="#your-word"' in page
    assert "We mark whatever is fake." in page
    assert "Sign as Legal" in page
    assert "Sign as Operations lead" in page
    answer = client.post(
        "/changes/1/sign-off/sign",
        {"role": "legal", "verdict": "signs", "seal": seal(change), "words": "Fine by us.", **ROWS},
    )
    assert answer.status_code == 302
    page = text_of(client.get("/changes/1/sign-off/"))
    assert "Fine by us." in page
    assert "Sign as Legal" not in page
    assert "Withdraw your word as legal" in page


def test_conditions_are_set_met_and_confirmed_through_the_page(
    change: Change, ada: Person, bo: Person, pam: Person, actor_of: ActorOf, client_of: ClientOf
) -> None:
    signed(change, Role.POLICY_LEAD, actor_of(pam))
    given = {
        "role": "legal", "verdict": "signs-on-conditions", "seal": seal(change), **ROWS,
        "conditions-0-words": "The <b>help</b> centre says the same.", "conditions-0-who": "ada@example.org",
        "conditions-0-due": "sign-off",
    }  # fmt: skip
    assert "obody here has this address" in text_of(
        client_of(bo).post("/changes/1/sign-off/sign", {**given, "conditions-0-who": "x@example.org"}), 422
    )
    assert client_of(bo).post("/changes/1/sign-off/sign", given).status_code == 302
    assert not holds(change, "signing.conditions")
    condition = change.signatures.get(role="legal").conditions.get()
    page = text_of(client_of(ada).get("/changes/1/sign-off/"))
    assert "The &lt;b&gt;help&lt;/b&gt; centre" in page
    where = f"/changes/1/sign-off/conditions/{condition.key}"
    assert client_of(ada).post(f"{where}/answer", {"words": "Done.", "link": "help/3"}).status_code == 302
    assert client_of(bo).post(f"{where}/judge", {"met": "yes"}).status_code == 302
    assert holds(change, "signing.conditions")


def test_a_veto_is_everywhere_to_be_seen_and_its_button_for_legal_alone(
    change: Change, bo: Person, pam: Person, client_of: ClientOf
) -> None:
    assert "Stop it as Legal" not in text_of(client_of(pam).get("/changes/1/sign-off/"))
    assert client_of(pam).post("/changes/1/sign-off/veto", {"words": "No."}).status_code == 403
    assert client_of(bo).post("/changes/1/sign-off/veto", {"words": "Article 5."}).status_code == 302
    for path in ("/changes/1/sign-off/", "/changes/1/sign-off/sheet"):
        assert "Article 5." in text_of(client_of(pam).get(path))
    assert (
        "say what has changed"
        in text_of(client_of(bo).post("/changes/1/sign-off/veto/lift", {"words": ""}), 422).lower()
    )
    assert client_of(bo).post("/changes/1/sign-off/veto/lift", {"words": "Mended."}).status_code == 302


def test_a_signature_that_lapsed_leads_to_what_changed_since(
    change: Change, ada: Person, bo: Person, actor_of: ActorOf, client_of: ClientOf
) -> None:
    signature = signed(change, Role.LEGAL, actor_of(bo))
    edited(change, actor_of(ada), "Nothing is fake.")
    where = f"/changes/1/sign-off/signatures/{signature.key}/since"
    client = client_of(bo)
    assert where in text_of(client.get("/changes/1/sign-off/"))
    assert "Nothing is fake." in text_of(client.get(where))


def test_what_stands_elsewhere_is_not_found_here(
    change: Change, bo: Person, pam: Person, actor_of: ActorOf, client_of: ClientOf
) -> None:
    from tests.governance.policies.life.houses import opened

    signature = signed(change, Role.LEGAL, actor_of(bo))
    opened(actor_of(pam), SOME_MOMENT, policy="fraud")
    client = client_of(bo)
    assert client.get(f"/changes/2/sign-off/signatures/{signature.key}/since").status_code == 404
    assert client.post(f"/changes/2/sign-off/signatures/{signature.key}/withdraw", {"words": "No."}).status_code == 404
    assert client.get("/changes/99/sign-off/").status_code == 404


def test_an_expert_from_outside_sees_nothing_of_it(change: Change, client_of: ClientOf) -> None:
    client = client_of(a_person("Eli", Role.EXTERNAL_EXPERT))
    for path in ("/changes/1/sign-off/", "/changes/1/sign-off/sheet", "/sign-off/matrix", "/features/"):
        assert client.get(path).status_code in (403, 404), path


def test_the_matrix_is_proposed_through_its_form(change: Change, ada: Person, bo: Person, client_of: ClientOf) -> None:
    from django.test import Client

    from assay.governance.policies.signing.forms import MatrixForm
    from assay.governance.policies.signing.rules.matrix import DEFAULT

    client: Client = client_of(ada)
    assert "policy lead" in text_of(client.get("/sign-off/matrix")).lower()
    text_of(client.get("/sign-off/matrix/propose"))
    given = {name: field.initial for name, field in MatrixForm(matrix=DEFAULT).fields.items() if field.initial}
    given |= {"ordinary-product-signs": "on", "reason": "Product has to agree."}
    answer = client.post("/sign-off/matrix/propose", given)
    assert answer.status_code == 302
    page = text_of(client_of(bo).get(answer["Location"]))
    assert "product: consulted → consulted and signs" in page
    given["ordinary-executive-part"] = "accountable"
    assert "2" in text_of(client.post("/sign-off/matrix/propose", given), 422)


def test_what_waits_is_a_task_for_whoever_can_do_it(
    change: Change, ada: Person, bo: Person, pam: Person, actor_of: ActorOf
) -> None:
    from assay.governance.policies.signing.contributing import tasks

    def words(person: Person) -> list[str]:
        return [task.words for task in tasks(actor_of(person), SOME_MOMENT)]

    assert words(bo) == ["Sign change 1 as legal: Say it better"]
    assert words(pam) == ["Sign change 1 as policy lead: Say it better"]
    assert words(ada) == []
    signed(change, Role.LEGAL, actor_of(bo))
    assert words(bo) == []
    at_stage(change, Stage.DRAFTING)
    assert words(pam) == []


def test_whose_work_many_changes_are_is_read_at_once_as_for_one(
    change: Change, ada: Person, bo: Person, pam: Person, actor_of: ActorOf
) -> None:
    from assay.governance.policies.life.models import Change as Model
    from assay.governance.policies.signing.queries.waiting import hands_of
    from tests.governance.policies.life.houses import opened

    edited(change, actor_of(bo), "Bo helped.")
    opened(actor_of(pam), SOME_MOMENT, policy="fraud")
    every = list(Model.objects.select_related("author", "owner"))
    assert hands_of(every) == {each.pk: each.hands for each in every}
    assert len(hands_of(every)[change.pk]) == 2


def test_signers_are_told_once_the_change_comes_to_them(
    change: Change, ada: Person, bo: Person, pam: Person, actor_of: ActorOf
) -> None:
    from assay.engine.kernel.instants import instant_of
    from assay.governance.ledger.events import Digest
    from assay.governance.ledger.subscribers import Happened
    from assay.governance.people.notices.recipients import told_of
    from assay.governance.policies.life.events import StageReached

    signed(change, Role.LEGAL, actor_of(bo))
    edited(change, actor_of(ada), "Otherwise.")
    reached = StageReached(Stage.IMPACT, Stage.SIGN_OFF, Digest(change.draft_digest), 0)
    happened = Happened(1, SOME_MOMENT, ada.reference, "page", "policies.stage-reached", change.reference, reached)
    assert instant_of(happened.at)
    told = {(kind, who) for kind, who in told_of(happened) if kind.startswith("signature")}
    assert told == {("signature-lapsed", bo.reference), ("signature-wanted", pam.reference)}
