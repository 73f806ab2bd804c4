"""A release of the workbench decides within the polling time while uploads come in, and so does the way back."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from assay.engine.decision.decide import Decider
from assay.engine.decision.record import Replayer
from assay.interfaces.packs.bundles import Bundle, open_bundle
from assay.interfaces.packs.texts import check_texts
from tests.conftest import ROOT
from tests.stories.serving.running import Uploads, serving, until

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.enable_socket]
POLL = 1.0
# Looked at within a poll, which may be a fifth longer; then tried in a process of its own, beside the load.
MOST_SECONDS = POLL * 1.2 + 10.0


class House:
    """A workbench in its own process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.digests: dict[str, str] = self._read()

    def does(self, word: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line.startswith("{"), line
        found: dict[str, Any] = json.loads(line)
        return found


@contextmanager
def a_house(folder: Path) -> Iterator[House]:
    command = [sys.executable, "-m", "tests.stories.serving.house", str(folder)]
    with (folder / "house.log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        )
        try:
            yield House(process)
        finally:
            process.kill()
            process.communicate()


def test_a_release_and_the_way_back_decide_within_the_polling_time_under_load(tmp_path: Path) -> None:
    with a_house(tmp_path) as house:
        old, new = house.digests["old"], house.digests["new"]
        settings = {
            "BUNDLES__SOURCE": str(tmp_path / "channel"),
            "BUNDLES__KEYS": str(tmp_path / "keys"),
            "BUNDLES__STATE": str(tmp_path / "state"),
            "BUNDLES__POLL": str(POLL),
        }
        with serving(tmp_path / "service", settings, source=True) as served:
            uploads = Uploads(served, clients=3)
            with uploads.running():
                until(lambda: len(uploads.answered) > 50)
                assert bundles(uploads) == {old}
                there = seconds_until(uploads, house.does("launch"), new)
                back = seconds_until(uploads, house.does("back"), old)
            kept = served.kept()
        print(f"a release decides after {there:.1f} s, the way back after {back:.1f} s")
        assert bundles(uploads) == {old, new}
        assert (there < MOST_SECONDS, back < MOST_SECONDS) == (True, True), (there, back)
        assert not uploads.refused
        assert not uploads.broken
        replay(tmp_path, [each.record for each in kept])


def bundles(uploads: Uploads) -> set[str]:
    """The bundles that made what was answered."""
    return {json.loads(record)["bundle"] for record in list(uploads.answered.values())}


def seconds_until(uploads: Uploads, told: dict[str, Any], digest: str) -> float:
    """From the moment when the channel was told to the first decision by that bundle."""
    asked = len(uploads.answered)
    until(lambda: any(json.loads(each)["bundle"] == digest for each in list(uploads.answered.values())[asked:]), 60)
    return time.time() - float(told["told"])


def replay(folder: Path, records: list[bytes]) -> None:
    """Every record is decided again, byte for byte, by the bundle that it names."""
    replayers: dict[str, Replayer] = {}
    for path in (folder / "channel" / "bundles").glob("*.json"):
        bundle = open_bundle(path)
        assert isinstance(bundle, Bundle), bundle
        replayers[bundle.digest] = Replayer(Decider(check_texts(bundle.texts, examples=False).checked.pack))
    assert len(records) > 100
    sample = records[:: max(1, len(records) // 200)]
    assert all(replayers[json.loads(record)["bundle"]].replay(record) == record for record in sample)
