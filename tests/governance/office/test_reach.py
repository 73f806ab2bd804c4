"""How far a role reaches: by room, policy and market, as it was granted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assay.governance.office.actor import Actor, Held, Scope, Target
from assay.governance.office.operations import Operation
from assay.governance.office.references import Reference
from assay.governance.office.roles import INSIDE, Role

REVIEWER = frozenset({Role.REVIEWER})
names = st.frozensets(st.sampled_from(["a", "b"]))
scopes = st.builds(Scope, names, names, names)
targets = st.builds(Target, st.sampled_from("ab"), st.sampled_from(["a", "b", None]), st.sampled_from(["a", "b", None]))


def who(*scopes: Scope) -> Actor:
    return Actor(Reference("person", "gus"), tuple(Held(Role.REVIEWER, scope) for scope in scopes))


def test_a_grant_for_one_market_reaches_that_market_and_nothing_that_names_none() -> None:
    brazil = who(Scope(markets=frozenset({"BR"})))
    assert brazil.reaches(REVIEWER, Target("decisions", market="BR"))
    assert not brazil.reaches(REVIEWER, Target("decisions", market="IN"))
    assert not brazil.reaches(REVIEWER, Target("decisions"))
    assert brazil.markets(REVIEWER, "decisions") == frozenset({"BR"})


def test_a_grant_for_one_room_reaches_no_other() -> None:
    gus = who(Scope(rooms=frozenset({"review"}), policies=frozenset({"likeness"})))
    assert gus.reaches(REVIEWER, Target("review", policy="likeness"))
    for other in (Target("people", policy="likeness"), Target("review", policy="satire"), Target("review")):
        assert not gus.reaches(REVIEWER, other)


def test_what_is_the_same_everywhere_is_reached_by_a_limited_grant_of_its_room() -> None:
    reading = Operation("policies.read", "query", "read", INSIDE, reach="room")
    assert reading.may(who(Scope(markets=frozenset({"BR"}), policies=frozenset({"likeness"}))))
    assert not reading.may(who(Scope(rooms=frozenset({"ledger"}))))
    assert not reading.may(Actor(Reference("person", "gus")))


@given(st.lists(scopes, max_size=3), targets)
def test_the_markets_that_somebody_reaches_are_those_of_the_check(given_scopes: list[Scope], target: Target) -> None:
    actor = who(*given_scopes)
    markets = actor.markets(REVIEWER, target.room)
    for market in ("a", "b", None):
        reached = markets is None or market in markets
        assert actor.reaches(REVIEWER, Target(target.room, None, market)) is reached


@given(st.lists(scopes, max_size=3), targets)
def test_whoever_reaches_a_target_enters_its_room(given_scopes: list[Scope], target: Target) -> None:
    actor = who(*given_scopes)
    assert actor.enters(REVIEWER, target.room) or not actor.reaches(REVIEWER, target)
