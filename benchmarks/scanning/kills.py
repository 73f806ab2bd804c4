"""A scan that is killed again and again, and goes on each time. It compares what comes out with a scan left alone."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks.scanning.one import ROOT

RECORD_BYTES = 32
_COMMAND = "from assay.interfaces.cli.app import main; main()"
_POLL_SECONDS = 0.01
_PATIENCE_SECONDS = 240


@dataclass(frozen=True, slots=True)
class Killed:
    """What came of it.

    at        rows that were written down when each kill came
    resumed   rows that the last run took over from before
    repeated  rows that some run did not take over though they were written down
    rows      lines of the output, and how many different files they are about
    same      whether the output has the bytes of a scan that nobody killed
    """

    at: tuple[int, ...]
    resumed: int
    repeated: int
    rows: tuple[int, int]
    same: bool


def scanned_by_command(folder: Path, out: Path, *options: str) -> dict[str, object]:
    """`assay scan FOLDER --out OUT`, to its end, and its summary."""
    done = subprocess.run(_words(folder, out, *options), cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"the scan ended with {done.returncode}: {done.stderr}")
    summary: dict[str, object] = json.loads(done.stdout)
    return summary


def killed_scan(folder: Path, out: Path, whole: Path, *, files: int, kills: int, seed: int) -> Killed:
    """A scan with so many kills at random moments, compared with `whole`, which nobody killed."""
    chance = random.Random(seed)
    # Where between two rows, or within one, is for the clock to say.
    moments = sorted(chance.sample(range(files // 40, files - files // 40), kills))
    index = out.with_name(f".{out.name}.scan") / "rows.index"
    at: list[int] = []
    for moment in moments:
        _run_and_kill(folder, out, index, moment, chance.random() / 10)
        at.append(index.stat().st_size // RECORD_BYTES)
    # What the dead processes' buffers held is gone; what is in the file counts.
    summary = scanned_by_command(folder, out, "--resume")
    lines = out.read_bytes().splitlines()
    different = len({json.loads(line)["file"] for line in lines})
    resumed = int(str(summary["kept_from_before"]))
    same = out.read_bytes() == whole.read_bytes()
    repeated = sum(1 for before, after in pairwise(at) if after < before) + (at[-1] - resumed)
    return Killed(tuple(at), resumed, repeated, (len(lines), different), same)


def _run_and_kill(folder: Path, out: Path, index: Path, moment: int, later: float) -> None:
    running = subprocess.Popen(
        _words(folder, out, "--resume"), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    ends = time.monotonic() + _PATIENCE_SECONDS
    while not (index.is_file() and index.stat().st_size // RECORD_BYTES >= moment):
        if running.poll() is not None or time.monotonic() > ends:
            said = running.stderr.read().decode() if running.stderr is not None else ""
            raise RuntimeError(f"the scan did not come to {moment} rows: {said}")
        time.sleep(_POLL_SECONDS)
    time.sleep(later)
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    if running.stderr is not None:
        running.stderr.close()


def _words(folder: Path, out: Path, *options: str) -> list[str]:
    return [sys.executable, "-c", _COMMAND, "scan", str(folder), "--out", str(out), "--json", *options]
