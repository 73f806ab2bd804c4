"""One call brings the former bundle back; it stays until a person or a newer release says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from assay.engine.kernel.errors import Fault
from assay.engine.language.pack.pack import Pack
from assay.interfaces.deciding.lineup import Hold
from assay.interfaces.deciding.live import opening
from assay.interfaces.deciding.live.bundles import LiveBundles
from assay.interfaces.packs.bundles import open_bundle
from tests.interfaces.deciding.live.releases import Desk, digest, quick_trials

HOLD = Hold("likeness/intimate", ("removed",), "more than forecast", 1)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = Desk(tmp_path)
    quick_trials(desk, monkeypatch)
    return desk


@pytest.fixture
def two(desk: Desk) -> LiveBundles:
    """Live bundles that went from 1.0.0 to 1.1.0."""
    desk.release(desk.bundle())
    live = desk.opened()
    desk.release(desk.bundle("1.1.0"), reason="a new rule")
    assert live.poll() is None
    return live


def version(live: LiveBundles) -> str:
    return live.lineup.current.pack.version


def test_the_former_bundle_decides_at_once_and_stays(desk: Desk, two: LiveBundles) -> None:
    tried = len(desk.trials)
    assert two.rollback("bo") is None
    assert version(two) == "1.0.0"
    assert two.poll() is None
    assert version(two) == "1.0.0"
    pinned = two.status().pinned
    assert pinned is not None
    assert (pinned.by, pinned.over, pinned.sequence) == ("bo", digest(desk.bundle("1.1.0")), 2)
    assert desk.kinds()[-1] == "rolled-back"
    assert len(desk.trials) == tried


def test_a_newer_release_ends_a_rollback(desk: Desk, two: LiveBundles) -> None:
    two.rollback("bo")
    desk.release(desk.bundle("1.2.0"))
    assert two.poll() is None
    assert (version(two), two.status().pinned) == ("1.2.0", None)


def test_unpinned_the_release_that_was_left_comes_back(desk: Desk, two: LiveBundles) -> None:
    two.rollback("bo")
    assert two.unpin("cy") is None
    assert two.poll() is None
    assert (version(two), two.status().pinned) == ("1.1.0", None)
    fault = two.unpin("cy")
    assert fault is not None
    assert fault.slug == "not-pinned"


def test_a_rollback_survives_a_restart(desk: Desk, two: LiveBundles) -> None:
    two.rollback("bo")
    two.close()
    again = desk.opened()
    assert version(again) == "1.0.0"
    assert again.poll() is None
    assert version(again) == "1.0.0"
    assert again.unpin("cy") is None
    assert again.poll() is None
    assert version(again) == "1.1.0"


def test_a_restarted_service_finds_the_former_bundle_in_its_state_folder(desk: Desk, two: LiveBundles) -> None:
    two.close()
    again = desk.opened()
    assert version(again) == "1.1.0"
    assert again.rollback("bo") is None
    assert version(again) == "1.0.0"


def test_rolled_back_twice_it_goes_back_two(desk: Desk, two: LiveBundles) -> None:
    desk.release(desk.bundle("1.2.0"))
    assert two.poll() is None
    assert two.rollback("bo") is None
    assert two.rollback("bo") is None
    assert version(two) == "1.0.0"
    fault = two.rollback("bo")
    assert fault is not None
    assert fault.slug == "no-former-bundle"
    assert two.poll() is None
    assert version(two) == "1.0.0"


def test_a_rollback_ends_what_was_staged_or_in_the_shadow(desk: Desk, two: LiveBundles) -> None:
    desk.release(desk.bundle("1.2.0"), "staged", 0.5)
    assert two.poll() is None
    assert two.lineup.staged is not None
    assert two.rollback("bo") is None
    assert version(two) == "1.0.0"
    assert two.lineup.staged is None


def test_a_former_bundle_whose_key_was_revoked_does_not_come_back_from_the_state(desk: Desk, two: LiveBundles) -> None:
    two.close()
    again = desk.opened()
    (desk.folder / "keys" / "revoked").write_text("ada\n", encoding="utf-8")
    fault = again.rollback("bo")
    assert fault is not None
    assert fault.slug == "revoked-key"
    assert version(again) == "1.1.0"


def test_a_rollback_waits_for_no_look_at_the_source(
    desk: Desk, two: LiveBundles, monkeypatch: pytest.MonkeyPatch
) -> None:
    from threading import Event, Thread

    from assay.interfaces.deciding.live import bundles

    begun, go_on = Event(), Event()

    def slow(*_: object, **__: object) -> None:
        begun.set()
        assert go_on.wait(10)

    monkeypatch.setattr(bundles, "run_trial", slow)
    desk.release(desk.bundle("1.2.0"))
    looking = Thread(target=two.poll)
    looking.start()
    assert begun.wait(10)
    assert two.rollback("bo") is None
    assert version(two) == "1.0.0"
    go_on.set()
    looking.join(10)
    # The release came after the one that was left, so it ends the rollback.
    assert version(two) == "1.2.0"


# ------------------------------------------------------------------ brakes


def held(pack: Pack, holds: tuple[Hold, ...], instead: str) -> Mapping[str, str] | Fault:
    """Brakes as simple as can be: the rule's measure is another one."""
    if instead == "impossible":
        return Fault("no-measure", "no measure is named so")
    text = {name: each.replace("then: [removed]", f"then: [{instead}]") for name, each in pack.files.items()}
    return {name: each.replace("{removed: yes}", f"{{{instead}: yes}}") for name, each in text.items()}


@pytest.fixture
def braked(two: LiveBundles, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> LiveBundles:
    monkeypatch.setattr(opening, "_held", held)
    two.close()
    live = desk.opened()
    assert live.set_holds((HOLD,), "not_recommended") is None
    return live


def test_a_brake_makes_a_bundle_of_its_own_that_is_kept(desk: Desk, braked: LiveBundles) -> None:
    current = braked.lineup.current
    assert (current.base, current.holds) == (digest(desk.bundle("1.1.0")), (HOLD,))
    assert current.digest != current.base
    assert braked.status().current.brakes == ("likeness/intimate",)
    kept = open_bundle(desk.folder / "state" / "bundles" / f"{current.digest.replace(':', '-')}.json")
    assert not isinstance(kept, Fault)
    assert kept.digest == current.digest


def test_a_brake_stays_on_over_swaps_and_rollbacks_until_it_is_released(desk: Desk, braked: LiveBundles) -> None:
    desk.release(desk.bundle("1.2.0"))
    assert braked.poll() is None
    assert (version(braked), braked.lineup.current.holds) == ("1.2.0", (HOLD,))
    assert braked.rollback("bo") is None
    assert (version(braked), braked.lineup.current.holds) == ("1.1.0", (HOLD,))
    assert braked.set_holds(()) is None
    assert (braked.lineup.current.base, braked.lineup.current.holds) == (None, ())


def test_a_brake_that_cannot_be_put_on_changes_nothing(braked: LiveBundles) -> None:
    before = braked.lineup
    fault = braked.set_holds((HOLD, HOLD), "impossible")
    assert fault is not None
    assert fault.slug == "brake-failed"
    assert braked.lineup is before
    assert braked.set_holds((HOLD,)) is None
    assert braked.lineup.current.holds == (HOLD,)


def test_a_release_on_which_a_brake_cannot_be_put_is_refused(
    desk: Desk, braked: LiveBundles, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = braked.lineup
    monkeypatch.setattr(braked._brakes, "_holding", lambda *_: Fault("no-measure", "no measure is named so"))
    desk.release(desk.bundle("1.2.0"))
    fault = braked.poll()
    assert fault is not None
    assert fault.slug == "brake-failed"
    assert braked.lineup is before


def test_a_brake_for_a_rule_that_is_gone_is_not_on(braked: LiveBundles) -> None:
    gone = Hold("likeness/gone", ("removed",), "more than forecast", 1)
    assert braked.set_holds((gone,), "not_recommended") is None
    assert (braked.lineup.current.holds, braked.lineup.current.base) == ((), None)
