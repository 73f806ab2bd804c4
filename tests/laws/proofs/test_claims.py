"""A claim is read alike by the solver, by whoever looks it up in a situation, and by the reference meaning."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from assay.engine.kernel.values import MaybeValue
from assay.engine.language.expression.parser import parse_expression
from assay.engine.language.meaning import meaning_of
from assay.engine.language.pack.vocabulary import Vocabulary
from assay.engine.program.core import Node
from assay.engine.program.lower import lower_condition
from assay.engine.program.smt.alphabet import Alphabet
from assay.engine.program.smt.encode import Encoder
from assay.engine.program.smt.formula import (
    AtLeast,
    Axis,
    Every,
    Formula,
    Holds,
    Known,
    Not,
    Plane,
    Situation,
    Some,
    Within,
    holds_in,
    truth_in,
)
from assay.engine.program.smt.solver import Impossible, Possible, Undecided, ask
from tests.laws.proofs.small.words import atoms_of, small_conditions, small_vocabularies, values_of

SIZES = {Axis.MARKET: 3, Axis.EPOCH: 2, Axis.SUBJECT: 1}


@st.composite
def claims(draw: DrawFn, nodes: list[Node], names: list[str], depth: int = 3) -> Formula:
    """Claims about two items of a situation, which may differ in the first signal."""
    kinds = ("holds", "holds", "known", "within")
    kind = draw(st.sampled_from(kinds if depth == 0 else (*kinds, "not", "every", "some", "some", "least")))
    point = draw(st.sampled_from((0, 0, 1)))
    if kind == "holds":
        return Holds(draw(st.sampled_from(nodes)), draw(st.sampled_from(Plane)), point)
    if kind == "known":
        return Known(draw(st.sampled_from(names)), point)
    if kind == "within":
        axis = draw(st.sampled_from((Axis.MARKET, Axis.EPOCH)))
        return Within(axis, draw(st.frozensets(st.integers(0, SIZES[axis] - 1))))
    if kind == "not":
        return Not(draw(claims(nodes, names, depth - 1)))
    parts = tuple([draw(claims(nodes, names, depth - 1)) for _ in range(draw(st.integers(0, 3)))])
    if kind == "least" and parts:
        return AtLeast(draw(st.integers(1, len(parts))), parts)
    return Every(parts) if kind == "every" else Some(parts)


def situations(vocabulary: Vocabulary, apart: str) -> Iterator[Situation]:
    """Two items, alike but for one signal, in every market at every time."""
    ways = [(*values_of(signal), None) for signal in vocabulary.signals]
    names = [signal.name for signal in vocabulary.signals]
    for item in product(*ways):
        first: dict[str, MaybeValue] = dict(zip(names, item, strict=True))
        for other in ways[names.index(apart)]:
            second = {**first, apart: other}
            for market, epoch in product(range(SIZES[Axis.MARKET]), range(SIZES[Axis.EPOCH])):
                yield Situation((first, second), {Axis.MARKET: market, Axis.EPOCH: epoch})


@given(st.data())
def test_a_claim_can_be_true_just_where_some_situation_makes_it_so(data: st.DataObject) -> None:
    vocabulary = data.draw(small_vocabularies(("flag", "choice", "set", "number", "score")).filter(_is_small))
    condition = small_conditions(atoms_of(vocabulary))
    texts = [data.draw(condition) for _ in range(3)]
    nodes = [lower_condition(parse_expression(text), vocabulary) for text in texts]
    apart = vocabulary.signals[0].name
    alphabet = Alphabet.of(vocabulary, nodes)
    claim = data.draw(claims(nodes, [signal.name for signal in vocabulary.signals]))
    everything = list(situations(vocabulary, apart))
    encoder = Encoder(alphabet, SIZES, frozenset((apart,)))
    for said in (claim, Not(claim)):
        answer = ask(encoder, said)
        assert not isinstance(answer, Undecided)
        some = any(holds_in(said, situation) for situation in everything)
        assert isinstance(answer, Possible if some else Impossible), f"{texts} {said}"
        if isinstance(answer, Possible):
            points = (*answer.situation.points, *answer.situation.points)[:2]
            assert holds_in(said, Situation(points, answer.situation.places, answer.situation.item)), f"{texts} {said}"


def _is_small(vocabulary: Vocabulary) -> bool:
    size = 1
    for signal in vocabulary.signals:
        size *= 1 + len(values_of(signal))
    return size <= 100


@given(st.data())
def test_a_lowered_condition_is_true_of_an_item_as_its_text_is(data: st.DataObject) -> None:
    vocabulary = data.draw(small_vocabularies())
    expression = parse_expression(data.draw(small_conditions(atoms_of(vocabulary))))
    node = lower_condition(expression, vocabulary)
    for item in product(*((*values_of(signal), None) for signal in vocabulary.signals)):
        signals = {signal.name: value for signal, value in zip(vocabulary.signals, item, strict=True)}
        assert truth_in(node, signals, "item") is meaning_of(expression, signals, vocabulary)
