"""What of a pack refers to what, worked out once a pack: rules by signal, measure and duty; dates in their order."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Rule
from assay.governance.office.contributions import Date
from assay.interfaces.web.policies.dates import all_dates
from assay.interfaces.web.policies.in_force import InForce
from assay.interfaces.web.policies.views import PolicyView, read_by, view_of

# Pages of policies that are kept; the others are made when they are asked for.
_MOST_KEPT = 400


@dataclass(frozen=True, slots=True)
class Crossed:
    """One pack, seen from everything that its rules name.

    dates  the earliest first
    """

    by_signal: Mapping[str, tuple[Rule, ...]]
    by_measure: Mapping[str, tuple[Rule, ...]]
    by_duty: Mapping[str, tuple[Rule, ...]]
    dates: Sequence[Date]
    views: dict[str, PolicyView]

    def dates_between(self, start: datetime, until: datetime) -> Sequence[Date]:
        """Dates from `start` and before `until`."""
        first = bisect_left(self.dates, start, key=lambda date: date.at)
        return self.dates[first : bisect_left(self.dates, until, key=lambda date: date.at)]

    def view(self, name: str, pack: Pack) -> PolicyView | None:
        """A policy as it is read; None where there is none of that name."""
        if name not in self.views:
            policy = next((one for one in pack.policies if one.id == name), None)
            if policy is None:
                return None
            if len(self.views) >= _MOST_KEPT:
                self.views.clear()
            self.views[name] = view_of(policy, pack)
        return self.views[name]


def cross(pack: Pack) -> Crossed:
    """Work it out."""
    signals: dict[str, list[Rule]] = {}
    measures: dict[str, list[Rule]] = {}
    duties: dict[str, list[Rule]] = {}
    for rule in pack.rules:
        for name in sorted(read_by(rule, pack)):
            signals.setdefault(name, []).append(rule)
        for name in dict.fromkeys(named.name for named in (*rule.then, *rule.until_known)):
            measures.setdefault(name, []).append(rule)
        for name in dict.fromkeys(named.name for named in rule.meets):
            duties.setdefault(name, []).append(rule)
    dates = sorted(all_dates(pack), key=lambda date: date.at)
    return Crossed(_whole(signals), _whole(measures), _whole(duties), dates, {})


class _Shelf:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: tuple[str, Crossed] | None = None

    def crossed(self, found: InForce) -> Crossed:
        held = self._held
        if held is not None and held[0] == found.digest:
            return held[1]
        with self._lock:
            if self._held is None or self._held[0] != found.digest:
                self._held = (found.digest, cross(found.pack))
            return self._held[1]


_shelf = _Shelf()


def crossed(found: InForce) -> Crossed:
    """What refers to what in the pack in force; kept until another one is."""
    return _shelf.crossed(found)


def _whole(found: dict[str, list[Rule]]) -> Mapping[str, tuple[Rule, ...]]:
    return {name: tuple(rules) for name, rules in found.items()}
