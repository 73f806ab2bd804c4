"""What a policy needs of the product, market by market: by the rules alone, over small packs and over the starter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from assay.engine.kernel.markets import Markets
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.read_pack import read_pack
from assay.governance.policies.readiness.rules.dependencies import KINDS, Dependency, Use, dependencies_of, needed
from assay.governance.policies.readiness.rules.standing import (
    EVERYWHERE,
    Accepted,
    Effect,
    Provided,
    State,
    standing_of,
    state_in,
)

ROOT = Path(__file__).parents[4]
TODAY = date(2026, 12, 15)
MARKETS = Markets({"EU": ("DE", "FR"), "NORTH": ("DK", "SE", "DE")})
CODES = ("DE", "FR", "DK", "SE", "US", "IN")
NAMES = ("person.consent", "ai_extent")


@cache
def starter() -> Pack:
    folder = ROOT / "packs/starter"
    files = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in (*folder.glob("*.yaml"), *folder.glob("policies/*.md"))
    }
    pack, problems = read_pack(files)
    assert not [problem for problem in problems if problem.severity == "error"]
    return pack


def test_the_likeness_policy_needs_what_its_rules_read_and_impose() -> None:
    pack = starter()
    found = {(each.kind, each.name): each for each in needed(pack, ["policies/likeness.md"], pack)}
    assert ("signal", "person.consent") in found
    assert ("measure", "removed") in found
    assert ("notice", "removed") in found
    assert ("measure", "strike:minor") in found
    assert ("notice", "strike:minor") in found
    assert ("notice", "depicted_person_notified") not in found
    assert not any(each.is_new for each in found.values())
    consent = found["signal", "person.consent"]
    assert consent.question
    assert {use.until_known for use in consent.uses if use.rule == "likeness/private-person"} == {("not_recommended",)}
    # What exceptions read is needed by the rules that they reach.
    satire = pack.exceptions_of["likeness/degrading"]
    assert satire
    assert all(("signal", name) in found for name in ("realism",))


def test_what_the_pack_takes_from_its_calendar_no_product_has_to_provide() -> None:
    pack = starter()
    by_calendar = {signal.name for signal in pack.vocabulary.signals if signal.calendar is not None}
    assert by_calendar
    assert not by_calendar & {name for kind, name in dependencies_of(pack, pack.rules) if kind == "signal"}


def test_what_another_policy_comes_to_need_is_seen_too() -> None:
    pack = starter()
    without = {name: text for name, text in pack.files.items() if name != "policies/legal-requests.md"}
    base, _ = read_pack(without)
    new = set(dependencies_of(pack, pack.rules)) - set(dependencies_of(base, base.rules))
    found = {(each.kind, each.name): each for each in needed(pack, ["policies/fraud.md"], base)}
    assert new
    assert {key for key, each in found.items() if each.is_new} == new
    assert not found["signal", "fraud_markers"].is_new


def test_who_sees_something_is_a_signal_that_the_product_has_to_give() -> None:
    pack = starter()
    rule = replace(pack.rules[0], audience=pack.rules[0].then)
    assert ("signal", "audience") in dependencies_of(pack, [rule])
    assert ("signal", "audience") not in dependencies_of(pack, [replace(rule, audience=())])


def needs(name: str, *, markets: frozenset[str] | None = None, is_new: bool = True) -> Dependency:
    return Dependency("signal", name, name, (Use("likeness/fake", "Fakes", markets, ("held",)),), "?", is_new)


def provides(name: str, **states: str) -> Provided:
    said = {("*" if market == "everywhere" else market): (State(state), None) for market, state in states.items()}
    return Provided(f"f-{name}", name, "signal", frozenset({name}), "Dee", said)


def effects(*features: Provided, need: Dependency, accepted: tuple[Accepted, ...] = ()) -> dict[str, Effect]:
    found = standing_of([need], features, accepted, MARKETS, TODAY)
    return {code: found.rows[0].cells[place].effect for place, one in enumerate(found.columns) for code in one.codes}


def test_the_nearest_that_is_said_of_a_market_holds() -> None:
    feature = provides("x", everywhere="missing", EU="partly", NORTH="missing", DE="ready")
    found = effects(feature, need=needs("x"))
    assert {code: found[code] for code in CODES} == {
        "DE": Effect.READY, "FR": Effect.DEGRADES, "DK": Effect.BLOCKS, "SE": Effect.BLOCKS, "US": Effect.BLOCKS,
        "IN": Effect.BLOCKS,
    }  # fmt: skip
    # Of two groups that hold a market, the smaller one says more of it.
    assert effects(provides("x", EU="partly", NORTH="missing"), need=needs("x"))["DE"] is Effect.DEGRADES


def test_what_nobody_has_said_anything_of_blocks_unless_it_is_in_use_already() -> None:
    assert set(effects(need=needs("x")).values()) == {Effect.BLOCKS}
    assert set(effects(need=needs("x", is_new=False)).values()) == {Effect.USED}
    # Said of one market alone, the others are as unknown as before.
    assert effects(provides("x", DE="ready"), need=needs("x"))["FR"] is Effect.BLOCKS
    # And what is said outweighs that it is in use.
    assert effects(provides("x", DE="missing"), need=needs("x", is_new=False))["DE"] is Effect.BLOCKS


def test_a_day_that_has_passed_makes_nothing_ready() -> None:
    planned = Provided("f", "F", "signal", frozenset({"x"}), "", {EVERYWHERE: (State.PLANNED, date(2026, 1, 1))})
    assert set(effects(planned, need=needs("x")).values()) == {Effect.BLOCKS}


def test_a_gap_is_accepted_where_it_was_said_and_nowhere_else() -> None:
    found = effects(need=needs("x"), accepted=(Accepted("signal", "x", frozenset({"DE", "FR"})),))
    assert [code for code, effect in sorted(found.items()) if effect is Effect.ACCEPTED] == ["DE", "FR"]
    assert found["US"] is Effect.BLOCKS
    assert set(effects(need=needs("x"), accepted=(Accepted("label", "x", frozenset()),)).values()) == {Effect.BLOCKS}


def test_where_no_rule_holds_nothing_is_needed() -> None:
    found = effects(need=needs("x", markets=frozenset({"DE"})))
    assert found == {"DE": Effect.BLOCKS}


@st.composite
def houses(draw: st.DrawFn) -> tuple[list[Dependency], list[Provided], list[Accepted]]:
    some = st.frozensets(st.sampled_from(CODES), min_size=1, max_size=3)
    dependencies = [
        needs(name, markets=draw(st.none() | some), is_new=draw(st.booleans()))
        for name in draw(st.lists(st.sampled_from(NAMES), unique=True))
    ]
    markets = st.sampled_from((*CODES, "EU", "NORTH", EVERYWHERE))
    features = [
        Provided(f"f{place}", "F", "signal", frozenset({name}), "", {
            market: (draw(st.sampled_from(State)), None) for market in draw(st.lists(markets, unique=True, max_size=4))
        })
        for place, name in enumerate(draw(st.lists(st.sampled_from(NAMES), max_size=3)))
    ]  # fmt: skip
    accepted = [Accepted("signal", name, draw(some)) for name in draw(st.lists(st.sampled_from(NAMES), max_size=2))]
    return dependencies, features, accepted


@given(houses())
def test_grouped_markets_say_what_each_market_alone_would(
    house: tuple[list[Dependency], list[Provided], list[Accepted]],
) -> None:
    dependencies, features, accepted = house
    found = standing_of(dependencies, features, accepted, MARKETS, TODAY)
    assert sum(len(one.codes) for one in found.columns) == len(frozenset().union(*(one.codes for one in found.columns)))
    for row in found.rows:
        need = row.dependency
        for place, column in enumerate(found.columns):
            for market in column.codes & set(CODES):
                assert row.cells[place].effect is alone(need, market, features, accepted)
    shown = frozenset().union(*(one.codes for one in found.columns))
    for market in set(CODES) - shown:
        assert not any(need.rules_in(market) for need in dependencies)


def alone(need: Dependency, market: str, features: list[Provided], accepted: list[Accepted]) -> Effect:
    """The same for one market, said plainly."""
    if not need.rules_in(market):
        return Effect.NONE
    said = [found[0] for one in features if need.name in one.provides and (found := state_in(one, market, MARKETS))]
    taken = any(one.name == need.name and market in one.markets for one in accepted)
    if not said and not need.is_new:
        return Effect.USED
    if said and set(said) == {State.READY}:
        return Effect.READY
    if {State.READY, State.PARTLY} & set(said):
        return Effect.DEGRADES
    return Effect.ACCEPTED if taken else Effect.BLOCKS


def test_every_kind_of_thing_is_looked_for() -> None:
    pack = starter()
    assert {kind for kind, _ in dependencies_of(pack, pack.rules)} == set(KINDS)
