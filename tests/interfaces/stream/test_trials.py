"""How often a message was tried alone is known to the next process, whatever happened to the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.interfaces.stream.trials import Trials
from tests.interfaces.stream.fakes import arrived

FIRST, SECOND = arrived(1, b"{}"), arrived(2, b"{}")


def test_a_trial_that_did_not_end_is_known_to_the_next_process(tmp_path: Path) -> None:
    path = tmp_path / "trials.json"
    for times in range(3):
        assert Trials(path).ended_on(FIRST) == times
        Trials(path).begin(FIRST)
    assert Trials(path).ended_on(SECOND) == 0


def test_a_trial_that_ended_is_forgotten(tmp_path: Path) -> None:
    trials = Trials(tmp_path / "trials.json")
    trials.begin(FIRST)
    trials.clear(FIRST)
    assert Trials(tmp_path / "trials.json").ended_on(FIRST) == 0


def test_what_is_tried_later_takes_no_count_away_until_there_are_very_many() -> None:
    trials = Trials(None)
    trials.begin(FIRST)
    for number in range(2, 1_001):
        trials.begin(arrived(number, b"{}"))
    assert trials.ended_on(FIRST) == 1
    trials.begin(arrived(1_001, b"{}"))
    assert (trials.ended_on(FIRST), trials.ended_on(SECOND)) == (0, 1)


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"memory:ITEMS:1": "2"}', b"\xff"])
def test_a_broken_file_counts_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "trials.json"
    path.write_bytes(content)
    assert Trials(path).ended_on(FIRST) == 0


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    trials = Trials(tmp_path / "none" / "trials.json")
    trials.begin(FIRST)
    assert trials.ended_on(FIRST) == 1
