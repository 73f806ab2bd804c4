"""What some versions of a pack need of a history: signals, markets, labels. It never names what no version reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from assay.engine.backtest.history.block import DIMENSIONS
from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import DAY, parse_instant
from assay.engine.kernel.span import Span
from assay.engine.language.pack.vocabulary import Signal, SignalType, Vocabulary
from assay.engine.program.core import atoms_of
from assay.engine.program.lower import Program

# No history is older than the platforms it is of, and none is of days to come; what is outside is a slip.
FIRST_DAY = (parse_instant("2000-01-01") or 0) // DAY
LAST_DAY = (parse_instant("2100-12-31") or 0) // DAY
_ALIKE = (frozenset((SignalType.CHOICE, SignalType.SCALE)), frozenset((SignalType.NUMBER, SignalType.SCORE)))


@dataclass(frozen=True)
class Needs:
    """What is read of a history, and by which declarations it is checked.

    signals    each as the versions declare it that have a rule which reads it; usually one declaration
    shown      further signals that are read to be shown; a wrong value of one is left unknown and refuses no row
    markets    the codes of all markets of all versions
    labelled   what labels may be about: signals with their declarations; and `measures`
    ids, creators, groups, labels, done  what else of each row is wanted
    since, until  days since the epoch, both included
    """

    signals: tuple[tuple[Signal, ...], ...]
    shown: tuple[Signal, ...] = ()
    markets: frozenset[str] = frozenset()
    labelled: Mapping[str, Signal] = field(default_factory=dict)
    measures: frozenset[str] = frozenset()
    vocabulary_names: frozenset[str] = frozenset()
    ids: bool = True
    creators: bool = True
    groups: bool = True
    labels: bool = True
    done: bool = True
    since: int = FIRST_DAY
    until: int = LAST_DAY
    dimensions: tuple[str, ...] = DIMENSIONS

    @classmethod
    def of(
        cls,
        programs: Sequence[Program],
        *,
        shown: bool = False,
        ids: bool = True,
        creators: bool = True,
        groups: bool = True,
        labels: bool = True,
        done: bool = True,
    ) -> Needs | list[Fault]:
        """What some programs need, or why one table cannot serve them all."""
        read: dict[str, list[Signal]] = {}
        for program in programs:
            for name in sorted(_read_by(program)):
                declared = _bare(program.pack.vocabulary.by_name[name])
                if declared not in read.setdefault(name, []):
                    read[name].append(declared)
        faults = [fault for found in read.values() for fault in _clashes(found)]
        if faults:
            return faults
        packs = [program.pack for program in programs]
        declared_by = {signal.name: _bare(signal) for pack in packs for signal in pack.vocabulary.signals}
        return cls(
            tuple([tuple(read[name]) for name in sorted(read)]),
            tuple([declared_by[name] for name in declared_by if name not in read]) if shown else (),
            frozenset().union(*(pack.markets.codes for pack in packs)),
            declared_by,
            frozenset([measure.id for pack in packs for measure in pack.measures.all]),
            frozenset(declared_by),
            ids,
            creators,
            groups,
            labels,
            done,
        )

    @classmethod
    def of_vocabulary(cls, vocabulary: Vocabulary, markets: frozenset[str], measures: frozenset[str]) -> Needs:
        """Everything that a vocabulary knows, each signal checked as though a rule read it."""
        signals = {signal.name: _bare(signal) for signal in vocabulary.signals}
        alone = tuple([(signal,) for signal in signals.values()])
        return cls(alone, (), markets, signals, measures, frozenset(signals))

    def within(self, since: str | None, until: str | None) -> Needs | list[Fault]:
        """The same for a period only, its first and last day as `YYYY-MM-DD`."""
        days = {name: parse_instant(given) for name, given in (("since", since), ("until", until)) if given is not None}
        faults = [
            Fault("bad-date", f"`{name}` is a day such as `2026-10-01`", name)
            for name, at in days.items()
            if at is None
        ]
        first, last = ((days.get(name) or default * DAY) // DAY for name, default in _period(self))
        if not faults and last < first:
            faults.append(Fault("bad-date", "the period ends before it begins", "until"))
        return faults or replace(self, since=first, until=last)

    @cached_property
    def declared(self) -> tuple[Signal, ...]:
        """Every signal that is read, once."""
        return (*(found[-1] for found in self.signals), *self.shown)

    @cached_property
    def by_name(self) -> Mapping[str, tuple[Signal, ...]]:
        """The declarations of the signals that are read."""
        return {found[0].name: found for found in (*self.signals, *((signal,) for signal in self.shown))}


def _period(needs: Needs) -> tuple[tuple[str, int], tuple[str, int]]:
    return ("since", needs.since), ("until", needs.until)


def _read_by(program: Program) -> set[str]:
    return {name for lowered in program.rules for atom in atoms_of(lowered.condition) for name in atom.signals}


def _bare(signal: Signal) -> Signal:
    """The signal as far as it says which values it may have; two versions that differ in words alone are one."""
    return Signal(
        signal.name,
        signal.type,
        title="",
        question="",
        values=tuple([replace(value, phrase="", negated=None, at_least=None, at_most=None) for value in signal.values]),
        minimum=signal.minimum,
        maximum=signal.maximum,
        integer=signal.integer,
        longest=signal.longest,
        subject=signal.subject,
        scope=signal.scope,
        span=Span("", 1, 1),
    )


def _clashes(declared: Sequence[Signal]) -> list[Fault]:
    kinds = {signal.type for signal in declared}
    name = declared[0].name
    if len(kinds) > 1 and not any(kinds <= alike for alike in _ALIKE):
        words = f"`{name}` is a {' in one version and a '.join(sorted(kinds))} in the other: no column can be both"
        return [Fault("two-types", words, name)]
    if len({signal.by_market for signal in declared}) > 1:
        return [Fault("two-types", f"`{name}` has a value for each market in one version only", name)]
    return []
