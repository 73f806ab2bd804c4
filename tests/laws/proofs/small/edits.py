"""Small packs as somebody edits them: one rule or exception, or two, are changed. It tests nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Exemption, Period, Rule
from tests.laws.proofs.small.packs import LATER, MARKET_LISTS, MEASURE
from tests.laws.proofs.small.words import atoms_of, small_conditions
from tests.makers import SOME_DAY, a_condition, a_policy, a_rule, named

RULE_EDITS = (
    "when",
    "when",
    "unless",
    "then",
    "until",
    "drop",
    "add",
    "rename",
    "bar",
    "time",
    "markets",
    "grace",
    "rollout",
)


def with_rules(pack: Pack, rules: Sequence[Rule], exceptions: Sequence[Exemption]) -> Pack:
    """The pack with other rules and exceptions in its one policy."""
    return replace(pack, policies=(a_policy("p", rules, exceptions),))


@st.composite
def edited(draw: DrawFn, pack: Pack, *, edits: Sequence[str] = RULE_EDITS, most: int = 2) -> Pack:
    """The pack after one edit to `most`."""
    rules, exceptions = list(pack.rules), list(pack.exceptions)
    for number in range(draw(st.integers(1, most))):
        if exceptions and draw(st.sampled_from((False, False, False, True))):
            place = draw(st.integers(0, len(exceptions) - 1))
            exceptions[place] = replace(exceptions[place], when=a_condition(draw(_conditions(pack))))
            continue
        kind = draw(st.sampled_from(edits))
        if kind == "add" or not rules:
            rules.append(a_rule(f"p/new{number}", draw(_conditions(pack)), then=(draw(MEASURE),)))
            continue
        place = draw(st.integers(0, len(rules) - 1))
        if kind == "drop":
            gone = rules.pop(place).ref
            exceptions = [one for one in exceptions if gone not in {named.name for named in one.reaches}]
        else:
            rules[place] = draw(_changed(rules[place], kind, pack, number))
    return with_rules(pack, rules, exceptions)


def _conditions(pack: Pack, subject: str = "item") -> st.SearchStrategy[str]:
    return small_conditions(atoms_of(pack.vocabulary, ("account",) if subject == "account" else ("item", "account")))


@st.composite
def _changed(draw: DrawFn, rule: Rule, kind: str, pack: Pack, number: int) -> Rule:
    match kind:
        case "when":
            return replace(rule, when=a_condition(draw(_conditions(pack, rule.subject))))
        case "unless":
            other = a_condition(draw(_conditions(pack, rule.subject)))
            return replace(rule, unless=None if rule.unless is not None and draw(st.booleans()) else other)
        case "then":
            return replace(rule, then=named(*draw(st.lists(MEASURE, min_size=1, max_size=2, unique=True))))
        case "until":
            return replace(rule, until_known=named(*draw(st.lists(MEASURE, max_size=1))))
        case "bar":
            return replace(rule, no_exception=not rule.no_exception)
        case "time":
            starts, ends = (None, SOME_DAY, LATER[0]), (None, LATER[1], LATER[2])
            return replace(rule, period=Period(draw(st.sampled_from(starts)), draw(st.sampled_from(ends))))
        case "markets":
            return replace(rule, markets=named(*draw(st.sampled_from(MARKET_LISTS))))
        case "rollout":
            return replace(rule, rollout=draw(st.sampled_from((1.0, 0.5, 0.3, 0.2))))
        case "grace":
            return replace(rule, grace_until=draw(st.sampled_from((None, *LATER))))
        case _:
            return replace(rule, id=f"renamed{number}")
