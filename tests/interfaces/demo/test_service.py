"""The demonstration's uploads, decided once more by a service."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.engine.decision.decide import Decider
from assay.engine.decision.item import Item
from assay.engine.decision.record import RecordWriter
from assay.engine.kernel.instants import parse_instant
from assay.interfaces.demo.service import NoService, try_service
from assay.interfaces.packs import load_pack
from tests.house.source import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]
STARTER = ROOT / "packs" / "starter"


def records_of(*signals: dict[str, object]) -> list[bytes]:
    decider = Decider(load_pack(STARTER))
    writer, as_of = RecordWriter(decider), parse_instant("2026-11-22") or 0
    items = [Item.from_signals(one, decider.vocabulary, id=f"upload-{place}") for place, one in enumerate(signals)]
    return [writer.write(decider.decide(item, as_of)) for item in items if isinstance(item, Item)]


def test_what_is_decided_over_http_is_what_was_decided_without(tmp_path: Path) -> None:
    records = records_of({}, {"ai_extent": "generated"}, {"ai_extent": "altered", "intimacy": "nude"})
    tried = try_service(tmp_path, STARTER, records)
    assert (tried.decided, tried.alike, tried.sound) == (3, 3, True)
    assert "3 records" in tried.verified
    assert tried.replayed == "3 records: 3 the same, 0 not"


def test_an_answer_with_other_bytes_is_not_called_alike(tmp_path: Path) -> None:
    first, second = records_of({}, {"ai_extent": "generated"})
    tried = try_service(tmp_path, STARTER, [first, second.replace(b'"settled":false', b'"settled":true')])
    assert (tried.decided, tried.alike) == (2, 1)


def test_a_service_that_does_not_start_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoService, match=r"pack\.yaml|no pack|folder"):
        try_service(tmp_path, tmp_path / "nothing", [])
