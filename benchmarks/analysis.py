"""How analysis does: how long proofs take (prove), and how many questions settle an item (questions). It tunes nothing.

.venv/bin/python benchmarks/analysis.py [prove|questions] [options of that part]

Without a part both run, one after the other; an option such as --quick goes to each. Exits 1 where one falls short.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> int:
    """Run the part that is named, or both."""
    from benchmarks.asking.main import main as questions
    from benchmarks.proving.main import main as prove

    parts = {"prove": prove, "questions": questions}
    if arguments and arguments[0] in parts:
        return parts[arguments[0]](arguments[1:])
    return max([part(arguments) for part in parts.values()])


if __name__ == "__main__":
    sys.path[:1] = [str(ROOT)]
    sys.exit(main(sys.argv[1:]))
