"""Packs so small that every way to answer can be tried, and the ways. It tests nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from assay.engine.decision.decide import Decider, Decision
from assay.engine.decision.item import Item
from assay.engine.kernel.values import MaybeValue, Value
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Rule
from assay.engine.language.pack.vocabulary import Signal, SignalType, Vocabulary
from assay.engine.program.core import Between, atoms_of
from tests.makers import SOME_DAY, a_pack, a_policy, a_rule, a_signal, a_vocabulary, an_exception, conditions

MEASURES = ("removed", "blocked", "not_recommended", "label:ai", "copies_removed")
MARKET = "FR"


@st.composite
def small_signals(draw: DrawFn, name: str) -> Signal:
    """A signal of three values or four; what an answer costs and how likely it is differ."""
    kind = draw(st.sampled_from(("flag", "flag", "choice", "scale", "set", "number")))
    values = {"choice": ("a", "b", "c"), "scale": ("low", "high", "extreme"), "set": ("x", "y")}.get(kind)
    whole = kind == "number"
    found = a_signal(name, kind, values, integer=whole, minimum=0 if whole else None, maximum=3 if whole else None)
    names = ("yes", "no") if kind == "flag" else values or ()
    prior = {one: draw(st.sampled_from((0.0, 1.0, 1.0, 2.0, 9.0))) for one in names} if draw(st.booleans()) else {}
    costs = {"seconds": draw(st.sampled_from((1.0, 10.0, 40.0))), "exposure": draw(st.sampled_from((0, 0, 3)))}
    return Signal(
        **{**{field: getattr(found, field) for field in Signal.__dataclass_fields__}, **costs, "prior": prior}
    )


def values_that_count(signal: Signal) -> tuple[Value, ...]:
    """Every value of a small signal."""
    match signal.type:
        case SignalType.FLAG:
            return (True, False)
        case SignalType.SET:
            names = signal.value_names
            chosen = product((False, True), repeat=len(names))
            return tuple(frozenset(n for n, one in zip(names, row, strict=True) if one) for row in chosen)
        case SignalType.NUMBER:
            return tuple(range(int(signal.minimum or 0), int(signal.maximum or 0) + 1))
        case _:
            return signal.value_names


@st.composite
def small_vocabularies(draw: DrawFn) -> Vocabulary:
    names = ("p", "q", "r", "s")[: draw(st.integers(1, 4))]
    return a_vocabulary(*(draw(small_signals(name)) for name in names))


@st.composite
def small_packs(draw: DrawFn) -> Pack:
    """One to four rules over a small vocabulary, for every market and at any time, some with an exception."""
    vocabulary = draw(small_vocabularies())
    condition = conditions(vocabulary)
    some = st.lists(st.sampled_from(MEASURES), min_size=1, max_size=2, unique=True)
    rules: list[Rule] = []
    for number in range(draw(st.integers(1, 4))):
        unless = draw(condition) if draw(st.sampled_from((False, False, True))) else None
        until_known = draw(some) if draw(st.sampled_from((False, True))) else ()
        rules.append(a_rule(f"p/r{number}", draw(condition), unless=unless, then=draw(some), until_known=until_known))
    exceptions = (
        [an_exception("p/satire", draw(condition), ("*",))] if draw(st.sampled_from((False, False, True))) else []
    )
    return a_pack(a_policy("p", rules, exceptions), vocabulary=vocabulary)


@st.composite
def small_cases(draw: DrawFn, pack: Pack) -> tuple[MaybeValue, ...]:
    """Values in the order of the vocabulary, about half of them missing."""
    known = st.sampled_from((True, False))
    return tuple(
        draw(st.sampled_from(values_that_count(signal))) if draw(known) else None for signal in pack.vocabulary.signals
    )


def completions(pack: Pack, values: tuple[MaybeValue, ...]) -> Iterator[tuple[Value, ...]]:
    """Every way to answer what is missing."""
    return product(
        *(
            (value,) if value is not None else values_that_count(signal)
            for signal, value in zip(pack.vocabulary.signals, values, strict=True)
        )
    )


def decide(decider: Decider, values: tuple[MaybeValue, ...]) -> Decision:
    return decider.decide(Item("item-1", values), SOME_DAY)


def by_name(pack: Pack, values: tuple[MaybeValue, ...]) -> Mapping[str, MaybeValue]:
    return {signal.name: value for signal, value in zip(pack.vocabulary.signals, values, strict=True)}


def compares_two_signals(decider: Decider) -> bool:
    return any(
        isinstance(atom.test, Between) for lowered in decider.program.rules for atom in atoms_of(lowered.condition)
    )


def keeps_structures(decider: Decider) -> bool:
    """Whether some rule has more terms than one column holds."""
    return decider.scalar.layout.columns > decider.scalar.layout.rules


@dataclass(frozen=True, slots=True)
class Answered:
    """What is done for every way to answer, by the answers."""

    done: Mapping[tuple[Value, ...], frozenset[str]]

    @classmethod
    def of(cls, decider: Decider, values: tuple[MaybeValue, ...]) -> Answered:
        every = completions(decider.pack, values)
        return cls({full: frozenset(decide(decider, full).applied(MARKET)) for full in every})

    def turns(self, place: int) -> bool:
        """Whether two ways to answer that differ in one signal alone come to different things."""
        by_others: dict[tuple[Value, ...], frozenset[str]] = {}
        return any(
            by_others.setdefault((*full[:place], *full[place + 1 :]), done) != done for full, done in self.done.items()
        )
