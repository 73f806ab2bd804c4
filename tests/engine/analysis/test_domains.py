"""The values of a signal that conditions can tell apart: none is forgotten, and their likelihoods come from priors."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assay.engine.kernel.instants import SECOND
from assay.engine.language.expression.parser import parse_expression
from assay.engine.language.pack.vocabulary import Signal, SignalType, Vocabulary
from assay.engine.program.core import Atom, Between, atoms_of
from assay.engine.program.domains import MOST_VALUES, Domain, domain_of, whole_numbers
from assay.engine.program.lower import lower_condition
from tests.engine.analysis.opened import of_rules
from tests.makers import a_signal, a_vocabulary, conditions, values_of, vocabularies


def domain(signal: Signal, *written: str) -> Domain:
    vocabulary = a_vocabulary(signal)
    atoms = [atom for text in written for atom in atoms_of(lower_condition(parse_expression(text), vocabulary))]
    found = domain_of(signal, atoms)
    assert found is not None
    assert sum(found.weights) == pytest.approx(1.0)
    assert len(set(found.values)) == len(found.values) == len(found.weights)
    return found


def test_flags_and_choices_have_all_their_values() -> None:
    assert domain(a_signal()) == Domain((True, False), (0.5, 0.5))
    assert domain(a_signal("kind", "choice")).values == ("adult", "minor", "nobody")


def test_weights_are_the_priors_and_even_without_any() -> None:
    flag = replace(a_signal(), prior={"yes": 1, "no": 3})
    assert domain(flag) == Domain((True, False), (0.25, 0.75))
    assert domain(replace(flag, prior={"yes": 2})).weights == (1.0, 0.0)
    scale = replace(a_signal("extent", "scale"), prior={"none": 6, "generated": 2})
    assert domain(scale) == Domain(("none", "altered", "generated"), (0.75, 0.0, 0.25))
    assert domain(replace(scale, prior={"none": 0})).weights == pytest.approx((1 / 3, 1 / 3, 1 / 3))


def test_of_a_set_only_what_is_asked_for_is_told_apart() -> None:
    technique = a_signal("technique", "set")
    assert domain(technique, '"face_swap" in technique').values == (frozenset(), frozenset({"face_swap"}))
    assert len(domain(technique, 'sets.contains(technique, ["face_swap", "inpainting"])').values) == 4
    assert len(domain(technique, "size(technique) > 1").values) == 8
    likely = domain(replace(technique, prior={"face_swap": 3, "inpainting": 1}), '"face_swap" in technique')
    assert likely.weights == pytest.approx((1 - 3 / 7, 3 / 7))


def test_a_set_of_too_many_values_is_not_listed() -> None:
    names = tuple(f"v{number}" for number in range(13))
    signal = a_signal("tags", "set", names)
    atoms = [atom for name in names for atom in atoms_of(lowered(f'"{name}" in tags', signal))]
    assert domain_of(signal, atoms[:12]) is not None
    assert len((domain_of(signal, atoms[:12]) or Domain((), ())).values) == MOST_VALUES
    assert domain_of(signal, atoms) is None


def lowered(text: str, signal: Signal) -> Atom:
    node = lower_condition(parse_expression(text), a_vocabulary(signal))
    assert isinstance(node, Atom)
    return node


def test_texts_are_not_listed() -> None:
    assert domain_of(a_signal("caption", "text"), []) is None


@pytest.mark.parametrize(
    ("signal", "written", "values"),
    [
        (a_signal("n", "number", integer=True), ("n > 3",), (2, 3, 4)),
        (a_signal("n", "number", integer=True), ("n > 3", "n < 5"), (2, 3, 4, 5, 6)),
        (a_signal("n", "number", integer=True), ("n > 3", "n < 4"), (2, 3, 4, 5)),
        (a_signal("n", "number", integer=True, minimum=3, maximum=4), ("n > 3",), (3, 4)),
        (a_signal("n", "number", integer=True, minimum=0), ("n == 0",), (0, 1)),
        (a_signal("n", "number", integer=True, minimum=0.5, maximum=1.25), (), (1,)),
        (a_signal("n", "number"), ("n > 3",), (2.0, 3.0, 4.0)),
        (a_signal("n", "number"), ("n in [1, 2]",), (0.0, 1.0, 1.5, 2.0, 3.0)),
        (a_signal("n", "score"), ("n >= 0.5",), (0.0, 0.25, 0.5, 0.75, 1.0)),
        (a_signal("n", "duration"), ('n > duration("1s")',), (SECOND - 1, SECOND, SECOND + 1)),
        (a_signal("n", "time"), ('n < timestamp("1970-01-01T00:00:00Z")',), (-1, 0, 1)),
        (a_signal("n", "number"), (), (-1.0, 0.0, 1.0)),
    ],
)
def test_numbers_are_told_apart_below_at_and_between_their_constants(
    signal: Signal, written: tuple[str, ...], values: tuple[float, ...]
) -> None:
    assert domain(signal, *written).values == values


def test_whole_numbers_lie_between_constants_that_are_none() -> None:
    assert [number for number in whole_numbers((0.0, 2.5), 2) if 0 < number < 2.5] == [1, 2]
    assert [number for number in whole_numbers((0.25, 0.75, 1.5), 2) if 0 < number < 1.5] == [1]
    assert len([number for number in whole_numbers((), 3) if number > 0]) >= 3


@given(st.data())
def test_every_value_behaves_like_one_that_is_listed(data: st.DataObject) -> None:
    vocabulary = data.draw(vocabularies(most=1))
    (signal,) = vocabulary.signals
    assume(signal.type is not SignalType.TEXT)
    atoms = alone(vocabulary, data)
    found = domain_of(signal, atoms)
    assert found is not None
    value = data.draw(values_of(signal))
    wanted = [atom.passes(value) for atom in atoms]
    assert wanted in [[atom.passes(listed) for atom in atoms] for listed in found.values]


@given(st.data())
def test_every_value_that_is_listed_can_be_given(data: st.DataObject) -> None:
    vocabulary = data.draw(vocabularies(most=1))
    (signal,) = vocabulary.signals
    found = domain_of(signal, alone(vocabulary, data))
    for value in found.values if found is not None else ():
        assert signal.read(signal.write(value)) == value


def alone(vocabulary: Vocabulary, data: st.DataObject) -> list[Atom]:
    """Atoms over the one signal of a vocabulary, none of which compares it with itself."""
    drawn = data.draw(st.lists(conditions(vocabulary), min_size=1, max_size=4))
    atoms = [atom for condition in drawn for atom in atoms_of(lower_condition(condition, vocabulary))]
    return [atom for atom in atoms if not isinstance(atom.test, Between)]


def test_signals_that_are_compared_can_lie_on_either_side_of_each_other() -> None:
    width, height = a_signal("width", "number"), a_signal("height", "number")
    found = of_rules(a_vocabulary(width, height), "width < height && width > 3 && height < 4")
    (wide, high) = (found.residuals.domain(place) for place in (0, 1))
    assert wide is not None
    assert high is not None
    between = [value for value in wide.values if isinstance(value, float) and 3 < value < 4]
    assert len(between) == 2
    assert wide.values == high.values


def test_the_chance_of_a_large_set_does_not_depend_on_the_order_of_atoms() -> None:
    names = tuple(f"v{number}" for number in range(40))
    prior = {name: 1 / (3 + number) for number, name in enumerate(names)}
    signal = replace(a_signal("tags", "set", names), prior=prior)
    text = " && ".join(f'"{name}" in tags' for name in names)
    residuals = of_rules(a_vocabulary(signal), text).residuals
    atoms = [lowered(f'"{name}" in tags', signal) for name in names[:6]]
    chances = {residuals._set_chance(0, order) for order in permutations(atoms)}
    assert len(chances) == 1
