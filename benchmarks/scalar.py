"""How fast one item is decided, beside other engines, what each market class adds, and from JSON line to record.

.venv/bin/python benchmarks/scalar.py [--quick]

Exits 1 where a bar is not reached, or where an engine to compare with is not installed and the run is not quick.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SEED = 2026
AS_OF = "2026-12-15"
RATES = {1: 300_000.0, 2: 150_000.0}
TIMES = {"common-expression-language": 12.0, "cel-expr-python": 20.0, "cedarpy": 50.0}
STARTER_RATE = 30_000.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure and the least that it must be; None where it could not be measured."""

    name: str
    least: float
    reached: float | None
    unit: str = ""

    @property
    def met(self) -> bool:
        """Whether it is reached."""
        return self.reached is not None and self.reached >= self.least


def main(arguments: list[str]) -> int:
    """Run all parts, print them, and say whether every bar is reached."""
    quick = _options(arguments).quick
    # Some engines write the whole stack into every error where this is set, which would be held against them.
    os.environ["RUST_BACKTRACE"] = os.environ["RUST_LIB_BACKTRACE"] = "0"
    from benchmarks.material.measure import machine

    print(machine())
    bars = [*_engines(quick=quick), *_starter(quick=quick)]
    _lines(quick=quick)
    return _verdict(bars, quick=quick)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/scalar.py", description="How fast one item is decided.")
    parser.add_argument("--quick", action="store_true", help="fewer items and rounds; absent engines are forgiven")
    return parser.parse_args(arguments)


def _engines(*, quick: bool) -> list[Bar]:
    from assay.engine.kernel.instants import parse_instant
    from assay.engine.program.core import atoms_of
    from benchmarks.deciding.engines import Sample, compare, show, unknown_share
    from benchmarks.material.generated import LEAST_MISSING, MOST_MISSING, make_items, make_pack
    from benchmarks.material.ours import Ours

    sample = Sample(1_000, 5_000, 1_000, 1) if quick else Sample(10_000, 20_000, 5_000, 3)
    generated = make_pack(SEED)
    ours = Ours(generated.pack, parse_instant(AS_OF) or 0)
    atoms = sum(1 for lowered in ours.decider.program.rules for _ in atoms_of(lowered.condition))
    signals = generated.pack.vocabulary.signals
    print(
        f"\nA generated pack (seed {SEED}): {len(generated.pack.rules)} rules, {atoms} atoms, {len(signals)} signals,"
    )
    print(f"each missing in {LEAST_MISSING:.0%} to {MOST_MISSING:.0%} of items; one market\n")
    few = make_items(generated, 100 if quick else 500)
    different = ours.differences_from_meaning(few)
    comparison = compare(generated, ours, sample)
    print(show(comparison))
    opened = unknown_share([ours.truths(item) for item in few])
    print(f"\nItems for which some rule is unknown: {opened:.0%}. Items decided unlike the reference meaning, of")
    print(
        f"{len(few)}: {different}. Every engine has its rules compiled and its items in its own form before the clock"
    )
    print("starts, and sees each item once. “Assay is” compares the truth of every rule on both sides.")
    for name in comparison.missing:
        print(f"Not installed: {name}")
    bars = [Bar("the same as the reference meaning", 1.0, 1.0 - different / len(few))]
    for place, least in RATES.items():
        mine = comparison.ours[place]
        bars.append(Bar(f"decisions/CPU-s, {mine.how}", least, mine.rate.per_second))
    for package, least in TIMES.items():
        peer = comparison.of(package)
        bars.append(Bar(f"times as fast as {package}", least, None if peer is None else comparison.times(peer)))
        alike = None if peer is None or peer.agreement is None else peer.agreement.alike / peer.agreement.items
        bars.append(Bar(f"items answered like {package}", 1.0, alike))
    return bars


def _starter(*, quick: bool) -> list[Bar]:
    from assay.engine.kernel.instants import parse_instant
    from benchmarks.deciding.market_classes import KINDS, Starter, show_lines, show_slope

    starter = Starter(parse_instant(AS_OF) or 0)
    rules, signals = len(starter.pack.rules), len(starter.pack.vocabulary.signals)
    number, rounds = (2_000, 1) if quick else (10_000, 3)
    print(
        f"\nThe starter pack: {rules} rules, {signals} signals, {len(starter.classes)} market classes, every item for"
    )
    print("all of them, with the record in JSON and the reasons in words; every item is new\n")
    lines = [starter.line(kind, make, number, rounds) for kind, make in KINDS]
    print(show_lines(lines))
    gaps, known = lines[0].rate.per_second, lines[1].rate.per_second
    slope = starter.slope(KINDS[0][1], number // 2, rounds)
    print(f"\n{show_slope(slope)}\nEach market class adds {slope.each:.2f} µs an item ({lines[0].kind}).")
    # A decision is made per market (docs/adr/0003), so an item is one decision for each class of markets.
    decisions = gaps * len(starter.classes)
    return [
        Bar("starter pack, decisions/CPU-s, one a market class", STARTER_RATE, decisions),
        Bar("starter pack, whole items/CPU-s, every signal known", STARTER_RATE, known),
        # The strictest reading of the bar: all markets of an item count once, and signals are missing.
        Bar(f"starter pack, whole items/CPU-s, {lines[0].kind}", STARTER_RATE, gaps),
    ]


def _lines(*, quick: bool) -> None:
    from assay.engine.kernel.instants import parse_instant
    from benchmarks.deciding.lines import LineDesk, show_rates

    print("\nFrom the bytes of a JSON line to its record, as service and streams do it, the clock moving on;")
    print("every line is new\n")
    number, rounds = (2_000, 1) if quick else (8_000, 3)
    print(show_rates(LineDesk(parse_instant(AS_OF) or 0).rates(number, rounds)))


def _verdict(bars: list[Bar], *, quick: bool) -> int:
    from benchmarks.material.table import count, table

    rows = [
        (bar.name, count(bar.least), "-" if bar.reached is None else count(bar.reached), "yes" if bar.met else "NO")
        for bar in bars
    ]
    print(f"\n{table(('bar', 'at least', 'reached', 'met'), rows)}\n")
    unmeasured = [bar for bar in bars if bar.reached is None]
    if unmeasured:
        print("To measure every bar: .venv/bin/python -m pip install --group bench\n")
    short = [bar for bar in bars if not bar.met and not (quick and bar.reached is None)]
    rates = {bar.name: bar.reached for bar in bars}
    figures = [f"{name} {count(reached)}" for name, reached in rates.items() if reached is not None and reached > 1]
    print("scalar: " + "; ".join(figures) + f": {f'{len(short)} SHORT' if short else 'every bar is met'}")
    return 1 if short else 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
