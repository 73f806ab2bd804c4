"""The program that rotates a folder in the background, and says how it went. It never writes a record of its own."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pyarrow as pa

from assay.engine.kernel.errors import Fault
from assay.interfaces.stores.rotation.rotating import rotate


def main(arguments: list[str]) -> int:
    """One JSON line for each file that could not be rotated, the first twenty of them; 1 where there is one."""
    # Whoever answers requests goes first.
    os.nice(19)
    pa.set_cpu_count(1)
    faults = [found for found in rotate(Path(arguments[0])) if isinstance(found, Fault)]
    for fault in faults[:20]:
        print(json.dumps({"slug": fault.slug, "words": fault.words}), flush=True)
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
