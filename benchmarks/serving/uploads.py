"""Uploads as a platform sends them: item records of a kilobyte, no two alike. It knows nothing of what rules say."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from assay.engine.decision.item import LONGEST_ID, write_item
from assay.engine.language.pack.pack import Pack
from benchmarks.material.starter import items_as_uploaded

KILOBYTE = 1024
_LONGEST_TEXT = 200
_WORDS = "portrait of a harbour at dawn wide angle soft light film grain steps 28 cfg 4.5 seed sampler euler".split()


def starter_uploads(pack: Pack, count: int, seed: int, markets: Sequence[str] = ()) -> Iterator[bytes]:
    """Item records over the starter pack: what a platform and its scanners know, with the generator's own text.

    That text is free, as the parameters are that a generator writes into a file, and as long as it may be; the id is
    the path at which the platform keeps the file, and fills up to a kilobyte.

    markets  that each request names
    """
    chance = random.Random(f"{seed}/uploads")
    for number, item in enumerate(items_as_uploaded(pack, count, seed)):
        record: dict[str, Any] = dict(write_item(item, pack.vocabulary))
        words = " ".join(chance.choice(_WORDS) for _ in range(40))
        tool = record["signals"].get("generator", "an unnamed tool")
        record["signals"]["generator"] = f"{tool} {chance.getrandbits(48):x} {words}"[:_LONGEST_TEXT]
        record["id"] = f"uploads/2026-12-15/{seed}-{number}/"
        if markets:
            record["markets"] = list(markets)
        missing = min(KILOBYTE - len(_written(record)), LONGEST_ID - len(record["id"]))
        record["id"] += f"{chance.getrandbits(4 * missing):0{missing}x}" if missing > 0 else ""
        yield _written(record)


def _written(record: object) -> bytes:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def write_bodies(path: Path, bodies: Iterator[bytes]) -> float:
    """Write bodies, one a line; their mean size in bytes."""
    sizes = []
    with path.open("wb") as stream:
        for body in bodies:
            stream.write(body + b"\n")
            sizes.append(len(body))
    return sum(sizes) / len(sizes)
