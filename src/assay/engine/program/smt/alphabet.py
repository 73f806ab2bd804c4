"""What conditions tell apart: for each signal the values that behave differently, and the atoms that read it.

Every other value of a signal behaves like one of these, so a proof over them holds for all, and a witness made of them
is a value that an item can have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from assay.engine.language.pack.vocabulary import Signal, SignalType, Vocabulary
from assay.engine.program.core import Atom, Between, InRollout, Members, Node, Ordered, Size, atoms_of
from assay.engine.program.domains import Domain, constants_of, domain_of, whole_numbers


@dataclass(frozen=True, slots=True)
class Alphabet:
    """Signals, and every atom that some condition puts on them.

    atoms     by signal, each once
    rollouts  the shares by rule, in rising order
    """

    vocabulary: Vocabulary
    atoms: Mapping[str, tuple[Atom, ...]]
    rollouts: Mapping[str, tuple[float, ...]]
    _domains: dict[str, Domain | None] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, vocabulary: Vocabulary, nodes: Iterable[Node]) -> Alphabet:
        """The alphabet of some conditions."""
        found: dict[str, dict[Atom, None]] = {}
        shares: dict[str, set[float]] = {}
        for node in nodes:
            for atom in atoms_of(node):
                # An atom and its opposite tell the same apart.
                plain = Atom(atom.test)
                if isinstance(atom.test, InRollout):
                    shares.setdefault(atom.test.rule, set()).add(atom.test.share)
                for name in atom.signals:
                    found.setdefault(name, {})[plain] = None
        atoms = {name: tuple(each) for name, each in found.items()}
        return cls(vocabulary, atoms, {rule: tuple(sorted(each)) for rule, each in shares.items()})

    def twins(self, name: str) -> frozenset[str]:
        """The signals that a signal is compared with, directly or through others; itself left out."""
        seen, waiting = {name}, [name]
        while waiting:
            for atom in self.atoms.get(waiting.pop(), ()):
                if isinstance(atom.test, Between):
                    new = set(atom.signals) - seen
                    seen |= new
                    waiting.extend(new)
        return frozenset(seen - {name})

    def domain(self, name: str) -> Domain | None:
        """The values of a signal that can be told apart; None for texts and sets, which are told apart in another way.

        Signals that are compared with each other have as many values between two constants as there are of them.
        """
        if name not in self._domains:
            signal = self.vocabulary.by_name[name]
            listed = None
            if signal.type not in (SignalType.TEXT, SignalType.SET):
                twins = self.twins(name)
                beside = [atom for twin in sorted(twins) for atom in (*self.atoms.get(twin, ()), *self._bounds(twin))]
                beside += self._meeting(name, twins, beside)
                listed = domain_of(signal, self.atoms.get(name, ()), beside, 1 + len(twins))
            self._domains[name] = listed
        return self._domains[name]

    def _bounds(self, name: str) -> list[Atom]:
        """The ends of a signal's range, as atoms: two signals are equal there too."""
        signal = self.vocabulary.by_name[name]
        ends = (0.0, 1.0) if signal.type is SignalType.SCORE else (signal.minimum, signal.maximum)
        return [Atom(Ordered(name, ">=", end)) for end in ends if end is not None]

    def _meeting(self, name: str, twins: frozenset[str], beside: list[Atom]) -> list[Atom]:
        """Where a signal of whole numbers can be equal to one of any: between their constants, as atoms."""
        whole = {self.vocabulary.by_name[one].integer for one in (name, *twins)}
        if len(whole) < 2:
            return []
        cuts = constants_of((*self.atoms.get(name, ()), *self._bounds(name), *beside))
        return [Atom(Ordered(name, ">=", number)) for number in whole_numbers(cuts, 1 + len(twins))]

    def members(self, name: str) -> tuple[str, ...]:
        """The values of a set signal that can be told apart: those that are named, or all where they are counted."""
        signal, atoms = self.vocabulary.by_name[name], self.atoms.get(name, ())
        if any(isinstance(atom.test, Size | Between) for atom in atoms):
            return signal.value_names
        named = {value for atom in atoms if isinstance(atom.test, Members) for value in atom.test.values}
        return tuple(value for value in signal.value_names if value in named)

    def single(self, name: str) -> tuple[Atom, ...]:
        """The atoms that read a signal and no other."""
        return tuple(atom for atom in self.atoms.get(name, ()) if not isinstance(atom.test, Between))

    @property
    def texts(self) -> tuple[str, ...]:
        """The text signals that conditions look into, by name."""
        known = self.vocabulary.by_name
        # Promises also read words that are no signals.
        return tuple(sorted(name for name in self.atoms if name in known and known[name].type is SignalType.TEXT))


def length_of(signal: Signal) -> Signal:
    """The number that stands for how many characters a text has."""
    return Signal(
        f"size({signal.name})", SignalType.NUMBER, "", "", minimum=0.0, maximum=float(signal.longest), integer=True
    )
