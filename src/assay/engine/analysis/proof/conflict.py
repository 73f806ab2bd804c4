"""Pairs of rules that impose measures on one item which exclude each other. It never says which of them is right."""

from __future__ import annotations

from collections.abc import Iterator

from assay.engine.analysis.proof.claim import Claim
from assay.engine.analysis.proof.finding import Kind
from assay.engine.analysis.situations.world import World
from assay.engine.program.smt.formula import Formula, Situation, every, holds_in, some


def clash_claims(world: World) -> Iterator[Claim]:
    """For each pair of rules that could impose incompatible measures: that they never do so on one item."""
    index = world.pack.measures.index
    pairs: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for one, other in world.pack.measures.incompatible:
        for first in _imposing(index[one], world):
            for second in _imposing(index[other], world):
                if first != second:
                    key = (min(first, second), max(first, second))
                    both = (index[one], index[other]) if first < second else (index[other], index[one])
                    pairs.setdefault(key, []).append(both)
    for (first, second), measures in sorted(pairs.items()):
        markets = _common_markets(first, second, world)
        if world.rules[first].rule.subject == world.rules[second].rule.subject and markets:
            yield _claim(first, second, measures, markets, world)


def _imposing(measure: int, world: World) -> list[int]:
    rules = sorted({*world.by_measure[measure], *world.meanwhile[measure]})
    return [rule for rule in rules if not world.is_over(rule)]


def _common_markets(first: int, second: int, world: World) -> tuple[str, ...]:
    reached = [world.rules[rule].markets for rule in (first, second)]
    return tuple(
        market.name
        for market in world.stage.markets
        if all(codes is None or market.example in codes for codes in reached)
    )


def _claim(first: int, second: int, measures: list[tuple[int, int]], markets: tuple[str, ...], world: World) -> Claim:
    rules = tuple(world.rules[place].rule for place in (first, second))
    all_of_it = world.pack.measures.all
    each: list[tuple[Formula, str, str]] = [
        (every((world.done_by(first, one), world.done_by(second, other))), all_of_it[one].id, all_of_it[other].id)
        for one, other in dict.fromkeys(measures)
    ]
    everywhere = len(markets) == len(world.stage.markets)
    where = "" if everywhere else f" in {', '.join(markets)}"

    def shown(situation: Situation) -> tuple[str, str]:
        return next((one, other) for formula, one, other in each if holds_in(formula, situation))

    def words(situation: Situation) -> str:
        one, other = shown(situation)
        both = f"`{rules[0].ref}` imposes `{one}` and `{rules[1].ref}` `{other}`"
        return f"{both} on one item{where}, which exclude each other"

    return Claim(
        kind=Kind.CLASHING_RULES,
        subjects=tuple(rule.ref for rule in rules),
        title=f"Rules {rules[0].ref} and {rules[1].ref} never impose measures that exclude each other on one item.",
        span=rules[1].span,
        violation=some(formula for formula, _, _ in each),
        words=words,
        shows=lambda situation: (" and ".join(f"{measure} is done" for measure in shown(situation)),),
        hint="make their conditions exclude each other, or let one except what the other is about",
        markets=() if everywhere else markets,
    )
