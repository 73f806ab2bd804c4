"""What a set of complete items is described by: axes with finitely many cells. It never speaks of what is unknown.

A signal of finitely many values is one axis. Of a set each value is an axis, of a text each test; so is a comparison of
two signals, and whether an item is among those of a rollout.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assay.engine.kernel.bits import places_of
from assay.engine.kernel.instants import format_duration, format_instant
from assay.engine.kernel.values import MaybeValue, Value
from assay.engine.language.expression.syntax import (
    And,
    Call,
    Compare,
    Expression,
    In,
    ListLiteral,
    Literal,
    Name,
    Not,
    Or,
)
from assay.engine.language.pack.vocabulary import ORDERED, Signal, SignalType
from assay.engine.program.core import Among, Atom, Between, InRollout, Members, Ordered, Size, Test, TextTest
from assay.engine.program.smt.alphabet import Alphabet

Box = Mapping["Axis", int]
_YES, _NO = 1, 2
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


@dataclass(frozen=True, slots=True)
class Axis:
    """One dimension. `key` is a signal's name, or an atom that stands for itself, with the cells yes and no."""

    key: str | Atom
    values: tuple[Value, ...] = field(default=(), compare=False)

    @property
    def everything(self) -> int:
        """All of its cells."""
        return (1 << len(self.values)) - 1 if isinstance(self.key, str) else _YES | _NO

    @property
    def signals(self) -> tuple[str, ...]:
        """The signals it looks at; none for a rollout."""
        return (self.key,) if isinstance(self.key, str) else self.key.signals


class Axes:
    """The axes of some conditions, and what each atom asks of them."""

    def __init__(self, alphabet: Alphabet) -> None:
        self.alphabet = alphabet
        self._axes: dict[str | Atom, Axis] = {}

    def of(self, atom: Atom) -> list[tuple[Axis, int]]:
        """The axes that an atom looks at with the cells that it allows; one of several has to hold (see `joined`)."""
        test = atom.test
        signal = self.alphabet.vocabulary.by_name.get(test.signal) if not isinstance(test, InRollout) else None
        if signal is not None and isinstance(test, Among | Ordered) and self._is_told_apart(signal, test):
            axis = self._axis(signal.name)
            cells = sum(1 << place for place, value in enumerate(axis.values) if test.holds(value))
            return [(axis, axis.everything & ~cells if atom.negated else cells)]
        singles = [test] if self._stands_alone(test) else _singles(test)
        return [(self._own(Atom(one)), _NO if atom.negated else _YES) for one in singles]

    def _is_told_apart(self, signal: Signal, test: Test) -> bool:
        """Whether the cells of a signal say which values pass; of a number only those that its constants cut."""
        if signal.type is SignalType.TEXT:
            return False
        return signal.type not in ORDERED or Atom(test) in self.alphabet.atoms.get(signal.name, ())

    def _stands_alone(self, test: Test) -> bool:
        """Whether a test of several values of a set can be an axis: no other test looks at some of them only."""
        if not isinstance(test, Members):
            return False
        others = [atom.test for atom in self.alphabet.atoms.get(test.signal, ()) if atom.test != test]
        return all(isinstance(one, Members) and not one.values & test.values for one in others)

    @staticmethod
    def joined(atom: Atom) -> type[And | Or]:
        """Whether all that `of` names must hold, or one of it."""
        test = atom.test
        one_of = isinstance(test, Among) or (isinstance(test, Members) and test.mode == "any")
        return Or if one_of != atom.negated else And

    def _axis(self, name: str) -> Axis:
        if name not in self._axes:
            domain = self.alphabet.domain(name)
            self._axes[name] = Axis(name, domain.values if domain is not None else ())
        return self._axes[name]

    def _own(self, atom: Atom) -> Axis:
        return self._axes.setdefault(atom, Axis(atom))

    # ------------------------------------------------------------------- words

    def expression(self, box: Box) -> Expression:
        """The condition that an item of a box fulfils, without what cannot be written in the language."""
        parts = [self._said(axis, cells) for axis, cells in self.ordered(box)]
        written = [part for part in parts if part is not None]
        if not written:
            return Literal(value=True)
        return written[0] if len(written) == 1 else And(tuple(written))

    def ordered(self, box: Box) -> list[tuple[Axis, int]]:
        """The axes of a box in the vocabulary's order."""
        index = self.alphabet.vocabulary.index
        kept = [(axis, cells) for axis, cells in box.items() if cells != axis.everything]
        return sorted(kept, key=lambda pair: ([index[name] for name in pair[0].signals], repr(pair[0].key)))

    def atoms(self, box: Box) -> list[Atom]:
        """The atoms of a box that the language has no words for."""
        return [
            Atom(axis.key.test, negated=cells == _NO)
            for axis, cells in self.ordered(box)
            if isinstance(axis.key, Atom) and isinstance(axis.key.test, InRollout)
        ]

    def sample(self, box: Box) -> dict[str, MaybeValue] | None:
        """Values that lie in a box, for the signals it speaks of; None where that takes a text or two signals."""
        found: dict[str, MaybeValue] = {}
        for axis, cells in self.ordered(box):
            if isinstance(axis.key, str):
                found[axis.key] = axis.values[next(iter(places_of(cells)))]
            elif isinstance(axis.key.test, Members):
                test = axis.key.test
                members = found.get(test.signal, frozenset[str]())
                assert isinstance(members, frozenset)  # noqa: S101 (the signal is a set)
                wanted = test.values if cells == _YES else frozenset[str]()
                found[test.signal] = members | (wanted if test.mode == "all" else frozenset(sorted(wanted)[:1]))
            else:
                return None
        return found

    def _said(self, axis: Axis, cells: int) -> Expression | None:
        if isinstance(axis.key, Atom):
            return _atom_said(axis.key, cells == _YES)
        signal = self.alphabet.vocabulary.by_name[axis.key]
        chosen = [axis.values[place] for place in places_of(cells)]
        if signal.type is SignalType.FLAG:
            return Name(signal.name) if chosen == [True] else Not(Name(signal.name))
        if signal.type in ORDERED:
            return _ranges(signal, axis.values, cells, self._cuts(signal))
        return _values_said(signal, axis.values, [str(value) for value in chosen])

    def _cuts(self, signal: Signal) -> frozenset[float]:
        """The constants that a signal is compared with: between two of them all numbers are alike."""
        found: set[float] = set()
        for atom in self.alphabet.atoms.get(signal.name, ()):
            if isinstance(atom.test, Ordered):
                found.add(atom.test.constant)
            elif isinstance(atom.test, Among):
                found.update(value for value in atom.test.values if isinstance(value, int | float))
        return frozenset(found)


def _singles(test: Test) -> list[Test]:
    """A test as tests of one value each."""
    match test:
        case Members(signal, mode, values):
            del mode
            return [Members(signal, "any", frozenset((value,))) for value in sorted(values)]
        case Among(signal, values):
            return [Among(signal, frozenset((value,))) for value in sorted(values, key=str)]
        case _:
            return [test]


def _atom_said(atom: Atom, holds: bool) -> Expression | None:
    match atom.test:
        case Members(signal, mode, values):
            listed = ListLiteral(tuple(map(Literal, sorted(values))))
            function = "sets.contains" if mode == "all" else "sets.intersects"
            said: Expression = Call(function, (Name(signal), listed))
            if len(values) == 1:
                said = In(listed.items[0], Name(signal))
        case Among(signal, values):
            return Compare("==" if holds else "!=", Name(signal), Literal(str(next(iter(values)))))
        case TextTest(signal, function, part):
            said = Call(function, (Name(signal), Literal(part)))
        case Size(signal, operator, constant):
            shown = operator if holds else _OPPOSITE[operator]
            return Compare(shown, Call("size", (Name(signal),)), Literal(constant))
        case Between(signal, operator, other):
            return Compare(operator if holds else _OPPOSITE[operator], Name(signal), Name(other))
        case _:
            return None
    return said if holds else Not(said)


def _values_said(signal: Signal, values: Sequence[Value], chosen: list[str]) -> Expression:
    """Some values of a choice or scale, as briefly as the language can."""
    name, names = Name(signal.name), [str(value) for value in values]
    if len(chosen) == 1:
        return Compare("==", name, Literal(chosen[0]))
    if signal.type is SignalType.SCALE:
        if chosen == names[len(names) - len(chosen) :]:
            return Call("atLeast", (name, Literal(chosen[0])))
        if chosen == names[: len(chosen)]:
            return Call("atMost", (name, Literal(chosen[-1])))
    left = [value for value in names if value not in chosen]
    if len(left) == 1:
        return Compare("!=", name, Literal(left[0]))
    if len(left) < len(chosen):
        return Not(In(name, ListLiteral(tuple(map(Literal, left)))))
    return In(name, ListLiteral(tuple(map(Literal, chosen))))


def _ranges(signal: Signal, values: Sequence[Value], cells: int, cuts: Iterable[float]) -> Expression:
    """Cells of a number as comparisons with the constants that set them apart."""
    marked, runs = set(cuts), _runs(list(places_of(cells)))
    parts = [_range(signal, values, run[0], run[-1], marked) for run in runs]
    return parts[0] if len(parts) == 1 else Or(tuple(parts))


def _range(signal: Signal, values: Sequence[Value], first: int, last: int, cuts: set[float]) -> Expression:
    name, low, high = Name(signal.name), values[first], values[last]
    if first == last and low in cuts:
        return Compare("==", name, _constant(signal, low))
    bounds: list[Expression] = []
    # A value that is no constant stands for all between two; the constants beside it are the bounds.
    below = next((value for value in reversed(values[: first + 1]) if value in cuts), None)
    if below is not None:
        bounds.append(Compare(">=" if below == low else ">", name, _constant(signal, below)))
    above = next((value for value in values[last:] if value in cuts), None)
    if above is not None:
        bounds.append(Compare("<=" if above == high else "<", name, _constant(signal, above)))
    return bounds[0] if len(bounds) == 1 else And(tuple(bounds))


def _constant(signal: Signal, value: Value) -> Expression:
    if signal.type is SignalType.TIME and isinstance(value, int):
        return Call("timestamp", (Literal(format_instant(value)),))
    if signal.type is SignalType.DURATION and isinstance(value, int):
        return Call("duration", (Literal(format_duration(value)),))
    assert isinstance(value, int | float)  # noqa: S101 (only numbers have ranges)
    return Literal(value)


def _runs(numbers: list[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs
