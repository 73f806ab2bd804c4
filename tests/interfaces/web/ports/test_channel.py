"""The house's channel says what is wrong with its key and its place, and says nothing twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assay.engine.kernel.errors import Fault
from assay.governance.policies.ports import Proved, Published
from assay.interfaces.deciding.live.settings import BundleSettings
from assay.interfaces.packs.channel.places import FolderPlace
from assay.interfaces.packs.channel.pushing import standing
from assay.interfaces.packs.channel.release import Release
from assay.interfaces.web.ports.channel import HouseChannel
from assay.interfaces.web.ports.settings import PolicySettings
from tests.interfaces import small
from tests.interfaces.packs.signing import a_key, found, trusted

AT = datetime(2026, 12, 15, 10, tzinfo=UTC)
PROVED = Proved(1_800_000_000_000_000, 12, 0, 0)
OTHER = {**small.FILES, "pack.yaml": small.FILES["pack.yaml"].replace("1.0.0", "1.0.1")}


@pytest.fixture
def house(tmp_path: Path) -> HouseChannel:
    a_key(tmp_path)
    policies = PolicySettings(signing_key=tmp_path / "ada.key")
    return HouseChannel(policies, BundleSettings(source=str(tmp_path / "channel"), keys=tmp_path / "keys"))


def said(folder: Path) -> Release:
    return found(standing(FolderPlace(folder / "channel"), trusted(folder))).release


def test_the_same_said_again_is_not_said_twice(house: HouseChannel, tmp_path: Path) -> None:
    one, two = (found(house.sign(files, PROVED, AT)) for files in (small.FILES, OTHER))
    empty = house.publish(two, "shadow", share=1.0, reason="", by="Ada", at=AT)
    assert isinstance(empty, Fault)
    assert empty.slug == "no-release"
    for number, (bundle, part, share) in enumerate(
        ((one, "current", 1.0), (two, "shadow", 1.0), (two, "staged", 0.1), (two, "staged", 0.2)), start=1
    ):
        for _ in range(2):
            made = house.publish(bundle, part, share=share, reason="why", by="Ada", at=AT)  # type: ignore[arg-type]
            assert isinstance(made, Published), made
            assert made.sequence == number
    for _ in range(2):
        assert found(house.withdraw("shadow", reason="", by="Ada", at=AT)).sequence == 5
    assert found(house.publish(two, "current", share=1.0, reason="", by="Ada", at=AT)).sequence == 6
    assert (said(tmp_path).staged, said(tmp_path).before) == (None, (found_digest(house, one),))
    for _ in range(2):
        assert found(house.publish(one, "current", share=1.0, reason="", by="Ada", at=AT, alone=True)).sequence == 7
    # A step back by hand does not lead to what was stepped back from.
    assert said(tmp_path).before == ()


def found_digest(house: HouseChannel, bundle: bytes) -> str:
    from assay.interfaces.packs.bundles import bundle_in

    return found(bundle_in(bundle, "it")).digest


def test_what_keeps_it_from_signing_or_speaking_is_said_with_the_next_step(house: HouseChannel, tmp_path: Path) -> None:
    bundle = found(house.sign(small.FILES, PROVED, AT))
    policies, bundles = house.policies, house.bundles

    def slug(house: HouseChannel) -> str:
        made = house.publish(bundle, "current", share=1.0, reason="", by="Ada", at=AT)
        assert isinstance(made, Fault), made
        return made.slug

    assert slug(HouseChannel(replace(policies, signing_key=None), bundles)) == "no-signing-key"
    assert slug(HouseChannel(replace(policies, signing_key=tmp_path / "none"), bundles)) == "unreadable"
    assert slug(HouseChannel(policies, replace(bundles, source=""))) == "no-channel"
    assert slug(HouseChannel(policies, replace(bundles, source=str(small.write(tmp_path / "pack"))))) == "no-channel"
    assert slug(HouseChannel(policies, replace(bundles, keys=tmp_path / "nowhere"))) == "no-keys"
    in_the_clear = replace(policies, channel="http://bundles.example.org/eu", channel_token="x")
    assert slug(HouseChannel(in_the_clear, bundles)) == "token-in-the-clear"
    (tmp_path / "keys" / "revoked").write_text("ada\n")
    assert slug(house) == "untrusted-key"
    (tmp_path / "keys" / "revoked").unlink()
    (tmp_path / "ada.key").chmod(0o644)
    assert slug(house) == "open-key"


def test_nobody_signs_what_is_not_proved(house: HouseChannel) -> None:
    for proved in (replace(PROVED, errors=1), replace(PROVED, undecided=1)):
        refused = house.sign(small.FILES, proved, AT)
        assert isinstance(refused, Fault)
        assert refused.slug == "unproved-bundle"
    assert "PRIVATE" not in repr(house)
    assert "secret" not in repr(HouseChannel(PolicySettings(key_passphrase="secret"), house.bundles))
