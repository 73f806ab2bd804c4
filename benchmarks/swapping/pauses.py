"""The longest pause of a thread that only decides, while bundles are swapped under it. It judges no brake.

A pack's folder is changed again and again; each change goes the whole way, trial and all. A pause is told in the time
that the process itself computed meanwhile, which is how long another of its threads kept the deciding one waiting, and
beside it in the time that passed, to which other programs on the machine add theirs.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

ROOT = Path(__file__).resolve().parent.parent.parent
MOST_MILLISECONDS = 50.0
MOST_GROWTH_MEGABYTES = 64.0
SWAPS, QUICK_SWAPS = 40, 6
ITEM = b'{"id":"%d","signals":{"ai_extent":"altered","person.kind":"identifiable","person.consent":"absent"}}'
_WHEN, _HOW = ("while nothing is swapped", "during a swap"), ("computed", "passed")
AS_OF = 1_800_000_000_000_000


class Deciding:
    """A thread that decides one item after another, and notes the longest time between two of them."""

    def __init__(self, live: object) -> None:
        from assay.interfaces.deciding.desk import Asked, Desk
        from assay.interfaces.deciding.live.bundles import LiveBundles

        assert isinstance(live, LiveBundles)
        self._live, self._desk, self._asked = live, Desk(), Asked(AS_OF)
        self._stop = Event()
        self.decided, self.strange = 0, 0
        self.passed = self.computed = 0.0

    def decide(self) -> None:
        """Decide until told to stop."""
        from assay.interfaces.deciding.desk import Decided

        last, last_computed = time.perf_counter(), time.process_time()
        while not self._stop.is_set():
            lineup = self._live.lineup
            found = self._desk.decide_line(ITEM % self.decided, lineup, self._asked)
            fine = isinstance(found, Decided) and lineup.current.digest.encode() in found.entry.record
            self.strange += not fine
            self.decided += 1
            now, computed = time.perf_counter(), time.process_time()
            self.passed, self.computed = max(self.passed, now - last), max(self.computed, computed - last_computed)
            last, last_computed = now, computed

    def longest(self) -> tuple[float, float]:
        """The longest pause since this was last asked, in milliseconds computed and passed."""
        found = (1_000 * self.computed, 1_000 * self.passed)
        self.passed = self.computed = 0.0
        return found

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """While it decides."""
        thread = Thread(target=self.decide)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()


def report(*, quick: bool, swaps: int | None = None) -> int:
    """Swap, and print what was seen; 1 where a bar was missed."""
    from assay.interfaces.deciding.events import EventLog
    from assay.interfaces.deciding.garbage import settle
    from assay.interfaces.deciding.live.bundles import LiveBundles
    from assay.interfaces.deciding.live.opening import open_live
    from assay.interfaces.deciding.live.settings import BundleSettings

    swaps = swaps or (QUICK_SWAPS if quick else SWAPS)
    with tempfile.TemporaryDirectory() as named:
        pack = Path(named) / "pack"
        shutil.copytree(ROOT / "packs" / "starter", pack)
        live = open_live(BundleSettings(str(pack), allow_unsigned=True, state=Path(named) / "state"), EventLog(None))
        if not isinstance(live, LiveBundles):
            print(f"no bundle can be opened: {live[0].words}")
            return 1
        settle()
        deciding = Deciding(live)
        pauses, took, memory = _swapped(live, deciding, pack, swaps)
        live.close()
    return _told(deciding, pauses, took, memory)


def _swapped(
    live: object, deciding: Deciding, pack: Path, swaps: int
) -> tuple[dict[str, list[float]], list[float], list[float]]:
    """The longest pauses before and during each swap, how long it took, and the memory after it."""
    from assay.interfaces.deciding.live.bundles import LiveBundles

    assert isinstance(live, LiveBundles)
    head = (pack / "pack.yaml").read_text(encoding="utf-8")
    pauses: dict[str, list[float]] = {f"{when}, {how}": [] for when in _WHEN for how in _HOW}
    took, memory = [], []
    with deciding.going_on():
        time.sleep(1.0)
        for number in range(swaps):
            deciding.longest()
            time.sleep(0.7)
            quiet = deciding.longest()
            (pack / "pack.yaml").write_text(f"{head}\n# change {number}\n", encoding="utf-8")
            began = time.perf_counter()
            fault = live.poll()
            took.append(time.perf_counter() - began)
            for when, found in zip(_WHEN, (quiet, deciding.longest()), strict=True):
                for how, milliseconds in zip(_HOW, found, strict=True):
                    pauses[f"{when}, {how}"].append(milliseconds)
            memory.append(_megabytes())
            if fault is not None:
                print(f"a swap was refused: {fault.words}")
                deciding.strange += 1
    return pauses, took, memory


def _told(deciding: Deciding, pauses: dict[str, list[float]], took: list[float], memory: list[float]) -> int:
    from benchmarks.material.table import table

    rows = [
        (words, f"{statistics.median(values):,.1f} {unit}", f"{max(values):,.1f} {unit}")
        for words, values, unit in (
            *((f"longest pause {words}", values, "ms") for words, values in pauses.items()),
            ("a swap, trial and all", took, "s"),
        )
    ]
    print(table(("", "median", "largest"), rows))
    settled = memory[len(memory) // 4 :]
    growth = settled[-1] - settled[0]
    print(f"{len(took)} swaps, {deciding.decided:,} decisions, {deciding.strange} strange; {growth:+,.0f} MB of memory")
    pause = statistics.median(pauses[f"{_WHEN[1]}, {_HOW[0]}"])
    fine = pause <= MOST_MILLISECONDS and not deciding.strange and growth <= MOST_GROWTH_MEGABYTES
    print(f"bars: {MOST_MILLISECONDS:g} ms, none strange, {MOST_GROWTH_MEGABYTES:g} MB: {'held' if fine else 'missed'}")
    return 0 if fine else 1


def _megabytes() -> float:
    import resource

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) if sys.platform == "linux" else 0
    return pages * resource.getpagesize() / 1_048_576
