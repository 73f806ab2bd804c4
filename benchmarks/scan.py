"""`assay scan` at scale: what the pool costs, what bad files cost, kills, the cache, Ray. It decides nothing.

.venv/bin/python benchmarks/scan.py [--quick] [--files N] [--kills N]

Makes some thousand small files of its own, scans them by every way there is, and prints what each took. Exits 1 where
a promise does not hold.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.scanning.checks import Check

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> int:
    """Measure, print, and say whether every promise holds."""
    from benchmarks.material.measure import machine
    from benchmarks.material.table import table
    from benchmarks.scanning.checks import bad_files, cache, kills, ray, speed
    from benchmarks.scanning.files import make_files

    options = _options(arguments)
    files, rounds = (2_000, 2) if options.quick else (options.files, 3)
    seed = options.seed if options.seed is not None else secrets.randbelow(1_000_000)
    print(machine())
    print(f"{files:,} files, seed {seed}\n")
    with tempfile.TemporaryDirectory(prefix="assay-scan-") as folder:
        place = Path(folder)
        (place / "files").mkdir()
        make_files(place / "files", files)
        shown, checks, overhead = speed(place / "files", files, rounds, quick=options.quick)
        print(f"{shown}\n", flush=True)
        checks += bad_files(place / "bad")
        checks += kills(place / "files", place, files, 2 if options.quick else options.kills, seed)
        checks += cache(place / "files", place, quick=options.quick)
        checks += ray(place / "files", files) if find_spec("ray") else _without_ray(quick=options.quick)
    print(
        table(("promise", "seen", ""), [(one.promise, one.seen, "" if one.holds else "NO") for one in checks], words=2)
    )
    short = sum(not one.holds for one in checks)
    print(f"\nscan: the pool costs {overhead:+.1%} of CPU; {len(checks) - short} of {len(checks)} promises hold")
    return 1 if short else 0


def _without_ray(*, quick: bool) -> list[Check]:
    from benchmarks.scanning.checks import Check

    return [Check("Ray gives the same bytes", "ray is not installed: pip install 'assay[scale]'", quick)]


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="2,000 files and 2 kills")
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--seed", type=int, help="of the moments of the kills; another each time without it")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.path[:1] = [str(ROOT)]
    sys.exit(main(sys.argv[1:]))
