"""One signal in the solver's words: booleans that say which of its values it has. It asks nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

import z3

from assay.engine.kernel.values import MaybeValue, Value
from assay.engine.language.pack.vocabulary import SignalType
from assay.engine.program.core import Among, Atom, Members, Ordered, Size, TextTest
from assay.engine.program.domains import domain_of
from assay.engine.program.smt.alphabet import Alphabet, length_of
from assay.engine.program.smt.connect import conjunction, disjunction, implication, negation
from assay.engine.program.smt.texts import text_that

Says: TypeAlias = Callable[[z3.BoolRef], bool]
_ORDERED = (SignalType.SCALE, SignalType.NUMBER, SignalType.SCORE, SignalType.TIME, SignalType.DURATION)


@dataclass(frozen=True, slots=True)
class Line:
    """One of several values in a row: `reached[i]` says that it is value i + 1 or a later one."""

    values: tuple[Value, ...]
    reached: tuple[z3.BoolRef, ...]

    @classmethod
    def of(cls, name: str, values: Sequence[Value]) -> Line:
        """A row of values under a name."""
        return cls(tuple(values), tuple(z3.Bool(f"{name}>{place}") for place in range(len(values) - 1)))

    def among(self, places: Iterable[int]) -> z3.BoolRef:
        """That it is one of some values."""
        runs: list[list[int]] = []
        for place in sorted(places):
            if runs and runs[-1][1] == place - 1:
                runs[-1][1] = place
            else:
                runs.append([place, place])
        return disjunction([self._run(first, last) for first, last in runs])

    def _run(self, first: int, last: int) -> z3.BoolRef:
        bounds = [self.reached[first - 1]] if first else []
        if last < len(self.values) - 1:
            bounds.append(negation(self.reached[last]))
        return conjunction(bounds)

    def axioms(self) -> list[z3.BoolRef]:
        """Whoever has reached a value has reached those before it."""
        return [implication(self.reached[place + 1], self.reached[place]) for place in range(len(self.reached) - 1)]

    def value(self, says: Says) -> Value:
        """Its value in a model."""
        return self.values[sum(says(each) for each in self.reached)]


@dataclass(frozen=True, slots=True)
class Pick:
    """One of several values without order, a boolean for each."""

    values: tuple[Value, ...]
    chosen: tuple[z3.BoolRef, ...]

    @classmethod
    def of(cls, name: str, values: Sequence[Value]) -> Pick:
        """Values under a name."""
        return cls(tuple(values), tuple(z3.Bool(f"{name}={place}") for place in range(len(values))))

    def among(self, places: Iterable[int]) -> z3.BoolRef:
        """That it is one of some values."""
        wanted = set(places)
        if 2 * len(wanted) > len(self.values):
            return conjunction([negation(each) for place, each in enumerate(self.chosen) if place not in wanted])
        return disjunction([each for place, each in enumerate(self.chosen) if place in wanted])

    def axioms(self) -> list[z3.BoolRef]:
        """It has exactly one value."""
        return [
            disjunction(self.chosen),
            *(disjunction((negation(a), negation(b))) for a, b in combinations(self.chosen, 2)),
        ]

    def value(self, says: Says) -> Value:
        """Its value in a model."""
        return next(value for value, each in zip(self.values, self.chosen, strict=True) if says(each))


@dataclass(frozen=True, slots=True)
class Several:
    """A set, with a boolean for each value that can be told apart."""

    members: Mapping[str, z3.BoolRef]

    @classmethod
    def of(cls, name: str, members: Iterable[str]) -> Several:
        """A set under a name."""
        return cls({member: z3.Bool(f"{name}:{member}") for member in members})

    def test(self, test: Members | Size) -> z3.BoolRef:
        """That the set passes."""
        if isinstance(test, Members):
            named = [self.members[value] for value in sorted(test.values)]
            return conjunction(named) if test.mode == "all" else disjunction(named)
        sizes = [number for number in range(len(self.members) + 1) if test.holds(frozenset(map(str, range(number))))]
        return disjunction([_exactly(list(self.members.values()), number) for number in sizes])

    def axioms(self) -> list[z3.BoolRef]:
        """Any subset can be."""
        return []

    def value(self, says: Says) -> Value:
        """Its value in a model."""
        return frozenset(member for member, each in self.members.items() if says(each))


@dataclass(frozen=True, slots=True)
class Writing:
    """A text, of which only what conditions ask is known: one boolean a test, and its length."""

    tests: Mapping[Atom, z3.BoolRef]
    sizes: tuple[Ordered, ...]
    length: Line
    longest: int

    def test(self, atom: Atom) -> z3.BoolRef:
        """That the text passes; the atom is not negated."""
        test = atom.test
        if isinstance(test, Size):
            return self._length_where(Ordered(test.signal, test.operator, test.constant).holds)
        if isinstance(test, Among):
            each = [Atom(Among(test.signal, frozenset((one,)))) for one in sorted(map(str, test.values))]
            return disjunction([self.tests[one] for one in each])
        return self.tests[atom]

    def axioms(self) -> list[z3.BoolRef]:
        """What one test says of another: a text that begins with a word contains it, and so on; and its length."""
        rules = self.length.axioms()
        for one, said in self.tests.items():
            if isinstance(one.test, Among):
                text = _only(one)
                rules += [
                    implication(said, other if two.test.holds(text) else negation(other))
                    for two, other in self.tests.items()
                    if two != one and isinstance(two.test, Among | TextTest)
                ]
                rules.append(implication(said, self._length_where(Ordered("", "==", len(text)).holds)))
            elif isinstance(one.test, TextTest):
                rules += self._of_part(one.test, said)
        return rules

    def _of_part(self, test: TextTest, said: z3.BoolRef) -> list[z3.BoolRef]:
        rules = [implication(said, self._length_where(Ordered("", ">=", len(test.part)).holds))]
        for two, other in self.tests.items():
            if not isinstance(two.test, TextTest) or two.test == test:
                continue
            surely = two.test.function in ("contains", test.function) and two.test.holds(test.part)
            if surely:
                rules.append(implication(said, other))
            elif two.test.function == test.function != "contains" and not test.holds(two.test.part):
                # Two beginnings of one text, of which neither continues the other.
                rules.append(negation(conjunction((said, other))))
        return rules

    def _length_where(self, passes: Callable[[Value], bool]) -> z3.BoolRef:
        return self.length.among(place for place, size in enumerate(self.length.values) if passes(size))

    def value(self, says: Says) -> MaybeValue:
        """A text that passes just the tests that the model says; None where none was found."""
        wanted = {atom: says(each) for atom, each in self.tests.items()}
        size = self.length.value(says)

        def fits(length: int) -> bool:
            return length <= self.longest and all(one.holds(length) == one.holds(size) for one in self.sizes)

        return text_that(wanted, fits, int(str(size)))


Letter: TypeAlias = Line | Pick | Several | Writing


def letter_of(alphabet: Alphabet, name: str, label: str) -> Letter:
    """The booleans of a signal, under a label of their own."""
    signal = alphabet.vocabulary.by_name[name]
    if signal.type is SignalType.SET:
        return Several.of(label, alphabet.members(name))
    if signal.type is SignalType.TEXT:
        return _writing(alphabet, name, label)
    domain = alphabet.domain(name)
    values = domain.values if domain is not None else ()
    return Line.of(label, values) if signal.type in _ORDERED else Pick.of(label, values)


def _writing(alphabet: Alphabet, name: str, label: str) -> Writing:
    signal = alphabet.vocabulary.by_name[name]
    tests: dict[Atom, z3.BoolRef] = {}
    sizes: list[Ordered] = []
    for atom in alphabet.atoms.get(name, ()):
        match atom.test:
            case Size():
                sizes.append(Ordered("", atom.test.operator, atom.test.constant))
            case Among(_, values):
                for value in sorted(map(str, values)):
                    tests[Atom(Among(name, frozenset((value,))))] = z3.Bool(f"{label}={value!r}")
            case TextTest(_, function, part):
                tests[atom] = z3.Bool(f"{label}.{function}({part!r})")
            case _:
                # A comparison of two texts stands on its own, as the encoder has it.
                continue
    # The lengths of constants are told apart too, since a text that equals one has its length.
    lengths = {len(one.test.part if isinstance(one.test, TextTest) else _only(one)) for one in tests}
    cuts = [Atom(one) for one in (*sizes, *(Ordered("", ">=", length) for length in sorted(lengths)))]
    domain = domain_of(length_of(signal), cuts)
    line = Line.of(f"{label}.size", domain.values if domain is not None else (0,))
    return Writing(tests, tuple(sizes), line, signal.longest)


def _only(atom: Atom) -> str:
    """The text that an atom asks for."""
    assert isinstance(atom.test, Among)  # noqa: S101 (the caller looked)
    return str(next(iter(atom.test.values)))


def _exactly(bools: list[z3.BoolRef], number: int) -> z3.BoolRef:
    if not bools:
        return z3.BoolVal(val=number == 0)
    return z3.PbEq([(each, 1) for each in bools], number)
