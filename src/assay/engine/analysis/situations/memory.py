"""What was proved before, by content: a claim that reads the same need not be asked twice. It never decides anything.

A proof is remembered under the digest of all that it depends on. A witness is remembered under the name of its claim
and looked at again each time, so that a stale one costs a second's look and never a wrong word.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Protocol

from assay.engine.analysis.situations.stage import Stage
from assay.engine.kernel.errors import Fault
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.pack.vocabulary import SUBJECTS, Signal, Vocabulary
from assay.engine.program.core import All, Atom, Node
from assay.engine.program.smt.formula import (
    AtLeast,
    Axis,
    Every,
    Formula,
    Holds,
    Known,
    Not,
    Situation,
    Some,
    Within,
)
from assay.engine.program.smt.reading import Readings

# Raised whenever a claim of the same text may have another answer than before.
EDITION = "3"


class Memory(Protocol):
    """Short texts by key; it may forget any of them at any time."""

    def get(self, key: str) -> str | None:
        """What was put under a key, or None."""

    def put(self, key: str, value: str) -> None:
        """Keep a text under a key."""


class Forgetful:
    """A memory for one run."""

    def __init__(self) -> None:
        self._kept: dict[str, str] = {}

    def get(self, key: str) -> str | None:
        """What was put under a key, or None."""
        return self._kept.get(key)

    def put(self, key: str, value: str) -> None:
        """Keep a text under a key."""
        self._kept[key] = value


class Digests:
    """Content addresses of claims. Parts that several claims share are worked out once."""

    def __init__(self, stage: Stage, readings: Readings, waiting: Iterable[Node] = ()) -> None:
        """`waiting` are the conditions of rules with `until_known`: what only seems open of them is closed."""
        self._stage, self._readings, self._waiting = stage, readings, frozenset(waiting)
        self._formulas: dict[Formula, str] = {}
        self._nodes: dict[Node, str] = {}
        self._signals: dict[str, str] = {}
        self._ends = [f"{start if place else ''}-{stage.end_of(place)}" for place, start in enumerate(stage.epochs)]
        self._codes = [",".join(sorted(market.codes)) for market in stage.markets]

    def of(self, claim: Formula, apart: frozenset[str]) -> str:
        """The content address of a claim with the definitions of all signals that it reads."""
        read = map(self._signal, self._readings.of(claim).names)
        parts = [EDITION, self._formula(claim), *sorted(apart), *read]
        return "proof:" + _hashed(parts)

    def _signal(self, name: str) -> str:
        if name not in self._signals:
            self._signals[name] = _definition(self._stage.vocabulary.by_name[name])
        return self._signals[name]

    def _formula(self, formula: Formula) -> str:
        found = self._formulas.get(formula)
        if found is None:
            found = self._formulas[formula] = _hashed(self._parts(formula))
        return found

    def _parts(self, formula: Formula) -> list[str]:
        match formula:
            case Holds(node, plane, point):
                waits = "waits" if node in self._waiting else ""
                return ["holds", self._node(node), plane.value, str(point), waits]
            case Known(signal, point):
                return ["known", signal, str(point)]
            case Within(axis, places):
                names = {Axis.MARKET: self._codes, Axis.EPOCH: self._ends, Axis.SUBJECT: list(SUBJECTS)}[axis]
                return ["within", axis.value, *sorted(names[place] for place in places)]
            case Not(part):
                return ["not", self._formula(part)]
            case Every(parts):
                return ["every", *map(self._formula, parts)]
            case Some(parts):
                return ["some", *map(self._formula, parts)]
            case AtLeast(number, parts):
                return ["at least", str(number), *map(self._formula, parts)]

    def _node(self, node: Node) -> str:
        found = self._nodes.get(node)
        if found is None:
            if isinstance(node, Atom):
                parts = ["atom", str(node.negated), type(node.test).__name__]
                parts += [_text(getattr(node.test, field)) for field in node.test.__slots__]
            else:
                parts = ["all" if isinstance(node, All) else "any", *map(self._node, node.parts)]
            found = self._nodes[node] = _hashed(parts)
        return found


def _text(value: object) -> str:
    return repr(sorted(map(repr, value))) if isinstance(value, frozenset) else repr(value)


def _hashed(parts: list[str]) -> str:
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()


def _definition(signal: Signal) -> str:
    bounds = (signal.minimum, signal.maximum, signal.integer, signal.longest, signal.calendar)
    return repr((signal.name, signal.type.value, signal.value_names, signal.by_market, signal.subject, *bounds))


def read_by(node: Node) -> frozenset[str]:
    """The signals that a condition reads."""
    if isinstance(node, Atom):
        return frozenset(node.signals)
    return frozenset().union(*map(read_by, node.parts))


# ------------------------------------------------------------------ situations


def write_situation(situation: Situation, stage: Stage) -> str:
    """A situation as a short text."""
    points = [
        {name: stage.vocabulary.by_name[name].write(value) for name, value in point.items() if value is not None}
        for point in situation.points
    ]
    places = situation.places
    return json.dumps(
        {
            "points": points,
            "market": stage.markets[places.get(Axis.MARKET, 0)].example,
            "at": stage.epochs[places.get(Axis.EPOCH, 0)],
            "subject": SUBJECTS[places.get(Axis.SUBJECT, 0)],
            "item": situation.item,
        },
        sort_keys=True,
    )


def read_situation(text: str, stage: Stage) -> Situation | None:
    """The situation that a text stands for on this stage; None where it stands for none."""
    try:
        given = json.loads(text)
        points = tuple(_read_point(point, stage.vocabulary) for point in given["points"])
        market = next(place for place, one in enumerate(stage.markets) if given["market"] in one.codes)
        epoch = max((place for place, start in enumerate(stage.epochs) if start <= given["at"]), default=0)
        places = {Axis.MARKET: market, Axis.EPOCH: epoch, Axis.SUBJECT: SUBJECTS.index(given["subject"])}
        if any(point is None for point in points) or not isinstance(given["item"], str):
            return None
        return Situation(tuple(point for point in points if point is not None), places, given["item"])
    except (ValueError, KeyError, TypeError, StopIteration, AttributeError, RecursionError):
        # What somebody else wrote there, or an older edition of this program.
        return None


def _read_point(point: Mapping[str, object], vocabulary: Vocabulary) -> dict[str, MaybeValue] | None:
    read: dict[str, MaybeValue] = {}
    for name, given in point.items():
        signal = vocabulary.by_name.get(name)
        value = signal.read(given) if signal is not None else None
        if value is None or isinstance(value, Fault):
            return None
        read[name] = value
    return read
