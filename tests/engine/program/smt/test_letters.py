"""What the solver is told of a signal's values is so of every value, and tells each value from the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import pytest
import z3
from hypothesis import assume, given
from hypothesis import strategies as st

from assay.engine.kernel.truth import YES
from assay.engine.kernel.values import MaybeValue, Value
from assay.engine.language.expression.parser import parse_expression
from assay.engine.language.pack.vocabulary import Signal
from assay.engine.program.core import Among, Atom, Between, Members, Ordered, Size, TextTest, atoms_of
from assay.engine.program.lower import lower_condition
from assay.engine.program.smt.alphabet import Alphabet
from assay.engine.program.smt.encode import Encoder
from assay.engine.program.smt.formula import true, truth_in
from assay.engine.program.smt.letters import Letter, Line, Pick, Several, Writing, letter_of
from assay.engine.program.smt.solver import Impossible, Possible, ask
from tests.laws.proofs.small.words import ATOMS
from tests.makers import a_signal, a_vocabulary


def models(letter: Letter, claim: z3.BoolRef) -> Iterator[Value | None]:
    """Every value that a letter has in a model of a claim, each once."""
    solver = z3.Solver()
    solver.add(*letter.axioms(), claim)
    while solver.check() == z3.sat:
        model = solver.model()

        def says(each: z3.BoolRef, model: z3.ModelRef = model) -> bool:
            return bool(z3.is_true(model.eval(each, model_completion=True)))

        yield letter.value(says)
        bools = _bools(letter)
        solver.add(z3.Or([each if not says(each) else z3.Not(each) for each in bools]) if bools else z3.BoolVal(False))


def _bools(letter: Letter) -> Sequence[z3.BoolRef]:
    match letter:
        case Line():
            return letter.reached
        case Pick():
            return letter.chosen
        case Several():
            return tuple(letter.members.values())
        case Writing():
            return (*letter.tests.values(), *letter.length.reached)


@pytest.mark.parametrize("kind", [Line, Pick])
@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_a_row_is_among_some_values_just_when_it_is_one_of_them(kind: type[Line | Pick], size: int) -> None:
    letter = kind.of("p", range(size))
    for row in product((False, True), repeat=size):
        wanted = [place for place, one in enumerate(row) if one]
        assert set(models(letter, letter.among(wanted))) == {*wanted}
        assert set(models(letter, z3.Not(letter.among(wanted)))) == {*range(size)} - {*wanted}


def test_places_that_are_named_twice_or_in_disorder_are_one_run() -> None:
    letter = Line.of("p", "abcde")
    assert sorted(map(str, models(letter, letter.among([3, 1, 2, 2])))) == ["b", "c", "d"]
    assert sorted(map(str, models(letter, letter.among([4, 0])))) == ["a", "e"]


SUBSETS = [frozenset(name for name, one in zip("xyz", row, strict=True) if one) for row in product((0, 1), repeat=3)]


@pytest.mark.parametrize("mode", ["any", "all"])
@pytest.mark.parametrize("values", SUBSETS[1:])
def test_a_set_shares_or_has_what_is_named(mode: str, values: frozenset[str]) -> None:
    letter, test = Several.of("p", "xyz"), Members("p", mode, values)
    assert set(models(letter, letter.test(test))) == {one for one in SUBSETS if test.holds(one)}


@pytest.mark.parametrize("operator", ["==", "!=", "<", "<=", ">", ">="])
@pytest.mark.parametrize("constant", [-1, 0, 1, 2, 3, 4, 1.5])
def test_a_set_has_so_many_values(operator: str, constant: float) -> None:
    letter, test = Several.of("p", "xyz"), Size("p", operator, constant)
    assert set(models(letter, letter.test(test))) == {one for one in SUBSETS if test.holds(one)}


def test_a_set_without_values_is_empty() -> None:
    letter = Several.of("p", ())
    assert list(models(letter, letter.test(Size("p", "==", 0)))) == [frozenset()]
    assert list(models(letter, letter.test(Size("p", ">", 0)))) == []


# ----------------------------------------------------------------------- texts

TEXTS = ["".join(letters) for size in range(5) for letters in product("abz", repeat=size)]
QUESTIONS = [text.format("p") for text in ATOMS["text"]] + ['p == "abab"', "size(p) >= 3", 'p.endsWith("ba")']


def written(*questions: str, longest: int = 4) -> tuple[Writing, list[Atom]]:
    vocabulary = a_vocabulary(a_signal("p", "text"))
    nodes = [lower_condition(parse_expression(text), vocabulary) for text in questions]
    atoms = [Atom(atom.test) for node in nodes for atom in atoms_of(node)]
    letter = letter_of(Alphabet.of(vocabulary, nodes), "p", "p")
    assert isinstance(letter, Writing)
    return letter, atoms


@given(st.lists(st.sampled_from(QUESTIONS), min_size=1, max_size=4, unique=True), st.sampled_from(TEXTS))
def test_no_text_is_ruled_out_by_what_is_said_of_all_texts(questions: list[str], text: str) -> None:
    letter, atoms = written(*questions)
    solver = z3.Solver()
    solver.add(*letter.axioms())
    for atom in atoms:
        solver.add(letter.test(atom) == z3.BoolVal(atom.passes(text)))
    assert solver.check() == z3.sat, f"{questions} {text!r}"


@given(st.lists(st.sampled_from(QUESTIONS), min_size=1, max_size=4, unique=True), st.data())
def test_a_text_that_is_found_answers_every_question_as_the_model_does(
    questions: list[str], data: st.DataObject
) -> None:
    letter, atoms = written(*questions)
    solver = z3.Solver()
    said = [data.draw(st.booleans()) for _ in atoms]
    solver.add(*letter.axioms(), *(letter.test(a) == z3.BoolVal(one) for a, one in zip(atoms, said, strict=True)))
    if solver.check() != z3.sat:
        assert not any(_answers(atoms, text) == said for text in TEXTS), f"{questions} {said}"
        return
    model = solver.model()
    found = letter.value(lambda each: bool(z3.is_true(model.eval(each, model_completion=True))))
    assert found is None or _answers(atoms, found) == said


def _answers(atoms: list[Atom], text: Value) -> list[bool]:
    return [atom.passes(text) for atom in atoms]


CONTRADICTIONS = [
    ('p.startsWith("ab")', 'p.startsWith("b")'),
    ('p.endsWith("ab")', 'p.endsWith("ba")'),
    ('p == "ab"', 'p.contains("z")'),
    ('p == "ab"', 'p == "a"'),
    ('p == "ab"', "size(p) > 2"),
    ('p.contains("abc")', "size(p) <= 2"),
    ('p.startsWith("ab")', '!p.contains("b")'),
    ('p.endsWith("ab")', '!p.endsWith("b")'),
    ('p == ""', "size(p) >= 1"),
]


@pytest.mark.parametrize(("one", "other"), CONTRADICTIONS)
def test_texts_that_cannot_be_are_ruled_out(one: str, other: str) -> None:
    vocabulary = a_vocabulary(a_signal("p", "text"))
    nodes = [lower_condition(parse_expression(text), vocabulary) for text in (one, other)]
    letter = letter_of(Alphabet.of(vocabulary, nodes), "p", "p")
    assert isinstance(letter, Writing)
    solver = z3.Solver()
    solver.add(*letter.axioms())
    for atom in (atom for node in nodes for atom in atoms_of(node)):
        said = letter.test(Atom(atom.test))
        solver.add(z3.Not(said) if atom.negated else said)
    assert solver.check() == z3.unsat


# -------------------------------------------------------------------- alphabet


def test_a_list_of_texts_is_one_question_for_each() -> None:
    letter, _ = written('p in ["ab", "ba"]')
    assert set(letter.tests) == {Atom(Among("p", frozenset((text,)))) for text in ("ab", "ba")}


def test_signals_that_are_compared_share_their_constants_and_have_room_to_differ() -> None:
    vocabulary = a_vocabulary(*(a_signal(name, "number") for name in ("p", "q", "r", "s")))
    texts = ("p < q", "q < r", "p > 1.0", "s > 5.0")
    alphabet = Alphabet.of(vocabulary, [lower_condition(parse_expression(text), vocabulary) for text in texts])
    assert alphabet.twins("p") == {"q", "r"} and alphabet.twins("s") == frozenset()
    for name in ("p", "q", "r"):
        domain = alphabet.domain(name)
        assert domain is not None
        values = [value for value in domain.values if isinstance(value, float)]
        assert sum(value < 1.0 for value in values) >= 3 and sum(value > 1.0 for value in values) >= 3
        assert 1.0 in values and not any(value > 5.0 for value in values)


CONSTANTS = (-1.5, 0.0, 0.5, 1.0, 2.0, 2.5, 3.0, 7.0)
BOUNDS = st.none() | st.sampled_from(CONSTANTS)


def _numbers_of(signal: Signal) -> st.SearchStrategy[float]:
    """Numbers that a signal can have, near to those that conditions name."""
    numbers = [number / 4 for number in range(-40, 60) if not signal.integer or number % 4 == 0]
    low, high = signal.minimum, signal.maximum
    kept = [one for one in numbers if (low is None or one >= low) and (high is None or one <= high)]
    assume(kept)
    return st.sampled_from(kept)


@given(st.data())
def test_whatever_numbers_compared_with_each_other_are_they_can_be_told_apart(data: st.DataObject) -> None:
    signals = [
        a_signal(name, "number", integer=whole, minimum=low, maximum=high)
        for name in "pqr"
        for whole, low, high in [data.draw(st.tuples(st.booleans(), BOUNDS, BOUNDS))]
    ]
    operator = st.sampled_from(("<", "<=", "==", "!="))
    atoms = [Atom(Between("p", data.draw(operator), "q")), Atom(Between("q", data.draw(operator), "r"))]
    for signal in signals:
        named = [number for number in CONSTANTS if not signal.integer or number == int(number)]
        chosen = data.draw(st.lists(st.sampled_from(named), max_size=2))
        atoms += [Atom(Ordered(signal.name, data.draw(st.sampled_from(("<", "<="))), number)) for number in chosen]
    alphabet = Alphabet.of(a_vocabulary(*signals), atoms)
    item: dict[str, MaybeValue] = {signal.name: data.draw(_numbers_of(signal)) for signal in signals}
    listed = [domain.values if (domain := alphabet.domain(signal.name)) else () for signal in signals]
    told = [truth_in(atom, item, None) for atom in atoms]
    assert any(
        told == [truth_in(atom, dict(zip("pqr", values, strict=True)), None) for atom in atoms]
        for values in product(*listed)
    ), (atoms, item)


@pytest.mark.parametrize(
    ("text", "can_be"),
    [
        ("p == r && r > 0 && r < 4", True),
        ("p == r && r > 1 && r < 2", False),
        ("p == r && r > 0.5 && r < 1.5", True),
        ("p < q && r > 0.5 && r < p && s > q && s < 2.5", True),
        ("p < q && r > 0.5 && r < p && s > q && s < 2", False),
        ("p < r && r < q && q < s && p > 0 && s < 2.5", True),
        ("p == r && q == s && p < q && r > 10 && s < 100", True),
        ("p < q && r == p && s == q", True),
        ("r < s && p > r && p < s && s < 1 && r > 0", False),
        ("p != q && p == r && q == s && r > 2 && s < 4 && r < s", False),
    ],
)
def test_counts_and_other_numbers_meet_just_where_they_can(text: str, *, can_be: bool) -> None:
    vocabulary = a_vocabulary(*(a_signal(name, "number", integer=name in "pq") for name in "pqrs"))
    node = lower_condition(parse_expression(text), vocabulary)
    answer = ask(Encoder(Alphabet.of(vocabulary, [node]), {}), true(node))
    assert isinstance(answer, Possible if can_be else Impossible)
    if isinstance(answer, Possible):
        assert truth_in(node, answer.situation.points[0], None) is YES


def test_of_a_set_only_what_is_named_is_told_apart_unless_it_is_counted() -> None:
    vocabulary = a_vocabulary(a_signal("p", "set", ("x", "y", "z")))

    def members(*texts: str) -> tuple[str, ...]:
        return Alphabet.of(vocabulary, [lower_condition(parse_expression(text), vocabulary) for text in texts]).members(
            "p"
        )

    assert members('"y" in p') == ("y",)
    assert members('"y" in p', "size(p) > 1") == ("x", "y", "z")


def test_two_texts_that_are_compared_are_a_question_of_their_own() -> None:
    vocabulary = a_vocabulary(a_signal("p", "text"), a_signal("q", "text"))
    node = lower_condition(parse_expression('p == q && p.contains("a")'), vocabulary)
    alphabet = Alphabet.of(vocabulary, [node])
    letter = letter_of(alphabet, "p", "p")
    assert isinstance(letter, Writing)
    assert set(letter.tests) == {Atom(TextTest("p", "contains", "a"))}
    assert Atom(Between("p", "==", "q")) in alphabet.atoms["q"]
    assert alphabet.texts == ("p", "q")
