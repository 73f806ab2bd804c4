"""Items with what is unknown of them filled in, so that rules which need not hold do not. It proves nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from assay.engine.kernel.values import MaybeValue, Value
from assay.engine.language.pack.vocabulary import SignalType
from assay.engine.program.core import Atom, Between, InRollout, Node, atoms_of
from assay.engine.program.smt.alphabet import Alphabet
from assay.engine.program.smt.formula import Situation


class Filling:
    """For each signal the value that passes the fewest tests.

    nodes  the conditions of rules
    """

    def __init__(self, alphabet: Alphabet, nodes: Iterable[Node]) -> None:
        self._alphabet = alphabet
        self._tests: dict[str, Counter[Atom]] = {}
        self._values: dict[str, Value] = {}
        for node in nodes:
            for atom in atoms_of(node):
                if not isinstance(atom.test, Between | InRollout):
                    self._tests.setdefault(atom.test.signal, Counter())[atom] += 1

    def filled(self, situation: Situation, names: Iterable[str]) -> Situation:
        """The same situation, in which all of these signals are known."""
        missing = {name: self._value(name) for name in names}
        points: list[dict[str, MaybeValue]] = [{**missing, **point} for point in situation.points]
        return Situation(tuple(points), situation.places, situation.item)

    def _value(self, name: str) -> Value:
        found = self._values.get(name)
        if found is None:
            tests = self._tests.get(name, Counter())
            found = self._values[name] = min(self.values(name), key=lambda value: _passed(value, tests))
        return found

    def values(self, name: str) -> tuple[Value, ...]:
        """Values to choose from: those that conditions tell apart, where these can be listed."""
        if self._alphabet.vocabulary.by_name[name].type is SignalType.TEXT:
            return ("",)
        domain = self._alphabet.domain(name)
        return (frozenset(),) if domain is None else domain.values


def _passed(value: Value, tests: Counter[Atom]) -> int:
    return sum(count for atom, count in tests.items() if atom.passes(value))
