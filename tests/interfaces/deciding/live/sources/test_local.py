"""A pack's folder decides as it is saved, and a bundle's file as it is put there; only where unsigned ones may."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.live.bundles import LiveBundles
from assay.interfaces.packs import load_pack
from assay.interfaces.packs.bundles import bundle_of
from tests.interfaces import small
from tests.interfaces.deciding.live.releases import Desk, quick_trials


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = Desk(tmp_path)
    quick_trials(desk, monkeypatch)
    return desk


@pytest.fixture
def folder(desk: Desk) -> Path:
    return small.write(desk.folder / "pack")


def opened(desk: Desk, source: Path) -> LiveBundles:
    return desk.opened(source=str(source), allow_unsigned=True, keys=None)


def slug(fault: Fault | None) -> str | None:
    return None if fault is None else fault.slug


def renumber(folder: Path, version: str) -> None:
    text = small.FILES["pack.yaml"].replace("1.0.0", version)
    (folder / "pack.yaml").write_text(text, encoding="utf-8")


def test_a_pack_that_is_saved_decides(desk: Desk, folder: Path) -> None:
    live = opened(desk, folder)
    assert (live.lineup.current.signer, live.lineup.current.sequence) == (None, None)
    assert live.lineup.current.digest == load_pack(folder).digest
    renumber(folder, "1.1.0")
    assert live.poll() is None
    assert live.lineup.current.pack.version == "1.1.0"
    assert live.poll() is None
    assert live.status().swaps == 1


def test_half_a_sentence_is_refused_until_it_is_written_to_its_end(desk: Desk, folder: Path) -> None:
    live = opened(desk, folder)
    policy = folder / small.POLICY
    for broken in ("---\npolicy: likeness\n", "\x00", small.FILES[small.POLICY].replace("consent ==", "consnt ==")):
        policy.write_text(broken, encoding="utf-8")
        assert slug(live.poll()) == "unsound-bundle"
        assert slug(live.status().last_fault) == "unsound-bundle"
        policy.write_text(small.FILES[small.POLICY], encoding="utf-8")
        assert live.poll() is None
        assert live.status().last_fault is None


def test_a_policy_that_is_removed_and_one_that_is_added_are_seen(desk: Desk, folder: Path) -> None:
    live = opened(desk, folder)
    other = folder / "policies" / "other.md"
    text = small.FILES[small.POLICY].replace("policy: likeness", "policy: other")
    other.write_text(text, encoding="utf-8")
    assert live.poll() is None
    assert "other/intimate" in live.lineup.current.pack.rule_by_ref
    other.unlink()
    assert live.poll() is None
    assert "other/intimate" not in live.lineup.current.pack.rule_by_ref


def test_a_rollback_of_a_folder_stands_until_something_else_is_saved(desk: Desk, folder: Path) -> None:
    live = opened(desk, folder)
    renumber(folder, "1.1.0")
    live.poll()
    assert live.rollback("ada") is None
    assert live.poll() is None
    live.close()
    again = opened(desk, folder)
    again.poll()
    assert again.lineup.current.pack.version == "1.0.0"
    renumber(folder, "1.2.0")
    assert again.poll() is None
    assert (again.lineup.current.pack.version, again.status().pinned) == ("1.2.0", None)


def test_what_nobody_signed_decides_only_where_that_is_allowed(desk: Desk, folder: Path) -> None:
    assert desk.refused(source=str(folder)) == ["unsigned-bundle"]
    bundle = desk.folder / "bundle.json"
    bundle.write_bytes(bundle_of(load_pack(folder)))
    assert desk.refused(source=str(bundle)) == ["unsigned-bundle"]
    assert opened(desk, bundle).lineup.current.signer is None
    bundle.write_bytes(desk.bundle())
    assert desk.opened(source=str(bundle)).lineup.current.signer == "ada"


def test_a_signature_that_does_not_hold_is_refused_even_where_none_is_asked_for(desk: Desk) -> None:
    bundle = desk.folder / "bundle.json"
    bundle.write_bytes(desk.bundle().replace(b'"claims":12', b'"claims":13'))
    assert desk.refused(source=str(bundle), allow_unsigned=True) == ["bad-signature"]


def test_a_bundle_file_that_is_replaced_decides_and_a_bad_one_does_not(desk: Desk) -> None:
    path = desk.folder / "bundle.json"
    path.write_bytes(desk.bundle())
    live = desk.opened(source=str(path))
    path.write_bytes(desk.bundle("1.1.0"))
    assert live.poll() is None
    assert live.lineup.current.pack.version == "1.1.0"
    path.write_bytes(b"{}")
    assert slug(live.poll()) == "bad-bundle"
    path.unlink()
    assert slug(live.poll()) == "source-unreachable"
    assert live.lineup.current.pack.version == "1.1.0"


def test_a_source_that_is_nothing_is_refused(desk: Desk) -> None:
    assert desk.refused(source=str(desk.folder / "nothing"), keys=None, allow_unsigned=True) == ["no-keys"]
