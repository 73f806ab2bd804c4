"""Releases are taken up when they are good; whatever else comes, the last good bundle goes on deciding."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.live.bundles import LiveBundles
from tests.interfaces import small
from tests.interfaces.deciding.live.releases import Desk, digest, quick_trials
from tests.interfaces.packs.signing import FAILS, a_bundle, a_key, signed


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = Desk(tmp_path)
    quick_trials(desk, monkeypatch)
    return desk


def slug(fault: Fault | None) -> str | None:
    return None if fault is None else fault.slug


def deciding(live: LiveBundles) -> str:
    return live.lineup.current.digest


def test_a_release_is_taken_up_and_the_next_one_after_it(desk: Desk) -> None:
    one, two = desk.bundle(), desk.bundle("1.1.0")
    desk.release(one)
    live = desk.opened()
    assert (deciding(live), live.status().sequence, live.lineup.current.signer) == (digest(one), 1, "ada")
    desk.release(two)
    assert live.poll() is None
    assert (deciding(live), live.status().sequence, live.status().swaps) == (digest(two), 2, 1)
    assert live.poll() is None
    assert live.status().swaps == 1
    assert desk.kinds() == ["bundle-swapped", "bundle-swapped"]
    assert desk.trials == ["1.0.0", "1.1.0"]


def test_staged_and_shadow_come_with_their_shares_and_a_promotion_tries_nothing_again(desk: Desk) -> None:
    desk.release(desk.bundle())
    desk.release(desk.bundle("1.1.0"), "staged", 0.25)
    desk.release(desk.bundle("1.2.0"), "shadow", 0.5)
    live = desk.opened()
    lineup = live.lineup
    assert lineup.staged is not None
    assert lineup.shadow is not None
    assert (lineup.staged.pack.version, lineup.staged_share) == ("1.1.0", 0.25)
    assert (lineup.shadow.pack.version, lineup.shadow_share) == ("1.2.0", 0.5)
    desk.release(desk.bundle("1.1.0"))
    assert live.poll() is None
    assert live.lineup.staged is None
    assert live.lineup.current.decider is lineup.staged.decider
    assert sorted(desk.trials) == ["1.0.0", "1.1.0", "1.2.0"]


def _older(desk: Desk, old: bytes) -> None:
    desk.release_file.write_bytes(old)


def _forked(desk: Desk, old: bytes) -> None:
    desk.release_file.write_bytes(old)
    desk.release(desk.bundle("1.5.0"))


def _changed(desk: Desk, old: bytes) -> None:
    desk.release_file.write_bytes(desk.release_file.read_bytes().replace(b'"sequence":2', b'"sequence":3'))


def _unsigned(desk: Desk, old: bytes) -> None:
    content = json.loads(desk.release_file.read_bytes())
    del content["signature"]
    desk.release_file.write_text(json.dumps(content), encoding="utf-8")


def _corrupt(desk: Desk, old: bytes) -> None:
    desk.release(desk.bundle("1.2.0"))
    path = desk.folder / "channel" / "bundles" / f"{digest(desk.bundle('1.2.0')).replace(':', '-')}.json"
    path.write_bytes(path.read_bytes()[:-100])


def _swapped_file(desk: Desk, old: bytes) -> None:
    content = desk.bundle("1.2.0")
    desk.release(content)
    path = desk.folder / "channel" / "bundles" / f"{digest(content).replace(':', '-')}.json"
    path.write_bytes(desk.bundle("1.3.0"))


def _unproved(desk: Desk, old: bytes) -> None:
    desk.release(signed(a_bundle(desk.folder, version="1.2.0"), desk.key, proof=FAILS, unproved="in a hurry"))


def _expired(desk: Desk, old: bytes) -> None:
    desk.release(desk.bundle("1.2.0"), expires=1_000_000)


def _misspelt(desk: Desk, old: bytes) -> None:
    from assay.interfaces.packs.bundles import bundle_in, bundle_of_texts
    from tests.interfaces.packs.signing import found

    files = {name: text.replace("consent ==", "consnt ==") for name, text in small.FILES.items()}
    desk.release(signed(found(bundle_in(bundle_of_texts(files), "it")), desk.key))


def _failing(desk: Desk, old: bytes) -> None:
    from assay.interfaces.packs.bundles import bundle_in, bundle_of_texts
    from tests.interfaces.packs.signing import found

    files = {
        name: text.replace("expect: {removed: yes}", "expect: {removed: no}") for name, text in small.FILES.items()
    }
    desk.release(signed(found(bundle_in(bundle_of_texts(files), "it")), desk.key))


@pytest.mark.parametrize(
    ("happens", "expected"),
    [
        (_older, "older-release"),
        (_changed, "bad-signature"),
        (_unsigned, "unsigned-release"),
        (_corrupt, "not-json"),
        (_swapped_file, "other-bundle"),
        (_unproved, "unproved-bundle"),
        (_expired, "expired-release"),
        (_misspelt, "unsound-bundle"),
        (_failing, "unsound-bundle"),
    ],
)
def test_what_is_bad_is_refused_once_and_the_last_good_bundle_decides(happens, expected: str, desk: Desk) -> None:  # type: ignore[no-untyped-def]
    desk.release(desk.bundle())
    old = desk.release_file.read_bytes()
    desk.release(desk.bundle("1.1.0"))
    live = desk.opened()
    before = live.lineup
    happens(desk, old)
    tried = len(desk.trials)
    assert slug(live.poll()) == expected
    assert slug(live.poll()) == expected
    assert slug(live.status().last_fault) == expected
    assert live.lineup is before
    assert live.status().refused == 1
    assert desk.kinds().count("bundle-refused") == 1
    assert len(desk.trials) <= tried + 1
    desk.release_file.unlink()
    shutil.rmtree(desk.folder / "channel")
    assert slug(live.poll()) == "no-release"
    assert live.lineup is before


def test_after_a_bad_release_the_next_good_one_is_taken_up(desk: Desk) -> None:
    desk.release(desk.bundle())
    live = desk.opened()
    _unproved(desk, b"")
    assert slug(live.poll()) == "unproved-bundle"
    desk.release(desk.bundle("1.3.0"))
    assert live.poll() is None
    assert live.status().last_fault is None
    assert live.lineup.current.pack.version == "1.3.0"


def test_a_mended_bundle_is_taken_up_without_a_new_release(desk: Desk) -> None:
    desk.release(desk.bundle())
    live = desk.opened()
    _corrupt(desk, b"")
    assert slug(live.poll()) == "not-json"
    path = desk.folder / "channel" / "bundles" / f"{digest(desk.bundle('1.2.0')).replace(':', '-')}.json"
    path.write_bytes(desk.bundle("1.2.0"))
    assert live.poll() is None
    assert live.lineup.current.pack.version == "1.2.0"


def test_another_release_of_the_same_number_is_refused(desk: Desk) -> None:
    desk.release(desk.bundle())
    live = desk.opened()
    shutil.rmtree(desk.folder / "channel")
    desk.release(desk.bundle("1.1.0"))
    assert slug(live.poll()) == "forked-release"


def test_a_restart_cannot_be_led_back_to_an_older_release(desk: Desk) -> None:
    desk.release(desk.bundle())
    old = desk.release_file.read_bytes()
    desk.release(desk.bundle("1.1.0"))
    desk.opened().close()
    desk.release_file.write_bytes(old)
    live = desk.opened()
    assert live.lineup.current.pack.version == "1.1.0"
    assert live.status().from_state
    assert slug(live.status().last_fault) == "older-release"


def test_without_its_channel_a_service_starts_by_what_it_kept_and_says_so(desk: Desk) -> None:
    desk.release(desk.bundle())
    desk.release(desk.bundle("1.1.0"), "staged", 0.25)
    desk.opened().close()
    (desk.folder / "channel").rename(desk.folder / "away")
    live = desk.opened()
    assert live.status().from_state
    assert (live.lineup.staged is not None, live.lineup.staged_share) == (True, 0.25)
    assert "bundle-from-state" in desk.kinds()
    (desk.folder / "away").rename(desk.folder / "channel")
    assert live.poll() is None
    assert not live.status().from_state
    assert sorted(desk.trials) == ["1.0.0", "1.1.0"]


def test_without_anything_good_a_service_does_not_start(desk: Desk) -> None:
    assert desk.refused() == ["no-release"]
    desk.release(desk.bundle())
    _changed_byte = desk.release_file.read_bytes().replace(b'"sequence":1', b'"sequence":7')
    desk.release_file.write_bytes(_changed_byte)
    assert desk.refused() == ["bad-signature"]


def test_a_damaged_state_is_no_fresh_start(desk: Desk) -> None:
    desk.release(desk.bundle())
    desk.opened().close()
    for content in (b"", b"{}", b'{"format":"assay-live/1"}'):
        (desk.folder / "state" / "live.json").write_bytes(content)
        assert desk.refused() == ["bad-state"]


def test_a_bundle_changed_in_the_state_folder_does_not_decide(desk: Desk) -> None:
    desk.release(desk.bundle())
    desk.opened().close()
    shutil.rmtree(desk.folder / "channel")
    (kept,) = (desk.folder / "state" / "bundles").iterdir()
    kept.write_bytes(kept.read_bytes().replace(b"People decide", b"Nobody decides"))
    assert desk.refused() == ["no-release", "damaged-bundle"]


def test_another_good_bundle_under_the_name_of_one_that_was_kept_does_not_decide(desk: Desk) -> None:
    desk.release(desk.bundle())
    desk.opened().close()
    shutil.rmtree(desk.folder / "channel")
    (kept,) = (desk.folder / "state" / "bundles").iterdir()
    kept.write_bytes(desk.bundle("0.9.0"))
    assert desk.refused() == ["no-release", "damaged-bundle"]


def test_a_revoked_signer_of_a_bundle_is_seen_though_the_release_is_by_another(desk: Desk) -> None:
    content = desk.bundle()
    desk.key = a_key(desk.folder, "bo")
    desk.release(content)
    live = desk.opened()
    (desk.folder / "keys" / "revoked").write_text("ada\n", encoding="utf-8")
    assert slug(live.poll()) == "revoked-key"


def test_what_could_not_be_written_is_tried_again_and_not_taken_for_done(tmp_path: Path) -> None:
    from assay.interfaces.deciding.live.keeping import Keeping

    (tmp_path / "state").write_text("in the way", encoding="utf-8")
    keeping = Keeping(tmp_path / "state")
    for _ in range(2):
        assert slug(keeping.change(highest=3, mark="a")) == "state-unwritable"
    (tmp_path / "state").unlink()
    assert keeping.change(highest=3, mark="a") is None
    again = Keeping(tmp_path / "state")
    assert again.open() is None
    assert again.notes == keeping.notes


def test_revoking_a_key_needs_no_restart_and_takes_nothing_out_of_use(desk: Desk) -> None:
    desk.release(desk.bundle())
    live = desk.opened()
    (desk.folder / "keys" / "revoked").write_text("ada\n", encoding="utf-8")
    assert slug(live.poll()) == "revoked-key"
    assert live.lineup.current.pack.version == "1.0.0"
    assert desk.refused() == ["revoked-key", "revoked-key"]
    (desk.folder / "keys" / "revoked").unlink()
    assert live.poll() is None


def test_two_signatures_are_asked_for_where_the_settings_say_so(desk: Desk) -> None:
    desk.release(desk.bundle())
    assert desk.refused(signatures=2) == ["too-few-signatures"]
    both = signed(a_bundle(desk.folder), desk.key, a_key(desk.folder, "bo"))
    desk.release(both)
    assert desk.opened(signatures=2).lineup.current.signer == "ada, bo"


def test_a_release_of_another_channel_is_refused(desk: Desk) -> None:
    desk.release(desk.bundle())
    assert desk.refused(channel="production") == ["other-channel"]
    assert desk.opened(channel="default").status().sequence == 1


def test_a_full_disk_costs_no_release_and_no_decision(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from assay.interfaces.deciding.live import keeping

    desk.release(desk.bundle())
    live = desk.opened()
    before = live.lineup
    desk.release(desk.bundle("1.1.0"))

    def full(path: Path, content: bytes, *, mode: int = 0) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(keeping, "write_aside", full)
        assert slug(live.poll()) == "state-unwritable"
        assert slug(live.poll()) == "state-unwritable"
        assert live.lineup is before
        assert desk.kinds().count("state-unwritable") == 1
    assert live.poll() is None
    assert live.lineup.current.pack.version == "1.1.0"


def test_settings_that_make_no_sense_are_told_at_once(desk: Desk) -> None:
    assert desk.refused(source="", keys=None, poll=0.0, jitter=2.0, signatures=0, trial_memory=1) == [
        "out-of-range",
        "out-of-range",
        "out-of-range",
        "out-of-range",
        # Whoever has not said what decides is not asked for the keys of it.
        "no-source",
    ]
    assert desk.refused(keys=None) == ["no-keys"]
    assert desk.refused(state=None) == ["no-state"]
    assert desk.refused(keys=None, allow_unsigned=True) == ["no-keys"]


def test_a_clock_that_jumps_takes_nothing_out_of_use(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    desk.release(desk.bundle(), expires=4_000_000_000_000_000)
    live = desk.opened()
    for instant in (0, 5_000_000_000_000_000_000, 1_000):
        monkeypatch.setattr(time, "time_ns", lambda instant=instant: instant)
        live.poll()
        assert live.lineup.current.pack.version == "1.0.0"
    monkeypatch.setattr(time, "time_ns", lambda: 5_000_000_000_000_000_000)
    assert slug(live.poll()) == "expired-release"
    desk.release(desk.bundle("1.1.0"))
    assert live.poll() is None
    assert live.lineup.current.pack.version == "1.1.0"
