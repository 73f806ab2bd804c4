from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.governance.office.actor import Actor, Held
from assay.governance.office.references import Reference
from assay.governance.office.roles import Role
from assay.governance.people.sign_in.rules import (
    POWERFUL,
    browser_words,
    is_over,
    means_of,
    needs_second_factor,
    why_not_decide,
)

NOON = datetime(2026, 12, 15, 12, tzinfo=UTC)
MINUTES = st.integers(0, 20_000).map(lambda minutes: timedelta(minutes=minutes))


@given(since_began=MINUTES, since_seen=MINUTES, idle=MINUTES, longest=MINUTES)
def test_a_session_ends_at_whichever_limit_comes_first(
    since_began: timedelta, since_seen: timedelta, idle: timedelta, longest: timedelta
) -> None:
    over = is_over(began=NOON - since_began, seen=NOON - since_seen, at=NOON, idle=idle, longest=longest)
    assert over == (since_seen >= idle or since_began >= longest)


def test_a_session_last_seen_in_the_future_is_over() -> None:
    hour = timedelta(hours=1)
    assert is_over(began=NOON, seen=NOON + hour, at=NOON, idle=hour, longest=24 * hour)


@given(roles=st.frozensets(st.sampled_from(Role)), required=st.booleans())
def test_a_role_with_power_always_needs_a_second_factor(roles: frozenset[Role], required: bool) -> None:
    assert needs_second_factor(roles, required=required) == (required or bool(roles & POWERFUL))


@pytest.mark.parametrize(
    ("records", "means"),
    [
        ([], "link"),
        ([{"method": "password"}], "password"),
        ([{"method": "password"}, {"method": "mfa", "type": "totp"}], "password-and-code"),
        ([{"method": "password"}, {"method": "mfa", "type": "webauthn"}], "password-and-key"),
        ([{"method": "password"}, {"method": "mfa", "type": "recovery_codes"}], "password-and-recovery-code"),
        ([{"method": "mfa", "type": "webauthn", "passwordless": True}], "passkey"),
        ([{"method": "socialaccount"}], "single-sign-on"),
        ([{"method": "socialaccount"}, {"method": "mfa", "type": "totp"}], "single-sign-on-and-code"),
        ([{"method": "link"}, {"method": "password", "reauthenticated": True}], "link"),
    ],
)
def test_the_ledger_says_by_which_means_somebody_came_in(records: list[dict[str, object]], means: str) -> None:
    assert means_of(records) == means


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36",
            "Chrome on Linux",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/141.0 Safari/537.36 Edg/141.0", "Edge on Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on macOS"),
        ("<script>", "Unknown browser"),
    ],
)
def test_a_browser_is_called_as_people_call_it(agent: str, words: str) -> None:
    assert browser_words(agent) == words


def test_whoever_stands_in_for_somebody_does_not_decide_on_their_recovery() -> None:
    eve, dee = Reference("person", "e"), Reference("person", "d")
    stands_in = Actor(dee, (Held(Role.ADMINISTRATOR), Held(Role.LEGAL, stands_for=eve)))
    slugs = [fault.slug for fault in why_not_decide(stands_in, eve, open_until=NOON + timedelta(1), at=NOON)]
    assert slugs == ["same-hands"]


@given(after=st.integers(-5, 5))
def test_a_recovery_is_decided_before_it_ends(after: int) -> None:
    dee = Actor(Reference("person", "d"), (Held(Role.ADMINISTRATOR),))
    at = NOON + timedelta(seconds=after)
    assert bool(why_not_decide(dee, Reference("person", "e"), open_until=NOON, at=at)) == (after >= 0)
