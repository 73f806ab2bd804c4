"""The brakes that are on: put on, kept over restarts and swaps, released by a person. It judges no rate."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.events import EventLog
from assay.interfaces.deciding.lineup import Hold, Lineup
from assay.interfaces.deciding.rails.state import write_holds

LONGEST_NAME = 200


class Bundles(Protocol):
    """The bundles in use."""

    lineup: Lineup

    def set_holds(self, holds: tuple[Hold, ...], instead: str = "") -> Fault | None:
        """Put these brakes on and no others."""
        ...


class Brakes:
    """Which rules are held.

    path     where that is written; None forgets it with the process
    instead  what held measures fall back to, as `holding` reads it
    """

    def __init__(self, live: Bundles, events: EventLog, path: Path | None, instead: str) -> None:
        self._live, self._events, self._path, self._instead = live, events, path, instead
        self._changing = threading.RLock()
        self.on: tuple[Hold, ...] = ()
        self.tripped = 0
        self.failing = False

    def restore(self, holds: tuple[Hold, ...]) -> Fault | None:
        """Put the brakes on that were on before a restart."""
        with self._changing:
            known = _rules_of(self._live.lineup)
            kept = tuple(hold for hold in holds if hold.rule in known)
            fault = self._live.set_holds(kept, self._instead) if kept else None
            if fault is not None:
                return fault
            self.on = holds
            for hold in kept:
                self._events.write("brake-restored", f"the brake on `{hold.rule}` is still on", rule=hold.rule)
            self.drop_gone()
        return None

    def put(self, holds: Iterable[Hold]) -> bool:
        """Put more brakes on; returns whether they are on now."""
        with self._changing:
            before = {hold.rule: hold for hold in self.on}
            new = {hold.rule: _joined(before.get(hold.rule), hold) for hold in holds}
            added = [hold for rule, hold in new.items() if before.get(rule) != hold]
            if not added:
                return True
            if not self._change((*[hold for hold in self.on if hold.rule not in new], *new.values())):
                return False
            self.tripped += len(added)
            for hold in added:
                words = f"brake on `{hold.rule}`: {', '.join(hold.measures)} fall back to review, since {hold.why}"
                self._events.write("brake-on", words, rule=hold.rule, measures=list(hold.measures), why=hold.why)
            return True

    def release(self, rule: str, by: str) -> Hold | Fault:
        """Take the brake off a rule; returns what was held."""
        person = by.strip()[:LONGEST_NAME]
        if not person:
            return Fault("nobody", "say who releases the brake", "by")
        with self._changing:
            found = next((hold for hold in self.on if hold.rule == rule), None)
            if found is None:
                on = ", ".join(f"`{hold.rule}`" for hold in self.on)
                return Fault(
                    "no-brake", f"no brake is on `{rule[:80]}`; {f'on are {on}' if on else 'none is on'}", "rule"
                )
            left = tuple(hold for hold in self.on if hold.rule != rule)
            fault = self._live.set_holds(left, self._instead)
            if fault is not None:
                return fault
            self.on = left
            self._write()
        self._events.write("brake-released", f"{person} released the brake on `{rule}`", rule=rule, by=person)
        return found

    def drop_gone(self) -> None:
        """Let go of brakes on rules that no bundle in use has any longer."""
        with self._changing:
            known = _rules_of(self._live.lineup)
            gone = [hold for hold in self.on if hold.rule not in known]
            if not gone:
                return
            left = tuple(hold for hold in self.on if hold.rule in known)
            if not self._change(left):
                return
            for hold in gone:
                words = f"the brake on `{hold.rule}` is dropped, since no bundle in use has the rule any longer"
                self._events.write("brake-dropped", words, rule=hold.rule)

    def _change(self, holds: tuple[Hold, ...]) -> bool:
        before, self.on = self.on, holds
        # Written first: a crash in between leaves a brake too many, not one too few.
        self._write()
        fault = self._live.set_holds(holds, self._instead)
        if fault is None:
            self.failing = False
            return True
        self.on = before
        self._write()
        if not self.failing:
            self._events.write("brake-failed", fault.words, slug=fault.slug)
        self.failing = True
        return False

    def _write(self) -> None:
        fault = write_holds(self._path, self.on)
        if fault is not None:
            # The brake matters more than its file; a restart before the disk is mended would lose it, which this says.
            self._events.write(fault.slug, fault.words)


def _joined(before: Hold | None, hold: Hold) -> Hold:
    if before is None:
        return hold
    measures = tuple(dict.fromkeys((*before.measures, *hold.measures)))
    return before if measures == before.measures else Hold(hold.rule, measures, hold.why, hold.since)


def _rules_of(lineup: Lineup) -> frozenset[str]:
    found = [bundle for bundle in (lineup.current, lineup.staged) if bundle is not None]
    return frozenset(rule.ref for bundle in found for rule in bundle.pack.rules)
