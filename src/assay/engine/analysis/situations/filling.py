"""Items with what is unknown of them filled in, so that rules which need not hold do not. It proves nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from assay.engine.analysis.situations.memory import read_by
from assay.engine.kernel.truth import YES
from assay.engine.kernel.values import MaybeValue, Value
from assay.engine.language.pack.vocabulary import SignalType
from assay.engine.program.core import Node
from assay.engine.program.smt.alphabet import Alphabet
from assay.engine.program.smt.formula import Situation, truth_in

# Rounds in which every signal may be given another value; there is little to gain after the second.
_ROUNDS = 3


class Filling:
    """Fills items up to be like one for which few rules hold.

    nodes  the conditions of rules
    """

    def __init__(self, alphabet: Alphabet, nodes: Iterable[Node]) -> None:
        self._alphabet, self._nodes = alphabet, tuple(nodes)

    def filled(self, situation: Situation, names: Iterable[str]) -> Situation:
        """The same situation, in which all of these signals are known."""
        missing = {name: self._quiet[name] for name in names}
        points: list[dict[str, MaybeValue]] = [{**missing, **point} for point in situation.points]
        return Situation(tuple(points), situation.places, situation.item)

    def values(self, name: str) -> tuple[Value, ...]:
        """Values to choose from: those that conditions tell apart, where these can be listed."""
        if self._alphabet.vocabulary.by_name[name].type is SignalType.TEXT:
            return ("",)
        domain = self._alphabet.domain(name)
        return (frozenset(),) if domain is None else domain.values

    @cached_property
    def _quiet(self) -> Mapping[str, MaybeValue]:
        """A complete item for which few rules hold, found by bettering one signal after the other."""
        item: dict[str, MaybeValue] = {name: self.values(name)[0] for name in self._alphabet.vocabulary.by_name}
        readers: dict[str, list[Node]] = {}
        for node in self._nodes:
            for name in sorted(read_by(node)):
                readers.setdefault(name, []).append(node)
        for _ in range(_ROUNDS):
            before = dict(item)
            for name, nodes in readers.items():
                tried = [(_holding(nodes, {**item, name: value}), value) for value in self.values(name)]
                item[name] = min(tried, key=lambda one: one[0])[1]
            if item == before:
                break
        return item


def _holding(nodes: Iterable[Node], item: Mapping[str, MaybeValue]) -> int:
    return sum(truth_in(node, item, "witness") is YES for node in nodes)
