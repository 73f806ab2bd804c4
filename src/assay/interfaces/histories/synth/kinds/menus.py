"""The values that a signal can have in a made-up upload, and how likely each is by kind. It draws nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from assay.engine.kernel.digest import share_of
from assay.engine.kernel.instants import DAY
from assay.engine.kernel.values import MaybeValue, Value
from assay.engine.language.pack.vocabulary import Signal, SignalType
from assay.engine.program.core import Among, Atom, TextTest
from assay.engine.program.domains import domain_of, membership_chance
from assay.interfaces.histories.synth.kinds.kind import Kind

# Codes of words are one byte, of which none is kept for what is unknown.
_MOST_SETS = 250
_MOST_NUMBERS = 400
_SCORES = 1000
_SELDOM = 0.02
# What nobody described is still unlike from kind to kind, or nothing would go together with anything.
_TILTS = (0.3, 0.6, 1.0, 1.0, 1.6, 3.0)
_PROGRAMS = ("", "Aurora 2", "Brushfire XL", "Cantor Voice", "Darkroom 11", "Emberlight Video", "Fathom 3")
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Menu:
    """What a signal's codes stand for.

    values   by code; the first is None, which is unknown
    weights  by class of rows, of the values from the second on
    by_kind  whether the classes are the kinds of upload; else they are two, of low numbers and of high ones
    """

    values: tuple[MaybeValue, ...]
    weights: tuple[tuple[float, ...], ...]
    by_kind: bool = True


def menu_of(signal: Signal, alike: Sequence[Signal], atoms: Sequence[Atom], kinds: Sequence[Kind], day: date) -> Menu:
    """The menu of a signal.

    alike  the same signal in every pack that shall read the history: only values that all of them have are drawn
    atoms  what rules ask of it
    day    the first day, about which times lie
    """
    match signal.type:
        case SignalType.FLAG:
            return _named((True, False), ("yes", "no"), signal, kinds)
        case SignalType.CHOICE | SignalType.SCALE:
            names = _known_to_all(alike)
            return _named(names, names, signal, kinds)
        case SignalType.SET:
            return _sets(_known_to_all(alike), signal, kinds)
        case SignalType.TEXT:
            return _texts(signal, atoms, kinds)
        case SignalType.SCORE:
            return _scores(kinds)
        case _:
            return _numbers(signal, atoms, day)


def _known_to_all(alike: Sequence[Signal]) -> tuple[str, ...]:
    return tuple([name for name in alike[0].value_names if all(name in other.by_name for other in alike)])


def _named(values: Sequence[Value], names: Sequence[str], signal: Signal, kinds: Sequence[Kind]) -> Menu:
    return Menu((None, *values), tuple([_likely(names, signal, kind) for kind in kinds]))


def _likely(names: Sequence[str], signal: Signal, kind: Kind) -> tuple[float, ...]:
    told = kind.signals.get(signal.name, {})
    weights = [told.get(name, 0.0) for name in names]
    if sum(weights) <= 0:
        weights = [signal.prior.get(name, 0.0) or (0.0 if signal.prior else 1.0) for name in names]
        weights = [weight * _tilt(signal, name, kind) for name, weight in zip(names, weights, strict=True)]
    return tuple(weights) if sum(weights) > 0 else (1.0,) * len(names)


def _tilt(signal: Signal, name: str, kind: Kind) -> float:
    return _TILTS[int(share_of(f"{signal.name}\x00{name}", kind.name) * len(_TILTS))]


def _sets(names: Sequence[str], signal: Signal, kinds: Sequence[Kind]) -> Menu:
    """Every set of up to two values, and of three where there is room: more go together seldom."""
    subsets: list[tuple[str, ...]] = [()]
    for size in (1, 2, 3):
        more = list(combinations(names, size))
        if len(subsets) + len(more) > _MOST_SETS:
            break
        subsets += more
    weights = []
    for kind in kinds:
        told = kind.signals.get(signal.name)
        chances = {name: _chance(signal, name, kind, told) for name in names}
        row = []
        for subset in subsets:
            weight = 1.0
            for name in names:
                weight *= chances[name] if name in subset else 1.0 - chances[name]
            row.append(weight)
        weights.append(tuple(row) if sum(row) > 0 else (1.0, *[0.0] * (len(subsets) - 1)))
    return Menu((None, *[frozenset(subset) for subset in subsets]), tuple(weights))


def _chance(signal: Signal, name: str, kind: Kind, told: Mapping[str, float] | None) -> float:
    if told is not None:
        return min(told.get(name, 0.0), 0.98)
    usual = membership_chance(signal, name) if signal.prior else _SELDOM
    return min(usual * _tilt(signal, name, kind), 0.5)


def _texts(signal: Signal, atoms: Sequence[Atom], kinds: Sequence[Kind]) -> Menu:
    """Names of programs, and texts of which rules ask something."""
    asked = {atom.test.part for atom in atoms if isinstance(atom.test, TextTest)}
    asked |= {str(value) for atom in atoms if isinstance(atom.test, Among) for value in atom.test.values}
    texts = dict.fromkeys(text for text in (*_PROGRAMS, *sorted(asked)) if len(text) <= signal.longest)
    weights = [tuple([30.0 if not text else _tilt(signal, text, kind) for text in texts]) for kind in kinds]
    return Menu((None, *texts), tuple(weights))


def _scores(kinds: Sequence[Kind]) -> Menu:
    """A detector's scores, each of which is the share of AI among all that is scored so: it is calibrated."""
    shapes = [_shape(*kind.score) for kind in kinds]
    total = sum(kind.share for kind in kinds)
    values = []
    for step in range(_SCORES):
        mass = sum(kind.share / total * shape[step] for kind, shape in zip(kinds, shapes, strict=True))
        made = sum(kind.share / total * shape[step] * _made(kind) for kind, shape in zip(kinds, shapes, strict=True))
        values.append(round(made / mass, 3) if mass else 0.5)
    return Menu((None, *values), tuple(shapes))


def _shape(high: int, low: int) -> tuple[float, ...]:
    steps = [(step + 1) ** (high - 1) * (_SCORES - step) ** (low - 1) for step in range(_SCORES)]
    total = sum(steps)
    return tuple([weight / total for weight in steps])


def _made(kind: Kind) -> float:
    told = kind.signals["ai_extent"]
    return (told.get("altered", 0.0) + told.get("generated", 0.0)) / sum(told.values())


def _numbers(signal: Signal, atoms: Sequence[Atom], day: date) -> Menu:
    """Numbers around those that rules ask for; of times and durations also those around the history's days."""
    domain = domain_of(signal, atoms)
    values: set[Value] = set(domain.values) if domain is not None else set()
    known = [value for value in values if isinstance(value, int | float)]
    if signal.type is SignalType.TIME:
        first = (day - _EPOCH).days * DAY
        values = {int(value) for value in known if value > 0}
        values |= {first + number * DAY for number in range(-60, 90, 3)}
    elif signal.type is SignalType.DURATION:
        values |= {number * DAY for number in (0, 1, 3, 7, 14, 30, 90, 180, 365, 730, 1500, 3000)}
    else:
        values |= _grid(signal, max((abs(value) for value in known), default=10.0))
    ordered = sorted(_allowed(values, signal))[:_MOST_NUMBERS] or [0]
    falling = tuple([1.0 / (place + 1) ** 2 for place in range(len(ordered))])
    even = (1.0,) * len(ordered)
    # Most accounts do little, and most are old.
    late = signal.type in (SignalType.TIME, SignalType.DURATION)
    return Menu((None, *ordered), (even, falling) if late else (falling, even), by_kind=False)


def _grid(signal: Signal, about: float) -> set[Value]:
    low = signal.minimum if signal.minimum is not None else 0.0
    high = signal.maximum if signal.maximum is not None else max(low, 0.0) + 3.0 * about
    steps = [low + (high - low) * number / 60 for number in range(61)]
    return {int(step) for step in steps} if signal.integer else {round(step, 3) for step in steps}


def _allowed(values: set[Value], signal: Signal) -> list[int | float]:
    """Of numbers those that the signal allows."""
    read: Callable[[object], object] = signal.read if signal.type is SignalType.NUMBER else lambda value: value
    found = [read(value) for value in values]
    return [value for value in found if isinstance(value, int | float)]
