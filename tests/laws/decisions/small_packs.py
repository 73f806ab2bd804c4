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
from assay.engine.language.expression.syntax import And, Compare, Expression, In, ListLiteral, Literal, Name, Not, Or
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Rule
from assay.engine.language.pack.vocabulary import Signal, SignalType, Vocabulary
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


def of_one_signal(node: Expression, vocabulary: Vocabulary) -> Expression:
    """The condition with every comparison of two signals turned into a question about the first of them."""
    match node:
        case And(operands):
            return And(tuple(of_one_signal(operand, vocabulary) for operand in operands))
        case Or(operands):
            return Or(tuple(of_one_signal(operand, vocabulary) for operand in operands))
        case Not(operand):
            return Not(of_one_signal(operand, vocabulary))
        case Compare(operator, Name(path), Name()):
            signal = vocabulary.by_name[path]
            if signal.type is SignalType.NUMBER:
                return Compare(operator, Name(path), Literal(1))
            return Name(path) if signal.type is SignalType.FLAG else In(Name(path), _all_but_one(signal))
        case _:
            return node


def _all_but_one(signal: Signal) -> ListLiteral:
    return ListLiteral(tuple(Literal(name) for name in signal.value_names[1:]))


@st.composite
def small_packs(draw: DrawFn, *, comparisons: bool = True) -> Pack:
    """One to four rules over a small vocabulary, for every market and at any time, some with an exception.

    comparisons  whether conditions may compare two signals, of which nothing is known beforehand
    """
    vocabulary = draw(small_vocabularies())
    condition = conditions(vocabulary)
    if not comparisons:
        condition = condition.map(lambda node: of_one_signal(node, vocabulary))
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
