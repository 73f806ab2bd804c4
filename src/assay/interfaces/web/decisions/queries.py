"""What may be read of decisions: the list, how many are new, one, an item's history. They change nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from assay.engine.kernel.errors import Fault
from assay.governance.office.actor import Actor, Target
from assay.governance.office.contributions import Hit
from assay.governance.office.listing import Key, Listing, Place, cursor, paged
from assay.governance.office.operations import may, query
from assay.governance.office.roles import Role
from assay.interfaces.look.markets import title_of
from assay.interfaces.stores.indexing.reading.index import ByMarket, Found, IndexReader
from assay.interfaces.stores.indexing.reading.records import record_of
from assay.interfaces.stores.indexing.reading.wanted import Choices, Condition, Listed, Wanted, place_of
from assay.interfaces.web.bundles.kept import pack_of_digest, replayed, versions_of
from assay.interfaces.web.bundles.queries import bundle_settings
from assay.interfaces.web.decisions.filters import Filters, in_one_market
from assay.interfaces.web.decisions.in_market import MarketView, names_in
from assay.interfaces.web.decisions.one.history import Turn, turns
from assay.interfaces.web.decisions.one.view import DecisionView, moment_of, view_of_record
from assay.interfaces.web.decisions.opened import opened_index, record_settings
from assay.interfaces.web.decisions.reach import by_filters, by_market, markets_of, narrowed_to
from assay.interfaces.web.decisions.wording import shown
from assay.interfaces.web.home.figures import Figure
from assay.interfaces.web.policies.in_force import pack_in_force

# Item ids are strangers' text and may name people, so that who needs figures alone does not see them.
SEE_ITEMS = frozenset(
    {
        Role.POLICY_LEAD,
        Role.ANALYST,
        Role.OPERATIONS_LEAD,
        Role.REVIEWER,
        Role.LEGAL,
        Role.DATA,
        Role.AUDITOR,
        Role.ADMINISTRATOR,
    }
)
SEE_LIST = SEE_ITEMS | {Role.PRODUCT, Role.EXECUTIVE}
MOST_NEWER = 99
_HISTORY = 10
# Home shows so many figures of decisions at most, and counts so far in one market.
_FIGURES = 3
MOST_COUNTED = 10_000
_LARGEST = 1 << 62


@dataclass(frozen=True, slots=True)
class DecisionList:
    """A page of the list.

    filters    as they hold: with the market that somebody is limited to
    newest     the newest row that there is, whatever the filters
    with_items whether ids may be shown
    markets    the only ones that may be looked at; None is every one
    narrowed   the market that all of it is about; empty is every one
    one_market the market that a decision of it is looked at in; empty is every one
    fault      why there is no list
    versions   of bundles that are kept here, by digest
    """

    filters: Filters
    listing: Listing[Listed]
    choices: Choices
    condition: Condition | None
    newest: int
    with_items: bool
    markets: tuple[str, ...] | None = None
    narrowed: str = ""
    one_market: str = ""
    fault: Fault | None = None
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One decision of an item, and what is otherwise than in the one before.

    turns  None for the first one
    """

    listed: Listed
    kept: datetime
    turns: tuple[Turn, ...] | None
    other_bundle: bool


@query("decisions.list", words="see the list of decisions", roles=SEE_LIST, target=by_filters(SEE_LIST), reach="market")
def list_decisions(*, filters: Filters, after: str | None, by: Actor, at: datetime, most: int = 40) -> DecisionList:
    """A page of decisions, the newest first."""
    asked, markets = filters.wanted.market, markets_of(by, SEE_LIST)
    market = narrowed_to(by, SEE_LIST, asked)
    filters = in_one_market(filters, market)
    with_items, one = _may_see_items(by, filters), narrowed_to(by, SEE_ITEMS, asked)
    found = DecisionList(filters, Listing([]), Choices(), None, 0, with_items, markets, market, one)
    with opened_index() as index:
        if isinstance(index, Fault):
            return replace(found, fault=index)
        wanted = _allowed(filters, with_items)
        listing = found.listing if filters.faults else _page(index, wanted, after, most, market)
        rows = listing.rows if with_items else [replace(row, item="") for row in listing.rows]
        return replace(
            found,
            listing=replace(listing, rows=rows),
            choices=_choices_in(markets or (), index.choices()) if market else index.choices(),
            condition=index.condition(),
            newest=index.newest(),
            versions=versions_of({row.bundle for row in rows}, bundle_settings()),
        )


@query(
    "decisions.count-newer",
    words="see how many decisions are new",
    roles=SEE_LIST,
    target=by_filters(SEE_LIST),
    reach="market",
)
def count_newer(*, filters: Filters, since: int, by: Actor, at: datetime) -> int:
    """How many decisions came after a row that the filters ask for; a hundred stands for more."""
    market = narrowed_to(by, SEE_LIST, filters.wanted.market)
    filters = in_one_market(filters, market)
    with opened_index() as index:
        if isinstance(index, Fault) or filters.faults:
            return 0
        wanted = _allowed(filters, _may_see_items(by, filters))
        return len(_find(index, wanted, market, begin=since, upwards=True, most=MOST_NEWER + 1).rows)


@query(
    "decisions.see",
    words="see one decision with its reasons and evidence",
    roles=SEE_ITEMS,
    target=by_market(SEE_ITEMS),
    reach="market",
)
def see_decision(*, key: str, market: str = "", by: Actor, at: datetime) -> DecisionView | Fault | None:
    """One decision; None where there is none of that name.

    market  which to look at, for whoever may not see every one
    """
    found = _record(key)
    if found is None or isinstance(found, Fault):
        return found
    listed, record = found
    only = narrowed_to(by, SEE_ITEMS, market)
    if only:
        with opened_index() as index:
            within = [] if isinstance(index, Fault) else [row for row, _ in MarketView(index, only).rows([listed])]
        if not within:
            return None
        listed = within[0]
    names = names_in(listed.bundle, only) if only else ()
    return view_of_record(listed, record, pack_of_digest(listed.bundle, bundle_settings()), only, names)


# A record holds every market, so that these two need a role that is not limited to some.
@query("decisions.read-record", words="read a decision's record byte for byte", roles=SEE_ITEMS)
def read_record(*, key: str, by: Actor, at: datetime) -> bytes | Fault | None:
    """The record as it was kept; None where there is none of that name."""
    found = _record(key)
    return found[1] if isinstance(found, tuple) else found


@query("decisions.decide-again", words="decide a recorded decision again", roles=SEE_ITEMS)
def decide_again(*, key: str, by: Actor, at: datetime) -> bool | Fault | None:
    """Whether the same bundle decides the same input to the same bytes; nothing is kept of it."""
    found = _record(key)
    if found is None or isinstance(found, Fault):
        return found
    listed, record = found
    again = replayed(record, listed.bundle, bundle_settings())
    return again if isinstance(again, Fault) else again == record


@query(
    "decisions.item-history",
    words="see all decisions of one item",
    roles=SEE_ITEMS,
    target=by_market(SEE_ITEMS),
    reach="market",
)
def item_history(*, item: str, after: str | None, market: str = "", by: Actor, at: datetime) -> Listing[Step] | Fault:
    """An item's decisions, the newest first, each with what changed since the one before it.

    market  which to look at, for whoever may not see every one
    """
    only = narrowed_to(by, SEE_ITEMS, market)
    wanted = Wanted(item=item, market=only)
    with opened_index() as index:
        if isinstance(index, Fault):
            return index
        page = _page(index, wanted, after, _HISTORY, only)
        # One more than is shown, to say what changed with the last of them.
        below = _find(index, wanted, only, begin=page.rows[-1].number, most=1).rows if page.rows else []
        rows, changes = _with_changes(index, [*page.rows, *below], only)
        steps = [
            Step(
                row,
                moment_of(row.kept),
                turns(changes[place][1], changes[place][0]) if place + 1 < len(rows) else None,
                place + 1 < len(rows) and rows[place + 1].bundle != row.bundle,
            )
            for place, row in enumerate(rows[: len(page.rows)])
        ]
        return Listing(steps, page.next, page.previous, page.note)


@query(
    "decisions.count-today",
    words="see how many decisions were recorded today",
    roles=SEE_LIST,
    target=by_market(SEE_LIST),
    reach="market",
)
def count_today(*, market: str = "", by: Actor, at: datetime) -> int | None:
    """How many decisions were recorded since midnight, where somebody is; None where there is no list.

    market  which to count, for whoever may not see every one: up to `MOST_COUNTED`, which stands for more
    """
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    since, only = int(midnight.timestamp() * 1_000_000), narrowed_to(by, SEE_LIST, market)
    with opened_index() as index:
        if isinstance(index, Fault):
            return None
        if not only:
            return index.count_since(since)
        return len(MarketView(index, only).numbers(Wanted(market=only, since=since), MOST_COUNTED))


def figures_of(by: Actor, at: datetime) -> tuple[Figure, ...]:
    """What home shows of decisions: one figure, or one for each of somebody's first markets."""
    found, markets = [], markets_of(by, SEE_LIST)
    for market in ("",) if markets is None else markets[:_FIGURES]:
        today = count_today(market=market, by=by, at=at)
        asked = {"from": timezone.localtime(at).date().isoformat(), **({"market": market} if market else {})}
        words = f"Decisions today in {title_of(market)}" if market else "Decisions today"
        words = f"{words}, or more" if market and today == MOST_COUNTED else words
        if today is not None:
            found.append(Figure(words, today, url=f"{reverse('decisions:list')}?{urlencode(asked)}"))
    return tuple(found)


def search_decisions(by: Actor, text: str, most: int) -> Iterable[Hit]:
    """A decision by its name, or the newest of the item of exactly this id."""
    wanted = text.strip()
    if not may(by, "decisions.see") or not wanted:
        return []
    with opened_index() as index:
        if isinstance(index, Fault):
            return []
        place = place_of(wanted)
        one = index.one(*place) if place is not None else None
        markets = markets_of(by, SEE_ITEMS)
        for market in ("",) if markets is None else markets:
            rows = [one] if one is not None else _find(index, Wanted(item=wanted, market=market), market, most=1).rows
            rows = [row for row, _ in MarketView(index, market).rows(rows)] if market else rows
            if rows:
                return [_hit(row, market) for row in rows[:most]]
    return []


def _hit(row: Listed, market: str) -> Hit:
    asked = {"id": row.item, **({"market": market} if market else {})}
    url = f"{reverse('decisions:item')}?{urlencode(asked)}"
    return Hit("decisions", "decision", shown(row.item, 120), url, f"Decision {row.key}, and others of this item", 1.0)


def _allowed(filters: Filters, with_items: bool) -> Wanted:
    """The filters that somebody may use: whoever may not see items cannot ask for one either."""
    return filters.wanted if with_items else replace(filters.wanted, item="")


def _may_see_items(by: Actor, filters: Filters) -> bool:
    return may(by, "decisions.see", Target("decisions", market=filters.wanted.market or None))


def _choices_in(markets: tuple[str, ...], every: Choices) -> Choices:
    """What the list of one market can be narrowed by: those measures that the policies in force have, for what records
    have is of every market."""
    found = pack_in_force()
    measures = tuple(sorted(each.id for each in found.pack.measures.all)) if found is not None else ()
    return Choices(markets, measures, (), every.bundles)


def _with_changes(
    index: IndexReader, rows: Sequence[Listed], only: str
) -> tuple[list[Listed], Sequence[tuple[ByMarket, ByMarket]]]:
    """Decisions, with what is so of each and not of the next one, and the other way round; of one market alone where
    that is asked."""
    if not only:
        return list(rows), index.changes([row.number for row in rows])
    within = list(MarketView(index, only).rows(rows))
    changes = [({only: one - other}, {only: other - one}) for (_, one), (_, other) in pairwise(within)]
    return [row for row, _ in within], changes


def _record(key: str) -> tuple[Listed, bytes] | Fault | None:
    place = place_of(key)
    if place is None:
        return None
    with opened_index() as index:
        if isinstance(index, Fault):
            return index
        listed = index.one(*place)
        if listed is None:
            return None
        record = record_of(listed, record_settings(), index.connection)
    return record if isinstance(record, Fault) else (listed, record)


def _find(
    index: IndexReader, wanted: Wanted, only: str, *, begin: int | None = None, upwards: bool = False, most: int
) -> Found:
    if only:
        return MarketView(index, only).find(wanted, begin=begin, upwards=upwards, most=most)
    return index.find(wanted, begin=begin, upwards=upwards, most=most)


def _page(index: IndexReader, wanted: Wanted, after: str | None, most: int, only: str) -> Listing[Listed]:
    stopped: list[int] = []

    def fetch(place: Place | None, count: int) -> Sequence[Listed]:
        begin = place.key[0] if place is not None else None
        upwards = place is not None and place.way == "previous"
        start = begin if isinstance(begin, int) else None
        found = _find(index, wanted, only, begin=start, upwards=upwards, most=count)
        if found.stopped is not None and not upwards:
            stopped.append(found.stopped)
        return found.rows

    listing = paged(fetch, lambda row: (row.number,), _read_key, after=after, most=most)
    if listing.next is None and stopped:
        words = f"so far the search went back to decision {stopped[-1]:,}; go on to look further"
        return replace(listing, next=cursor("next", (stopped[-1],)), note=listing.note or words)
    return listing


def _read_key(given: list[object]) -> Key | None:
    return tuple(given) if len(given) == 1 and type(given[0]) is int and 0 <= given[0] < _LARGEST else None
