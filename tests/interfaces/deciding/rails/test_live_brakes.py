"""Brakes on the bundles of a running service: they outlive it, and what they made can be replayed."""

from __future__ import annotations

import gc
import json
import weakref
from dataclasses import replace
from pathlib import Path

import pytest

from assay.engine.decision.item import Item, read_item
from assay.engine.decision.record import replay
from assay.interfaces.deciding.counting.tally import Tally
from assay.interfaces.deciding.events import EventLog
from assay.interfaces.deciding.live.bundles import LiveBundles
from assay.interfaces.deciding.live.opening import open_live
from assay.interfaces.deciding.live.settings import BundleSettings
from assay.interfaces.deciding.rails.opening import open_rails
from assay.interfaces.deciding.rails.rails import Rails
from assay.interfaces.packs.bundles import read_bundle
from assay.interfaces.packs.texts import Texts
from tests.interfaces import small
from tests.interfaces.deciding.small_service import AS_OF, REMOVED, SETTINGS, Service, loaded

pytestmark = pytest.mark.slow
QUOTA = replace(SETTINGS, limits=(), quotas=("removed: 3 in 10 minutes",))


def opened(folder: Path) -> tuple[LiveBundles, Tally, Rails]:
    """A service's bundles and rails over what it left behind."""
    pack, state = folder / "pack", folder / "state"
    if not pack.exists():
        small.write(pack)
    events = EventLog(state / "events.jsonl")
    live = open_live(BundleSettings(source=str(pack), allow_unsigned=True, state=state), events)
    assert isinstance(live, LiveBundles), live
    tally = Tally()
    rails = open_rails(QUOTA, live, events, tally, state)
    assert isinstance(rails, Rails), rails
    return live, tally, rails


def remove(live: LiveBundles, tally: Tally) -> bytes:
    lineup = live.lineup
    bundle = lineup.current
    item = read_item({"id": "a", "signals": REMOVED}, bundle.decider.vocabulary, bundle.pack.markets)
    assert isinstance(item, Item)
    decision = bundle.decider.decide(item, AS_OF)
    tally.seen(decision, bundle, lineup)
    return bundle.writer.write(decision)


def test_a_brake_is_kept_with_its_bundle_over_a_restart(tmp_path: Path) -> None:
    live, tally, rails = opened(tmp_path)
    before = [remove(live, tally) for _ in range(3)]
    rails.tick(AS_OF)
    record = remove(live, tally)
    assert json.loads(before[0])["outcomes"][0]["applied"] == ["removed"]
    assert json.loads(record)["outcomes"][0]["applied"] == ["not_recommended"]
    live.close()

    digest = json.loads(record)["bundle"]
    (kept,) = [path for path in tmp_path.rglob("*.json") if digest.removeprefix("sha256:") in path.name]
    texts = read_bundle(kept)
    assert isinstance(texts, Texts)
    assert replay(record, loaded(texts.files).decider) == record

    live, tally, rails = opened(tmp_path)
    assert [hold.rule for hold in rails.holds()] == ["likeness/intimate"]
    assert remove(live, tally) == record
    assert rails.release("likeness/intimate", "ada") is None
    assert remove(live, tally) == before[0]
    live.close()


def test_bundles_that_were_swapped_are_let_go() -> None:
    service, gone = Service(settings=QUOTA), []
    for version in range(12):
        files = {
            name: text.replace("version: 1.0.0", f"version: 1.0.{version}", 1) for name, text in small.FILES.items()
        }
        service.live.swap(loaded(files))
        gone.append(weakref.ref(service.live.bare.pack))
        service.decide(REMOVED) if version < 2 else service.decide({})
        for _ in range(8):
            service.look()
    gc.collect()
    assert sum(one() is not None for one in gone) <= 4
