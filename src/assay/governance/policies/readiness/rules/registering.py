"""What may be said of a feature of the product: its name, its kind, what it provides, its state by market. No store."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.identifiers import MARKET_CODE
from assay.governance.policies.readiness.rules.dependencies import KINDS, Kind
from assay.governance.policies.readiness.rules.standing import EVERYWHERE, State

PROVIDES_MOST = STATES_MOST = 300
FEATURES_MOST = 5_000
_NAME = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*\Z")
_PROVIDED = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:[.:][A-Za-z0-9_]+)*\Z")
_GROUP = re.compile(r"[A-Z][A-Za-z0-9_-]{1,29}\Z")
_WORST = (State.MISSING, State.PLANNED, State.PARTLY, State.READY)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody says of a feature.

    states  by market, group or `*`: its state, and the day for which it is planned
    """

    name: str
    title: str
    kind: Kind
    provides: tuple[str, ...]
    states: Mapping[str, tuple[State, date | None]] = field(default_factory=dict)
    owner: str = ""
    team: str = ""
    note: str = ""
    link: str = ""

    @property
    def worst(self) -> State:
        """The worst of its states; missing where none is said."""
        return min((state for state, _ in self.states.values()), key=_WORST.index, default=State.MISSING)

    def content(self) -> dict[str, object]:
        """As plain JSON, from which its digest is made. The owner stands in it by their key alone."""
        return {
            "name": self.name,
            "title": self.title,
            "kind": self.kind,
            "provides": sorted(self.provides),
            "states": {
                market: [state.value, None if day is None else day.isoformat()]
                for market, (state, day) in sorted(self.states.items())
            },
            "owner": self.owner,
            "team": self.team,
            "note": self.note,
            "link": self.link,
        }


def faults_of(wish: Wish) -> list[Fault]:
    """Everything that is wrong with it."""
    faults = []
    if not _NAME.match(wish.name) or len(wish.name) > 80:
        faults.append(Fault("no-name", f"`{wish.name[:60]}` is no name; write a-z, digits, hyphens and dots", "name"))
    if not wish.title.strip() or len(wish.title) > 160:
        faults.append(Fault("no-title", "a feature has a title of 1 to 160 characters", "title"))
    if wish.kind not in KINDS:
        faults.append(Fault("no-kind", f"`{str(wish.kind)[:30]}` is no kind; choose one of {', '.join(KINDS)}", "kind"))
    if not wish.provides or len(wish.provides) > PROVIDES_MOST:
        faults.append(Fault("provides-nothing", f"name 1 to {PROVIDES_MOST} things that it provides", "provides"))
    faults += [
        Fault("no-vocabulary", f"`{name[:60]}` cannot be a name of the vocabulary", "provides")
        for name in wish.provides
        if not _PROVIDED.match(name) or len(name) > 120
    ]
    if not wish.states or len(wish.states) > STATES_MOST:
        faults.append(Fault("no-state", f"say how it stands, in {STATES_MOST} markets at the most", "states"))
    for market, (state, day) in wish.states.items():
        if market != EVERYWHERE and not MARKET_CODE.match(market) and not _GROUP.match(market):
            words = f"`{market[:40]}` is no market; write a code such as `DE`, a group such as `EU`, or `*`"
            faults.append(Fault("no-market", words, "states"))
        if state is State.PLANNED and day is None:
            faults.append(Fault("no-day", f"`planned` in `{market[:40]}` needs the day it is planned for", "states"))
    if len(wish.team) > 120 or len(wish.note) > 1_000 or len(wish.link) > 600:
        faults.append(Fault("too-long", "team, note and link have 120, 1,000 and 600 characters at the most", "note"))
    return faults
