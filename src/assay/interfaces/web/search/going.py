"""Places to go and things to do, found by their names in search and palette. It offers nobody what they may not do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from assay.governance.office.actor import Actor
from assay.governance.office.contributions import PLACES, Hit
from assay.governance.office.operations import OPERATIONS, may
from assay.interfaces.web.search.words import words_of


@dataclass(frozen=True, slots=True)
class Way:
    """A page, or the page on which something is done.

    does       whether it does something, rather than show it
    also       other words that people look for it by
    operation  who may run it is offered it; empty is everybody
    to         what stands behind the address
    """

    title: str
    url_name: str
    does: bool = False
    also: str = ""
    operation: str = ""
    key: str = ""
    to: str = ""


_WAYS = (
    Way("Home", "home:home", also="start today waits", key="g h"),
    Way("Calendar", "calendar:calendar", also="dates deadlines due month", key="g c"),
    Way("Notices", "notices:list", also="bell mail unread", key="g n"),
    Way("Search", "search:search", also="find", key="/"),
    Way("My profile, roles and absence", "people:me", also="me account delegate stand in away"),
    Way("Questions of the vocabulary", "policies:questions", also="signals", operation="policies.read"),
    Way("Measures", "policies:measures", also="ladders labels strikes", operation="policies.read"),
    Way("Register of duties", "policies:duties", also="obligations law regulation", operation="policies.read"),
    Way("Windows by market", "policies:windows", also="elections calendar", operation="policies.read"),
    Way("Who may do what", "people:matrix", also="matrix roles permissions", operation="people.see-matrix"),
    Way(
        "Open decisions",
        "decisions:list",
        also="unsettled unknown questions",
        operation="decisions.list",
        to="?state=open",
    ),
    Way("Saved views", "views:list", also="filters lists", operation="views.list"),
    Way("Signed heads of the ledger", "ledger:heads", also="tree checkpoints", operation="ledger.heads"),
    Way("Approvals that wait", "people:approvals", also="proposals sign", operation="people.list-approvals"),
    Way("Second factors and passkeys", "mfa_index", also="security totp authenticator key"),
    Way("My sessions", "usersessions_list", also="devices sign out everywhere"),
    Way("My API tokens", "tokens:list", also="programmatic access bearer"),
    Way("Components of the look", "look:look", also="style living page design"),
    Way("Invite a person", "people:invite", does=True, also="new account add colleague", operation="people.invite"),
    Way("Choose how to hear of notices", "notices:preferences", does=True, also="mail digest preferences"),
    Way("Make an address for my calendar", "calendar:addresses", does=True, also="ics subscribe feed"),
    Way("Change my password", "account_change_password", does=True, also="security"),
)


def ways(by: Actor) -> Iterator[Way]:
    """Where somebody may go: the rooms in the rail, then the rest."""
    known = {way.url_name: way for way in _WAYS if not way.to}
    rooms = [place for place in sorted(PLACES.values(), key=lambda each: each.order) if _may(by, place.operation)]
    for place in rooms:
        yield known.get(place.url_name) or Way(place.title, place.url_name, key=f"g {place.key}")
    shown = {place.url_name for place in rooms}
    yield from (way for way in _WAYS if (way.to or way.url_name not in shown) and _may(by, way.operation))


def find_ways(by: Actor, text: str, most: int) -> list[Hit]:
    """The pages and actions that have every word, the best first; without a word, all of them in their order."""
    wanted = words_of(text)
    found = []
    for way in ways(by):
        score = _fit(way, wanted)
        url = _url(way.url_name) if score > 0 else None
        if url is not None:
            kind = "action" if way.does else "page"
            found.append(Hit("pages", kind, way.title, f"{url}{way.to}", way.key, score))
    return sorted(found, key=lambda hit: -hit.score)[:most]


def _fit(way: Way, wanted: list[str]) -> float:
    title, also = words_of(way.title), words_of(way.also)
    if not wanted:
        return 0.5
    if title[: len(wanted)] == wanted:
        return 0.97
    if all(any(known.startswith(word) for known in title) for word in wanted):
        return 0.9
    if all(any(known.startswith(word) for known in (*title, *also)) for word in wanted):
        return 0.7
    return 0.0


def _url(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        # A room may be left out of a site.
        return None


def _may(by: Actor, operation: str) -> bool:
    return not operation or (operation in OPERATIONS and may(by, operation))
