"""Saved views that somebody has or is shown. They give no right: the list itself asks again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from assay.governance.office.actor import Actor
from assay.governance.office.operations import OPERATIONS, query
from assay.governance.office.roles import Role
from assay.governance.people.queries.naming import key_of
from assay.governance.people.views.models import SavedView
from assay.governance.people.views.rules import PAGES

_MOST_LOOKED_AT = 5_000


@dataclass(frozen=True, slots=True)
class ViewFacts:
    """A saved view as somebody sees it.

    mine     whether they may change it
    owner    whose it is, by name
    roles    with whom it is shared
    current  whether it is what they look at
    """

    key: str
    title: str
    page: str
    page_title: str
    url: str
    query: str
    mine: bool
    owner: str
    roles: tuple[Role, ...]
    changed: datetime
    current: bool = False


@query("views.list", words="see their saved views and those shared with them", own=True)
def views_of(*, page: str = "", query: str = "", by: Actor, at: datetime) -> list[ViewFacts]:
    """One's own views, then those that others share with one's roles, of a page or of all.

    query  what one looks at, so that the view that it is can be marked
    """
    rows = SavedView.objects.select_related("owner").order_by("page", "name", "pk")
    rows = rows.filter(page=page) if page else rows
    mine, held = Q(owner__key=by.who.key), {role.value for role in by.roles}
    found = rows.filter(mine | (~Q(roles=[]) & Q(owner__is_active=True)))[:_MOST_LOOKED_AT]
    seen = [row for row in found if str(row.owner.key) == by.who.key or held & set(row.roles)]
    facts = [_facts(row, by, query) for row in seen if _may_see(row.page, by)]
    return sorted(facts, key=lambda each: (not each.mine, each.title.casefold()))


@query("views.see", words="see a saved view of their own", own=True)
def view_of(*, key: str, by: Actor, at: datetime) -> ViewFacts | None:
    """A view of one's own; that of somebody else is as one that is not there."""
    wanted = key_of(key)
    row = None if wanted is None else SavedView.objects.select_related("owner").filter(key=wanted).first()
    return _facts(row, by, "") if row is not None and str(row.owner.key) == by.who.key else None


def _may_see(page: str, by: Actor) -> bool:
    known = PAGES.get(page)
    return known is not None and OPERATIONS[known.operation].may(by)


def _facts(row: SavedView, by: Actor, query: str) -> ViewFacts:
    page = PAGES.get(row.page)
    return ViewFacts(
        key=str(row.key),
        title=row.name,
        page=row.page,
        page_title=page.title if page else row.page,
        url=f"{reverse(page.url_name)}?{row.query}" if page else "",
        query=row.query,
        mine=str(row.owner.key) == by.who.key,
        owner=row.owner.name,
        roles=tuple(Role(role) for role in row.roles),
        changed=row.changed_at,
        current=bool(query) and row.query == query,
    )
