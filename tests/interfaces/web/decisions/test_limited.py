"""Whoever has a role for some markets sees decisions as those have them, and nothing of the others."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st
from pytest_django import Settings

from assay.governance.office.roles import Role
from assay.governance.people.models import Person
from assay.governance.people.views.commands import save_view, share_view
from assay.governance.people.views.models import SavedView
from tests.interfaces.web.decisions.limited import limited, one_way
from tests.interfaces.web.decisions.recorded import Recorded
from tests.workbench.people import ActorOf, ClientOf

pytestmark = pytest.mark.django_db
LIST, ITEM = "/decisions/", "/decisions/item"
BRAZIL, FRANCE, INDIA = "Brazil", "France", "India"


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory) -> tuple[Recorded, Recorded]:
    return one_way(tmp_path_factory.mktemp("one"), 0), one_way(tmp_path_factory.mktemp("other"), 1)


def use(settings: Settings, recorded: Recorded) -> None:
    settings.ASSAY_RECORDS, settings.ASSAY_BUNDLES = recorded.store, recorded.bundles
    settings.ASSAY_BUNDLES_STATE = recorded.bundles.state


@pytest.fixture
def site(ways: tuple[Recorded, Recorded], settings: Settings) -> Recorded:
    use(settings, ways[0])
    return ways[0]


@pytest.fixture
def gus(db: None) -> Person:
    """A reviewer for Brazil."""
    return limited("Gus", Role.REVIEWER, markets=["BR"])


@pytest.fixture
def hal(db: None) -> Person:
    """An analyst for Brazil and France."""
    return limited("Hal", Role.ANALYST, markets=["FR", "BR"])


def text(client: Client, address: str, status: int = 200, **asked: str) -> str:
    response = client.get(f"{address}?{urlencode(asked)}" if asked else address)
    assert response.status_code == status, (address, asked, response.status_code)
    return str(response.content.decode())


def lines(page: str) -> list[str]:
    """The rows of the list, without markup."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [" ".join(re.sub(r"<[^>]*>", " ", row).split()) for row in body.split("</tr>")[:-1]]


def test_the_list_is_that_of_the_only_market(site: Recorded, gus: Person, client_of: ClientOf) -> None:
    page = text(client_of(gus), LIST)
    assert ["Gated" in row or "gated" in row for row in lines(page)] == [True, False, True]
    assert all("Settled" in row for row in lines(page)), lines(page)
    assert "Your role reaches Brazil" in page
    assert '<option value="BR" selected>Brazil</option>' in page
    assert "Any market" not in page
    assert INDIA not in page


def test_another_market_in_any_address_is_refused(site: Recorded, hal: Person, client_of: ClientOf) -> None:
    client = client_of(hal)
    for market in ("IN", "rest", "EU", "DE", "br", "BR,IN"):
        text(client, LIST, 403, market=market)
        text(client, "/decisions/newer", 403, market=market, since="0")
        text(client, "/decisions/1-0/", 403, market=market)
        text(client, ITEM, 403, id="upload-0", market=market)
        assert client.post("/decisions/export", {"market": market}).status_code == 403
    for market in ("BR", "FR"):
        text(client, LIST, market=market)


def test_somebody_with_two_markets_goes_from_one_to_the_other(site: Recorded, hal: Person, client_of: ClientOf) -> None:
    client = client_of(hal)
    assert ["ated" in row for row in lines(text(client, LIST, market="FR"))] == [True, False, False]
    page = text(client, "/decisions/1-0/", market="FR")
    assert "France alone" in page
    assert 'href="?market=BR">Brazil</a>' in page
    assert "?id=upload-0&amp;market=FR" in page
    assert "Gated" not in page.partition("What was known")[0]
    assert "Gated" in text(client, "/decisions/1-0/", market="BR")
    assert "1-2" in text(client, ITEM, id="upload-0", market="FR")


def test_a_record_holds_every_market_and_is_not_offered(site: Recorded, gus: Person, client_of: ClientOf) -> None:
    client = client_of(gus)
    page = text(client, "/decisions/1-0/")
    assert "The record" not in page
    assert "Decide it again" not in page
    for address in ("/decisions/1-0/record", "/decisions/1-0/again", "/decisions/1-0/?again=1"):
        text(client, address, 403)


def test_a_market_that_no_rule_tells_apart_is_found_in_its_class(
    site: Recorded, client_of: ClientOf, ways: tuple[Recorded, Recorded], settings: Settings
) -> None:
    ivo = client_of(limited("Ivo", Role.REVIEWER, markets=["NZ"]))
    # New Zealand stands in `rest`: it is barred there the second way, once, and once nobody knows.
    assert [("ated" in row, "Settled" in row) for row in lines(text(ivo, LIST))] == [
        (False, False),
        (False, True),
        (False, True),
    ]
    assert len(lines(text(ivo, LIST, measure="gated", truth="unknown"))) == 1
    use(settings, ways[1])
    assert [("ated" in row, "Settled" in row) for row in lines(text(ivo, LIST))] == [
        (True, True),
        (False, False),
        (True, True),
    ]
    assert len(lines(text(ivo, LIST, measure="gated"))) == 2
    page = text(ivo, "/decisions/1-2/")
    assert "New Zealand alone" in page
    assert "rest" not in re.findall(r"<dd>(.*?)</dd>", page)


def test_an_export_tells_of_one_market(site: Recorded, hal: Person, client_of: ClientOf) -> None:
    response = client_of(hal).post("/decisions/export", {"market": "FR", "measure": "gated"})
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert [(row["decision"], row["market"], row["certain"]) for row in rows] == [("1-2", "FR", '["gated"]')]
    assert "rules" not in rows[0]


def test_a_rule_cannot_be_asked_for_since_it_is_known_of_all_markets_together(
    site: Recorded, hal: Person, client_of: ClientOf
) -> None:
    client = client_of(hal)
    page = text(client, LIST, rule="likeness/india")
    assert "leave the rule out" in page
    assert lines(page) == []
    assert client.post("/decisions/export", {"rule": "likeness/india"}).status_code == 400


def test_a_role_for_a_policy_reads_policies_and_bundles_and_no_decision(site: Recorded, client_of: ClientOf) -> None:
    client = client_of(limited("Jo", Role.REVIEWER, policies=["likeness"]))
    for address in ("/policies/", "/bundles/", f"/bundles/{site.pack.digest}/", "/", "/search?q=upload-0"):
        assert 'href="/decisions/' not in text(client, address), address
    for address in (LIST, "/decisions/newer", "/decisions/1-0/", f"{ITEM}?id=upload-0", "/ledger/", "/people/"):
        text(client, address, 403)


def test_a_view_that_somebody_unlimited_shares_shows_no_more(
    site: Recorded, ada: Person, gus: Person, client_of: ClientOf, actor_of: ActorOf, at: datetime
) -> None:
    by = actor_of(ada)
    for name, query in (("Open ones", "state=open"), ("Indian ones", "market=IN")):
        made = save_view(page="decisions", name=name, query=query, by=by, at=at)
        assert isinstance(made, SavedView)
        share_view(key=str(made.key), roles=frozenset({Role.REVIEWER}), by=by, at=at)
    client = client_of(gus)
    assert "Open ones" in text(client, LIST)
    assert lines(text(client, f"{LIST}?state=open")) == []
    text(client, f"{LIST}?market=IN", 403)


def test_home_search_and_the_live_count_follow(site: Recorded, hal: Person, gus: Person, client_of: ClientOf) -> None:
    client = client_of(hal)
    assert "Decisions today in Brazil" in text(client, "/")
    assert "market=BR" in text(client, "/search", q="upload-0")
    assert 'href="/decisions/' in text(client, "/api/search/", q="1-0") or "market=BR" in text(
        client, "/api/search/", q="1-0"
    )
    assert "2 new" in text(client, "/decisions/newer", measure="gated", since="0")
    assert "1 new" in text(client, "/decisions/newer", measure="gated", since="0", market="FR")


KEYS = ["1-0", "1-1", "1-2", "1-9"]
names = st.sampled_from(["", "BR", "FR", "IN", "KR", "NZ", "rest", "EU"])
fields: Mapping[str, st.SearchStrategy[str]] = {
    "market": names,
    "item": st.sampled_from(["", "upload-0", "upload-1"]),
    "measure": st.sampled_from(["", "gated", "removed", "label:ai"]),
    "truth": st.sampled_from(["", "yes", "unknown"]),
    "rule": st.sampled_from(["", "likeness/barred", "likeness/india"]),
    "rule_truth": st.sampled_from(["", "unknown"]),
    "state": st.sampled_from(["", "open", "settled"]),
    "from": st.sampled_from(["", "2026-12-15"]),
    "since": st.sampled_from(["0", "1", "2"]),
    "again": st.sampled_from(["", "1"]),
    "q": st.sampled_from(["upload-0", "1-1", "gated", "India"]),
    "id": st.sampled_from(["upload-0", "upload-1"]),
}
places = st.sampled_from(
    [LIST, "/decisions/newer", ITEM, "/", "/search", "/palette", "/api/search/", "/decisions/export"]
    + [f"/decisions/{key}/{more}" for key in KEYS for more in ("", "record", "again")]
)
asked = st.dictionaries(st.sampled_from(sorted(fields)), st.none(), max_size=4).flatmap(
    lambda chosen: st.fixed_dictionaries({name: fields[name] for name in chosen})
)
# What differs from one answer to the next whatever is asked.
CHANGING = re.compile(
    rb'name="csrfmiddlewaretoken" value="[^"]*"|X-CSRFToken[^}]*|Request <code>[^<]*|<time class.*?</time>|[\d:]* UTC'
    rb'|"request": "[^"]*"'
)


def answer(client: Client, place: str, given: Mapping[str, str]) -> tuple[int, bytes]:
    response = client.post(place, given) if place.endswith("export") else client.get(place, given)
    return response.status_code, CHANGING.sub(b"", response.getvalue())


class Trial:
    """The same asked of both ways by the same person. Which way the site has is a link, so that it can be turned."""

    def __init__(self, ways: tuple[Recorded, Recorded], clients: Mapping[str, Client], link: Path) -> None:
        self._ways, self._clients, self._link = ways, clients, link

    def answers(self, who: str, place: str, given: Mapping[str, str]) -> list[tuple[int, bytes]]:
        found = []
        for recorded in self._ways:
            self._link.unlink(missing_ok=True)
            self._link.symlink_to(recorded.folder)
            found.append(answer(self._clients[who], place, given))
        return found


@pytest.fixture
def trial(
    ways: tuple[Recorded, Recorded],
    gus: Person,
    hal: Person,
    ada: Person,
    client_of: ClientOf,
    settings: Settings,
    tmp_path: Path,
) -> Trial:
    use(settings, replace(ways[0], folder=tmp_path / "way"))
    return Trial(ways, {"gus": client_of(gus), "hal": client_of(hal), "ada": client_of(ada)}, tmp_path / "way")


@tried(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(who=st.sampled_from(["gus", "hal"]), place=places, given_fields=asked)
def test_whatever_is_asked_what_is_said_of_other_markets_changes_no_answer(
    trial: Trial,
    who: str,
    place: str,
    given_fields: dict[str, str],
) -> None:
    one, other = trial.answers(who, place, given_fields)
    assert one[0] == other[0]
    assert one[1].splitlines() == other[1].splitlines()


def test_to_somebody_unlimited_the_two_ways_are_not_the_same(trial: Trial) -> None:
    """Without which the test above would show nothing."""
    for place in (LIST, "/decisions/1-0/", "/decisions/1-2/", "/decisions/1-1/record"):
        one, other = trial.answers("ada", place, {})
        assert one != other, place
