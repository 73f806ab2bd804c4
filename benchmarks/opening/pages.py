"""What each list of the workbench costs: CPU time and queries of one request, warm. It judges nothing."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from time import process_time

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, path
from django.utils.html import escape

from assay.interfaces.web.site.urls import urlpatterns as site

EMPTY = "/empty"
ROUNDS = 25
# Lists and filtered lists; `{person}` is somebody with entries about them, `{often}` an item with a hundredth of all
# decisions, `{deep}` a place far down a list, `{policy}` a policy with many versions.
ADDRESSES: tuple[str, ...] = (
    "/",
    "/search?q=label",
    "/search?q=a",
    "/palette?q=per",
    "/notices/",
    "/calendar/",
    "/calendar/month",
    "/policies/",
    "/policies/?standing=in-change",
    "/policies/?standing=review-due",
    "/policies/?text=number+29",
    "/policies/{policy}/versions",
    "/policies/{policy}/versions/2",
    "/policies/{policy}/difference",
    "/policies/{policy}/difference?from=1",
    "/policies/{policy}/as-of?day=2026-01-31",
    "/changes/",
    "/changes/list",
    "/changes/list?stage=drafting",
    "/releases/",
    "/known-questions/",
    "/known-questions/?text=parody+of+a+candidate",
    "/known-questions/?policy={policy}&state=ruled",
    "/policies/questions/",
    "/decisions/",
    "/decisions/?state=open",
    "/decisions/?market=DE&measure=removed&truth=unknown&state=settled",
    "/decisions/?item={often}",
    "/decisions/?item={often}&market=DE&measure=removed&truth=unknown&state=settled",
    "/decisions/item?id={often}",
    "/decisions/?after={deep}",
    "/decisions/newer?since=1",
    "/bundles/",
    "/views/",
    "/ledger/",
    "/ledger/?kind=people.role-granted",
    "/ledger/?kind=people.first-administrator-made",
    "/ledger/?kind=nothing.such",
    "/ledger/?actor={person}",
    "/ledger/?actor={person}&kind=people.role-granted",
    "/ledger/?after={deep}",
    "/ledger/heads/",
    "/ledger/subscribers/",
    "/people/",
    "/people/?role=reviewer",
    "/people/?name=person+04",
    "/people/approvals",
    "/me/",
    "/account/tokens/",
    "/account/sessions/",
)
# Pages that ask every room what it has for the reader: each room reads for itself, so that they cost more than a list,
# and no more however much there is.
GATHERED = ("/", "/calendar/", "/calendar/month", "/search?q=label", "/search?q=a", "/palette?q=per")


@dataclass(frozen=True, slots=True)
class Cost:
    """One page.

    milliseconds  of this process's CPU for a request, the median of some
    queries       that reach the database, sessions and permissions among them
    """

    address: str
    status: int
    milliseconds: float
    queries: int


def empty(request: HttpRequest) -> HttpResponse:
    """A page with nothing on it but its frame: what every page costs before it shows anything."""
    return render(request, "look/page.html", {"title": escape("Nothing")})


# The site's addresses, and one more.
urlpatterns: list[URLPattern | URLResolver] = [path(EMPTY.removeprefix("/"), empty), *site]


def costs_of(client: Client, addresses: Iterable[str]) -> list[Cost]:
    """The cost of each address, for whoever is signed in."""
    return [_cost(client, address) for address in addresses]


def _cost(client: Client, address: str) -> Cost:
    status = [client.get(address).status_code for _ in range(3)][-1]
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    # Before another request begins, with which Django forgets them.
    queries = len(captured)
    gc.collect()
    taken = []
    for _ in range(ROUNDS):
        began = process_time()
        client.get(address)
        taken.append(process_time() - began)
    return Cost(address, status, 1000 * median(taken), queries)
