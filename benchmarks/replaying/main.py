"""How fast history is decided again, beside the same policy in DuckDB's SQL and in Polars. It times CPU only.

.venv/bin/python benchmarks/rehearsal.py replay [--quick] [--rows N]

Exits 1 where a bar is not reached, or where an engine to compare with is not installed and the run is not quick.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.replaying.engines import Run

SEED = 2026
ROWS, QUICK_ROWS, FIRST_ROWS = 10_000_000, 3_000_000, 1 << 18
READING, PREPARED = 3_000_000.0, 10_000_000.0
TIMES = {"duckdb": 4.0, "polars": 2.0}
MOST_MEMORY_MB, MOST_GROWTH, LONGER = 1_000.0, 1.2, 10
COMPARED, ROUNDS = 300, 3
# Engine and table, in the order shown; the first is what the others are compared with.
LINES = (
    ("reading", "ours"),
    ("unique", "ours"),
    ("reading", "plain"),
    ("prepared", "ours"),
    ("duckdb", "plain"),
    ("polars", "plain"),
)


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure, and the least (or, for what should be small, the most) that it may be; None was not measured."""

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
    """Write the rows, run everybody on them, print what they came to, and say whether every bar is reached."""
    parser = argparse.ArgumentParser(
        prog="benchmarks/rehearsal.py replay", description="How fast history is decided again."
    )
    parser.add_argument("--quick", action="store_true", help="fewer rows; absent engines are forgiven")
    parser.add_argument("--rows", type=int, default=ROWS, help=f"rows to write (default {ROWS:,})")
    options = parser.parse_args(arguments)
    from benchmarks.material.measure import machine

    print(machine())
    with TemporaryDirectory() as folder:
        bars = _measure(Path(folder), options.rows, quick=options.quick)
    return _verdict(bars, quick=options.quick)


def _measure(folder: Path, wanted: int, *, quick: bool) -> list[Bar]:
    from benchmarks.material.generated import make_pack
    from benchmarks.replaying.engines import run_apart
    from benchmarks.replaying.ours import differences_from_meaning
    from benchmarks.replaying.rows import write_rows

    rows = min(wanted, QUICK_ROWS) if quick else wanted
    generated = make_pack(SEED)
    tables = {name: folder / f"{name}.parquet" for name in ("ours", "plain")}
    first = {name: folder / f"first-{name}.parquet" for name in tables}
    write_rows(tables["ours"], tables["plain"], generated, rows)
    write_rows(first["ours"], first["plain"], generated, FIRST_ROWS)
    _say_what(generated, tables, rows)
    different = sum(differences_from_meaning(SEED, table, tables["plain"], COMPARED) for table in tables.values())
    runs: dict[tuple[str, str], list[Run]] = {line: [] for line in LINES}
    for _ in range(ROUNDS):
        for engine, table in LINES:
            done = run_apart(engine, first[table], tables[table], SEED)
            runs[engine, table] += [] if done is None else [done]
    longer = run_apart("reading", first["ours"], tables["ours"], SEED, LONGER)
    assert longer is not None
    _show(runs, longer)
    print(f"\nRows that the reference meaning decides otherwise, of {COMPARED} in each table: {different}")
    return _bars(runs, longer, 1.0 - different / (2 * COMPARED))


def _say_what(generated: object, tables: dict[str, Path], rows: int) -> None:
    from assay.engine.program.core import atoms_of
    from benchmarks.material.generated import LEAST_MISSING, MOST_MISSING, Generated
    from benchmarks.replaying.ours import Blocks

    assert isinstance(generated, Generated)
    program = Blocks.of(SEED).program
    atoms = sum(1 for lowered in program.rules for _ in atoms_of(lowered.condition))
    signals, measures = len(generated.pack.vocabulary.signals), len(generated.pack.measures.all)
    sizes = ", ".join(f"“{name}” {table.stat().st_size / 1e6:.0f} MB" for name, table in tables.items())
    missing = f"{LEAST_MISSING:.0%} to {MOST_MISSING:.0%}"
    print(f"""
A generated pack (seed {SEED}): {len(program.rules)} rules, {atoms} atoms, {signals} signals, {measures} measures;
each signal missing in {missing} of rows. A decision is one row: all rules, and all measures as certain, unknown or
imposed meanwhile, in the default market class as of the row's day; one bundle; Assay checks each value as well.
Everybody counts, on one thread, in a process of its own, which has decided {FIRST_ROWS:,} rows before.

{rows:,} rows in the layout of a history: {sizes}. “Ours” has words and numbers in columns
without nulls, where the empty text and NaN are unknown; “plain” has nulls, and is what the others read. Where ids
are compared, ids that come twice are looked for too, as a rehearsal does once for a history.
""")


def _show(runs: dict[tuple[str, str], list[Run]], longer: Run) -> None:
    from benchmarks.material.table import count, table

    head = ("engine", "table", "rows", "decisions/CPU-s", "CPU s", "wall s", "peak MB", "Assay is", "same counts")
    ours = runs[LINES[0]]
    lines = []
    for (_, where), done in [*runs.items(), (LINES[0], [longer])]:
        if not done:
            continue
        alike = done[0].counts == ours[0].counts
        peer = done[0].engine.startswith(("DuckDB", "Polars"))
        times = f"{_rate(ours) / _rate(done):.1f} ×" if peer else ""
        known = "yes" if alike else "NO" if done[0].rows == ours[0].rows else ""
        figures = [count(_rate(done)), f"{median(run.cpu_s for run in done):.2f}"]
        figures += [f"{median(run.wall_s for run in done):.2f}", f"{max(run.peak_mb for run in done):.0f}"]
        lines.append((f"{done[0].engine} ({done[0].version})", where, f"{done[0].rows:,}", *figures, times, known))
    print(table(head, lines, words=2))


def _rate(done: list[Run]) -> float:
    return median(run.per_second for run in done)


def _bars(runs: dict[tuple[str, str], list[Run]], longer: Run, same: float) -> list[Bar]:
    ours = runs["reading", "ours"]
    bars = [
        Bar("the same as the reference meaning", 1.0, same),
        Bar("decisions/CPU-s, reading included", READING, _rate(ours)),
        Bar("decisions/CPU-s, from prepared columns", PREPARED, _rate(runs["prepared", "ours"])),
    ]
    for (engine, _), done in runs.items():
        least = TIMES.get(engine)
        if least is not None:
            bars.append(Bar(f"times as fast as {engine}", least, _rate(ours) / _rate(done) if done else None))
            bars.append(Bar(f"same counts as {engine}", 1.0, float(done[0].counts == ours[0].counts) if done else None))
    plain = runs["reading", "plain"][0].counts == ours[0].counts
    bars.append(Bar("same counts from both tables", 1.0, float(plain)))
    grown = longer.cpu_s / longer.rows * _rate(ours)
    bars.append(Bar(f"CPU a row, {LONGER} times as many rows", MOST_GROWTH, grown, at_most=True))
    bars.append(Bar("peak memory in MB, reading included", MOST_MEMORY_MB, longer.peak_mb, at_most=True))
    return bars


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
    figures = [f"{bar.name} {count(bar.reached)}" for bar in bars if bar.reached is not None and bar.reached > 1]
    print("replay: " + "; ".join(figures) + f": {f'{len(short)} SHORT' if short else 'every bar is met'}")
    return 1 if short else 0
