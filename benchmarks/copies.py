"""Searching for copies: what is found beside what is there, how fast beside faiss, and what a kill leaves of a bank.

.venv/bin/python benchmarks/copies.py [--quick] [--files FOLDER] [--edits | --without-edits]

Full runs search among one and ten million hashes (some 4 GB of memory, 2 GB of disk, removed afterwards). Rates of
searching are of CPU time on one core; rates of adding and deleting are by the clock, with every commit on the disk.
Exits 1 where a bar is not reached, or where faiss is not installed and the run is not quick.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.copying.keeping import Kept
    from benchmarks.copying.killing import Survived
    from benchmarks.copying.searching import Searched

ROOT = Path(__file__).resolve().parent.parent
FILES = ROOT.parent / "shared" / "testdata"
SIZES, QUICK_SIZES = (1_000_000, 10_000_000), (100_000,)
KILLS, QUICK_KILLS = 50, 5
TIMES_OF_FLAT, TIMES_OF_MULTIHASH = 5.0, 10.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure and its bound; None was not measured."""

    name: str
    bound: float
    reached: float | None

    @property
    def met(self) -> bool:
        """Whether it is reached."""
        return self.reached is not None and self.reached >= self.bound


def main(arguments: list[str] | None = None) -> int:
    """Runs all parts, prints their tables and the bars, and says by its exit code whether all are met."""
    sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
    from benchmarks.copying.searching import has_faiss
    from benchmarks.material.measure import machine

    given = _arguments(arguments)
    quick: bool = given.quick
    print(machine())
    if given.edits:
        return _finish([], _edits(given.files, quick=quick))
    if not has_faiss():
        print("faiss is not installed: nothing to compare with (pip install faiss-cpu)")
        if not quick:
            return 1
    bars: list[Bar] = []
    for size in QUICK_SIZES if quick else SIZES:
        bars += _search(size, quick=quick)
    bars += _keep(quick=quick)
    short = [] if given.without_edits else _edits(given.files, quick=quick)
    return _finish(bars, short)


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument(
        "--quick", action="store_true", help="one hundred thousand hashes, five kills; faiss may be absent"
    )
    parser.add_argument("--files", type=Path, default=FILES, help="the folder of test data")
    part = parser.add_mutually_exclusive_group()
    part.add_argument("--edits", action="store_true", help="only the tables of edits and of reference programs")
    part.add_argument("--without-edits", action="store_true", help="leave those out")
    return parser.parse_args(arguments)


def _say(words: str) -> None:
    print(f"… {words}", file=sys.stderr, flush=True)


def _search(size: int, *, quick: bool) -> list[Bar]:
    from benchmarks.copying.searching import has_faiss, search_among

    with tempfile.TemporaryDirectory(prefix="assay-copies-") as folder:
        index = Path(folder) / "index"
        index.mkdir()
        told = search_among(size, index, each=16, say=_say)
    print(_searched(told))
    exact = 0.0 if told.wrong else 1.0
    bars = [Bar(f"{size:,}: everything within 0 to 31 and nothing else", 1.0, exact)]
    if has_faiss() or not quick:
        # Few hashes are soon compared with all; what is promised is promised of many.
        flat, multi = (1.0, 1.0) if quick else (TIMES_OF_FLAT, TIMES_OF_MULTIHASH)
        bars.append(Bar(f"{size:,}: times of faiss flat", flat, told.times("faiss flat")))
        bars.append(Bar(f"{size:,}: times of faiss MultiHash", multi, told.times("faiss MultiHash")))
    return bars


def _searched(told: Searched) -> str:
    from benchmarks.material.table import count, table

    rows = [
        (peer.name, count(peer.per_second), f"{peer.build_seconds:.1f}", f"{peer.megabytes:,.0f}")
        for peer in told.peers
    ]
    wrong = sum(told.wrong.values())
    read = told.reading
    return "\n".join(
        (
            f"\n{told.count:,} hashes, {told.queries} queries, within 31 bits",
            table(("", "queries/s", "build s", "MB"), rows),
            f"at every distance from 0 to 31, and after 20,000 adds and deletes: {told.pairs:,} pairs, {wrong} wrong",
            f"one query at a time: {count(told.one_at_a_time)} a second",
            f"another process: open in {read['open_ms']:.1f} ms, first answer in {read['first_ms']:.0f} ms",
            f"memory after all queries: {read['own_mb']:,.0f} MB of its own, {read['mapped_mb']:,.0f} MB of files",
        )
    )


def _keep(*, quick: bool) -> list[Bar]:
    from benchmarks.copying.keeping import keep
    from benchmarks.copying.killing import kill_again_and_again

    with tempfile.TemporaryDirectory(prefix="assay-copies-") as folder:
        kept = keep((QUICK_SIZES if quick else SIZES)[0], Path(folder) / "bank", _say)
        print(_kept(kept))
        _say("killing a writer again and again")
        survived = kill_again_and_again(Path(folder) / "killed", QUICK_KILLS if quick else KILLS, longest=1.0)
    print(_survived(survived))
    return [Bar(f"kills after which nothing was lost, of {survived.kills}", 1.0, float(survived.nothing_lost))]


def _kept(kept: Kept) -> str:
    from benchmarks.material.table import count, table

    rows = [
        ("added, many at once", f"{count(kept.adds_per_second)} a second"),
        ("deleted, many at once", f"{count(kept.deletes_per_second)} a second"),
        ("one added, on the disk", f"{kept.single_add_ms:.1f} ms"),
        ("one deleted, on the disk", f"{kept.single_delete_ms:.1f} ms"),
        ("opened for reading", f"{kept.open_ms:.1f} ms"),
        ("asked, one at a time", f"{count(kept.asked_per_second)} a second"),
        ("compacted after a fifth was deleted", f"{kept.compact_seconds:.1f} s"),
        ("on the disk, entries", f"{kept.bytes_of_entries:.0f} bytes each"),
        ("on the disk, index", f"{kept.bytes_of_index:.0f} bytes each"),
    ]
    return f"\na bank of {kept.count:,} pictures\n{table(('', ''), rows)}"


def _survived(told: Survived) -> str:
    return (
        f"\n{told.kills} kills (SIGKILL) of a writer: {told.added:,} values said to be added, {told.deleted:,} deleted;"
        f" {told.lost} lost, {told.returned} returned, {told.faults} faults"
    )


def _edits(files: Path, *, quick: bool) -> list[str]:
    from benchmarks.copying.edits import edits_table
    from benchmarks.copying.reference import reference_table

    if not files.is_dir():
        print(f"\n{files} is not there: no edits of known files are measured")
        return [] if quick else ["edits of known files"]
    short: list[str] = []
    for each in (reference_table(quick=quick, files=files), edits_table(quick=quick, files=files)):
        print(f"\n{each.text}")
        short += each.short
    return short


def _finish(bars: list[Bar], short: list[str]) -> int:
    print()
    for bar in bars:
        reached = "-" if bar.reached is None else f"{bar.reached:.1f}"
        print(f"{'ok   ' if bar.met else 'SHORT'}  {bar.name}: {reached} (at least {bar.bound:g})")
    for words in short:
        print(f"SHORT  {words}")
    missed = len(short) + sum(not bar.met for bar in bars)
    flat = [bar.reached for bar in bars if bar.name.endswith("faiss flat") and bar.reached is not None]
    fast = f"exact at every distance, {min(flat):.0f} times faiss flat, " if flat and not missed else ""
    print(f"copies: {fast}{missed} bars short")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
