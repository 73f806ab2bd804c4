"""What two engines come to for one history and two versions, as bytes; also in a process of its own. It tests nothing.

python -m tests.interfaces.rehearsals.engines.comparing ENGINE HISTORY OLD NEW
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from assay.engine.backtest.rehearsal import Rehearsal
from assay.engine.kernel.errors import Fault
from assay.engine.language.pack.pack import Pack
from assay.interfaces.packs import load_pack
from assay.interfaces.rehearsals.running import Settings, rehearse
from tests.conftest import ROOT


@dataclass(frozen=True, slots=True)
class Bytes:
    """A rehearsal as bytes.

    counts  the history and the comparison: what every engine gives
    whole   all of it but for the name of the engine
    """

    counts: bytes
    whole: bytes
    rows: int

    @classmethod
    def of(cls, found: Rehearsal) -> Bytes:
        counts = msgspec.json.encode((found.history, found.comparison))
        return cls(counts, msgspec.json.encode(replace(found, engine="")), found.history.rows)


def rehearsed(
    engine: str, path: Path, old: Pack, new: Pack, settings: Settings | None = None
) -> Rehearsal | list[Fault]:
    asked = replace(settings or Settings(least_rows=1), engine=engine)
    return rehearse(path, old, new, asked, lambda done, of: None)


def as_bytes(engine: str, path: Path, old: Pack, new: Pack, settings: Settings | None = None) -> Bytes:
    found = rehearsed(engine, path, old, new, settings)
    assert isinstance(found, Rehearsal), found
    return Bytes.of(found)


def apart(engine: str, path: Path, old: Path, new: Path) -> tuple[bool, bool, int]:
    """Whether an engine gives the counts that the local one gives, and the whole; rows. In a process of its own, since
    engines start others, talk over sockets of the machine and warn of their own parts.
    """
    command = [sys.executable, "-m", __name__, engine, *(str(one) for one in (path, old, new))]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    counts, whole, rows = json.loads(done.stdout.splitlines()[-1])
    return counts, whole, rows


if __name__ == "__main__":
    name, history, *versions = sys.argv[1:]
    before, after = (load_pack(Path(version)) for version in versions)
    here, there = (as_bytes(each, Path(history), before, after) for each in ("local", name))
    print(json.dumps([here.counts == there.counts, here.whole == there.whole, here.rows]))
