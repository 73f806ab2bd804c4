"""A service in small: bundles that can be held, a clock that tests turn, known outcomes. It holds no test."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from assay.engine.decision.decide import Decider, Decision
from assay.engine.decision.item import Item, read_item
from assay.engine.decision.record import RecordWriter
from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.counting.tally import Tally
from assay.interfaces.deciding.events import EventLog
from assay.interfaces.deciding.lineup import Hold, Lineup, Loaded
from assay.interfaces.deciding.live.making import make_held
from assay.interfaces.deciding.rails.holding import held_texts
from assay.interfaces.deciding.rails.opening import open_rails
from assay.interfaces.deciding.rails.rails import Rails
from assay.interfaces.deciding.rails.settings import RailSettings
from assay.interfaces.packs.texts import Texts, check_texts
from tests.interfaces import small

AS_OF = 1_795_000_000_000_000
REMOVED: Mapping[str, object] = {"ai_extent": "generated", "nudity": True, "consent": "absent", "disclosed": True}
LEFT: Mapping[str, object] = {"ai_extent": "generated", "nudity": False, "consent": "absent", "disclosed": True}
LABELLED: Mapping[str, object] = {"ai_extent": "generated", "nudity": False, "consent": "absent", "disclosed": False}
OPEN: Mapping[str, object] = {"ai_extent": "generated", "consent": "absent", "disclosed": True}
# Falls back to a step that the small pack has.
SETTINGS = RailSettings(dangerous=("removed",), watched=(), instead="not_recommended", limits=("removed: 1% to 5%",))


def loaded(files: Mapping[str, str] = small.FILES) -> Loaded:
    report = check_texts(Texts("small", "", files), examples=False)
    assert report.sound, report.rendered
    decider = Decider(report.checked.pack)
    return Loaded(decider.pack, decider, RecordWriter(decider))


@cache
def small_bundle() -> Loaded:
    return loaded()


class Bundles:
    """Bundles in use that brakes can be put on."""

    def __init__(self, bundle: Loaded | None = None) -> None:
        self.bare = bundle or small_bundle()
        self.lineup = Lineup(self.bare)
        self.fault: Fault | None = None
        self.changes = 0

    def set_holds(self, holds: tuple[Hold, ...], instead: str = "") -> Fault | None:
        if self.fault is not None:
            return self.fault
        self.changes += 1
        known = tuple(hold for hold in holds if hold.rule in self.bare.pack.rule_by_ref)
        if not known:
            self.lineup = Lineup(self.bare)
            return None
        texts = held_texts(self.bare.pack, known, instead)
        made = texts if isinstance(texts, Fault) else make_held(self.bare, texts, known)
        if isinstance(made, Fault):
            return made
        self.lineup = Lineup(made)
        return None

    def swap(self, bundle: Loaded) -> None:
        self.bare, self.lineup = bundle, Lineup(bundle)


class Service:
    """Decides as many items a second as it is told, and looks once a second."""

    def __init__(
        self, folder: Path | None = None, settings: RailSettings = SETTINGS, bundle: Loaded | None = None
    ) -> None:
        self.now, self.decided = 0.0, 0
        self.live, self.tally = Bundles(bundle), Tally()
        self.events = EventLog(None if folder is None else folder / "events.jsonl")
        opened = open_rails(
            settings, self.live, self.events, self.tally, folder, forgetful=True, clock=lambda: self.now
        )
        assert isinstance(opened, Rails), opened
        self.rails = opened

    def decide(self, signals: Mapping[str, object], name: str = "item") -> Decision:
        lineup = self.live.lineup
        bundle = lineup.current
        item = read_item({"id": name, "signals": signals}, bundle.decider.vocabulary, bundle.pack.markets)
        assert isinstance(item, Item)
        decision = bundle.decider.decide(item, AS_OF)
        self.tally.seen(decision, bundle, lineup)
        self.decided += 1
        return decision

    def run(self, seconds: int, a_second: int, removed_of_100: int, signals: Mapping[str, object] = REMOVED) -> None:
        """Of every hundred items the first so many are removed, or what `signals` come to."""
        for _ in range(seconds):
            for _ in range(a_second):
                self.decide(signals if self.decided % 100 < removed_of_100 else LEFT)
            self.look()

    def look(self) -> None:
        self.now += 1.0
        self.rails.tick(AS_OF + int(self.now * 1_000_000))

    def kinds(self) -> list[str]:
        return [event.kind for event in self.events.recent()]

    def held(self) -> list[str]:
        return [hold.rule for hold in self.rails.holds()]
