"""Work in a process of its own: what comes back, what is told meanwhile, and what ends it."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import parse_instant
from assay.governance.policies.impact.rules.work import KILLED
from assay.governance.policies.ports import Outcome, Task, Work
from assay.interfaces.web.ports.workshop import bench
from assay.interfaces.web.ports.workshop.asked import Asked
from assay.interfaces.web.ports.workshop.bench import Bench
from assay.interfaces.web.ports.workshop.child import work_on
from assay.interfaces.web.ports.workshop.telling import Telling
from tests.governance.policies.life.houses import FILES, FRAUD, LIKENESS

AS_OF = parse_instant("2026-12-15") or 0
STRICTER = {**FILES, LIKENESS: FILES[LIKENESS].replace("then: [marked]", "then: [marked, stopped]")}
LENIENT = {**FILES, FRAUD: FILES[FRAUD].replace("[stopped]", "[marked]").replace("{stopped:", "{marked:")}
BROKEN = {**FILES, LIKENESS: FILES[LIKENESS].replace("when: is_fake", "when: is_fak")}
FAILING = {**FILES, LIKENESS: FILES[LIKENESS].replace("expect: {marked: yes}", "expect: {marked: yes, stopped: no}")}


@pytest.fixture(autouse=True)
def _memory_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def done(work: Work, new: Mapping[str, str], old: Mapping[str, str] = FILES) -> Outcome | Fault:
    """What the process does, here."""
    return work_on(Asked(work, old, new, AS_OF, {}, None), Telling(StringIO()))


def outcome(found: Outcome | Fault) -> Outcome:
    assert isinstance(found, Outcome), found
    return found


def shown(found: Outcome) -> Any:
    return found.document["shown"]


def test_what_a_process_finds_comes_back_as_it_would_have_been_found_here() -> None:
    told: list[str] = []
    found = Bench().run(Task("check", FILES, FILES, AS_OF), lambda done, total, words: told.append(words))
    assert found == done("check", FILES)
    assert {"checking", "running examples"} & set(told)


def test_a_check_says_what_is_wrong_and_which_examples_fail() -> None:
    good, broken, failing = (outcome(done("check", files)) for files in (FILES, BROKEN, FAILING))
    assert (good.passed, broken.passed, failing.passed) == (True, False, False)
    assert good.words == "2 policies, 2 rules: 0 errors; 4 examples pass"
    assert broken.words.endswith("the examples were not run")
    assert failing.words.endswith("1 of 4 examples fail")


def test_a_proof_comes_with_its_report_and_an_unsound_draft_with_the_place() -> None:
    proof = outcome(done("proof", STRICTER))
    assert shown(proof)["verdict"] == proof.words
    assert proof.page.lower().startswith("<!doctype html>")
    unsound = done("proof", BROKEN)
    assert isinstance(unsound, Fault)
    assert "is_fak" in unsound.words


def test_a_difference_shows_an_item_for_each_change_and_the_first_edition_has_none() -> None:
    difference = outcome(done("difference", LENIENT))
    measures = {one["measure"] for one in shown(difference)["known"]}
    assert (difference.passed, measures) == (True, {"stopped"})
    # People know a measure by its title, not by the name that programs give it.
    assert shown(difference)["verdict"] == "1 measure changes: “Stopped”."
    assert all(region["told"] for one in shown(difference)["known"] for region in one["regions"])
    assert outcome(done("difference", FILES, {})).passed is None


def test_without_a_history_nothing_is_rehearsed(tmp_path: Path) -> None:
    for shop in (Bench(), Bench(tmp_path), Bench(tmp_path / "none")):
        assert not shop.has_history()
        found = shop.run(Task("rehearsal", FILES, STRICTER, AS_OF), lambda done, total, words: None)
        assert isinstance(found, Fault)
        assert found.slug == "no-history"


class Stop(Exception):
    """Whoever waits wants no more."""


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Every process that is started."""
    found: list[subprocess.Popen[bytes]] = []
    begin = bench._started

    def watched() -> subprocess.Popen[bytes]:
        found.append(begin())
        return found[-1]

    monkeypatch.setattr(bench, "_started", watched)
    return found


def test_whoever_stops_it_leaves_no_process_behind(started: list[subprocess.Popen[bytes]]) -> None:
    def stop(done: int, total: int, words: str) -> None:
        raise Stop

    with pytest.raises(Stop):
        Bench().run(Task("proof", FILES, STRICTER, AS_OF), stop)
    assert started[0].returncode == -signal.SIGKILL


def test_a_process_gives_way_to_whoever_decides_meanwhile(started: list[subprocess.Popen[bytes]]) -> None:
    found: list[int] = []

    def look(_done: int, _total: int, _words: str) -> None:
        found.append(os.getpriority(os.PRIO_PROCESS, started[0].pid))

    Bench().run(Task("check", FILES, FILES, AS_OF), look)
    assert max(found) > os.getpriority(os.PRIO_PROCESS, 0)


def test_a_process_that_is_killed_says_so(started: list[subprocess.Popen[bytes]]) -> None:
    def kill(done: int, total: int, words: str) -> None:
        os.kill(started[0].pid, signal.SIGKILL)

    found = Bench().run(Task("proof", FILES, STRICTER, AS_OF), kill)
    assert isinstance(found, Fault)
    assert found.slug == KILLED


def test_what_takes_too_long_is_ended(started: list[subprocess.Popen[bytes]]) -> None:
    found = Bench(seconds=0.05).run(Task("proof", FILES, STRICTER, AS_OF), lambda done, total, words: None)
    assert isinstance(found, Fault)
    assert found.slug == "work-timed-out"
    assert started[0].returncode == -signal.SIGKILL


@pytest.mark.slow
def test_what_needs_too_much_memory_is_a_fault_and_no_crash_of_ours() -> None:
    large = {**FILES, LIKENESS: FILES[LIKENESS] + "word " * 8_000_000}
    found = Bench(memory=96 << 20).run(Task("check", FILES, large, AS_OF), lambda done, total, words: None)
    assert isinstance(found, Fault)
    assert found.slug in {"work-out-of-memory", "work-failed"}


def test_a_process_whose_caller_is_gone_ends_by_itself() -> None:
    process = bench._started()
    assert process.stdin is not None
    process.stdin.write(Bench()._asked(Task("proof", FILES, STRICTER, AS_OF)))
    process.stdin.close()
    assert process.wait(timeout=10) != 0
    assert process.stdout is not None
    process.stdout.close()


def test_nothing_of_our_environment_that_is_secret_reaches_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    seen: dict[str, Mapping[str, str]] = {}

    def begin(*words: object, **given: Mapping[str, str]) -> None:
        seen.update(given)
        raise OSError(2, "No such file or directory")

    monkeypatch.setattr("subprocess.Popen", begin)
    found = Bench().run(Task("check", FILES, FILES, AS_OF), lambda done, total, words: None)
    assert isinstance(found, Fault)
    assert "DATABASE_URL" not in seen["env"]
