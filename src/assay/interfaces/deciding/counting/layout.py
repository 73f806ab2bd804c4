"""Where each name of a bundle stands in a row of counts. It counts nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from assay.engine.decision.decide import Verdict
from assay.engine.language.pack.measures import Ladder
from assay.engine.language.pack.pack import Pack
from assay.interfaces.deciding.lineup import Loaded


@dataclass(frozen=True)
class Layout:
    """The columns of a row, one bit each: rules that are true, rules that are open, measures that are applied,
    measures that are applied or certain, and whether the outcome is settled. Bundles of equal names share one.

    steps  places of the first ladder's steps among the measures, weakest first; `base` is the name below them
    """

    classes: tuple[str, ...]
    rules: tuple[str, ...]
    measures: tuple[str, ...]
    steps: tuple[int, ...]
    base: str

    @classmethod
    def of(cls, bundle: Loaded) -> Layout:
        """The layout of a bundle."""
        pack = bundle.pack
        ladder = _first_ladder(pack)
        return cls(
            tuple(found.name for found in bundle.decider.program.classes),
            tuple(rule.ref for rule in pack.rules),
            tuple(measure.id for measure in pack.measures.all),
            () if ladder is None else tuple(pack.measures.index[step.id] for step in ladder.steps),
            "all" if ladder is None else ladder.base.id,
        )

    @cached_property
    def true(self) -> slice:
        """Rules that are true."""
        return slice(0, len(self.rules))

    @cached_property
    def open(self) -> slice:
        """Rules that are open."""
        return slice(len(self.rules), 2 * len(self.rules))

    @cached_property
    def applied(self) -> slice:
        """Measures that are applied."""
        return slice(2 * len(self.rules), 2 * len(self.rules) + len(self.measures))

    @cached_property
    def imposed(self) -> slice:
        """Measures that are applied or certain: what a rehearsal counts as imposed."""
        return slice(self.settled - len(self.measures), self.settled)

    @cached_property
    def settled(self) -> int:
        """The column of settled outcomes."""
        return 2 * len(self.rules) + 2 * len(self.measures)

    @cached_property
    def width(self) -> int:
        """How many columns there are."""
        return self.settled + 1

    @cached_property
    def octets(self) -> int:
        """How many bytes hold a row's bits."""
        return (self.width + 7) // 8

    def packing(self) -> Callable[[Verdict], bytes]:
        """What writes a verdict as bits, the lowest first."""
        octets, settled_bit = self.octets, 1 << self.settled
        rules, measures = len(self.rules), len(self.measures)
        open_at, applied_at, imposed_at = rules, 2 * rules, 2 * rules + measures

        def row(verdict: Verdict) -> bytes:
            certain, _, applied, unsettled = verdict.standing
            true = verdict.true
            still = verdict.possible & ~true & ~verdict.never
            bits = true | still << open_at | applied << applied_at | (applied | certain) << imposed_at
            return (bits if unsettled else bits | settled_bit).to_bytes(octets, "little")

        return row


def _first_ladder(pack: Pack) -> Ladder | None:
    return next(iter(pack.measures.ladders), None)


def classes_by_name(bundle: Loaded) -> dict[str, int]:
    """The place of a market class by its name, and by each code in it: an item may tell a single market apart."""
    classes = bundle.decider.program.classes
    found = {code: place for place, market in enumerate(classes) for code in market.codes}
    return found | {market.name: place for place, market in enumerate(classes)}


def places_of_names(names: Iterable[str], wanted: Iterable[str]) -> tuple[int, ...]:
    """The places of those wanted that are among the names, in the order of the names."""
    kept = set(wanted)
    return tuple(place for place, name in enumerate(names) if name in kept)
