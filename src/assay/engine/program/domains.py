"""The values of a signal that conditions can tell apart, and their likelihoods. It never guesses beyond the priors."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from assay.engine.kernel.values import Value
from assay.engine.language.pack.vocabulary import Signal, SignalType
from assay.engine.program.core import Atom, Between, InRollout, Members, Size, TextTest

# More subsets than this are not tried one by one.
MOST_VALUES = 4096


@dataclass(frozen=True, slots=True)
class Domain:
    """Values of which every other value behaves like one, and their probabilities, which sum to 1."""

    values: tuple[Value, ...]
    weights: tuple[float, ...]


def domain_of(signal: Signal, atoms: Sequence[Atom], twins: Sequence[Atom] = (), copies: int = 1) -> Domain | None:
    """The values of a signal that these atoms tell apart, or None where they cannot be listed.

    twins   atoms of signals that this one is compared with, whose constants count for it too
    copies  how many different values between two constants are wanted, so that such signals can differ there
    """
    match signal.type:
        case SignalType.FLAG:
            yes = signal.prior.get("yes", 1.0 if not signal.prior else 0.0)
            no = signal.prior.get("no", 1.0 if not signal.prior else 0.0)
            return _weighted((True, False), (yes, no))
        case SignalType.CHOICE | SignalType.SCALE:
            return _weighted(signal.value_names, [signal.prior.get(name, 0.0) for name in signal.value_names])
        case SignalType.SET:
            return _subsets(signal, atoms)
        case SignalType.TEXT:
            return None
        case _:
            return _regions(signal, (*atoms, *twins), copies)


def _weighted(values: Sequence[Value], weights: Sequence[float]) -> Domain:
    total = sum(weights)
    if total <= 0:
        return Domain(tuple(values), (1 / len(values),) * len(values))
    return Domain(tuple(values), tuple(weight / total for weight in weights))


def _subsets(signal: Signal, atoms: Sequence[Atom]) -> Domain | None:
    named = {value for atom in atoms if isinstance(atom.test, Members) for value in atom.test.values}
    # A test of how many there are tells apart every subset, also of values that are named nowhere.
    counted = any(isinstance(atom.test, Size) for atom in atoms)
    wanted = [name for name in signal.value_names if counted or name in named]
    if 2 ** len(wanted) > MOST_VALUES:
        return None
    total = sum(signal.prior.values())
    values: list[Value] = []
    weights: list[float] = []
    for size in range(len(wanted) + 1):
        for subset in combinations(wanted, size):
            values.append(frozenset(subset))
            weight = 1.0
            for name in wanted:
                chance = membership_chance(signal, name, total)
                weight *= chance if name in subset else 1 - chance
            weights.append(weight)
    return _weighted(values, weights)


def membership_chance(signal: Signal, name: str, total: float | None = None) -> float:
    """How likely a value is in a set: its weight beside the others', and an empty set as likely as the likeliest."""
    total = sum(signal.prior.values()) if total is None else total
    if total <= 0:
        return 0.1
    return signal.prior.get(name, 0.0) / (total + max(signal.prior.values()))


def _regions(signal: Signal, atoms: Iterable[Atom], copies: int) -> Domain:
    low = 0.0 if signal.type is SignalType.SCORE else signal.minimum
    high = 1.0 if signal.type is SignalType.SCORE else signal.maximum
    points = sorted(constants_of(atoms) | {bound for bound in (low, high) if bound is not None}) or [0.0]
    whole = signal.integer or signal.type in (SignalType.TIME, SignalType.DURATION)
    samples: dict[float, float] = {}
    for left, right in pairwise(_edged(points, copies, 1 if whole else 1.0)):
        found = _whole_between(left, right, copies) if whole else _between(left, right, copies)
        samples |= dict.fromkeys(found, 1.0)
    # A single number among many is unlikely, but not impossible.
    samples |= dict.fromkeys(points, 0.1)
    kept = {
        (int(value) if whole else float(value)): weight
        for value, weight in samples.items()
        if (low is None or value >= low) and (high is None or value <= high)
        if not (signal.integer and value != int(value))
    }
    ordered = sorted(kept)
    return _weighted(ordered, [kept[value] for value in ordered])


def constants_of(atoms: Iterable[Atom]) -> set[float]:
    """The numbers that atoms compare their signals with."""
    found: set[float] = set()
    for atom in atoms:
        constant = getattr(atom.test, "constant", None)
        values = [constant] if constant is not None else getattr(atom.test, "values", ())
        found.update(value for value in values if isinstance(value, int | float))
    return found


def whole_numbers(constants: Iterable[float], copies: int) -> list[int]:
    """Whole numbers between constants and beyond them, so many between any two as are wanted and as there are.

    Where counts are compared with numbers that are none, both can be the same there.
    """
    points = sorted(constants) or [0.0]
    return [
        number for left, right in pairwise(_edged(points, copies, 1)) for number in _whole_between(left, right, copies)
    ]


def _edged(points: list[float], copies: int, step: float) -> list[float]:
    """Points with one more on each side, beyond so many values as are wanted there."""
    return [points[0] - step * (copies + 1), *points, points[-1] + step * (copies + 1)]


def _between(left: float, right: float, copies: int) -> list[float]:
    spread = (left + (right - left) * number / (copies + 1) for number in range(1, copies + 1))
    return [value for value in spread if left < value < right]


def _whole_between(left: float, right: float, copies: int) -> list[int]:
    # Counted from whole number to whole number: a constant that is none would leave out some of those beside it.
    first, last = math.floor(left), math.ceil(right)
    spread = (first + (last - first) * number / (copies + 1) for number in range(1, copies + 1))
    return sorted({int(value // 1) for value in spread if first < value // 1})


def can_be_listed(atom: Atom) -> bool:
    """Whether an atom's signals have values that can be tried one by one."""
    return not isinstance(atom.test, TextTest | InRollout)


def is_comparison(atom: Atom) -> bool:
    """Whether an atom compares two signals."""
    return isinstance(atom.test, Between)
