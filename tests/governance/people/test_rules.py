"""The rules of four eyes, grants and stand-ins, for people with any roles and any hands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from assay.governance.office.actor import Actor, Held, Scope, Target
from assay.governance.office.references import Reference
from assay.governance.office.roles import FUNCTION_OF, Role
from assay.governance.people.proposals.kinds import KINDS
from assay.governance.people.rules.approving import (
    Matter,
    Needs,
    Voice,
    can_still_approve,
    is_enough,
    may_approve,
    speaks_for,
)
from assay.governance.people.rules.granting import (
    EMERGENCY_ROLES,
    SIGNING,
    Wish,
    keeps_an_administrator,
    may_give_alone,
    may_hold,
    may_hold_in_emergency,
    needs_second,
    way_of,
)
from assay.governance.people.rules.standing_in import lent, may_be_away, may_delegate
from assay.governance.people.sign_in.rules import POWERFUL

AT = datetime(2026, 12, 15, 10, tzinfo=UTC)
ROOM = Target("people")
PEOPLE = [Reference("person", f"p{number}") for number in range(5)]
NEEDS = [Needs(), Needs(2, 2), Needs(2, 1)]

roles = st.sampled_from(list(Role))
people = st.sampled_from(PEOPLE)
moments = st.integers(-100, 100).map(lambda hours: AT + timedelta(hours=hours))
scopes = st.builds(
    Scope,
    st.frozensets(st.sampled_from(["people", "ledger"]), max_size=1),
    st.frozensets(st.sampled_from(["likeness"]), max_size=1),
    st.frozensets(st.sampled_from(["DE", "DK"]), max_size=2),
)
holdings = st.builds(Held, roles, scopes, st.none() | moments, st.none() | people)
actors = st.builds(Actor, people, st.lists(holdings, max_size=4).map(tuple))


def approvals(matter: Matter, attempts: Sequence[Actor], needs: Needs) -> list[Voice]:
    """The voices that are taken when these people try one after the other, each for whatever they may speak for."""
    taken: list[Voice] = []
    for actor in attempts:
        for function in speaks_for(actor, EMERGENCY_ROLES, ROOM, needs):
            voice = Voice(actor.who, actor.hands, function, matter.digest)
            if not may_approve(matter, taken, voice, needs, AT):
                taken.append(voice)
                break
    return taken


@given(actors, people, st.lists(actors, max_size=6), st.sampled_from(NEEDS))
def test_no_two_hands_of_one_person_touch_the_same_matter(
    author: Actor, gets: Reference, attempts: list[Actor], needs: Needs
) -> None:
    matter = Matter(author.hands, frozenset({gets}), "d1", AT + timedelta(hours=1))
    taken = approvals(matter, attempts, needs)
    parties = [author.hands | {gets}, *(voice.hands for voice in taken)]
    assert all(not one & other for one, other in combinations(parties, 2))
    # Said again in another way: some of them are enough people, of enough functions.
    reached = any(
        len(some) >= needs.people and len({voice.function for voice in some}) >= needs.functions
        for size in range(len(taken) + 1)
        for some in combinations(taken, size)
    )
    assert is_enough(matter, taken, needs) is reached


def test_two_of_one_function_are_not_two_functions() -> None:
    matter = Matter(frozenset(), frozenset(), "d1", AT + timedelta(hours=1))
    voices = [Voice(each, frozenset({each}), FUNCTION_OF[Role.LEGAL], "d1") for each in PEOPLE[:2]]
    assert not is_enough(matter, voices, Needs(2, 2))
    assert is_enough(matter, voices, Needs(2, 1))


@given(actors, people, st.lists(actors, max_size=6), st.sampled_from(NEEDS))
def test_a_change_of_what_was_approved_voids_every_approval(
    author: Actor, gets: Reference, attempts: list[Actor], needs: Needs
) -> None:
    matter = Matter(author.hands, frozenset({gets}), "d1", AT + timedelta(hours=1))
    taken = approvals(matter, attempts, needs)
    changed = Matter(matter.author, matter.gets, "d2", matter.ends)
    assert not is_enough(changed, taken, needs)
    assert all("changed" in slugs(may_approve(changed, [], voice, needs, AT)) for voice in taken)


@given(actors)
def test_in_an_emergency_only_a_role_of_ones_own_speaks(actor: Actor) -> None:
    own = {FUNCTION_OF[held.role] for held in actor.held if held.stands_for is None}
    assert set(speaks_for(actor, EMERGENCY_ROLES, ROOM, Needs(2, 2))) <= own


@given(actors, actors, st.sampled_from(NEEDS))
def test_a_button_is_shown_exactly_where_the_approval_would_be_taken(author: Actor, actor: Actor, needs: Needs) -> None:
    matter = Matter(author.hands, frozenset(), "d1", AT + timedelta(hours=1))
    functions = speaks_for(actor, EMERGENCY_ROLES, ROOM, needs)
    shown = can_still_approve(matter, [], actor, functions, needs, AT)
    assert bool(shown) is bool(approvals(matter, [actor], needs))


def test_nothing_is_approved_after_its_time_or_twice() -> None:
    voice = Voice(PEOPLE[0], frozenset({PEOPLE[0]}), FUNCTION_OF[Role.LEGAL], "d1")
    over = Matter(frozenset(), frozenset(), "d1", AT)
    assert slugs(may_approve(over, [], voice, Needs(), AT)) == ["lapsed"]
    settled = Matter(frozenset(), frozenset(), "d1", AT + timedelta(hours=1), waits=False)
    assert slugs(may_approve(settled, [], voice, Needs(), AT)) == ["settled"]


@given(people, st.lists(holdings), st.none() | st.frozensets(roles, max_size=3), moments, moments, moments)
def test_a_stand_in_has_no_more_than_the_giver_and_no_longer(
    giver: Reference, held: list[Held], chosen: frozenset[Role] | None, starts: datetime, ends: datetime, at: datetime
) -> None:
    for got in lent(giver, held, chosen, starts, ends, at):
        assert starts <= at < ends
        assert chosen is None or got.role in chosen
        assert got.stands_for == giver
        assert got.until is not None
        assert at < got.until <= ends
        assert any(
            each.stands_for is None and (each.role, each.scope) == (got.role, got.scope)
            and (each.until is None or got.until <= each.until)
            for each in held
        )  # fmt: skip


@given(st.lists(holdings), moments, moments)
def test_what_is_lent_is_not_lent_on(held: list[Held], starts: datetime, ends: datetime) -> None:
    first, second = PEOPLE[:2]
    got = lent(first, held, None, starts, ends, AT)
    assert lent(second, got, None, starts, ends, AT) == ()
    wanted = frozenset(each.role for each in got)
    faults = may_delegate(second, PEOPLE[2], wanted, got, AT, AT + timedelta(days=1), AT)
    assert slugs(faults) == (["not-own-role"] * len(wanted) or ["no-role"])


@given(st.frozensets(people, min_size=1), st.lists(people, max_size=8))
def test_however_often_administrators_are_removed_one_is_left(
    first: frozenset[Reference], removed: list[Reference]
) -> None:
    left = set(first)
    for each in removed:
        if not keeps_an_administrator(left, left - {each}):
            left.discard(each)
    assert left


@given(roles, st.booleans(), st.integers(0, 3), st.integers(0, 3))
def test_a_role_is_given_by_one_only_where_no_other_could_have_looked(
    role: Role, for_oneself: bool, others: int, gone: int
) -> None:
    second = needs_second(role, for_oneself=for_oneself, others=others)
    refused = may_give_alone(role, for_oneself=for_oneself, others=others, lately=others + gone)
    if (role in SIGNING or for_oneself) and not second and not refused:
        assert others + gone == 0
        assert way_of(role, for_oneself=for_oneself, others=others) == "alone"
    assert second <= (others > 0)


def test_every_fault_of_a_wish_is_named_at_once() -> None:
    scope = Scope(frozenset({"cellar"}), frozenset({"No Name"}), frozenset({"germany"}))
    wish = Wish(Role.ADMINISTRATOR, scope, None, AT)
    expected = ["unknown-room", "no-policy-name", "no-market", "ends-too-early", "administrator-is-everywhere"]
    assert slugs(may_hold(wish, [], {"people"}, AT)) == expected
    assert slugs(may_hold(Wish(Role.LEGAL), [Held(Role.LEGAL)], set(), AT)) == ["already-held"]
    assert slugs(may_hold_in_emergency(wish, 73)) == ["emergency-too-long", "no-emergency-administrator"]


def test_nobody_is_away_twice_or_replaced_by_somebody_who_is_away() -> None:
    one, other = PEOPLE[:2]
    week = (AT, AT + timedelta(days=7))
    assert may_be_away(one, other, *week, AT, [], []) == []
    assert slugs(may_be_away(one, other, *week, AT, [week], [week])) == ["away-already", "stand-in-away"]
    assert slugs(may_be_away(one, one, *week, AT, [], [])) == ["to-oneself"]
    assert slugs(may_be_away(one, other, AT, AT, AT, [], [])) == ["ends-too-early"]
    assert slugs(may_be_away(one, other, AT, AT + timedelta(days=400), AT, [], [])) == ["too-long"]


def slugs(faults: Sequence[object]) -> list[str]:
    return [fault.slug for fault in faults]  # type: ignore[attr-defined]


def test_whoever_can_approve_got_that_role_by_two() -> None:
    assert KINDS
    for kind in KINDS.values():
        assert kind.approvers <= SIGNING
        assert kind.approvers <= POWERFUL
