"""The pages of known questions: each does what its button says, and is closed to whoever is not of the house."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone

from assay.governance.office.roles import Role
from tests.governance.policies.life.houses import begun
from tests.governance.policies.questions.asking import asked, day, ruled
from tests.workbench.people import ActorOf, ClientOf, a_person

if TYPE_CHECKING:
    from assay.governance.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(ada: Person, actor_of: ActorOf) -> datetime:
    at = timezone.now()
    begun(actor_of(ada), at)
    return at


def text_of(response: Any) -> str:
    return b"".join(response).decode()


def test_a_question_goes_from_a_decision_to_its_ruling_through_the_pages(
    ada: Person, client_of: ClientOf, now: datetime
) -> None:
    from assay.governance.policies.questions.models import KnownQuestion

    rae = client_of(a_person("Rae", Role.REVIEWER))
    filled = {"policy": "likeness", "rule": "fake", "market": "DE", "item": "a/b c", "decision": "1-103"}
    page = text_of(rae.get(reverse("questions:new"), filled))
    assert [f'value="{value}"' in page for value in filled.values()] == [True] * 5
    given = {name: filled[name] for name in ("policy", "rule", "item", "decision")} | {"markets": "de, fr"}
    wrong = rae.post(reverse("questions:new"), given | {"question": "Is <b>it</b> so?", "rule": "fke"})
    assert (wrong.status_code, "did you mean `fake`" in text_of(wrong) or "fake" in text_of(wrong)) == (422, True)
    answer = rae.post(reverse("questions:new"), given | {"question": "Is <b>it</b> so?"})
    assert answer["Location"] == reverse("questions:one", args=[1])
    page = text_of(rae.get(answer["Location"]))
    assert "Is &lt;b&gt;it&lt;/b&gt; so?" in page
    assert reverse("questions:answer", args=[1]) not in page
    assert rae.get(reverse("questions:answer", args=[1])).status_code == 403
    lead = client_of(ada)
    assert reverse("questions:answer", args=[1]) in text_of(lead.get(reverse("questions:one", args=[1])))
    ruling = {"ruling": "It is.", "rationale": "Since it says so.", "expires_on": day(now, 30).isoformat()}
    assert lead.post(reverse("questions:answer", args=[1]), ruling).status_code == 302
    near = text_of(rae.get(reverse("questions:near"), {"policy": "likeness", "rule": "fake", "market": "DE"}))
    assert "It is." in near
    assert "It is." not in text_of(rae.get(reverse("questions:near"), {"policy": "likeness", "market": "JP"}))
    assert "It is." in text_of(rae.get(reverse("search:search"), {"q": "so it is"}))
    KnownQuestion.objects.update(expires_on=day(now, -1))
    page = text_of(rae.get(reverse("questions:one", args=[1])))
    assert ("holds no more" in page, "Former ruling" in page) == (True, True)
    assert "It is." not in text_of(rae.get(reverse("questions:near"), {"policy": "likeness", "rule": "fake"}))
    for name, given in (
        ("confirm", {"expires_on": day(now, 60).isoformat(), "note": "Still so."}),
        ("supersede", {"by_number": "7", "note": "Better."}),
        ("withdraw", {"note": "Written into the policy."}),
    ):
        address = reverse(f"questions:{name}", args=[1])
        assert lead.get(address).status_code == 200
        assert lead.post(address, given).status_code == (422 if name == "supersede" else 302), name
    assert KnownQuestion.objects.get().state == "withdrawn"


def test_a_list_leaves_as_a_file_and_the_ledger_says_so(
    ada: Person, cy: Person, client_of: ClientOf, actor_of: ActorOf, now: datetime
) -> None:
    from assay.governance.ledger.models import Entry

    ruled(asked(actor_of(cy), now, "=HYPERLINK(1)"), actor_of(ada), now)
    asked(actor_of(cy), now, "Another", policy="fraud")
    answer = client_of(cy).post(reverse("questions:export"), {"policy": "likeness", "format": "csv"})
    rows = list(csv.DictReader(io.StringIO(text_of(answer))))
    assert [(row["number"], row["state"], row["question"]) for row in rows] == [("1", "ruled", "'=HYPERLINK(1)")]
    assert Entry.objects.filter(kind="policies.questions-exported").count() == 1


def test_nobody_from_outside_sees_a_known_question(
    cy: Person, ada: Person, client_of: ClientOf, actor_of: ActorOf, now: datetime
) -> None:
    ruled(asked(actor_of(cy), now, "Is a secretword so?"), actor_of(ada), now)
    eli = client_of(a_person("Eli", Role.EXTERNAL_EXPERT))
    plain = [reverse(f"questions:{name}") for name in ("list", "new", "near")]
    about = [reverse(f"questions:{name}", args=[1]) for name in ("one", "answer", "confirm", "supersede", "withdraw")]
    assert {each: eli.get(each).status_code for each in plain + about} == dict.fromkeys(plain + about, 403)
    assert eli.post(reverse("questions:export")).status_code == 403
    found = text_of(eli.get(reverse("search:search"), {"q": "so"}))
    assert "secretword" not in found + text_of(eli.get(reverse("home:home")))
    assert client_of(cy).get(reverse("questions:one", args=[9_999_999_999])).status_code == 404
