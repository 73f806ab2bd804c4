"""A trial lets a good bundle through, says what is wrong with a bad one, and costs no more than its limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.engine.decision.decide import Decider
from assay.engine.decision.record import Replayer
from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.live import trial
from assay.interfaces.deciding.live.trial import Limits, run_trial
from assay.interfaces.deciding.live.trying import try_bundle
from assay.interfaces.packs.folders import read_folder
from tests.interfaces import small
from tests.interfaces.packs.signing import NOW

LIMITS = Limits(60.0, 2**31)


def slug(found: Fault | None) -> str | None:
    return None if found is None else found.slug


def texts(folder: Path, *changes: dict[str, tuple[str, str]]) -> dict[str, str]:
    return read_folder(small.write(folder / "pack", *changes))[0]


def test_a_good_bundle_passes_with_and_without_a_proof(tmp_path: Path) -> None:
    assert try_bundle(texts(tmp_path), None) is None
    assert try_bundle(texts(tmp_path), NOW) is None


def test_what_cannot_be_proved_is_refused_only_where_a_proof_is_asked_for(tmp_path: Path) -> None:
    told = {small.POLICY: ("nudity: yes, consent: absent}", "nudity: yes, consent: absent, disclosed: no}")}
    gap = texts(tmp_path, dict(small.NARROWED), told)
    assert try_bundle(gap, None) is None
    assert slug(try_bundle(gap, NOW)) == "unprovable-bundle"


def test_a_compiled_program_that_says_otherwise_than_its_examples_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = texts(tmp_path)
    decide = Decider.decide

    def wrong(self: Decider, item, as_of, markets=None):  # type: ignore[no-untyped-def]
        from dataclasses import replace

        return decide(self, replace(item, values=tuple(None for _ in item.values)), as_of, markets)

    monkeypatch.setattr(Decider, "decide", wrong)
    assert slug(try_bundle(files, None)) == "bundle-misbehaves"


def test_a_record_that_does_not_replay_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Replayer, "replay", lambda self, record: record + b" ")
    assert slug(try_bundle(texts(tmp_path), None)) == "bundle-misbehaves"


@pytest.mark.slow
def test_a_process_of_its_own_says_the_same(tmp_path: Path) -> None:
    assert run_trial(texts(tmp_path), LIMITS) is None
    unsound = texts(tmp_path, small.UNSOUND)
    assert run_trial(unsound, LIMITS) == try_bundle(unsound, None)
    assert slug(run_trial(unsound, LIMITS)) == "unsound-bundle"


@pytest.mark.slow
def test_a_trial_ends_at_its_limits(tmp_path: Path) -> None:
    assert slug(run_trial(texts(tmp_path), Limits(0.05, 2**31))) == "trial-timed-out"
    long = {small.POLICY: ("People decide", "People decide " * 250_000)}
    assert slug(run_trial(texts(tmp_path, long), Limits(60.0, 40_000_000))) in ("trial-out-of-memory", "trial-failed")


@pytest.mark.slow
def test_a_process_that_dies_costs_the_trial_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "PROCESS", "assay.nothing")
    found = run_trial(texts(tmp_path), LIMITS)
    assert found == Fault("trial-failed", "the process in which the bundle was tried ended with code 1")


@pytest.mark.slow
def test_a_trial_sees_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import subprocess

    given: list[dict[str, str]] = []
    run = subprocess.run

    def watched(*words, **named):  # type: ignore[no-untyped-def]
        given.append(named["env"])
        return run(*words, **named)

    monkeypatch.setenv("ASSAY_STORE__DSN", "secret")
    monkeypatch.setattr(subprocess, "run", watched)
    run_trial(texts(tmp_path), LIMITS)
    assert given
    assert "secret" not in given[0].values()
