"""Limits and quotas are read as they are said, and everything else is refused with how to say it."""

from __future__ import annotations

import pytest

from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.rails.settings import RailSettings
from assay.interfaces.deciding.rails.written import Limit, Quota, read_limit, read_quota


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("removed: at most 2%", Limit("removed", None, 0.0, 0.02)),
        ("strike:severe in BR: 0.5% to 3%", Limit("strike:severe", "BR", 0.005, 0.03)),
        (" account_removed in US-CA: at most 0.01 % ", Limit("account_removed", "US-CA", 0.0, 0.0001)),
    ],
)
def test_a_limit_is_read(text: str, expected: Limit) -> None:
    assert read_limit(text) == expected


@pytest.mark.parametrize(
    "text",
    ["removed", "removed: 2%", "removed: at most 200%", "removed: 3% to 2%", "removed: at most 0%", "a b: at most 2%"],
)
def test_no_limit_is_guessed(text: str) -> None:
    found = read_limit(text)
    assert isinstance(found, Fault)
    assert found.field == "limits"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("removed: 500 in 10 minutes", Quota("removed", 500, 600)),
        ("strike:severe: 1 in 1 hour", Quota("strike:severe", 1, 3_600)),
        ("removed: 0 in 1 minute", Quota("removed", 0, 60)),
    ],
)
def test_a_quota_is_read(text: str, expected: Quota) -> None:
    assert read_quota(text) == expected


@pytest.mark.parametrize(
    "text", ["removed: 500", "removed: many in 10 minutes", "removed: 5 in 0 minutes", "removed: 5 in 9999 hours"]
)
def test_no_quota_is_guessed(text: str) -> None:
    assert isinstance(read_quota(text), Fault)


def test_settings_name_everything_that_is_wrong_at_once() -> None:
    settings = RailSettings(widen=0.5, least=0, instead="removed", limits=("x",), quotas=("y",), false_alarms=0)
    assert sorted(fault.slug for fault in settings.faults()) == [
        "bad-limit",
        "bad-quota",
        "held-by-itself",
        "out-of-range",
        "out-of-range",
        "out-of-range",
    ]
    assert RailSettings().faults() == []
