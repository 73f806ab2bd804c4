"""What evidence readers find in files whose truth is known, side by side, and how fast. It times CPU only.

.venv/bin/python benchmarks/evidence.py [--quick] [--files FOLDER] [--answers]

Exits 1 where a bar is not reached, or where a reader to compare with is not installed and the run is not quick.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.evidencing.runs import Run
    from benchmarks.evidencing.sample import Labelled

ROOT = Path(__file__).resolve().parent.parent
FILES = ROOT.parent / "shared" / "testdata"
ROUNDS, QUICK_ROUNDS = 5, 1
TIMES_OF_IDENTIFY, TIMES_WITHOUT_MANIFEST, TIMES_SIGNED = 5.0, 3.0, 1.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure and its bound; None was not measured."""

    name: str
    bound: float
    reached: float | None
    at_most: bool = False

    @property
    def met(self) -> bool:
        """Whether it is reached."""
        if self.reached is None:
            return False
        return self.reached <= self.bound if self.at_most else self.reached >= self.bound


def main(arguments: list[str]) -> int:
    """Ask every reader about every file, print what came of it, and say whether every bar is reached."""
    parser = argparse.ArgumentParser(
        prog="benchmarks/evidence.py", description="What evidence readers find, and how fast."
    )
    parser.add_argument("--quick", action="store_true", help="one round of the clock; absent readers are forgiven")
    parser.add_argument("--files", type=Path, default=FILES, help="a folder with a labels.csv (file, kind, truth)")
    parser.add_argument("--answers", action="store_true", help="print every answer that a column counts against Assay")
    options = parser.parse_args(arguments)
    from benchmarks.evidencing.sample import LABELS, labelled_files, trust_of
    from benchmarks.material.measure import machine

    print(machine())
    if not (options.files / LABELS).is_file():
        print(f"evidence: no `{LABELS}` there; name a folder with --files FOLDER: skipped")
        return 0 if options.quick else 1
    files, trust = labelled_files(options.files), trust_of(options.files)
    runs, missing = _run(files, trust, QUICK_ROUNDS if options.quick else ROUNDS)
    _show(runs, files, missing, listed=trust is not None)
    if options.answers:
        _show_answers(runs["assay"], files)
    return _verdict([*_found(runs, files), *_fast(runs)], quick=options.quick)


def _run(files: tuple[Labelled, ...], trust: Path | None, rounds: int) -> tuple[dict[str, Run], dict[str, str]]:
    from benchmarks.evidencing.runs import TOOLS, run_apart

    runs, missing = {}, {}
    for tool in TOOLS:
        done = run_apart(tool, files, trust, rounds)
        if isinstance(done, str):
            missing[tool] = done
        else:
            runs[tool] = done
    return runs, missing


def _show(runs: dict[str, Run], files: tuple[Labelled, ...], missing: dict[str, str], *, listed: bool) -> None:
    from benchmarks.evidencing.columns import COLUMNS
    from benchmarks.material.table import count, table

    signed, bare = sum(file.signed for file in files), sum(file.bare for file in files)
    lists = "with trust lists beside them" if listed else "without trust lists, so that nobody is trusted"
    print(f"""
{len(files)} files, {signed} of them signed and {bare} without a manifest, {lists}.
Each reader runs in a process of its own and keeps what it makes once. A count is of files, out of those that the
column is about; it should be as high as it goes in the columns with ↑, and as low in those with ↓.
""")
    titles = [f"{column.title} {'↑' if column.wanted else '↓'}" for column in COLUMNS]
    rows = [
        (run.name, run.how, *(f"{hits}/{all_}" for hits, all_ in (column.of(run, files) for column in COLUMNS)))
        for tool, run in runs.items()
        if tool != "assay-credentials"
    ]
    print(table(("reader", "asked", *titles), rows, words=2))
    classes = ("all", "signed", "bare")
    rates = [(run.name, run.how, *(count(run.per_second(which)) for which in classes)) for run in runs.values()]
    print("\nFiles per CPU-second. Assay takes the SHA-256 of every file besides; “credentials only” does what")
    print("c2pa-python does, with the same trust lists as its second line.\n")
    print(table(("reader", "asked", "all", "signed", "without a manifest"), rates, words=2))
    for tool, words in missing.items():
        print(f"\n{tool}: {words}")


def _show_answers(run: Run, files: tuple[Labelled, ...]) -> None:
    from benchmarks.evidencing.columns import COLUMNS

    for column in COLUMNS:
        for file in files:
            if column.about(file) and column.counted(file, run.answers[file.path]) != column.wanted:
                print(f"{column.title}: {file.group}/{Path(file.path).name}: {run.answers[file.path]}")


def _found(runs: dict[str, Run], files: tuple[Labelled, ...]) -> Iterator[Bar]:
    """In every column the best of the others is the bar."""
    from benchmarks.evidencing.columns import COLUMNS

    others = [run for tool, run in runs.items() if not tool.startswith("assay")]
    for column in COLUMNS:
        counts = [column.of(run, files)[0] for run in others]
        best = (max if column.wanted else min)(counts, default=0)
        yield Bar(column.title, best, column.of(runs["assay"], files)[0], at_most=not column.wanted)


def _fast(runs: dict[str, Run]) -> Iterator[Bar]:
    def times(tool: str, peer: str, which: str) -> float | None:
        if peer not in runs:
            return None
        return runs[tool].per_second(which) / runs[peer].per_second(which)

    yield Bar("times remove-ai-watermarks", TIMES_OF_IDENTIFY, times("assay", "remove-ai-watermarks", "all"))
    # Like is held against like: c2pa-python takes no digest and reads no metadata, which cost us more than it does.
    alone = "assay-credentials"
    yield Bar(
        "credentials, no manifest: times c2pa-python", TIMES_WITHOUT_MANIFEST, times(alone, "c2pa-python", "bare")
    )
    yield Bar("credentials, signed: times c2pa-python", TIMES_SIGNED, times(alone, "c2pa-python-lists", "signed"))


def _verdict(bars: list[Bar], *, quick: bool) -> int:
    from benchmarks.material.table import count, table

    rows = [
        (
            bar.name,
            f"{'at most' if bar.at_most else 'at least'} {count(bar.bound)}",
            "-" if bar.reached is None else count(bar.reached),
            "yes" if bar.met else "NO",
        )
        for bar in bars
    ]
    print(f"\n{table(('bar', 'must be', 'reached', 'met'), rows)}\n")
    if any(bar.reached is None for bar in bars):
        print("To measure every bar: .venv/bin/python -m pip install --group bench\n")
    short = [bar for bar in bars if not bar.met and not (quick and bar.reached is None)]
    print(f"evidence: {len(bars)} bars: {f'{len(short)} SHORT' if short else 'every one is met'}")
    return 1 if short else 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
