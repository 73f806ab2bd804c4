"""Two bundles on the same items: where the second says otherwise of a rule or a measure. It counts nothing itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from assay.engine.decision.decide import Decision, Outcome, Verdict
from assay.engine.decision.item import EVERYWHERE, Item, read_item, write_item
from assay.interfaces.deciding.lineup import Loaded

_MOST_REMEMBERED = 20_000
# Kind, name, truth before, truth after.
_Change: TypeAlias = tuple[str, str, str, str]
_Names: TypeAlias = tuple[tuple[str, int | None, int | None], ...]
_ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Said:
    """What a second bundle says of one item.

    failures     why it could not decide it, or which values it has no signal for, as slugs
    differences  kind, name, market class, truth before, truth after; each once
    """

    failures: tuple[str, ...]
    differences: tuple[tuple[str, str, str, str, str], ...]


class Beside:
    """A bundle that decides and one beside it."""

    def __init__(self, before: Loaded, after: Loaded) -> None:
        self._before, self._after = before, after
        one, other = before.decider, after.decider
        self._same_words = one.vocabulary.signals == other.vocabulary.signals and one.pack.markets == other.pack.markets
        self._codes = {found.name: found.codes for found in one.program.classes}
        self._whole = frozenset(self._codes)
        self._measures = _names(one.pack.measures.index, other.pack.measures.index)
        self._rules = _names(
            {rule.ref: place for place, rule in enumerate(one.pack.rules)},
            {rule.ref: place for place, rule in enumerate(other.pack.rules)},
        )
        self._changes: dict[tuple[Verdict, Verdict], tuple[_Change, ...]] = {}
        self._markets: dict[frozenset[str], tuple[str, ...] | None] = {}
        self._reached: dict[str, tuple[str, ...]] = {}

    def say(self, decision: Decision) -> Said:
        """What the second bundle says of an item that the first has decided."""
        item, failures = self._item(decision.item)
        if item is None:
            return Said(failures, ())
        other = self._after.decider.decide(item, decision.as_of, self._asked(decision))
        named = frozenset(code for given in item.by_market.values() for code in given if code != EVERYWHERE)
        found: dict[tuple[str, str, str, str, str], None] = {}
        for outcome in decision.outcomes:
            for market in outcome.markets:
                for beside in self._outcomes(other, market, named):
                    for kind, name, before, after in self._change(outcome.verdict, beside.verdict):
                        found[kind, name, market, before, after] = None
        return Said(failures, tuple(found))

    def _item(self, item: Item) -> tuple[Item | None, tuple[str, ...]]:
        """The item in the second bundle's vocabulary, and what was lost on the way."""
        if self._same_words:
            return item, ()
        decider = self._after.decider
        written = write_item(item, self._before.decider.vocabulary)
        lost = _without_unknown(written, decider.vocabulary.by_name)
        found = read_item(written, decider.vocabulary, decider.pack.markets)
        failures = ("unknown-signal",) if lost else ()
        if isinstance(found, list):
            return None, (*failures, *dict.fromkeys(fault.slug for fault in found))
        return found, failures

    def _asked(self, decision: Decision) -> tuple[str, ...] | None:
        """The second bundle's market classes for those that were decided; None is all of them."""
        names = frozenset(name for outcome in decision.outcomes for name in outcome.markets)
        if names >= self._whole:
            return None
        if names not in self._markets:
            if len(self._markets) > 1_000:
                self._markets.clear()
            codes = {code for name in names for code in self._codes.get(name, (name,))}
            classes = self._after.decider.program.classes
            self._markets[names] = tuple(found.name for found in classes if found.codes & codes)
        return self._markets[names]

    def _outcomes(self, other: Decision, market: str, named: frozenset[str]) -> list[Outcome]:
        """The second bundle's outcomes in the markets of one class of the first; several where it tells them apart."""
        codes = self._codes.get(market)
        if codes is None:
            return [other.outcome(market)]
        # Of markets that an item names singly, one outcome each is compared by their own names.
        reached = self._reach(codes - named) if named else self._reached.get(market)
        if reached is None:
            reached = self._reached[market] = self._reach(codes)
        return [other.outcome(code) for code in reached]

    def _reach(self, codes: frozenset[str]) -> tuple[str, ...]:
        """One code for each of the second bundle's classes that holds any of some codes."""
        both = (codes & found.codes for found in self._after.decider.program.classes)
        return tuple(min(shared) for shared in both if shared)

    def _change(self, before: Verdict, after: Verdict) -> tuple[_Change, ...]:
        key = (before, after)
        found = self._changes.get(key)
        if found is None:
            if len(self._changes) >= _MOST_REMEMBERED:
                self._changes.clear()
            one, other = before.standing, after.standing
            found = self._changes[key] = (
                *_changed("measure", self._measures, (one.true, one.possible), (other.true, other.possible)),
                *_changed("rule", self._rules, (before.true, before.possible), (after.true, after.possible)),
            )
        return found


def _without_unknown(written: dict[str, object], names: Collection[str]) -> int:
    """Take out of an item's record what a vocabulary has no signal for; how many values that is."""
    signals, assertions = written["signals"], written.get("assertions", [])
    if not isinstance(signals, dict) or not isinstance(assertions, list):
        return 0
    kept = {name: value for name, value in signals.items() if name in names}
    believed = [one for one in assertions if one["signal"] in names]
    written["signals"] = kept
    if "assertions" in written:
        written["assertions"] = believed
    return len(signals) - len(kept) + len(assertions) - len(believed)


def _names(before: Mapping[str, int], after: Mapping[str, int]) -> _Names:
    """Names of either bundle with their places in both."""
    return tuple((name, before.get(name), after.get(name)) for name in dict.fromkeys((*before, *after)))


def _changed(kind: str, names: _Names, before: tuple[int, int], after: tuple[int, int]) -> list[_Change]:
    found = []
    for name, one, other in names:
        was, would = _truth(one, *before), _truth(other, *after)
        # What a bundle does not have, it does not do.
        if was != would and {was, would} != {_ABSENT, "no"}:
            found.append((kind, name, was, would))
    return found


def _truth(place: int | None, true: int, possible: int) -> str:
    if place is None:
        return _ABSENT
    if true >> place & 1:
        return "yes"
    return "unknown" if possible >> place & 1 else "no"
