"""Decisions on pages: found by what they say, shown with their reasons, taken out only on record."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from assay.governance.ledger.models import Entry
from assay.governance.office.contributions import SEARCHES
from assay.governance.office.operations import NotAllowed
from assay.governance.office.roles import Role
from assay.governance.people.models import Person
from assay.interfaces.stores.settings import StoreSettings
from assay.interfaces.web.decisions.filters import read_filters
from assay.interfaces.web.decisions.queries import count_today, list_decisions, see_decision
from assay.interfaces.web.decisions.wording import shown, value_words
from assay.interfaces.web.home.figures import FIGURES
from tests.interfaces.web.decisions.recorded import STRANGE, Recorded, record
from tests.workbench.people import ActorOf, ClientOf, a_person

ITEMS: Sequence[Mapping[str, object]] = [
    {"id": "upload-1", "signals": {"ai_extent": "altered", "nudity": True}},
    {"id": "upload-2", "signals": {"ai_extent": "none", "nudity": False}},
    {
        "id": "upload-1",
        "assertions": [
            {"signal": "ai_extent", "value": "altered", "by": "reviewer", "source": "reviewer:17", "confidence": 0.9},
            {"signal": "ai_extent", "value": "none", "by": "uploader", "source": "form"},
            {"signal": "nudity", "value": True, "by": "reviewer", "source": "reviewer:17", "evidence": ["e-1"]},
            {"signal": "consent", "value": "absent", "by": "reviewer", "source": "reviewer:17"},
            {"signal": "disclosed", "value": False, "by": "reviewer", "source": "reviewer:17"},
        ],
    },
    {"id": STRANGE, "signals": {"ai_extent": "generated"}},
]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    return record(tmp_path_factory.mktemp("recorded"), ITEMS)


@pytest.fixture
def site(recorded: Recorded, settings: Settings) -> Recorded:
    settings.ASSAY_RECORDS, settings.ASSAY_BUNDLES = recorded.store, recorded.bundles
    return recorded


def text(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return str(response.content.decode())


def keys(page: str) -> list[str]:
    """The decisions of a list, in its order."""
    return re.findall(r'<th scope="row"><a href="/decisions/([^/"]+)/"', page)


def test_the_list_shows_the_newest_first_in_few_questions_to_the_store(
    site: Recorded, ada: Person, client_of: ClientOf, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(ada)
    with django_assert_max_num_queries(11):
        page = text(client, reverse("decisions:list"))
    assert keys(page) == ["1-3", "1-2", "1-1", "1-0"]
    assert "4 decisions are in it" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("item=upload-1", ["1-2", "1-0"]),
        ("item=upload", []),
        ("measure=removed", ["1-2"]),
        ("measure=removed&truth=unknown", ["1-3", "1-0"]),
        ("measure=removed&market=rest", ["1-2"]),
        ("market=XX", []),
        ("state=settled", ["1-2", "1-1"]),
        ("rule=likeness/intimate", ["1-2"]),
        ("rule=likeness/intimate&rule_truth=unknown", ["1-3", "1-0"]),
        ("from=2026-12-16", []),
        ("until=2026-12-15", ["1-3", "1-2", "1-1", "1-0"]),
        ("from=2026-12-15T14:30:00%2B00:00", ["1-3", "1-2"]),
    ],
)
def test_filters_find_what_decisions_say(
    site: Recorded, ada: Person, client_of: ClientOf, query: str, found: list[str]
) -> None:
    assert keys(text(client_of(ada), f"{reverse('decisions:list')}?{query}")) == found


def test_filters_that_cannot_be_meant_are_named_and_show_nothing(
    site: Recorded, ada: Person, client_of: ClientOf
) -> None:
    page = text(client_of(ada), f"{reverse('decisions:list')}?from=soon&truth=maybe&item={'x' * 600}")
    assert "<code>soon</code> is no day" in page
    assert "<code>maybe</code> cannot be chosen there" in page
    assert "A filter has at most 512 characters" in page
    assert keys(page) == []


def test_a_page_asks_only_how_many_decisions_are_newer(site: Recorded, ada: Person, client_of: ClientOf) -> None:
    client, address = client_of(ada), reverse("decisions:newer")
    assert "2 new decisions" in text(client, f"{address}?since=2")
    assert "1 new decision." in text(client, f"{address}?since=0&state=settled&rule=likeness/intimate")
    assert "No new decision" in text(client, f"{address}?since=4")
    assert "4 new decisions" in text(client, f"{address}?since=<script>")


def test_home_is_told_how_many_decisions_were_recorded_today(
    site: Recorded, ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    (figure,) = FIGURES["decisions.list"](actor_of(ada), at)
    assert (figure.value, figure.url) == (4, "/decisions/?from=2026-12-15")
    assert count_today(by=actor_of(ada), at=at + timedelta(days=1)) == 0


def test_a_decision_is_shown_with_its_question_its_rule_and_who_said_what(
    site: Recorded, ada: Person, client_of: ClientOf
) -> None:
    client = client_of(ada)
    settled = text(client, reverse("decisions:one", args=["1-2"]))
    assert "Settled everywhere" in settled
    assert "reviewer:17" in settled
    assert "90% sure" in settled
    assert site.pack.rule_by_ref["likeness/intimate"].title in settled
    assert "What the policy says" in settled
    asking = text(client, reverse("decisions:one", args=["1-0"]))
    assert "Ask this next" in asking
    assert "Did the person agree?" in asking


def test_a_decision_can_be_made_again_to_the_same_bytes(site: Recorded, ada: Person, client_of: ClientOf) -> None:
    client = client_of(ada)
    for key in ("1-0", "1-2", "1-3"):
        assert "The same bytes" in text(client, reverse("decisions:again", args=[key]))
    assert "The same bytes" in text(client, reverse("decisions:one", args=["1-0"]) + "?again=1")
    answer = client.get(reverse("decisions:record", args=["1-2"]))
    assert answer.content == site.records[2]
    assert "attachment" in answer["Content-Disposition"]


def test_without_its_bundle_a_decision_says_so_and_shows_what_its_record_holds(
    site: Recorded, ada: Person, client_of: ClientOf, settings: Settings, tmp_path: Path
) -> None:
    from dataclasses import replace

    from assay.interfaces.web.bundles import kept

    settings.ASSAY_BUNDLES = replace(site.bundles, state=tmp_path)
    kept._shelf._packs.clear()
    kept._shelf._replayers.clear()
    page = text(client_of(ada), reverse("decisions:one", args=["1-2"]))
    assert "The bundle that decided is not kept here" in page
    assert "likeness/intimate" in page
    assert "so nothing can decide again" in text(client_of(ada), reverse("decisions:again", args=["1-2"]))


def test_an_items_history_says_what_changed(site: Recorded, ada: Person, client_of: ClientOf) -> None:
    page = text(client_of(ada), f"{reverse('decisions:item')}?id=upload-1")
    assert page.index("Decision 1-2") < page.index("Decision 1-0")
    assert re.search(r"<code>removed</code>: open → certain", page)
    assert "The first decision on it" in page
    text(client_of(ada), f"{reverse('decisions:item')}?id=upload", 404)


def test_a_strangers_id_is_shown_and_never_obeyed(site: Recorded, ada: Person, client_of: ClientOf) -> None:
    client = client_of(ada)
    addresses = [reverse("decisions:list"), reverse("decisions:one", args=["1-3"])]
    addresses.append(f"{reverse('decisions:item')}?id={'=1%2B1 <script>alert(1)</script> %E2%80%AEgnp.exe'}")
    for address in addresses:
        page = text(client, address)
        assert "<script>alert" not in page
        assert "⟨202E⟩" in page
        assert "\u202e" not in page.partition('name="item"')[0]


def test_taking_a_list_out_is_written_down_and_holds_no_formula(
    site: Recorded, ada: Person, client_of: ClientOf
) -> None:
    answer = client_of(ada).post(reverse("decisions:export"), {"format": "csv"})
    cells = list(csv.DictReader(io.StringIO(answer.getvalue().decode(), newline="")))
    assert [row["decision"] for row in cells] == ["1-3", "1-2", "1-1", "1-0"]
    assert cells[0]["item"] == f"'{STRANGE}"
    entry = Entry.objects.order_by("number").last()
    assert entry is not None
    kept = json.loads(entry.content)
    assert (entry.kind, kept["rows"], kept["complete"], kept["form"]) == (
        "decisions.decisions-exported",
        4,
        True,
        "csv",
    )
    assert "upload" not in entry.content


def test_who_needs_figures_alone_sees_no_item(
    site: Recorded, db: None, client_of: ClientOf, actor_of: ActorOf, at: datetime
) -> None:
    nia = a_person("Nia", Role.EXECUTIVE)
    page = text(client_of(nia), f"{reverse('decisions:list')}?item=upload-1")
    assert "upload" not in page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert page.count('<th scope="row"><code>') == 4
    text(client_of(nia), reverse("decisions:one", args=["1-2"]), 403)
    text(client_of(nia), f"{reverse('decisions:item')}?id=upload-1", 403)
    assert list(SEARCHES["decisions"](actor_of(nia), "upload-1", 5)) == []
    with pytest.raises(NotAllowed):
        see_decision(key="1-2", by=actor_of(nia), at=at)


def test_an_expert_from_outside_sees_no_decision(
    site: Recorded, db: None, client_of: ClientOf, actor_of: ActorOf, at: datetime
) -> None:
    eli = a_person("Eli", Role.EXTERNAL_EXPERT)
    text(client_of(eli), reverse("decisions:list"), 403)
    with pytest.raises(NotAllowed):
        list_decisions(filters=read_filters({}), after=None, by=actor_of(eli), at=at)
    assert client_of(eli).post(reverse("decisions:export"), {"format": "csv"}).status_code == 403


@pytest.mark.parametrize("key", ["1-4", "2-0", "0-0", "x", "1-", "99999999999999-1"])
def test_a_decision_that_is_not_there_is_not_found(site: Recorded, ada: Person, client_of: ClientOf, key: str) -> None:
    text(client_of(ada), reverse("decisions:one", args=[key]), 404)


def test_a_search_finds_an_item_and_a_decision(site: Recorded, ada: Person, actor_of: ActorOf) -> None:
    find = SEARCHES["decisions"]
    (hit,) = find(actor_of(ada), " upload-1 ", 5)
    assert hit.url == "/decisions/item?id=upload-1"
    (hit,) = find(actor_of(ada), "1-1", 5)
    assert hit.title == "upload-2"
    assert list(find(actor_of(ada), "upload", 5)) == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (StoreSettings(kind="nats"), "This store keeps no list"),
        (StoreSettings(folder=Path("/nowhere/records")), "No decision has been recorded yet"),
    ],
)
def test_where_there_is_no_list_the_page_says_why(
    ada: Person, client_of: ClientOf, settings: Settings, given: StoreSettings, words: str
) -> None:
    settings.ASSAY_RECORDS = given
    assert words in text(client_of(ada), reverse("decisions:list"))


def test_text_shows_what_has_no_form_and_values_read_aloud() -> None:
    assert shown("a\u202eb\tc\ud800") == "a⟨202E⟩b⟨0009⟩c⟨D800⟩"
    assert shown("x" * 300, 10) == "xxxxxxxxx…"
    assert [value_words(value) for value in (True, 3, ["a", "b"], {"*": "none", "DE": "x"}, None)] == [
        "yes",
        "3",
        "a, b",
        "everywhere: none; DE: x",
        "null",
    ]
