"""The service is killed under load and started again, swapped under load, and what it kept is looked at."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from benchmarks.crashing.main import crash
from benchmarks.soaking.main import soak

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.enable_socket]


def test_nothing_that_was_answered_is_lost_when_it_is_killed_again_and_again(tmp_path: Path) -> None:
    found = asyncio.run(crash(tmp_path / "service", kills=8, seed=5))
    assert len(found.answers.digests) > 200
    assert found.lost == 0
    assert found.unlike == 0
    assert found.twice == 0
    assert not found.answers.pending
    assert not found.answers.refused
    assert found.answers.replayed > 0
    assert found.verified[0] == 0, found.verified[1]
    assert found.replayed[0] == 0, found.replayed[1]
    assert found.ended == 0


def test_bundles_are_swapped_under_mixed_load_and_nobody_feels_it(tmp_path: Path) -> None:
    minutes, swaps = (0.35, 18) if os.environ.get("CI") else (0.3, 8)
    found = asyncio.run(soak(tmp_path, 60 * minutes, swaps))
    assert found.seen.faults == []
    assert found.refused == 0
    # Two pushes that come within one look of the watcher are one swap.
    assert found.taken_up >= swaps / 2
    assert len(found.seen.bundles) == 2
    assert found.verified[0] == 0, found.verified[1]
    assert found.replayed[0] == 0, found.replayed[1]
    assert found.ended == 0
    first, last = found.samples[len(found.samples) // 5], found.samples[-1]
    assert last.memory < first.memory * 1.25 + 24
    assert last.descriptors <= first.descriptors + 16
    assert last.threads <= first.threads + 4
