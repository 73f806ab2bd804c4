"""One item at a time: a pack as generated Python over tables of bits. It knows no meaning but that of the core.

For each signal there is a table from its value to an integer with two bits a term: whether the term may still hold
(the plane *possible*, low) and whether it certainly does (the plane *true*, high). A missing signal leaves every term
possible and makes the terms that read it uncertain; above both planes it has a bit that says so. A decision is one `&`
a signal. The generated text holds names that we made up and nothing that a person wrote: tables and constants are
handed to it as objects.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, nextafter
from typing import TypeAlias, cast

from assay.engine.kernel.values import MaybeValue, Value
from assay.engine.language.pack.vocabulary import Signal, SignalType
from assay.engine.program.core import Atom, Between, InRollout
from assay.engine.program.lower import Program
from assay.engine.program.terms import Both, Group, Layout, Structure, lay_out

Values: TypeAlias = Sequence[MaybeValue]
Evaluate: TypeAlias = Callable[[Values, str | None], int]
RulePlanes: TypeAlias = Callable[[int], tuple[int, int]]

# Tables that fill themselves as values come are emptied at this size, so that they never grow with the traffic.
LARGEST_MEMO = 20_000
# Names come again, and what is longer is a caption, which does not.
LONGEST_REMEMBERED = 64
# The constants of one signal up to which the search among them is written out.
MOST_COMPARED = 31
_FINITE = (SignalType.FLAG, SignalType.CHOICE, SignalType.SCALE)
_CONTINUOUS = (SignalType.NUMBER, SignalType.SCORE, SignalType.TIME, SignalType.DURATION)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A compiled pack.

    evaluate         values in vocabulary order, and the item's id, to both planes of all terms and, above them, the
                     signals that are missing of those that some term reads; it leaves out what turns on
                     market-scoped signals, which all count as missing
    mixes_markets    whether a market-scoped signal is compared with one that is not
    evaluate_market  the same for what turns on market-scoped signals, to be and-ed in; None where nothing does
    rule_planes      both planes of all terms to the planes of rules: (true, possible)
    source           the generated text
    """

    program: Program
    layout: Layout
    evaluate: Evaluate
    mixes_markets: bool
    evaluate_market: Evaluate | None
    rule_planes: RulePlanes
    source: str


def compile_scalar(program: Program) -> Scalar:
    """Generate the tables and the function of a pack."""
    layout = lay_out(program)
    vocabulary = program.pack.vocabulary
    by_signal, between, rollouts = _atoms(layout)
    masks = _Masks(layout, (vocabulary.index[name] for name in by_signal))
    everywhere: list[str] = []
    by_market: list[str] = []
    names: dict[str, object] = {"bisect_right": bisect_right}
    for place, signal in enumerate(vocabulary.signals):
        if signal.name in by_signal:
            piece = _read(place, signal, by_signal[signal.name], masks, names)
            (by_market if signal.by_market else everywhere).append(piece)
    mixed = False
    for number, (atom, bits) in enumerate(between.items()):
        piece = _compare(number, atom, bits, program, masks, names)
        scoped = [vocabulary.by_name[name].by_market for name in atom.signals]
        mixed = mixed or (any(scoped) and not all(scoped))
        (by_market if any(scoped) else everywhere).append(piece)
    rolled = sum(1 << bit for bits in rollouts.values() for bit in bits)
    if rollouts:
        names["rollout"] = _rollout(rollouts, masks)
    source = _source("evaluate", everywhere, masks.full, rolled)
    if by_market:
        source += "\n\n" + _source("evaluate_market", by_market, masks.full, 0)
    source += "\n\n" + _fold(layout)
    # The text is ours to the letter; see the module's first lines.
    exec(compile(source, "<assay scalar>", "exec"), names)  # noqa: S102
    evaluate = cast(Evaluate, names["evaluate"])
    evaluate_market = cast("Evaluate | None", names.get("evaluate_market"))
    rule_planes = _rule_planes(layout, cast(RulePlanes, names["fold"]))
    return Scalar(program, layout, evaluate, mixed, evaluate_market, rule_planes, source)


def _fold(layout: Layout) -> str:
    """Rows of terms laid over each other, in both planes at once; what is left of each are its lowest bits."""
    halves = "".join(f"    both |= both >> {shift}\n" for shift in layout.halvings)
    low = hex((1 << layout.columns) - 1)
    return f"def fold(both):\n{halves}    return both >> {layout.width} & {low}, both & {low}\n"


def _source(name: str, lines: list[str], full: int, rolled: int) -> str:
    joined = "\n        & ".join(lines) if lines else hex(full)
    text = f"def {name}(values, item):\n    found = (\n        {joined}\n    )\n"
    if rolled:
        # A hash costs more than all tables together, and few items come so far that it matters.
        text += f"    if found & {hex(rolled)}:\n        found &= rollout(item)\n"
    return text + "    return found\n"


class _Masks:
    """Integers with two bits a term, `possible` low and `true` high, and a bit for each signal that is read above."""

    def __init__(self, layout: Layout, places: Iterable[int]) -> None:
        self.width, self.missing_at = layout.width, layout.missing_at
        allocated = sum(1 << bit for bit, term in enumerate(layout.terms) if term is not None)
        self.full = allocated | allocated << self.width | sum(1 << place for place in places) << layout.missing_at

    def without(self, possible: Iterable[int], true: Iterable[int]) -> int:
        """Everything, less these bits of the two planes."""
        mask = self.full
        for bit in possible:
            mask &= ~(1 << bit)
        for bit in true:
            mask &= ~(1 << bit + self.width)
        return mask

    def unknown(self, bits: Iterable[int]) -> int:
        """What is left where terms have a missing signal: possible, but no longer certain."""
        return self.without((), bits)

    def known(self, place: int, atoms: Mapping[int, tuple[Atom, ...]], value: Value) -> int:
        """What is left where a signal has a value: terms with an atom that fails are out, and it is not missing."""
        failed = [bit for bit, tests in atoms.items() if not all(atom.passes(value) for atom in tests)]
        return self.without(failed, failed) & ~(1 << self.missing_at + place)


_ByTerm: TypeAlias = dict[int, tuple[Atom, ...]]


def _atoms(layout: Layout) -> tuple[dict[str, _ByTerm], dict[Atom, list[int]], dict[Atom, list[int]]]:
    """Atoms by their signal and term; those over two signals, and rollouts, with the terms they stand in."""
    by_signal: dict[str, _ByTerm] = {}
    between: dict[Atom, list[int]] = {}
    rollouts: dict[Atom, list[int]] = {}
    for bit, term in enumerate(layout.terms):
        for atom in sorted(term or (), key=repr):
            if isinstance(atom.test, Between):
                between.setdefault(atom, []).append(bit)
                for name in atom.signals:
                    by_signal.setdefault(name, {})
            elif isinstance(atom.test, InRollout):
                rollouts.setdefault(atom, []).append(bit)
            else:
                terms = by_signal.setdefault(atom.test.signal, {})
                terms[bit] = (*terms.get(bit, ()), atom)
    return by_signal, between, rollouts


def _read(place: int, signal: Signal, atoms: _ByTerm, masks: _Masks, names: dict[str, object]) -> str:
    """The piece of the generated expression that reads one signal; what it needs is put into `names`."""
    if signal.type in _FINITE:
        names[f"t{place}"] = _finite_table(place, signal, atoms, masks)
        return f"t{place}[values[{place}]]"
    if signal.type in _CONTINUOUS:
        points, regions = _regions(place, signal, atoms, masks)
        names[f"n{place}"] = masks.unknown(atoms)
        if len(points) <= MOST_COMPARED:
            found = _halve(place, points, regions, names, 0, len(points))
        else:
            names[f"p{place}"], names[f"t{place}"] = points, regions
            found = f"t{place}[bisect_right(p{place}, v{place})]"
        return f"(n{place} if (v{place} := values[{place}]) is None else {found})"
    names[f"t{place}"] = _Remembered(place, signal, atoms, masks)
    return f"t{place}[values[{place}]]"


def _finite_table(place: int, signal: Signal, atoms: _ByTerm, masks: _Masks) -> dict[MaybeValue, int]:
    values: tuple[Value, ...] = (True, False) if signal.type is SignalType.FLAG else signal.value_names
    table: dict[MaybeValue, int] = {value: masks.known(place, atoms, value) for value in values}
    table[None] = masks.unknown(atoms)
    return table


def _cuts(atoms: _ByTerm) -> list[int | float]:
    """The constants at which a continuous signal's truth can change, in order."""
    cuts: set[int | float] = set()
    for tests in atoms.values():
        for atom in tests:
            constant = getattr(atom.test, "constant", None)
            found = [constant] if constant is not None else getattr(atom.test, "values", ())
            cuts.update(value for value in found if isinstance(value, int | float))
    return sorted(cuts)


def _regions(
    place: int, signal: Signal, atoms: _ByTerm, masks: _Masks
) -> tuple[tuple[int | float, ...], tuple[int, ...]]:
    """The values from which on another mask holds, and the masks: below the first of them, from it to the next, …"""
    whole = signal.integer or signal.type in (SignalType.TIME, SignalType.DURATION)
    points: list[int | float] = []
    regions = [masks.known(place, atoms, -inf)]
    for cut in _cuts(atoms):
        for point in (cut, _next_above(cut, whole)):
            mask = masks.known(place, atoms, point)
            if mask != regions[-1]:
                points.append(point)
                regions.append(mask)
    return tuple(points), tuple(regions)


def _next_above(cut: int | float, whole: bool) -> int | float:
    """The least value above a constant that a signal can have."""
    # From 2^53 on a double is a whole number, and a whole number need not be a double.
    if abs(cut) >= 2**53 or (whole and isinstance(cut, int)):
        return int(cut) + 1
    return nextafter(cut, inf)


def _halve(
    place: int,
    points: Sequence[int | float],
    regions: Sequence[int],
    names: dict[str, object],
    low: int,
    high: int,
) -> str:
    """A search by halves between two points, written out, which for few points is faster than a call."""
    if low == high:
        names[f"r{place}_{low}"] = regions[low]
        return f"r{place}_{low}"
    middle = (low + high) // 2
    names[f"c{place}_{middle}"] = points[middle]
    below = _halve(place, points, regions, names, low, middle)
    above = _halve(place, points, regions, names, middle + 1, high)
    return f"({below} if v{place} < c{place}_{middle} else {above})"


def _holds(atom: Atom) -> Callable[[Value], bool]:
    """What tells whether a known value passes an atom's test, before the atom negates it."""
    assert not isinstance(atom.test, Between | InRollout)  # noqa: S101 (sorted out by the caller)
    return atom.test.holds


class _Remembered(dict[MaybeValue, int]):
    """Masks by value, worked out when a value first comes and kept; for sets, and for texts that are not long."""

    def __init__(self, place: int, signal: Signal, atoms: _ByTerm, masks: _Masks) -> None:
        self._missing = masks.unknown(atoms)
        super().__init__({None: self._missing})
        terms: dict[Atom, list[int]] = {}
        for bit, tests in atoms.items():
            for atom in tests:
                terms.setdefault(atom, []).append(bit)
        self._known = masks.known(place, {}, "")
        # By test: what is left where it fails. Several terms share one, and a caption is looked through once for it.
        self._tests = tuple((_holds(atom), atom.negated, masks.without(bits, bits)) for atom, bits in terms.items())

    def __missing__(self, value: Value) -> int:
        mask = self._known
        for holds, negated, left in self._tests:
            if holds(value) == negated:
                mask &= left
        if not isinstance(value, str) or len(value) <= LONGEST_REMEMBERED:
            if len(self) >= LARGEST_MEMO:
                self.clear()
                self[None] = self._missing
            self[value] = mask
        return mask


def _compare(
    number: int,
    atom: Atom,
    bits: list[int],
    program: Program,
    masks: _Masks,
    names: dict[str, object],
) -> str:
    """A comparison of two signals, which is a table of three: missing, passed, failed."""
    test = atom.test
    assert isinstance(test, Between)  # noqa: S101 (sorted out by the caller)
    index = program.pack.vocabulary.index
    first, second = index[test.signal], index[test.other]
    missing, passed, failed = masks.unknown(bits), masks.full, masks.without(bits, bits)

    def compare(left: MaybeValue, right: MaybeValue) -> int:
        if left is None or right is None:
            return missing
        return passed if test.holds_for(left, right) != atom.negated else failed

    names[f"b{number}"] = compare
    return f"b{number}(values[{first}], values[{second}])"


def _rollout(rollouts: Mapping[Atom, list[int]], masks: _Masks) -> Callable[[str | None], int]:
    missing = masks.unknown(bit for bits in rollouts.values() for bit in bits)
    shares = [(atom, masks.without(bits, bits)) for atom, bits in rollouts.items()]

    def look(item: str | None) -> int:
        if item is None:
            return missing
        mask = masks.full
        for atom, failed in shares:
            test = atom.test
            if isinstance(test, InRollout) and test.holds_for(item) == atom.negated:
                mask &= failed
        return mask

    return look


def _rule_planes(layout: Layout, fold: RulePlanes) -> RulePlanes:
    """From both planes of all terms to the planes of rules, true and possible."""
    rules = layout.rules
    structures = tuple((rule, found) for rule, found in layout.structures.items() if found != Group(rule))
    if not structures:
        return fold
    single = (1 << rules) - 1
    seen: dict[int, int] = {}

    def combine(extra: int) -> int:
        found = 0
        for rule, structure in structures:
            if _stands(structure, extra << rules):
                found |= 1 << rule
        if len(seen) >= LARGEST_MEMO:
            seen.clear()
        seen[extra] = found
        return found

    def planes(both: int) -> tuple[int, int]:
        true, possible = fold(both)
        extra_true, extra_possible = true >> rules, possible >> rules
        known_true, known_possible = seen.get(extra_true), seen.get(extra_possible)
        return (
            true & single | (combine(extra_true) if known_true is None else known_true),
            possible & single | (combine(extra_possible) if known_possible is None else known_possible),
        )

    return planes


def _stands(structure: Structure, plane: int) -> bool:
    if isinstance(structure, Group):
        return bool(plane >> structure.column & 1)
    parts = (_stands(part, plane) for part in structure.parts)
    return all(parts) if isinstance(structure, Both) else any(parts)
