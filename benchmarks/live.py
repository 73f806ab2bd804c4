"""What live deciding promises while it runs: brakes that trip on what is sick and on nothing else, and swaps unfelt.

.venv/bin/python benchmarks/live.py [--quick] [--only brakes|swaps] [--swaps N]

Brakes: how often they trip on a healthy stream, and how soon on one whose rate has doubled (simulated days).
Swaps: the longest time that a thread which decides had to wait while bundles were swapped under it. Exits 1 where the
longest pause during a swap computed more than 50 ms, in the median over the swaps; where a record names another bundle
than the one that decided; where memory grew by more than 64 MB; or where a brake misses its bars.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Print both reports, or the one asked for."""
    from benchmarks.braking.report import report as brakes
    from benchmarks.swapping.pauses import report as swaps

    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="fewer days, runs and swaps")
    parser.add_argument("--only", choices=("brakes", "swaps"), help="one of the two")
    parser.add_argument("--swaps", type=int, help="how many swaps")
    given = parser.parse_args()
    missed = []
    if given.only != "swaps" and brakes(quick=given.quick):
        missed.append("brakes")
    if given.only != "brakes" and swaps(quick=given.quick, swaps=given.swaps):
        missed.append("swaps")
    print(f"live: {'every bar held' if not missed else 'missed by ' + ' and '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
