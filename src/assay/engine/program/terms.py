"""Conditions as terms: conjunctions of atoms, of which one must hold. It never drops an atom that could be unknown.

Kleene's three values are a distributive lattice, so distributing *and* over *or* is exact. The laws that fail in it
(excluded middle, contradiction) are never used: a contradictory term stays unknown while its signal is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from assay.engine.program.core import All, Any, Atom, Node
from assay.engine.program.lower import Program

Term: TypeAlias = frozenset[Atom]

# A condition with more terms than this is kept as a structure over smaller groups of terms.
MOST_TERMS = 8


@dataclass(frozen=True, slots=True)
class Group:
    """One of the terms of a column holds."""

    column: int


@dataclass(frozen=True, slots=True)
class Both:
    """All of these parts hold."""

    parts: tuple[Structure, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of these parts holds."""

    parts: tuple[Structure, ...]


Structure: TypeAlias = Group | Both | Either


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything stands in the integers of the scalar back end: terms in rows, one column a rule.

    Laying the rows over each other by *or* leaves one bit a column: whether one of its terms holds.

    rules       how many rules there are; the first columns are theirs
    columns     how many columns there are; those after the rules' hold parts of rules with too many terms for one
    terms       by bit: the term, or None where nothing stands; the bit of row r and column c is r * columns + c
    structures  for rules that are no single term: their structure over columns
    """

    rules: int
    columns: int
    terms: tuple[Term | None, ...]
    structures: dict[int, Structure] = field(default_factory=dict)

    @property
    def width(self) -> int:
        """How many bits one plane has."""
        return len(self.terms)

    @property
    def missing_at(self) -> int:
        """Where, above both planes, a bit for each signal says that it is missing."""
        return 2 * self.width

    @property
    def halvings(self) -> tuple[int, ...]:
        """The shifts that lay the rows over each other, the upper half of them each time."""
        shifts = []
        left = self.width // 2
        while left and left >= self.columns:
            shifts.append(left)
            left //= 2
        return tuple(shifts)

    def terms_of(self, rule: int) -> tuple[int, ...]:
        """The bits of every term of a rule."""
        columns = _columns(self.structures.get(rule, Group(rule)))
        rows = [range(column, self.width, self.columns) for column in columns]
        return tuple(bit for row in rows for bit in row if self.terms[bit] is not None)


def _columns(structure: Structure) -> tuple[int, ...]:
    if isinstance(structure, Group):
        return (structure.column,)
    return tuple(dict.fromkeys(column for part in structure.parts for column in _columns(part)))


def terms_of(node: Node, most: int = MOST_TERMS) -> tuple[Term, ...] | None:
    """The terms of a condition, or None where there would be more than `most`."""
    match node:
        case Atom():
            return (frozenset((node,)),)
        case Any(parts):
            union: dict[Term, None] = {}
            for part in parts:
                below = terms_of(part, most)
                if below is None:
                    return None
                union.update(dict.fromkeys(below))
            return _absorbed(union, most)
        case All(parts):
            product: dict[Term, None] = {frozenset(): None}
            for part in parts:
                below = terms_of(part, most)
                if below is None or len(product) * len(below) > 4 * most:
                    return None
                product = {term | other: None for term in product for other in below}
            return _absorbed(product, most)


def _absorbed(terms: dict[Term, None], most: int) -> tuple[Term, ...] | None:
    """Without terms that another, weaker one makes superfluous; absorption holds in Kleene's logic too."""
    if len(terms) > 4 * most:
        return None
    kept = tuple(term for term in terms if not any(other < term for other in terms))
    return kept if len(kept) <= most else None


def lay_out(program: Program) -> Layout:
    """Give every rule a column and every term a bit."""
    conditions = [(lowered.condition, terms_of(lowered.condition)) for lowered in program.rules]
    columns = [terms or () for _, terms in conditions]
    structures: dict[int, Structure] = {}
    shared: dict[frozenset[Term], int] = {}
    for place, (condition, terms) in enumerate(conditions):
        if terms is None:
            structures[place] = _structure(condition, columns, shared)
        elif len(terms) != 1:
            structures[place] = Group(place)
    rows = 1
    while rows < max(map(len, columns), default=0):
        rows *= 2
    bits: list[Term | None] = [None] * (rows * len(columns))
    for place, column in enumerate(columns):
        for row, term in enumerate(column):
            bits[row * len(columns) + place] = term
    return Layout(len(conditions), len(columns), tuple(bits), structures)


def _structure(node: Node, columns: list[tuple[Term, ...]], shared: dict[frozenset[Term], int]) -> Structure:
    """A condition over columns, to which those are added that it needs; equal ones are shared between rules."""
    terms = terms_of(node)
    if terms is not None:
        column = shared.setdefault(frozenset(terms), len(columns))
        if column == len(columns):
            columns.append(terms)
        return Group(column)
    # An atom is always one term, so what is left has parts.
    assert not isinstance(node, Atom)  # noqa: S101 (cannot be reached by input)
    grouped = _merged(node) if isinstance(node, All) else node.parts
    parts = tuple(_structure(part, columns, shared) for part in grouped)
    return Both(parts) if isinstance(node, All) else Either(parts)


def _merged(node: All) -> tuple[Node, ...]:
    """Parts joined while they stay few terms together, so that the structure has few groups."""
    merged: list[tuple[Node, ...]] = []
    for part in node.parts:
        if merged and terms_of(All((*merged[-1], part))) is not None:
            merged[-1] = (*merged[-1], part)
        else:
            merged.append((part,))
    if len(merged) == 1:
        return node.parts
    return tuple(All(parts) if len(parts) > 1 else parts[0] for parts in merged)
