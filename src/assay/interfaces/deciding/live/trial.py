"""A bundle tried in a process of its own, with limits on time and memory. Nothing of it is read in ours before."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from assay.engine.kernel.errors import Fault

PROCESS = "assay.interfaces.deciding.live.trying"
# What a process needs to find Python and itself; secrets of ours stay with us.
_PASSED = ("PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "LANG", "LC_ALL")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a trial may take."""

    seconds: float
    memory: int


def run_trial(files: Mapping[str, str], limits: Limits, *, prove_from: int | None = None) -> Fault | None:
    """What keeps a bundle from being put in use, or None.

    prove_from  the instant from which on it is proved; None leaves the prover out
    """
    asked = {
        "files": dict(files),
        "prove_from": prove_from,
        "memory": limits.memory,
        # The process's own limit counts what it computes and so is the later one; ours counts time as it passes.
        "seconds": int(limits.seconds) + 5,
    }
    environment = {name: os.environ[name] for name in _PASSED if name in os.environ}
    try:
        # Our own interpreter and our own module; a stranger's text comes by standard input alone.
        run = subprocess.run(  # noqa: S603
            [sys.executable, "-m", PROCESS],
            input=json.dumps(asked).encode(),
            capture_output=True,
            check=False,
            timeout=limits.seconds,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        return Fault("trial-timed-out", f"the bundle could not be tried within {limits.seconds:g} seconds")
    except OSError as error:
        return Fault("trial-failed", f"no process could be started: {(error.strerror or 'no reason is given').lower()}")
    try:
        found = json.loads(run.stdout) if run.returncode == 0 else ["trial-failed", _ended(run.returncode)]
    except ValueError:
        found = ["trial-failed", "the trial's process gave no answer that can be read"]
    return None if found is None else Fault(str(found[0]), str(found[1]))


def _ended(code: int) -> str:
    how = f"by signal {-code}" if code < 0 else f"with code {code}"
    return f"the process in which the bundle was tried ended {how}"
