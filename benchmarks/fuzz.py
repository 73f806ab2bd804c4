"""Whether wrong files can harm our readers and writers: thousands for each, none may crash it or take long.

.venv/bin/python benchmarks/fuzz.py [--quick] [--files N] [--only NAME] [--folder DIR]

Exits 1 where a file crashed a reader, took more than 2 seconds or more than 512 MB. `--only png --number N --write OUT`
writes the file of that number, to look at it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILES, QUICK_FILES = 10_000, 300


def main(arguments: list[str]) -> int:
    """Make the files, read them, print what each reader came to, and say whether all held."""
    from benchmarks.fuzzing.mutations import mutated
    from benchmarks.fuzzing.run import fuzz_reader
    from benchmarks.fuzzing.seeds import seeds_by_container

    given = _parsed(arguments)
    targets = _targets(seeds_by_container(given.folder), given.only)
    if given.write is not None:
        reader, seeds = targets[0]
        given.write.write_bytes(mutated(seeds, given.number, reader))
        print(f"{given.write}: {reader}, number {given.number}")
        return 0
    files = QUICK_FILES if given.quick else given.files
    print(f"{'reader':<22}{'files':>8}{'read':>8}{'refused':>9}{'ms a file':>11}{'slowest':>10}{'memory':>9}  failures")
    sound = True
    for reader, seeds in targets:
        ran = fuzz_reader(reader, seeds, files, first=given.first)
        sound &= ran.is_sound
        read = ran.files - ran.refused - len(ran.failures)
        print(
            f"{reader:<22}{ran.files:>8,}{read:>8,}{ran.refused:>9,}{1000 * ran.seconds / ran.files:>11.2f}"
            f"{ran.slowest:>9.3f}s{ran.megabytes:>6.0f} MB  {len(ran.failures)}  (slowest: {ran.slowest_number})",
            flush=True,
        )
        for failure in ran.failures[:5]:
            print(f"    number {failure.number}: {failure.words}")
    print("all held" if sound else "some did not hold")
    return 0 if sound else 1


def _targets(seeds: dict[str, list[bytes]], only: str | None) -> list[tuple[str, list[bytes]]]:
    from assay.detection.labels.formats.writers import WRITERS

    targets = [(f"metadata:{container}", contents) for container, contents in seeds.items()]
    targets += [(f"write:{container}", seeds[container]) for container in WRITERS if container in seeds]
    everything = [content for contents in seeds.values() for content in contents]
    targets.append(("c2pa", everything))
    return [each for each in targets if only is None or only in each[0]]


def _parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/fuzz.py", description="Wrong files against our readers.")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_FILES} files for each")
    parser.add_argument("--files", type=int, default=FILES, help=f"files for each (default {FILES:,})")
    parser.add_argument("--first", type=int, default=0, help="the first number")
    parser.add_argument("--only", help="readers whose name holds this")
    parser.add_argument("--folder", type=Path, help="a folder of further sound files to make wrong")
    parser.add_argument("--number", type=int, default=0, help="with --write: which file")
    parser.add_argument("--write", type=Path, help="write one file instead of reading all")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    raise SystemExit(main(sys.argv[1:]))
