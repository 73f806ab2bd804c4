"""How often brakes trip on a healthy stream, and how soon on one whose rate has doubled. Ends with 1 below its bars.

python benchmarks/brakes.py [--quick]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def main() -> int:
    """Print both tables."""
    from benchmarks.braking.report import report

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer days and runs")
    return report(quick=parser.parse_args().quick)


if __name__ == "__main__":
    # Run as a file, Python looks for modules beside it; the benchmarks are one package below the project's root.
    sys.path[:1] = [str(Path(__file__).resolve().parent.parent)]
    sys.exit(main())
