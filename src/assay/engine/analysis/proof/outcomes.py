"""What happens to items like these: the outcomes that are possible, each with an item that meets it. It judges none."""

from __future__ import annotations

from dataclasses import dataclass

from assay.engine.analysis.situations.search import Search
from assay.engine.analysis.situations.stage import stage_of
from assay.engine.analysis.situations.witness import Witness
from assay.engine.analysis.situations.world import World
from assay.engine.kernel.truth import YES
from assay.engine.language.expression.syntax import Expression
from assay.engine.language.pack.pack import Pack
from assay.engine.program.smt.alphabet import Alphabet
from assay.engine.program.smt.formula import Formula, Known, Not, Situation, every, holds_in, some, truth_in
from assay.engine.program.smt.solver import SECONDS, Impossible, Undecided
from assay.engine.program.smt.solver import Possible as Found


@dataclass(frozen=True, slots=True)
class Possible:
    """One outcome: what is done to an item of which everything is known that rules read, and by which rules."""

    measures: tuple[str, ...]
    rules: tuple[str, ...]
    market: str
    witness: Witness


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What can happen to items that fulfil a condition.

    found      outcomes, each different from the others, those first that do least
    complete   whether these are all of them; with `always`, `sometimes` and `never` this is a proof
    always     measures imposed on every such item
    sometimes  on some of them, and `never` on none
    undecided  what the solver could not decide in time, in words
    """

    found: tuple[Possible, ...]
    complete: bool
    always: tuple[str, ...]
    sometimes: tuple[str, ...]
    never: tuple[str, ...]
    undecided: tuple[str, ...] = ()


def outcomes(
    pack: Pack,
    condition: Expression,
    as_of: int,
    *,
    markets: tuple[str, ...] | None = None,
    most: int = 12,
    seconds: float = SECONDS,
) -> Outcomes:
    """The outcomes that are possible for items that certainly fulfil a condition, at one instant.

    condition  over the pack's signals; it has been checked
    as_of      microseconds since the epoch
    markets    codes or groups; everywhere where None
    most       so many outcomes at the most
    """
    world = World(pack, stage_of([pack], pack.vocabulary, as_of))
    search = Search(world.stage, [world], [world.lowered(condition)], seconds=seconds)
    stage = world.stage
    codes = None if markets is None else frozenset().union(*(pack.markets.reach(name) for name in markets))
    meant = every(
        (
            some(stage.of_subject(subject) for subject in world.subjects_of([condition])),
            stage.within_first_epoch,
            stage.in_markets(codes),
            world.condition(condition),
        )
    )
    return _Outcomes(world, search, every((meant, *_known(search.alphabet)))).look(most)


def _known(alphabet: Alphabet) -> list[Formula]:
    return [Known(name) for name in sorted(alphabet.atoms) if name in alphabet.vocabulary.by_name]


class _Outcomes:
    def __init__(self, world: World, search: Search, meant: Formula) -> None:
        self.world, self.search, self.meant = world, search, meant
        self.names = [measure.id for measure in world.pack.measures.all]
        self.undecided: list[str] = []

    def look(self, most: int) -> Outcomes:
        """Look for outcomes until there are no others, or enough."""
        found: list[tuple[frozenset[int], Situation]] = []
        left, complete = self.meant, False
        while len(found) < most:
            situation = self._situation(left, f"outcome:{len(found)}", found)
            if situation is None:
                complete = not self.undecided
                break
            done = self._done(situation)
            found.append((done, situation))
            left = every((left, Not(self._just(done))))
        seen = [done for done, _ in found]
        always, sometimes, never = self._each(seen, any_item=bool(found))
        ordered = sorted(found, key=lambda pair: (len(pair[0]), sorted(pair[0])))
        return Outcomes(
            tuple(self._possible(done, situation) for done, situation in ordered),
            complete,
            always,
            sometimes,
            never,
            tuple(self.undecided),
        )

    def _situation(self, claim: Formula, name: str, found: list[tuple[frozenset[int], Situation]]) -> Situation | None:
        # What does nothing is looked for first: it is what people ask about.
        nothing = every((claim, self._just(frozenset()))) if not found else None
        for formula in (nothing, claim):
            answer = self.search.find(formula, f"{name}:{formula is nothing}") if formula is not None else None
            if isinstance(answer, Found):
                return answer.situation
            if isinstance(answer, Undecided):
                self.undecided.append(f"whether there is another outcome ({answer.why})")
        return None

    def _just(self, done: frozenset[int]) -> Formula:
        return every(
            self.world.certain(place) if place in done else Not(self.world.certain(place))
            for place in range(len(self.names))
        )

    def _done(self, situation: Situation) -> frozenset[int]:
        return frozenset(place for place in range(len(self.names)) if holds_in(self.world.certain(place), situation))

    def _each(self, seen: list[frozenset[int]], *, any_item: bool) -> tuple[tuple[str, ...], ...]:
        always, sometimes, never = [], [], []
        for place, name in enumerate(self.names):
            with_it = any(place in done for done in seen) or self._can(self.world.certain(place), f"with:{name}")
            without = any(place not in done for done in seen) or self._can(
                Not(self.world.certain(place)), f"without:{name}"
            )
            if with_it and not without and any_item:
                always.append(name)
            elif with_it:
                sometimes.append(name)
            else:
                never.append(name)
        return tuple(always), tuple(sometimes), tuple(never)

    def _can(self, claim: Formula, name: str) -> bool:
        answer = self.search.find(every((self.meant, claim)), name)
        if isinstance(answer, Undecided):
            self.undecided.append(f"whether {name} ({answer.why})")
        return not isinstance(answer, Impossible)

    def _possible(self, done: frozenset[int], situation: Situation) -> Possible:
        rules = tuple(
            lowered.rule.ref
            for place, lowered in enumerate(self.world.rules)
            if holds_in(self.world.active(place), situation)
            and truth_in(lowered.condition, situation.points[0], situation.item) is YES
        )
        witness = self.search.witness(situation, shows=self.world.comes_to(situation, waiting=()))
        return Possible(tuple(self.names[place] for place in sorted(done)), rules, witness.market, witness)
