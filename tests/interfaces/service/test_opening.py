"""Everything that a service lives on is opened or nothing is, and all that is wrong is said at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assay.interfaces.cli.running.rooms import service_rooms
from assay.interfaces.service.guard.book import Made, make_token
from assay.interfaces.service.opening import EVENTS_FILE, Opened, open_parts
from assay.interfaces.settings.reading import Settings, read_settings
from assay.interfaces.stores.entry import Entry
from assay.interfaces.stores.keeper import Keeper
from assay.interfaces.stores.opening import open_store
from assay.interfaces.stores.settings import StoreSettings
from tests.interfaces import small


@pytest.fixture
def given(tmp_path: Path) -> dict[str, object]:
    """Settings by which a service starts."""
    assert isinstance(make_token(tmp_path / "tokens.json", "ada", ("decide",)), Made)
    return {
        "bundles.source": str(small.write(tmp_path / "pack")),
        "bundles.allow_unsigned": True,
        "bundles.state": tmp_path / "state",
        "guard.tokens": tmp_path / "tokens.json",
        "store.folder": tmp_path / "records",
        "store.parquet": False,
    }


def settings_of(given: dict[str, object], **changed: Any) -> Settings:
    named = {name.replace("_", ".", 1): value for name, value in changed.items()}
    found = read_settings(service_rooms(), None, {}, {**given, **named})
    assert isinstance(found, Settings), found
    return found


def opened(settings: Settings) -> Opened:
    found = open_parts(settings)
    assert isinstance(found, Opened), found
    return found


def test_all_that_is_wrong_is_said_at_once_and_nothing_stays_open(given: dict[str, object], tmp_path: Path) -> None:
    wrong = settings_of(given, guard_tokens=tmp_path / "gone.json", bundles_source=str(tmp_path / "nowhere"))
    faults = open_parts(wrong)
    assert isinstance(faults, list)
    assert len(faults) >= 2
    # The store was opened before the others failed; its folder is free again.
    opened(settings_of(given)).close()


def test_a_store_that_is_in_use_is_refused(given: dict[str, object]) -> None:
    first = opened(settings_of(given))
    try:
        assert isinstance(open_parts(settings_of(given)), list)
    finally:
        first.close()


def test_keys_of_the_last_run_are_known_and_no_more_than_are_to_be(given: dict[str, object], tmp_path: Path) -> None:
    record = b'{"as_of":"2026-01-01T00:00:00Z","bundle":"sha256:' + b"0" * 64 + b'"}'
    keeper = open_store(StoreSettings(folder=tmp_path / "records", parquet=False))
    assert isinstance(keeper, Keeper)
    keeper.keep_now([Entry([record], "a", f"http ada key-{number} 0 digest") for number in range(5)])
    keeper.close()
    limited = settings_of({**given, "service.idempotency.number": 2})
    service = opened(limited)
    try:
        remembered = service.parts.remembered
        assert len(remembered) == 2
        assert remembered.find("http ada key-4 0") is not None
    finally:
        service.close()


def test_what_a_killed_process_left_half_done_is_an_event(given: dict[str, object], tmp_path: Path) -> None:
    keeper = open_store(StoreSettings(folder=tmp_path / "records", parquet=False))
    assert isinstance(keeper, Keeper)
    keeper.keep_now([Entry([b"{}"], "a")])
    (segment,) = (tmp_path / "records").rglob("*.segment*")
    torn = segment.read_bytes() + b"half a frame"
    keeper.close()
    segment = next((tmp_path / "records").rglob("*.segment*"))
    segment.write_bytes(torn)
    opened(settings_of(given)).close()
    events = [json.loads(line) for line in (tmp_path / "state" / EVENTS_FILE).read_text(encoding="utf-8").splitlines()]
    assert "records-recovered" in [event["kind"] for event in events]
