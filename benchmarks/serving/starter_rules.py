"""The starter pack's rules in other engines' languages, for one market on one day, and uploads in their own form.

What such an engine lacks is done for it beforehand and costs it nothing: the calendar, markets, names without dots,
thousandths for fractions. Rules that they cannot say are left out for them, never for Assay.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assay.engine.decision.decide import Decider
from assay.engine.decision.item import EVERYWHERE, Item, read_item
from assay.engine.kernel.bits import places_of
from assay.engine.kernel.instants import parse_instant
from assay.engine.kernel.values import MaybeValue, Value
from assay.engine.language.expression.printer import print_literal
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.vocabulary import SignalType
from assay.engine.program.core import All, Among, Atom, Members, Node, Ordered, atoms_of
from assay.engine.program.core import Any as Some
from assay.engine.program.lower import LoweredRule
from benchmarks.material.starter import starter_pack
from benchmarks.peers.translate import THOUSAND

MARKET, AS_OF = "BR", "2026-12-15T00:00:00Z"


@dataclass(frozen=True, slots=True)
class InForce:
    """The rules that hold in the market on the day: those that every engine can say, and how many there are."""

    pack: Pack
    rules: tuple[LoweredRule, ...]
    of: int
    calendar: Mapping[str, MaybeValue]


def rules_in_force() -> InForce:
    """The starter pack in one market on one day."""
    pack = starter_pack()
    decider = Decider(pack)
    (scene,) = decider.scenes(parse_instant(AS_OF) or 0, "item", (MARKET,))
    holding = [decider.program.rules[place] for place in places_of(scene.active)]
    sayable = [rule for rule in holding if all(_is_sayable(atom) for atom in atoms_of(rule.condition))]
    calendar = {name: given[scene.market.name] for name, given in scene.regime.calendar.items()}
    return InForce(pack, tuple(sayable), len(holding), calendar)


def _is_sayable(atom: Atom) -> bool:
    return isinstance(atom.test, Among | Members | Ordered)


# --------------------------------------------------------------------- uploads


def in_their_form(bodies: Iterator[bytes], found: InForce) -> Iterator[bytes]:
    """The same uploads, as other engines take them."""
    decider = Decider(found.pack)
    for body in bodies:
        record = json.loads(body)
        record.pop("markets", None)
        item = read_item(record, decider.vocabulary, found.pack.markets)
        assert isinstance(item, Item), item
        yield json.dumps({"id": item.id, "signals": _flat(item, found)}, separators=(",", ":")).encode()


def _flat(item: Item, found: InForce) -> dict[str, Any]:
    values: dict[str, MaybeValue] = {**found.calendar}
    for signal, value in zip(found.pack.vocabulary.signals, item.values, strict=True):
        if value is not None:
            values[signal.name] = value
    for name, given in item.by_market.items():
        values[name] = given.get(MARKET, given.get(EVERYWHERE))
    return {
        name.replace(".", "_"): _said(name, value, found.pack) for name, value in values.items() if value is not None
    }


def _said(name: str, value: Value, pack: Pack) -> object:
    """A value that both know: fractions as thousandths, sets as lists."""
    if pack.vocabulary.by_name[name].type is SignalType.SCORE and isinstance(value, int | float):
        return round(value * THOUSAND)
    if isinstance(value, frozenset):
        return sorted(value)
    return int(value) if isinstance(value, float) else value


# ---------------------------------------------------------------------- ZEN


def to_zen(node: Node, pack: Pack) -> str:
    """A lowered condition as ZEN writes it: what is missing is null."""
    match node:
        case All(parts):
            return "(" + " and ".join(to_zen(part, pack) for part in parts) + ")" if parts else "true"
        case Some(parts):
            return "(" + " or ".join(to_zen(part, pack) for part in parts) + ")" if parts else "false"
        case Atom(test, negated):
            text = _zen_test(test, pack)
            return f"not({text})" if negated else text


def _zen_test(test: object, pack: Pack) -> str:
    match test:
        case Among(name, values):
            return f"{_name(name)} in {_listed(name, values, pack)}"
        case Members(name, mode, values):
            parts = [f"contains({_name(name)}, {print_literal(value)})" for value in sorted(values)]
            return "(" + (" and " if mode == "all" else " or ").join(parts) + ")"
        case Ordered(name, operator, constant):
            return f"{_name(name)} {operator} {_said(name, constant, pack)}"
        case _:
            raise TypeError(f"no engine here is given {test}")


# -------------------------------------------------------------------- Cedar


def to_cedar(node: Node, pack: Pack, *, possible: bool) -> str:
    """A lowered condition over `context`: whether it is certainly true, or whether it may be."""
    match node:
        case All(parts):
            return (
                "(" + " && ".join(to_cedar(part, pack, possible=possible) for part in parts) + ")" if parts else "true"
            )
        case Some(parts):
            return (
                "(" + " || ".join(to_cedar(part, pack, possible=possible) for part in parts) + ")" if parts else "false"
            )
        case Atom(test, negated):
            text = _cedar_test(test, pack)
            text = f"!({text})" if negated else text
            known = f"context has {_name(node.signals[0])}"
            return f"(!({known}) || {text})" if possible else f"({known} && {text})"


def _cedar_test(test: object, pack: Pack) -> str:
    match test:
        case Among(name, values) if values == {True}:
            return f"context.{_name(name)}"
        case Among(name, values):
            return f"{_listed(name, values, pack)}.contains(context.{_name(name)})"
        case Members(name, mode, values):
            listed = ", ".join(print_literal(value) for value in sorted(values))
            return f"context.{_name(name)}.{'containsAll' if mode == 'all' else 'containsAny'}([{listed}])"
        case Ordered(name, operator, constant):
            return f"context.{_name(name)} {operator} {_said(name, constant, pack)}"
        case _:
            raise TypeError(f"no engine here is given {test}")


def _name(signal: str) -> str:
    return signal.replace(".", "_")


def _listed(name: str, values: frozenset[Value], pack: Pack) -> str:
    said = [_said(name, value, pack) for value in values]
    return "[" + ", ".join(sorted(json.dumps(one) for one in said)) + "]"


# ------------------------------------------------------------------ engines

# From the text of an item's signals to what the engine says of each rule: True, False, or None for nothing.
Ask = Callable[[str], Sequence[object]]


def zen_ways(found: InForce) -> tuple[tuple[str, Ask], ...]:
    """ZEN, rule by rule and as one list, in which one error is an error for all."""
    import zen

    texts = [to_zen(rule.condition, found.pack) for rule in found.rules]
    rules = [zen.compile_expression(text).evaluate for text in texts]
    together = zen.compile_expression(f"[{', '.join(texts)}]").evaluate

    def one(evaluate: Callable[[str], Any], context: str) -> Any:
        try:
            return evaluate(context)
        except RuntimeError:
            return None

    def by_rule(context: str) -> Sequence[object]:
        return [one(evaluate, context) for evaluate in rules]

    def as_list(context: str) -> Sequence[object]:
        answers: Sequence[object] | None = one(together, context)
        return [None] * len(rules) if answers is None else answers

    return ("rule by rule", by_rule), ("all rules as one list", as_list)


def cedar_ways(found: InForce) -> tuple[tuple[str, Ask], ...]:
    """Cedar, asked for what is certain and what is possible, in one set of policies that is parsed once."""
    import cedarpy

    count = len(found.rules)
    text = "".join(
        f"permit(principal, action, resource) when {{ {to_cedar(rule.condition, found.pack, possible=possible)} }};\n"
        for possible in (False, True)
        for rule in found.rules
    )
    policies, entities = cedarpy.PolicySet.from_str(text), cedarpy.Entities.from_json_str("[]")
    who = {"principal": 'Uploader::"u"', "action": 'Action::"decide"', "resource": 'Item::"i"'}

    def ask(context: str) -> Sequence[object]:
        reasons = cedarpy.is_authorized({**who, "context": context}, policies, entities).diagnostics.reasons
        held = {int(reason.removeprefix("policy")) for reason in reasons}
        return [True if place in held else None if place + count in held else False for place in range(count)]

    return (("asked for true and possible", ask),)


WAYS: Mapping[str, Callable[[InForce], tuple[tuple[str, Ask], ...]]] = {"zen-engine": zen_ways, "cedarpy": cedar_ways}


def ways_of(package: str, found: InForce) -> tuple[tuple[str, Ask], ...]:
    """How an engine is driven; nothing where it is not installed."""
    try:
        return WAYS[package](found)
    except ModuleNotFoundError:
        return ()
