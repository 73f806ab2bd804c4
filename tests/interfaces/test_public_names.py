"""What Python code may use is there, typed, and loaded only when it is used."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import assay
from tests.interfaces.records.test_media import picture
from tests.interfaces.running import STARTER

GIVEN = {"person.age": "minor", "intimacy": "nude"}


@pytest.fixture(scope="module")
def decider() -> assay.Decider:
    return assay.Decider(assay.load_pack(STARTER))


def test_every_public_name_is_there() -> None:
    assert all(getattr(assay, name) is not None for name in assay.__all__)
    assert assay.__version__.count(".") == 2
    with pytest.raises(AttributeError, match="no attribute `deicde`"):
        _ = assay.deicde


def test_a_record_an_item_and_a_pack_decide_alike(decider: assay.Decider) -> None:
    item = assay.Item.from_signals(GIVEN, decider.vocabulary, id="a")
    assert isinstance(item, assay.Item)
    record = {"id": "a", "signals": GIVEN}
    first = assay.decide(record, decider, as_of="2026-12-15", markets=["FR"])
    assert "removed" in first.applied("FR")
    moment = datetime(2026, 12, 15, tzinfo=UTC)
    writer = assay.RecordWriter(decider)
    others = [assay.decide(item, decider, as_of=moment, markets=["EU"])]
    others.append(assay.decide(record, decider.pack, as_of="2026-12-15", markets=("FR",)))
    assert {writer.write(each) for each in others} == {writer.write(first)}


def test_a_record_that_cannot_be_read_names_every_fault(decider: assay.Decider) -> None:
    with pytest.raises(assay.InvalidItem) as caught:
        assay.decide({"id": "", "signals": {"intimacy": "nud"}}, decider, as_of="2026-12-15")
    assert {fault.slug for fault in caught.value.faults} == {"bad-id", "unknown-value"}


def test_what_is_no_instant_and_no_market_is_refused(decider: assay.Decider) -> None:
    for moment in ("soon", datetime(2026, 12, 15)):  # noqa: DTZ001 (the very fault)
        with pytest.raises(ValueError, match=r"no date|no instant"):
            assay.decide({"id": "a"}, decider, as_of=moment)
    for markets in (["XX"], []):
        with pytest.raises(ValueError, match="no market is named"):
            assay.decide({"id": "a"}, decider, as_of="2026-12-15", markets=markets)


def test_an_unsound_pack_is_refused_with_its_faults(tmp_path: Path) -> None:
    with pytest.raises(assay.Refused) as caught:
        assay.load_pack(tmp_path)
    assert {fault.slug for fault in caught.value.diagnostics} == {"missing-file"}


def test_files_are_scanned_in_their_order(tmp_path: Path) -> None:
    for name in ("b.png", "a.png"):
        picture(tmp_path / name)
    found = list(assay.scan([tmp_path / "b.png", str(tmp_path / "a.png")]))
    assert [(result.path.name, result.container) for result in found] == [("b.png", "png"), ("a.png", "png")]


def test_the_package_alone_loads_nothing_of_itself() -> None:
    code = "import sys, assay; print([name for name in sys.modules if name.startswith('assay.')])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
