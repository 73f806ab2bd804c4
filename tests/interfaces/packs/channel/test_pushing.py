"""Pushes, withdrawals and rollbacks; a writer that is killed or comes second leaves a channel as it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from assay.engine.kernel.errors import Fault
from assay.interfaces.packs.bundles import bundle_in
from assay.interfaces.packs.channel.places import FolderPlace, Place, Reading
from assay.interfaces.packs.channel.pushing import Standing, push, roll_back, standing, withdraw
from assay.interfaces.packs.channel.release import RELEASE, Part, Release, bundle_name
from assay.interfaces.packs.signed.keys import SigningKey
from tests.interfaces.packs.signing import NOW, a_bundle, a_key, found, released, signed, signing, trusted


def slug(given: object) -> str:
    assert isinstance(given, Fault), given
    return given.slug


@pytest.fixture
def ada(tmp_path: Path) -> SigningKey:
    return a_key(tmp_path)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return FolderPlace(tmp_path / "channel")


def versions(folder: Path, key: SigningKey, *numbers: str) -> list[bytes]:
    return [signed(a_bundle(folder, version=number), key) for number in numbers]


def digest(content: bytes) -> str:
    return found(bundle_in(content, "it")).digest


def test_each_push_is_the_next_release(tmp_path: Path, ada: SigningKey, place: Place) -> None:
    one, two = versions(tmp_path, ada, "1.0.0", "1.1.0")
    assert released(tmp_path, ada, one).sequence == 1
    second = released(tmp_path, ada, two, reason="a new rule")
    assert (second.sequence, second.current, second.before) == (2, digest(two), (digest(one),))
    now = standing(place, trusted(tmp_path))
    assert isinstance(now, Standing)
    assert (now.release, now.signer) == (second, "ada")
    for content in (one, two):
        kept = place.read(bundle_name(digest(content)), most=10**7)
        assert isinstance(kept, Reading)
        assert kept.content == content
    assert len(list((tmp_path / "channel" / "releases").iterdir())) == 2


def test_staged_and_shadow_stand_beside_what_decides(tmp_path: Path, ada: SigningKey, place: Place) -> None:
    one, two, three = versions(tmp_path, ada, "1.0.0", "1.1.0", "1.2.0")
    released(tmp_path, ada, one)
    released(tmp_path, ada, two, "staged", 0.1)
    both = released(tmp_path, ada, three, "shadow", 0.5)
    assert (both.current, both.staged, both.shadow) == (digest(one), Part(digest(two), 0.1), Part(digest(three), 0.5))
    promoted = released(tmp_path, ada, two)
    assert (promoted.current, promoted.staged, promoted.shadow) == (digest(two), None, Part(digest(three), 0.5))
    left = withdraw(place, "shadow", signing(tmp_path, ada))
    assert isinstance(left, Release)
    assert (left.current, left.shadow, left.sequence) == (digest(two), None, 5)
    assert slug(withdraw(place, "shadow", signing(tmp_path, ada))) == "nothing-withdrawn"


def test_a_rollback_goes_back_one_and_again_one_more(tmp_path: Path, ada: SigningKey, place: Place) -> None:
    contents = versions(tmp_path, ada, "1.0.0", "1.1.0", "1.2.0")
    for content in contents:
        released(tmp_path, ada, content)
    released(tmp_path, ada, contents[0], "staged", 0.1)
    for expected, sequence in ((contents[1], 5), (contents[0], 6)):
        back = roll_back(place, signing(tmp_path, ada))
        assert isinstance(back, Release)
        assert (back.current, back.staged, back.sequence) == (digest(expected), None, sequence)
    assert slug(roll_back(place, signing(tmp_path, ada))) == "no-former-bundle"


def test_the_first_release_names_what_decides(tmp_path: Path, ada: SigningKey, place: Place) -> None:
    (one,) = versions(tmp_path, ada, "1.0.0")
    assert slug(push(place, one, "staged", signing(tmp_path, ada), share=0.1)) == "no-release"
    assert slug(roll_back(place, signing(tmp_path, ada))) == "no-release"


@pytest.mark.parametrize("share", [0.0, -0.1, 1.01, float("nan")])
def test_a_share_that_is_none_is_refused(share: float, tmp_path: Path, ada: SigningKey, place: Place) -> None:
    (one,) = versions(tmp_path, ada, "1.0.0")
    assert slug(push(place, one, "shadow", signing(tmp_path, ada), share=share)) == "bad-share"


def test_an_unsigned_bundle_is_not_pushed(tmp_path: Path, ada: SigningKey, place: Place) -> None:
    from assay.interfaces.packs.bundles import with_signatures

    bare = with_signatures(a_bundle(tmp_path), [])
    assert slug(push(place, bare, "current", signing(tmp_path, ada))) == "unsigned-bundle"
    assert not (tmp_path / "channel").exists()


def test_nobody_builds_on_a_release_that_he_does_not_trust(tmp_path: Path, ada: SigningKey, place: Place) -> None:
    one, two = versions(tmp_path, ada, "1.0.0", "1.1.0")
    released(tmp_path, ada, one)
    path = tmp_path / "channel" / RELEASE
    path.write_bytes(path.read_bytes().replace(b'"sequence":1', b'"sequence":9'))
    assert slug(push(place, two, "current", signing(tmp_path, ada))) == "bad-signature"
    bo = a_key(tmp_path, "bo")
    own = replace(signing(tmp_path, bo), keys=bo.alone)
    assert slug(push(place, signed(a_bundle(tmp_path), bo), "current", own)) == "unknown-key"


def test_of_two_who_push_at_once_one_is_told_to_look_again(tmp_path: Path, ada: SigningKey) -> None:
    one, two, three = versions(tmp_path, ada, "1.0.0", "1.1.0", "1.2.0")
    released(tmp_path, ada, one)

    class Slow(FolderPlace):
        def write(self, name: str, content: bytes, *, instead_of: str | None = None) -> Fault | None:
            if name == RELEASE:
                released(tmp_path, ada, two)
            return super().write(name, content, instead_of=instead_of)

    assert slug(push(Slow(tmp_path / "channel"), three, "current", signing(tmp_path, ada))) == "channel-moved"
    now = standing(FolderPlace(tmp_path / "channel"), trusted(tmp_path))
    assert isinstance(now, Standing)
    assert (now.release.current, now.release.sequence) == (digest(two), 2)


def test_an_unwritable_channel_is_a_fault(tmp_path: Path, ada: SigningKey) -> None:
    (one,) = versions(tmp_path, ada, "1.0.0")
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    place = FolderPlace(tmp_path / "file")
    assert slug(push(place, one, "current", signing(tmp_path, ada))) in ("channel-unwritable", "source-unreachable")


_PUSHER = """
import sys
from pathlib import Path
from tests.interfaces.packs.signing import released
from assay.interfaces.packs.signed.keys import read_signing_key
folder = Path(sys.argv[1])
key = read_signing_key(folder / "ada.key")
contents = [path.read_bytes() for path in sorted(folder.glob("*.json"))]
print("begun", flush=True)
while True:
    for content in contents:
        released(folder, key, content)
"""


@pytest.mark.slow
def test_a_push_that_is_killed_leaves_a_release_with_its_bundle(tmp_path: Path, ada: SigningKey, place: Place) -> None:
    for content in versions(tmp_path, ada, "1.0.0", "1.1.0"):
        (tmp_path / f"{digest(content)[7:17]}.json").write_bytes(content)
    highest, kept = 0, b""
    for turn in range(12):
        command = [sys.executable, "-c", _PUSHER, str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as pusher:
            assert pusher.stdout is not None
            assert pusher.stdout.readline() == b"begun\n"
            time.sleep(0.02 + turn * 0.013)
            os.kill(pusher.pid, signal.SIGKILL)
        now = standing(place, trusted(tmp_path))
        if isinstance(now, Fault):
            assert now.slug == "no-release"
            continue
        assert now.release.sequence >= highest
        highest = now.release.sequence
        reading = place.read(bundle_name(now.release.current), most=10**7)
        assert isinstance(reading, Reading)
        kept = reading.content
        assert digest(kept) == now.release.current
    assert highest > 12
    assert released(tmp_path, ada, kept, reason="after all that", now=NOW).sequence == highest + 1
