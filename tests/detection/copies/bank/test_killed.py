"""A writer that is killed at any moment loses nothing that it said was done."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.copying.killing import kill_again_and_again


@pytest.mark.slow
def test_all_that_was_said_to_be_done_is_done_after_each_kill(tmp_path: Path) -> None:
    told = kill_again_and_again(tmp_path / "bank", 6, longest=0.25)
    assert (told.lost, told.returned, told.faults) == (0, 0, 0)
    assert told.kills == 6
    assert told.added >= 6
