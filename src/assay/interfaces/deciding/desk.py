"""The one way from a decoded request to a decision, whether it came by HTTP, in a batch or from a stream."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from assay.engine.decision.decide import Decision
from assay.engine.decision.item import read_item
from assay.engine.kernel.errors import Fault
from assay.engine.kernel.identifiers import did_you_mean
from assay.engine.kernel.instants import parse_instant
from assay.interfaces.deciding.lineup import Lineup, Loaded
from assay.interfaces.records.json_lines import decode_record
from assay.interfaces.records.reading import Place, readable_id
from assay.interfaces.stores.entry import Entry

OWN_FIELDS = ("markets", "as_of")
# Sets of markets of which a bundle remembers the classes; clients name few.
_MOST_NAMED = 2_000
# Whoever asks knows where the line stands.
_HERE = Place("line")


@dataclass(frozen=True, slots=True)
class Asked:
    """How to decide where a request's line does not say it itself.

    as_of    microseconds since the epoch
    markets  codes, groups or class names; None is every market
    """

    as_of: int
    markets: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Decided:
    """A decision with its record, ready to be kept and answered."""

    decision: Decision
    bundle: Loaded
    entry: Entry


Answer: TypeAlias = Decided | list[Fault]


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a line cannot be decided, and its id as far as it could be read."""

    faults: tuple[Fault, ...]
    id: str | None


class Watcher(Protocol):
    """Is told of every decision, at once and in order; it must be quick."""

    def seen(self, decision: Decision, bundle: Loaded, lineup: Lineup) -> None:
        """Take note of a decision."""
        ...


class Desk:
    """Decides requests by a lineup, and tells the watchers."""

    def __init__(self, watchers: Sequence[Watcher] = ()) -> None:
        self._watchers = tuple(watchers)

    def decide_line(self, line: bytes, lineup: Lineup, asked: Asked, *, key: str = "") -> Decided | Refused:
        """Decide one JSON text; the same as `decide` says of what it holds, and sooner."""
        bundle = lineup.current
        read = bundle.reader.read(line)
        if read is not None and lineup.staged is not None and lineup.bundle_for(read.item.id) is not bundle:
            bundle = lineup.staged
            read = bundle.reader.read(line)
        if read is None:
            return self._decide_plainly(line, lineup, asked, key)
        item, signals, markets, as_of = read
        named = self._classes_named(asked.markets if markets is None else markets, bundle)
        if isinstance(named, Fault):
            return Refused((named,), readable_id({"id": item.id}))
        decision = bundle.decider.decide(item, asked.as_of if as_of is None else as_of, named)
        return self._decided(decision, bundle.writer.parts(decision, signals), bundle, lineup, key)

    def _decide_plainly(self, line: bytes, lineup: Lineup, asked: Asked, key: str) -> Decided | Refused:
        """The same for a line of which something is unusual, or wrong."""
        record = decode_record(line, _HERE)
        if record.faults:
            return Refused(record.faults, record.id)
        answer = self.decide(record.content, lineup, asked, key=key)
        return Refused(tuple(answer), readable_id(record.content)) if isinstance(answer, list) else answer

    def decide(self, content: object, lineup: Lineup, asked: Asked, *, key: str = "") -> Answer:
        """Decide a decoded item record, which may name `markets` and `as_of` itself; or all that is wrong with it."""
        if isinstance(content, Mapping) and any(name in content for name in OWN_FIELDS):
            own = {name: content[name] for name in OWN_FIELDS if content.get(name) is not None}
            content = {name: value for name, value in content.items() if name not in OWN_FIELDS}
            found = _asked(own, asked)
            if isinstance(found, list):
                return found
            asked = found
        named = content.get("id") if isinstance(content, Mapping) else None
        bundle = lineup.bundle_for(named) if isinstance(named, str) else lineup.current
        decider = bundle.decider
        item = read_item(content, decider.vocabulary, decider.pack.markets)
        if isinstance(item, list):
            return item
        markets = self._classes_named(asked.markets, bundle)
        if isinstance(markets, Fault):
            return [markets]
        decision = decider.decide(item, asked.as_of, markets)
        return self._decided(decision, bundle.writer.parts(decision), bundle, lineup, key)

    def _decided(self, decision: Decision, parts: Sequence[bytes], bundle: Loaded, lineup: Lineup, key: str) -> Decided:
        for watcher in self._watchers:
            watcher.seen(decision, bundle, lineup)
        return Decided(decision, bundle, Entry(parts, decision.item.id, key))

    @staticmethod
    def _classes_named(markets: tuple[str, ...] | None, bundle: Loaded) -> tuple[str, ...] | Fault | None:
        """The same as `classes_named`, remembered."""
        if markets is None:
            return None
        found = bundle.classes.get(markets)
        if found is None:
            classes = classes_named(markets, bundle)
            if classes is None or isinstance(classes, Fault):
                return classes
            if len(bundle.classes) >= _MOST_NAMED:
                bundle.classes.clear()
            found = bundle.classes[markets] = classes
        return found


def _asked(own: Mapping[str, object], asked: Asked) -> Asked | list[Fault]:
    """What a line says itself of how to decide it, over what its request says."""
    faults: list[Fault] = []
    as_of, markets = asked.as_of, asked.markets
    given = own.get("as_of")
    if given is not None:
        found = parse_instant(given) if isinstance(given, str) else None
        if found is None:
            faults.append(Fault("bad-instant", "`as_of` is a date or a time such as `2026-12-15T10:00:00Z`", "as_of"))
        else:
            as_of = found
    named = own.get("markets")
    if named is not None:
        if isinstance(named, list) and named and all(isinstance(name, str) for name in named):
            markets = tuple(named)
        else:
            faults.append(Fault("wrong-type", "`markets` is a list of codes such as `BR` or `EU`", "markets"))
    return faults or Asked(as_of, markets)


def classes_named(markets: tuple[str, ...] | None, bundle: Loaded) -> tuple[str, ...] | Fault | None:
    """The market classes that hold any of the markets named, by name; None stands for every class."""
    if markets is None:
        return None
    decider = bundle.decider
    classes = {found.name for found in decider.program.classes}
    known = decider.pack.markets
    for name in markets:
        if name not in classes and not known.knows(name):
            hint = did_you_mean(name, classes | known.codes | set(known.groups))
            return Fault(
                "unknown-market", f"no market is named `{name[:40]}`" + (f"; {hint}" if hint else ""), "markets"
            )
    return tuple(found.name for found in decider.classes_of(markets))
