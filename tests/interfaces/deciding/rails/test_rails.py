"""Brakes go on when a rate leaves its band or a quota is used up, hold what carries it, and stay until released."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

from assay.engine.decision.record import replay
from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.counting.tally import Tally
from assay.interfaces.deciding.events import EventLog
from assay.interfaces.deciding.rails.opening import open_rails
from assay.interfaces.deciding.rails.settings import RailSettings
from tests.interfaces import small
from tests.interfaces.deciding.small_service import (
    LABELLED,
    LEFT,
    REMOVED,
    SETTINGS,
    Bundles,
    Service,
    loaded,
    small_bundle,
)

INTIMATE = "likeness/intimate"
QUOTA = replace(SETTINGS, limits=(), quotas=("removed: 30 in 10 minutes",))


def other_pack(old: str, new: str) -> dict[str, str]:
    return {**small.FILES, small.POLICY: small.FILES[small.POLICY].replace(old, new)}


def test_a_healthy_stream_runs_without_an_alarm() -> None:
    service = Service()
    service.run(60, 100, 3)
    assert (service.held(), service.rails.alarms(), service.kinds()) == ([], (), [])


def test_chance_alone_raises_no_alarm() -> None:
    service, chance = Service(), random.Random(7)
    for _ in range(120):
        for _ in range(60):
            service.decide(REMOVED if chance.random() < 0.045 else LEFT)
        service.look()
    assert (service.held(), service.kinds()) == ([], [])


def test_what_is_out_stays_out_until_its_rate_is_back_inside() -> None:
    service = Service(settings=replace(SETTINGS, dangerous=(), watched=("removed",), longest_window=60.0))
    service.run(20, 100, 40)
    # Hardly above the band: no proof by itself, and no reason to call off an alarm either.
    service.run(100, 100, 6)
    assert [alarm.kind for alarm in service.rails.alarms()] == ["above"]
    assert service.kinds() == ["rate-above"]
    service.run(100, 100, 3)
    assert service.rails.alarms() == ()


def test_less_of_what_a_brake_holds_back_is_no_news() -> None:
    service = Service()
    service.run(20, 100, 60)
    service.run(90, 100, 3)
    assert "rate-below" not in service.kinds()


def test_a_rate_above_its_band_brakes_the_rule_that_carries_it() -> None:
    service = Service()
    service.run(30, 100, 3)
    service.run(20, 100, 40)
    assert service.held() == [INTIMATE]
    assert service.kinds() == ["rate-above", "brake-on"]
    (alarm, *_) = service.rails.alarms()
    assert (alarm.measure, alarm.kind, alarm.rules) == ("removed", "above", (INTIMATE,))
    assert "the band is 1 % to 5 %" in alarm.words
    now = service.decide(REMOVED)
    assert now.applied("US") == ("not_recommended",)
    assert service.live.lineup.current.base == small_bundle().digest


def test_what_a_braked_bundle_decides_replays_to_the_same_bytes() -> None:
    service = Service()
    service.run(20, 100, 60)
    held = service.live.lineup.current
    record = held.writer.write(service.decide(REMOVED))
    assert json.loads(record)["bundle"] == held.digest != small_bundle().digest
    assert replay(record, loaded(held.pack.files).decider) == record


def test_a_rate_below_its_band_raises_an_alarm_and_brakes_nothing() -> None:
    service = Service()
    service.run(60, 100, 0)
    assert service.held() == []
    assert {alarm.kind for alarm in service.rails.alarms()} == {"below"}
    assert service.kinds().count("rate-below") == 1
    service.run(300, 100, 3)
    assert service.rails.alarms() == ()
    assert "alarm-over" in service.kinds()


def test_a_few_decisions_are_not_judged() -> None:
    service = Service()
    service.run(1, 190, 100)
    assert service.rails.alarms() == ()


def test_a_quota_acts_at_the_next_look() -> None:
    service = Service(settings=QUOTA)
    service.run(1, 100, 29)
    assert service.held() == []
    service.run(1, 100, 1)
    assert service.held() == [INTIMATE]
    assert service.kinds() == ["quota-reached", "brake-on"]
    assert service.decide(REMOVED).applied("US") == ("not_recommended",)


def test_a_quota_counts_items_and_not_their_markets() -> None:
    service = Service(settings=QUOTA, bundle=loaded(other_pack("then: [label:ai]", "then: [label:ai]\nmarkets: [BR]")))
    assert len(service.decide(REMOVED).outcomes[0].markets) > 1
    service.run(1, 100, 25)
    assert service.held() == []


def test_a_quota_forgets_what_is_older_than_its_window() -> None:
    service = Service(settings=QUOTA)
    service.run(1, 100, 20)
    for _ in range(700):
        service.look()
    service.run(1, 100, 20)
    assert service.held() == []


def test_a_person_releases_a_brake_and_it_trips_again_after_a_fresh_window() -> None:
    service = Service()
    service.run(20, 100, 60)
    assert service.rails.release(INTIMATE, "  ") == Fault("nobody", "say who releases the brake", "by")
    missing = service.rails.release("likeness/label", "ada")
    assert missing is not None
    assert "`likeness/intimate`" in missing.words
    assert service.rails.release(INTIMATE, "ada") is None
    assert service.kinds()[-1] == "brake-released"
    assert service.decide(REMOVED).applied("US") == ("removed",)
    service.look()
    assert service.held() == []
    service.run(20, 100, 60)
    assert service.held() == [INTIMATE]
    assert service.rails.tripped == 2


def test_a_release_begins_a_quota_anew() -> None:
    service = Service(settings=QUOTA)
    service.run(1, 100, 40)
    assert service.rails.release(INTIMATE, "ada") is None
    service.look()
    assert service.held() == []


def test_brakes_survive_a_restart_and_nobody_decides_without_them(tmp_path: Path) -> None:
    service = Service(tmp_path)
    service.run(20, 100, 60)
    again = Service(tmp_path)
    assert again.held() == [INTIMATE]
    assert again.live.lineup.current.holds[0].rule == INTIMATE
    assert again.kinds()[-1] == "brake-restored"


def test_a_brake_is_dropped_with_its_rule_and_says_so(tmp_path: Path) -> None:
    service = Service(tmp_path)
    service.run(20, 100, 60)
    service.live.swap(loaded(other_pack("id: intimate", "id: intimate-imagery")))
    service.look()
    assert service.held() == []
    assert "brake-dropped" in service.kinds()
    assert Service(tmp_path).held() == []


def test_a_state_file_that_is_damaged_is_refused_and_not_taken_for_none(tmp_path: Path) -> None:
    (tmp_path / "rails.json").write_text("{}", encoding="utf-8")
    opened = open_rails(SETTINGS, Bundles(), EventLog(None), Tally(), tmp_path)
    assert isinstance(opened, list)
    assert [fault.slug for fault in opened] == ["bad-rails-state"]


def test_a_brake_that_cannot_be_put_on_is_said_once_and_tried_again() -> None:
    service = Service()
    service.live.fault = Fault("brake-failed", "the disk is full")
    service.run(20, 100, 60)
    assert service.rails.failing
    assert service.kinds().count("brake-failed") == 1
    service.live.fault = None
    service.run(20, 100, 60)
    assert service.held() == [INTIMATE]
    assert not service.rails.failing


def test_a_measure_that_is_only_watched_raises_an_alarm_and_no_brake() -> None:
    settings = replace(SETTINGS, dangerous=(), watched=("removed",))
    service = Service(settings=settings)
    service.run(20, 100, 60)
    assert service.held() == []
    assert {alarm.kind for alarm in service.rails.alarms()} == {"above"}


def test_other_rules_are_left_alone() -> None:
    settings = replace(SETTINGS, dangerous=("removed", "label:ai"))
    service = Service(settings=settings)
    service.run(20, 100, 60)
    assert service.held() == [INTIMATE]
    assert service.decide(LABELLED).applied("US") == ("label:ai",)


def test_settings_that_guard_nothing_are_refused() -> None:
    settings = RailSettings(
        dangerous=("remvoed",),
        instead="reviewed",
        limits=("removed in XX: at most 5%", "labl:ai: at most 5%"),
        quotas=("removed: many",),
    )
    opened = open_rails(settings, Bundles(), EventLog(None), Tally(), None, forgetful=True)
    assert isinstance(opened, list)
    assert sorted(fault.slug for fault in opened) == [
        "bad-quota",
        "unknown-market",
        "unknown-measure",
        "unknown-measure",
        "unknown-measure",
    ]
    assert any("did you mean `removed`" in fault.words for fault in opened)


def test_brakes_that_a_restart_would_release_are_refused() -> None:
    opened = open_rails(SETTINGS, Bundles(), EventLog(None), Tally(), None)
    assert isinstance(opened, list)
    assert [fault.slug for fault in opened] == ["no-state"]


def test_a_pack_without_the_default_measures_is_served_where_nothing_is_judged() -> None:
    assert not isinstance(open_rails(RailSettings(), Bundles(), EventLog(None), Tally(), None), list)


def test_the_thread_looks_by_itself() -> None:
    service = Service(settings=replace(QUOTA, look_every=0.05))
    for _ in range(40):
        service.decide(REMOVED)
    service.rails.start()
    try:
        for _ in range(200):
            if service.held():
                break
            service.rails._ending.wait(0.02)
    finally:
        service.rails.close()
    assert service.held() == [INTIMATE]
