"""Saved views: one's own to change, shared to read, and never more than the list itself would show."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.models import Entry
from assay.governance.office.roles import Role
from assay.governance.people.models import Person
from assay.governance.people.views.commands import delete_view, rename_view, save_view, share_view
from assay.governance.people.views.models import SavedView
from assay.governance.people.views.queries import view_of, views_of
from assay.governance.people.views.rules import LONGEST_QUERY, MOST_HELD, faults_of, plain_query
from tests.workbench.people import ActorOf, ClientOf, a_person


def saved(person: Person, actor_of: ActorOf, at: datetime, name: str = "Open in China") -> SavedView:
    view = save_view(page="decisions", name=name, query="market=CN&state=open", by=actor_of(person), at=at)
    assert isinstance(view, SavedView), view
    return view


def slugs(faults: object) -> list[str]:
    assert isinstance(faults, list)
    return [fault.slug for fault in faults if isinstance(fault, Fault)]


def test_a_view_is_its_owners_until_it_is_shared(ada: Person, cy: Person, actor_of: ActorOf, at: datetime) -> None:
    view = saved(ada, actor_of, at)
    assert [each.title for each in views_of(by=actor_of(ada), at=at)] == ["Open in China"]
    assert views_of(by=actor_of(cy), at=at) == []
    share_view(key=str(view.key), roles=frozenset({"auditor"}), by=actor_of(ada), at=at)
    (shown,) = views_of(page="decisions", query="market=CN&state=open", by=actor_of(cy), at=at)
    assert (shown.mine, shown.current, shown.url) == (False, True, "/decisions/?market=CN&state=open")
    share_view(key=str(view.key), roles=frozenset(), by=actor_of(ada), at=at)
    assert views_of(by=actor_of(cy), at=at) == []


def test_nobody_changes_the_view_of_another_though_it_is_shared(
    ada: Person, cy: Person, actor_of: ActorOf, at: datetime
) -> None:
    key = str(saved(ada, actor_of, at).key)
    share_view(key=key, roles=frozenset({"auditor"}), by=actor_of(ada), at=at)
    who = actor_of(cy)
    entries = Entry.objects.count()
    assert slugs(rename_view(key=key, name="Mine", by=who, at=at)) == ["no-such-view"]
    assert slugs(share_view(key=key, roles=frozenset(), by=who, at=at)) == ["no-such-view"]
    assert slugs(delete_view(key=key, by=who, at=at)) == ["no-such-view"]
    assert slugs(delete_view(key="no key", by=who, at=at)) == ["no-such-view"]
    assert view_of(key=key, by=who, at=at) is None
    assert Entry.objects.count() == entries


def test_a_shared_view_shows_nobody_a_list_that_they_may_not_see(ada: Person, actor_of: ActorOf, at: datetime) -> None:
    key = str(saved(ada, actor_of, at).key)
    lea = a_person("Lea", Role.PUBLIC_POLICY)
    share_view(key=key, roles=frozenset({"public-policy"}), by=actor_of(ada), at=at)
    assert views_of(by=actor_of(lea), at=at) == []


def test_the_ledger_keeps_that_a_view_was_saved_and_not_what_it_holds(
    ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    key = str(saved(ada, actor_of, at, "About upload-1").key)
    rename_view(key=key, name="About upload-2", by=actor_of(ada), at=at)
    share_view(key=key, roles=frozenset({"legal"}), by=actor_of(ada), at=at)
    delete_view(key=key, by=actor_of(ada), at=at)
    entries = list(Entry.objects.order_by("number"))
    assert [each.kind for each in entries] == [
        f"views.view-{what}" for what in ("saved", "renamed", "shared", "deleted")
    ]
    assert not any("upload" in each.content or "market" in each.content for each in entries)
    assert not SavedView.objects.exists()


def test_everything_wrong_with_a_view_is_said_at_once(ada: Person, actor_of: ActorOf, at: datetime) -> None:
    saved(ada, actor_of, at)
    by = actor_of(ada)
    assert slugs(save_view(page="nowhere", name=" ", query="", by=by, at=at)) == [
        "no-name",
        "no-such-page",
        "no-filters",
    ]
    assert slugs(save_view(page="decisions", name="Open in China", query="a=b", by=by, at=at)) == ["name-taken"]
    assert slugs(save_view(page="decisions", name="a\nb", query="a=b", by=by, at=at)) == ["bad-name"]
    assert slugs(
        share_view(key=str(SavedView.objects.get().key), roles=frozenset({"external-expert"}), by=by, at=at)
    ) == ["no-such-role"]
    assert [fault.slug for fault in faults_of("a", "decisions", "a=b", [], MOST_HELD)] == ["too-many-views"]
    assert [fault.slug for fault in faults_of("a" * 81, "decisions", "a" * 1001, [], 0)] == ["long-name", "long-query"]


@given(st.text(max_size=300) | st.dictionaries(st.text(max_size=9), st.text(max_size=9)).map(str))
def test_whatever_is_given_only_filters_are_kept(given: str) -> None:
    plain = plain_query(given)
    assert plain == plain_query(plain)
    assert plain.isascii()
    assert not {"#", "<", ">", '"', " ", "\n"} & set(plain)
    assert plain_query(f"{plain}&after=x&format=csv") == plain or len(plain) > LONGEST_QUERY


def test_pages_save_rename_share_and_delete(ada: Person, cy: Person, client_of: ClientOf) -> None:
    client = client_of(ada)
    given = {"page": "decisions", "query": "market=CN&after=x", "name": "<b>China</b>"}
    answer = client.post(reverse("views:new"), given)
    view = SavedView.objects.get()
    assert (answer.status_code, view.query) == (302, "market=CN")
    one = reverse("views:one", args=[view.key])
    assert "&lt;b&gt;China&lt;/b&gt;" in client.get(one).content.decode()
    assert client.post(reverse("views:new"), given).status_code == 400
    assert client.post(reverse("views:rename", args=[view.key]), {"name": ""}).status_code == 400
    assert client.post(reverse("views:share", args=[view.key]), {"roles": ["auditor"]}).status_code == 302
    other = client_of(cy)
    assert "&lt;b&gt;China&lt;/b&gt;" in other.get(reverse("decisions:list")).content.decode()
    assert other.get(one).status_code == 404
    assert other.post(reverse("views:delete", args=[view.key])).status_code == 404
    assert client.post(reverse("views:delete", args=[view.key])).status_code == 302
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("key", ["x", "00000000-0000-0000-0000-000000000000"])
def test_a_view_that_is_not_there_is_not_found(ada: Person, client_of: ClientOf, key: str) -> None:
    assert client_of(ada).get(reverse("views:one", args=[key])).status_code == 404
