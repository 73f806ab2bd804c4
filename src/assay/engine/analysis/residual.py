"""What is left of a program once some signals are known: open terms and what they wait for. It never asks anybody.

A term is a conjunction. While it is open, every atom of it that is known holds, so what is left of it depends on
nothing but which of its signals are missing. That is why all of this can be remembered by term and missing signals.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from assay.engine.kernel.values import MaybeValue
from assay.engine.program.core import Atom, Between, Members
from assay.engine.program.domains import Domain, can_be_listed, domain_of, is_comparison, membership_chance
from assay.engine.program.imposed import union_table
from assay.engine.program.scalar import Scalar

Residual: TypeAlias = tuple[int, tuple[int, ...]]

# The least number above 0 that a double holds.
_LEAST = math.ulp(0.0)


@dataclass(frozen=True, slots=True)
class Wait:
    """What an open term waits for: signals by index, and how likely the answer lets the term live.

    likely   probability that the whole term holds, by the priors
    covered  share of all answers, each counted alike, for which it holds, or more; 0 means that no answer does
    allowed  by signal that can be listed, the answers that let it live, as a set of places in the signal's domain
    exact    whether `allowed` says all of it: no text, no comparison, no set too large to list
    """

    signals: tuple[tuple[int, float], ...]
    likely: float
    covered: float
    allowed: tuple[tuple[int, int], ...]
    exact: bool


class Residuals:
    """Remembers what is left of each term of a compiled pack."""

    def __init__(self, scalar: Scalar) -> None:
        self.scalar = scalar
        self.vocabulary = scalar.program.pack.vocabulary
        self._waits: dict[Residual, Wait] = {}
        self._domains: dict[int, Domain | None] = {}
        index, layout = self.vocabulary.index, scalar.layout
        self._terms_of_rule = tuple(sum(1 << bit for bit in layout.terms_of(rule)) for rule in range(layout.rules))
        self.signals_of_term = tuple(
            tuple(sorted({index[name] for atom in term or () for name in atom.signals})) for term in scalar.layout.terms
        )

    @cached_property
    def signals_of_rules(self) -> Callable[[int], int]:
        """From a set of rules to the set of signals that they read, by index."""
        layout = self.scalar.layout
        read = [
            {place for bit in layout.terms_of(rule) for place in self.signals_of_term[bit]}
            for rule in range(layout.rules)
        ]
        return union_table(tuple(sum(1 << place for place in places) for places in read))

    @cached_property
    def atoms_of_signal(self) -> Mapping[str, tuple[Atom, ...]]:
        """Every atom on a signal, over the whole program."""
        found: dict[str, dict[Atom, None]] = {}
        for term in self.scalar.layout.terms:
            for atom in term or ():
                for name in atom.signals:
                    found.setdefault(name, {})[atom] = None
        return {name: tuple(atoms) for name, atoms in found.items()}

    @cached_property
    def _twins(self) -> Mapping[str, frozenset[str]]:
        """The signals that each signal is compared with, directly or through others."""
        joined: dict[str, set[str]] = {}
        for atoms in self.atoms_of_signal.values():
            for atom in atoms:
                if isinstance(atom.test, Between):
                    group = joined.get(atom.test.signal, {atom.test.signal}) | joined.get(
                        atom.test.other, {atom.test.other}
                    )
                    for name in group:
                        joined[name] = group
        return {name: frozenset(group) for name, group in joined.items()}

    def domain(self, place: int) -> Domain | None:
        """The values of a signal that the program tells apart, or None where they cannot be listed."""
        if place not in self._domains:
            signal = self.vocabulary.signals[place]
            twins = self._twins.get(signal.name, frozenset()) - {signal.name}
            theirs = tuple(atom for name in sorted(twins) for atom in self.atoms_of_signal.get(name, ()))
            own = self.atoms_of_signal.get(signal.name, ())
            self._domains[place] = domain_of(signal, own, theirs, 1 + len(twins))
        return self._domains[place]

    def everything(self, place: int) -> int:
        """All answers to a signal, as a set of places in its domain; one where they cannot be listed."""
        domain = self.domain(place)
        return (1 << len(domain.values)) - 1 if domain is not None else 1

    def open_bits(self, rule: int, terms: int) -> int:
        """The open terms of a rule, from both planes of all terms."""
        return self._terms_of_rule[rule] & terms & ~(terms >> self.scalar.layout.width)

    def open_terms(self, bits: int, missing: int) -> list[Residual]:
        """The open terms among some bits, each with the indices of its signals that are missing."""
        found = []
        while bits:
            lowest = bits & -bits
            bits ^= lowest
            place = lowest.bit_length() - 1
            found.append((place, tuple([one for one in self.signals_of_term[place] if missing >> one & 1])))
        return found

    def wait(self, residual: Residual) -> Wait:
        """What an open term waits for."""
        found = self._waits.get(residual)
        if found is None:
            if len(self._waits) > 100_000:
                self._waits.clear()
            found = self._waits[residual] = self._wait(*residual)
        return found

    def _wait(self, bit: int, missing: tuple[int, ...]) -> Wait:
        term = self.scalar.layout.terms[bit] or frozenset()
        signals: list[tuple[int, float]] = []
        allowed: list[tuple[int, int]] = []
        likely = covered = 1.0
        exact = True
        for place in missing:
            name = self.vocabulary.signals[place].name
            atoms = [atom for atom in term if name in atom.signals]
            single = [atom for atom in atoms if can_be_listed(atom) and not is_comparison(atom)]
            domain = self.domain(place)
            if domain is None or len(single) < len(atoms):
                # Of texts and comparisons nothing is known beforehand; counting them as full keeps `covered` a bound.
                chance, share = self._set_chance(place, single)
                share = max(share, _LEAST)
                chance, share = (chance, share) if len(single) == len(atoms) else (chance / 2, share)
                exact = False
            else:
                passed = [all(atom.passes(value) for atom in single) for value in domain.values]
                chance = sum(weight for weight, good in zip(domain.weights, passed, strict=True) if good)
                share = sum(passed) / len(passed)
                allowed.append((place, sum(1 << number for number, good in enumerate(passed) if good)))
            signals.append((place, chance))
            # Only an answer that is impossible makes it 0, never a product too small for a double.
            likely, covered = likely * chance, max(covered * share, _LEAST) if covered and share else 0.0
        return Wait(tuple(signals), likely, covered, tuple(allowed), exact)

    def _set_chance(self, place: int, atoms: Sequence[Atom]) -> tuple[float, float]:
        """Likelihood and a bound of the share for a signal whose values cannot be listed, such as a large set."""
        signal = self.vocabulary.signals[place]
        share, factors = 1.0, []
        for atom in atoms:
            if isinstance(atom.test, Members):
                chances = [membership_chance(signal, name) for name in sorted(atom.test.values)]
                factors.append(_joined(chances, atom))
                # No conjunction is wider than its narrowest part.
                share = min(share, _joined([0.5] * len(chances), atom))
            else:
                factors.append(0.5)
        # A product's last digit depends on the order of its factors, and the atoms of a term have none.
        return math.prod(sorted(factors)), share


def _joined(chances: Sequence[float], atom: Atom) -> float:
    """The chance that an atom on a set holds, from those that each value it names is in the set."""
    assert isinstance(atom.test, Members)  # noqa: S101 (sorted out by the caller)
    if atom.test.mode == "all":
        every = math.prod(chances)
        return 1 - every if atom.negated else every
    # Written as it is: one less another difference from one would round what is rare down to impossible.
    none = math.prod(1 - chance for chance in chances)
    return none if atom.negated else 1 - none


def missing_of(values: Sequence[MaybeValue]) -> int:
    """The signals that are missing, as a set of bits by index."""
    found, at = 0, -1
    # `index` runs through the values faster than a loop of ours would.
    for _ in range(values.count(None)):
        at = values.index(None, at + 1)
        found |= 1 << at
    return found
