"""How long a proof takes, by check and size of the pack, after an edit, and beside the naive way. It times CPU only.

.venv/bin/python benchmarks/analysis.py prove [--quick]

Exits 1 where a bar is not reached, or where a defect that was written into a pack is not found.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.proving.policies import Written
    from benchmarks.proving.runs import Run

SEED = 2026
SMALL, MIDDLE, LARGE = 40, 200, 1_000
EDITED = 0.02
BARS = {SMALL: 3.0, MIDDLE: 20.0, LARGE: 40.0}
AGAIN = 1.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure in CPU seconds and the most that it may be."""

    name: str
    most: float
    reached: float

    @property
    def met(self) -> bool:
        """Whether it is reached."""
        return self.reached <= self.most


def main(arguments: list[str]) -> int:
    """Run every part, print it, and say whether every bar is reached."""
    parser = argparse.ArgumentParser(prog="benchmarks/analysis.py prove", description="How long a proof takes.")
    parser.add_argument("--quick", action="store_true", help="leave out the pack of a thousand rules")
    quick = parser.parse_args(arguments).quick
    from benchmarks.material.measure import machine

    print(machine())
    bars: list[Bar] = []
    missed: list[str] = []
    totals: dict[int, float] = {}
    for rules in (SMALL, MIDDLE):
        seconds = _everything(rules, missed)
        totals[rules] = seconds
        bars.append(Bar(f"{rules} rules, every check", BARS[rules], seconds))
    bars += _incremental()
    common = {rules: _some(rules, missed) for rules in ((SMALL, MIDDLE) if quick else (SMALL, MIDDLE, LARGE))}
    if not quick:
        bars.append(Bar(f"{LARGE:,} rules, dead, shadowed, invariants, obligations, diff", BARS[LARGE], common[LARGE]))
    _growth(totals, common)
    _naive(quick=quick)
    return _verdict(bars, missed)


def _everything(rules: int, missed: list[str]) -> float:
    """All checks of a generated pack."""
    from benchmarks.proving.policies import read, write_pack
    from benchmarks.proving.runs import run, timed

    written = write_pack(rules, SEED)
    pack, reading = timed(lambda: read(written.files))
    signals, duties = len(pack.vocabulary.signals), len(pack.obligations)
    print(f"\nA generated pack (seed {SEED}): {rules:,} rules in {len(pack.policies)} policies, {signals} signals,")
    print(f"{duties} duties with a property; read and checked in {reading:.2f} s. Every check:\n")
    done = run(pack)
    _show(done)
    missed += _missed(written, done)
    return done.seconds


def _some(rules: int, missed: list[str]) -> float:
    """The checks that even a very large pack is held to, and the difference from a version with some rules edited."""
    from assay.engine.analysis.proof.finding import Kind
    from benchmarks.proving.policies import edited, read, write_pack
    from benchmarks.proving.runs import difference, run

    kinds = (Kind.DEAD_RULE, Kind.SWALLOWED_RULE, Kind.SHADOWED_RULE, Kind.BROKEN_INVARIANT)
    duties = (Kind.BROKEN_OBLIGATION, Kind.WOULD_BREAK, Kind.VACUOUS_OBLIGATION)
    written = write_pack(rules, SEED)
    pack = read(written.files)
    print(
        f"\n{rules:,} rules, the checks that grow with a pack, and a second version with {EDITED:.0%} of them edited:\n"
    )
    done = run(pack, kinds=frozenset((*kinds, *duties)))
    count = max(1, round(rules * EDITED))
    found, seconds = difference(pack, read(edited(written, count).files))
    regions = sum(len(change.regions) for change in found.changes)
    words = (
        f"difference: {len(found.changes)} changes in {regions} regions by {count} edits, {len(found.doubts)} in doubt"
    )
    _show(done, (words, "", "", f"{seconds:.2f}"))
    missed += _missed(written, done)
    return done.seconds + seconds


def _show(done: Run, *further: tuple[str, str, str, str]) -> None:
    from benchmarks.material.table import table

    rows = [(line.check, f"{line.claims:,}", f"{line.solved:,}", f"{line.seconds:.2f}") for line in done.lines]
    rows.append(("before the first claim", "", "", f"{done.begun:.2f}"))
    total = done.seconds + sum(float(row[-1]) for row in further)
    claims, solved = sum(line.claims for line in done.lines), sum(line.solved for line in done.lines)
    rows += [*further, ("together", f"{claims:,}", f"{solved:,}", f"{total:.2f}")]
    print(table(("check", "claims", "solved", "CPU s"), rows))


def _missed(written: Written, done: Run) -> list[str]:
    """Defects that were written into a pack and are not among the findings."""
    found = {finding.subjects[0].partition("/")[2]: finding.kind.value for finding in done.proof.findings}
    lost = [name for name in written.dead if found.get(name) not in ("dead-rule", "swallowed-rule")]
    return sorted(
        [*lost, *(name for name in written.shadowed if found.get(name) not in ("shadowed-rule", "dead-rule"))]
    )


def _incremental() -> list[Bar]:
    """One rule edited, and only what depends on it proved anew."""
    from assay.engine.analysis.situations.memory import Forgetful
    from benchmarks.proving.policies import edited, write_pack
    from benchmarks.proving.runs import again

    written = write_pack(MIDDLE, SEED)
    after = again(written, edited(written, 1), Forgetful())
    print(
        f"\nThe pack of {MIDDLE} rules again, after one rule was edited, with what was remembered of the run before:\n"
    )
    _show(after.run)
    both = after.reading + after.run.seconds
    print(f"\nReading and checking the edited texts took {after.reading:.2f} s, so {both:.2f} s from text to proof.")
    return [
        Bar(f"{MIDDLE} rules after one edit, every check", AGAIN, after.run.seconds),
        Bar(f"{MIDDLE} rules after one edit, with reading the texts", AGAIN, both),
    ]


def _growth(totals: dict[int, float], common: dict[int, float]) -> None:
    """How time grows with the number of rules: milliseconds a rule, and the power of the number that it follows."""
    from benchmarks.material.table import table

    rows = []
    for name, seconds in (("every check", totals), ("dead, shadowed, invariants, obligations, diff", common)):
        sizes = sorted(seconds)
        for before, rules in zip((None, *sizes), sizes, strict=False):
            power = (
                "" if before is None else f"{math.log(seconds[rules] / seconds[before]) / math.log(rules / before):.2f}"
            )
            rows.append((name, f"{rules:,}", f"{seconds[rules]:.2f}", f"{1000 * seconds[rules] / rules:.1f}", power))
    print("\nGrowth; an exponent of 1 means that twice the rules take twice the time:\n")
    print(table(("checks", "rules", "CPU s", "ms a rule", "exponent"), rows))


def _naive(*, quick: bool) -> None:
    """Dead rules with a solver for each rule, and with all rules in one."""
    from benchmarks.material.table import table
    from benchmarks.proving.policies import read, write_pack
    from benchmarks.proving.runs import dead_alone, dead_together

    rows = []
    for rules in (MIDDLE,) if quick else (MIDDLE, LARGE):
        pack = read(write_pack(rules, SEED).files)
        ours, alone = dead_alone(pack)
        theirs, together = dead_together(pack)
        same = "the same" if ours == theirs else "OTHERS"
        rows.append(
            (f"{rules:,}", f"{alone:.2f}", f"{together:.2f}", f"{together / alone:.1f}×", f"{len(ours)}, {same}")
        )
    print("\nDead rules, each asked alone as the prover does, and with every rule in one solver:\n")
    print(table(("rules", "alone s", "in one s", "ratio", "found"), rows))


def _verdict(bars: list[Bar], missed: list[str]) -> int:
    from benchmarks.material.table import table

    rows = [(bar.name, f"{bar.most:.1f}", f"{bar.reached:.2f}", "yes" if bar.met else "NO") for bar in bars]
    print(f"\n{table(('bar', 'at most s', 'reached', 'met'), rows)}\n")
    if missed:
        print(f"Defects that were written in and not found: {', '.join(missed)}\n")
    short = sum(not bar.met for bar in bars) + bool(missed)
    figures = "; ".join(f"{bar.name} {bar.reached:.2f} s of {bar.most:.0f}" for bar in bars)
    print(f"prove: {figures}: {f'{short} SHORT' if short else 'every bar is met'}")
    return 1 if short else 0
