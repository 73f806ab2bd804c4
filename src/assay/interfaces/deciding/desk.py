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
from assay.interfaces.stores.entry import Entry

OWN_FIELDS = ("markets", "as_of")


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


class Watcher(Protocol):
    """Is told of every decision, at once and in order; it must be quick."""

    def seen(self, decision: Decision, bundle: Loaded, lineup: Lineup) -> None:
        """Take note of a decision."""
        ...


class Desk:
    """Decides requests by a lineup, and tells the watchers."""

    def __init__(self, watchers: Sequence[Watcher] = ()) -> None:
        self._watchers = tuple(watchers)

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
        markets = classes_named(asked.markets, bundle)
        if isinstance(markets, Fault):
            return [markets]
        decision = decider.decide(item, asked.as_of, markets)
        entry = Entry(bundle.writer.parts(decision), item.id, key)
        for watcher in self._watchers:
            watcher.seen(decision, bundle, lineup)
        return Decided(decision, bundle, entry)


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
