"""How long a refusal takes says nothing about which tokens there are, nor how much of a secret was right."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.interfaces.service.guard.made import made, opened

pytestmark = pytest.mark.slow
ROUNDS = 60
CALLS = 400


def microseconds(call: Callable[[], object]) -> float:
    began = time.perf_counter_ns()
    for _ in range(CALLS):
        call()
    return (time.perf_counter_ns() - began) / CALLS / 1000


def test_every_wrong_token_takes_the_same_time(tmp_path: Path) -> None:
    path = tmp_path / "tokens.json"
    token = made(path)
    for number in range(50):
        made(path, f"client-{number}")
    book = opened(path)
    _, known, secret = token.credential.split("_", 2)
    last = "A" if secret[-1] != "A" else "B"
    given = {
        "unknown id": f"Bearer assay_{'0' * 12}_{secret}",
        "nothing right": f"Bearer assay_{known}_{'A' * 43}",
        "all but the last letter": f"Bearer assay_{known}_{secret[:-1]}{last}",
    }
    now = time.time_ns() // 1000
    taken: dict[str, list[float]] = {name: [] for name in given}
    for _ in range(ROUNDS):
        # One after the other, so that whatever else the machine does slows all of them down alike.
        for name, header in given.items():
            encoded = header.encode()
            assert book.find(encoded, now) is None
            taken[name].append(microseconds(lambda encoded=encoded: book.find(encoded, now)))  # type: ignore[misc]  # bound at once
    best = {name: min(each) for name, each in taken.items()}
    middle = {name: statistics.median(each) for name, each in taken.items()}
    # A comparison that stopped at the first wrong letter, or a dictionary that is not asked, would show here first.
    assert max(best.values()) - min(best.values()) < 0.25, best
    assert max(middle.values()) < 1.5 * min(middle.values()), middle
