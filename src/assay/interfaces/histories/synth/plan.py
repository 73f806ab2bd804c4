"""Packs and a recipe worked out to tables from which rows are drawn. It draws none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assay.engine.kernel.errors import Fault
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.vocabulary import ORDERED, Signal, SignalType, Vocabulary
from assay.engine.program.columnar.table.columns import Dictionary
from assay.engine.program.core import Atom, atoms_of
from assay.engine.program.lower import Program, lower_pack
from assay.interfaces.histories.synth.audience import COHORTS, FOLLOWED, SURFACES, Audience, markets_for, slots
from assay.interfaces.histories.synth.chance import Wheel
from assay.interfaces.histories.synth.kinds.kind import Kind, all_kinds
from assay.interfaces.histories.synth.kinds.menus import Menu, menu_of
from assay.interfaces.histories.synth.recipe import Recipe

# The kinds' shares change in so many steps over the days.
PHASES = 16
_UPLOADS_EACH = 3
_FEWEST_CREATORS = 40


@dataclass(frozen=True, slots=True, eq=False)
class SignalPlan:
    """A signal that rows have a value for.

    numbers    of a signal with numbers its values by code; None for words and sets
    of_creator whether it is the same in all that a creator uploads
    """

    signal: Signal
    menu: Menu
    wheel: Wheel
    dictionary: Dictionary
    numbers: NDArray[Any] | None
    of_creator: bool

    @property
    def name(self) -> str:
        """The signal's name."""
        return self.signal.name


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """All that rows are drawn from.

    programs   the packs, the first of which is in force
    kinds_of   a wheel for the kind, by cohort and phase
    starts     the first row of each hour of each day
    """

    recipe: Recipe
    programs: tuple[Program, ...]
    vocabulary: Vocabulary
    kinds: tuple[Kind, ...]
    cohorts: tuple[str, ...]
    surfaces: tuple[str, ...]
    audience: Audience
    signals: tuple[SignalPlan, ...]
    cohort: Wheel
    kinds_of: Wheel
    score: Wheel
    surface: Wheel
    followed: NDArray[np.float64]
    risk: NDArray[np.float64]
    starts: NDArray[np.int64]
    creators: int

    @property
    def detector(self) -> str | None:
        """The score that a detector gives, which strata are cut by."""
        found = [plan.name for plan in self.signals if plan.signal.type is SignalType.SCORE]
        return next((name for name in found if "detector" in name), found[0] if found else None)


def plan_of(packs: Sequence[Pack], recipe: Recipe) -> Plan | list[Fault]:
    """The plan for packs of which the first is in force; faults where their signals do not go together."""
    vocabulary = joined_vocabulary(packs)
    if isinstance(vocabulary, list):
        return vocabulary
    programs = tuple([lower_pack(pack) for pack in packs])
    kinds = all_kinds()
    audience = Audience.of(recipe.markets or markets_for(packs))
    cohorts = tuple(COHORTS)
    scores = menu_of(_ANY_SCORE, (), (), kinds, recipe.first_day)
    return Plan(
        recipe=recipe,
        programs=programs,
        vocabulary=vocabulary,
        kinds=kinds,
        cohorts=("", *cohorts),
        surfaces=("", *SURFACES),
        audience=audience,
        signals=tuple(_signal_plans(packs, programs, vocabulary, kinds, recipe)),
        cohort=Wheel.of([list(COHORTS.values())]),
        kinds_of=Wheel.of([_shares(kinds, cohort, phase, recipe) for cohort in cohorts for phase in range(PHASES)]),
        score=Wheel.of(scores.weights, first=1),
        surface=Wheel.of([list(SURFACES.values())], first=1),
        followed=np.array([FOLLOWED[name] for name in cohorts]),
        risk=np.array([kind.risk for kind in kinds]),
        starts=slots(recipe.days, recipe.first_day.weekday(), recipe.rows),
        creators=max(_FEWEST_CREATORS, recipe.rows // _UPLOADS_EACH),
    )


_ANY_SCORE = Signal("score", SignalType.SCORE, "", "")


def joined_vocabulary(packs: Sequence[Pack]) -> Vocabulary | list[Fault]:
    """Every signal of some packs once, as the first pack that has it declares it."""
    found: dict[str, Signal] = {}
    faults = []
    for pack in packs:
        for signal in pack.vocabulary.signals:
            known = found.setdefault(signal.name, signal)
            if (known.type, known.by_market) != (signal.type, signal.by_market):
                words = f"`{signal.name}` is a {known.type} in one pack and a {signal.type} in another"
                faults.append(Fault("wrong-type", words, signal.name))
            elif known.values and not known.by_name.keys() & signal.by_name.keys():
                words = f"the packs have no value of `{signal.name}` in common"
                faults.append(Fault("unknown-value", words, signal.name))
    return faults or Vocabulary(tuple(found.values()))


def _signal_plans(
    packs: Sequence[Pack], programs: Sequence[Program], vocabulary: Vocabulary, kinds: Sequence[Kind], recipe: Recipe
) -> list[SignalPlan]:
    asked: dict[str, list[Atom]] = {}
    for program in programs:
        for atom in dict.fromkeys(atom for rule in program.rules for atom in atoms_of(rule.condition)):
            for name in atom.signals:
                asked.setdefault(name, []).append(atom)
    found = []
    for signal in vocabulary.signals:
        # Where a pack's calendar gives the value, a row that gave another would be wrong.
        if signal.calendar is not None:
            continue
        alike = [pack.vocabulary.by_name[signal.name] for pack in packs if signal.name in pack.vocabulary.by_name]
        menu = menu_of(signal, alike, asked.get(signal.name, []), kinds, recipe.first_day)
        numbers = _numbers(menu, signal) if signal.type in ORDERED else None
        of_creator = signal.subject == "account"
        found.append(
            SignalPlan(signal, menu, Wheel.of(menu.weights, first=1), Dictionary(menu.values), numbers, of_creator)
        )
    return found


def _numbers(menu: Menu, signal: Signal) -> NDArray[Any]:
    whole = signal.integer or signal.type in (SignalType.TIME, SignalType.DURATION)
    # What stands for the unknown is never read as a number: a fraction is NaN there, a whole number masked.
    first = 0 if whole else float("nan")
    values = [first, *[value for value in menu.values[1:] if isinstance(value, int | float)]]
    return np.array(values, np.int64 if whole else np.float64)


def _shares(kinds: Sequence[Kind], cohort: str, phase: int, recipe: Recipe) -> list[float]:
    grown = phase / (PHASES - 1) if recipe.drift else 0.0
    return [kind.share * kind.cohorts.get(cohort, 1.0) * (1.0 + (kind.growth - 1.0) * grown) for kind in kinds]


def most_read(program: Program) -> list[str]:
    """The signals that a program's rules read, those of most rules first."""
    counts = Counter(
        name for rule in program.rules for name in {name for atom in atoms_of(rule.condition) for name in atom.signals}
    )
    return sorted(counts, key=lambda name: (-counts[name], name))
