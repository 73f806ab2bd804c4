"""Events are durable lines, whatever stands in them and whatever happens to the file."""

from __future__ import annotations

import json
from pathlib import Path

from assay.interfaces.deciding.events import EventLog


def test_an_event_is_a_line_with_its_time_kind_words_and_fields(tmp_path: Path) -> None:
    path = tmp_path / "state" / "events.jsonl"
    EventLog(path).write("brake-on", "brake on `likeness/intimate`", rule="likeness/intimate", measures=["removed"])
    (line,) = path.read_text(encoding="utf-8").splitlines()
    written = json.loads(line)
    assert written.pop("at").endswith("Z")
    assert written == {
        "kind": "brake-on",
        "words": "brake on `likeness/intimate`",
        "rule": "likeness/intimate",
        "measures": ["removed"],
    }


def test_nobody_forges_a_second_line(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    EventLog(path).write("brake-released", 'ada\n{"kind": "forged"}\u2028', by="ada\r\n")
    assert len(path.read_bytes().splitlines()) == 1


def test_events_are_remembered_over_a_restart_and_a_line_cut_short_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    EventLog(path).write("first", "one")
    with path.open("ab") as stream:
        stream.write(b'{"at": "2026-11-22T00:00:00Z", "kind": "cut')
    log = EventLog(path)
    log.write("second", "two")
    assert [event.kind for event in EventLog(path).recent()] == ["first", "second"]
    assert [event.kind for event in log.recent(1)] == ["second"]


def test_a_file_that_cannot_be_written_costs_no_caller_anything(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where a folder should be", encoding="utf-8")
    log = EventLog(tmp_path / "taken" / "events.jsonl")
    log.write("brake-on", "still remembered")
    assert log.unwritten == 1
    assert [event.kind for event in log.recent()] == ["brake-on"]
