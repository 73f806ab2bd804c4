"""Features of the product: one, a page of them, all as launches go by them. It changes none."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, Q, QuerySet

from assay.governance.office.actor import Actor
from assay.governance.office.listing import Listing, listed
from assay.governance.office.operations import query
from assay.governance.office.roles import INSIDE
from assay.governance.policies.readiness.models import Feature, FeatureState, FeatureVersion, shown_state
from assay.governance.policies.readiness.rules.dependencies import KINDS
from assay.governance.policies.readiness.rules.registering import FEATURES_MOST, Wish
from assay.governance.policies.readiness.rules.standing import Provided, State

PAGE = 40
STATES_SHOWN = PROVIDES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What the list is narrowed to; what is empty, or no kind and no state, narrows nothing."""

    text: str = ""
    kind: str = ""
    state: str = ""
    market: str = ""
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A feature as the list shows it.

    states  the first of them, each with the kind of its badge and its words; `more` how many others there are
    """

    name: str
    title: str
    kind: str
    provides: str
    states: Sequence[tuple[str, str]]
    more: int
    owner: str


@query("policies.list-features", words="read what the product can do, by market", roles=INSIDE, reach="room")
def list_features(*, narrowing: Narrowing, after: str | None, by: Actor, at: datetime) -> Listing[Row]:
    """A page of features by name, with their states and owners; three reads."""
    found = _narrowed(narrowing, by).select_related("owner")
    wanted = found.only("name", "title", "kind", "provides", "team", "owner__name")
    page = listed(wanted, order="name", after=after, most=PAGE)
    states: dict[int, list[tuple[str, str]]] = {}
    rows = FeatureState.objects.filter(feature__in=[each.pk for each in page.rows]).order_by("market")
    for feature, market, state in rows.values_list("feature", "market", "state"):
        states.setdefault(feature, []).append(shown_state(market, state))
    return Listing([_row(each, states.get(each.pk, [])) for each in page.rows], page.next, page.previous, page.note)


@query("policies.see-feature", words="read a feature of the product and its history", roles=INSIDE, reach="room")
def see_feature(*, name: str, by: Actor, at: datetime) -> tuple[Feature, list[FeatureVersion]] | None:
    """The feature with its states, and what was said of it, newest first."""
    found = _with_parts(Feature.objects.filter(name=name)).first()
    return None if found is None else (found, list(found.history.select_related("by")[:100]))


@query("policies.export-features", words="take features along as a file", roles=INSIDE, reach="room")
def export_features(*, narrowing: Narrowing, by: Actor, at: datetime) -> Iterator[Wish]:
    """Each as it would be read in again; owners by their addresses."""
    return (
        wish_of(each, address=True) for each in _with_parts(_narrowed(narrowing, by)).order_by("name")[:FEATURES_MOST]
    )


def feature_of(name: str) -> Feature | None:
    """A feature by its name, for a page that is about to change it."""
    return _with_parts(Feature.objects.filter(name=name)).first()


def provided(needed: Collection[tuple[str, str]]) -> list[Provided]:
    """Features that are not retired and provide something of what is needed, by kind and name; three reads."""
    wanted = set(needed)
    rows = Feature.objects.filter(retired_at=None, kind__in={kind for kind, _ in wanted}).order_by()
    found = [
        key
        for key, kind, names in rows.values_list("pk", "kind", "provides")
        if any((kind, name) in wanted for name in names)
    ]
    return [_provided(each) for each in _with_parts(Feature.objects.filter(pk__in=found))]


def wish_of(feature: Feature, *, address: bool = False) -> Wish:
    """What is said of a feature now; its owner by their key, or by their address."""
    owner = feature.owner
    named = "" if owner is None else owner.email if address else str(owner.key)
    kind = next(each for each in KINDS if each == feature.kind)
    return Wish(
        feature.name, feature.title, kind, tuple(feature.provides), _states(feature.states.all()), named, feature.team,
        feature.note, feature.link,
    )  # fmt: skip


def _row(feature: Feature, states: Sequence[tuple[str, str]]) -> Row:
    names = feature.provides
    others = len(names) - PROVIDES_SHOWN
    said = ", ".join(names[:PROVIDES_SHOWN]) + (f" and {others} more" if others > 0 else "")
    owner = feature.team if feature.owner is None else feature.owner.name
    more = max(0, len(states) - STATES_SHOWN)
    return Row(feature.name, feature.title, feature.kind, said, states[:STATES_SHOWN], more, owner)


def _provided(feature: Feature) -> Provided:
    owner = feature.team if feature.owner is None else feature.owner.name
    states = _states(feature.states.all())
    return Provided(feature.name, feature.title, feature.kind, frozenset(feature.provides), owner, states)


def _states(rows: Iterable[FeatureState]) -> dict[str, tuple[State, date | None]]:
    return {row.market: (State(row.state), row.ready_on) for row in rows}


def _narrowed(narrowing: Narrowing, by: Actor) -> QuerySet[Feature]:
    found = Feature.objects.filter(retired_at=None)
    if narrowing.text:
        text = narrowing.text[:120]
        found = found.filter(Q(name__icontains=text) | Q(title__icontains=text) | Q(needs__icontains=text))
    if narrowing.kind in KINDS:
        found = found.filter(kind=narrowing.kind)
    if narrowing.state in tuple(State):
        found = found.filter(states__state=narrowing.state).distinct()
    if narrowing.market:
        found = found.filter(states__market=narrowing.market[:40]).distinct()
    if narrowing.mine:
        found = found.filter(owner__key=by.who.key)
    return found


def _with_parts(found: QuerySet[Feature]) -> QuerySet[Feature]:
    return found.select_related("owner").prefetch_related(
        Prefetch("states", queryset=FeatureState.objects.order_by("market"))
    )
