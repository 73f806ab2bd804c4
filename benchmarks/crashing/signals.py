"""What items say, for the load: signals of the starter pack with gaps, as drawn by its priors."""

from __future__ import annotations

from assay.engine.decision.item import write_item
from benchmarks.material.starter import items_with_gaps, starter_pack


def drawn_signals(seed: int, count: int = 500) -> list[dict[str, object]]:
    """The signals of some items."""
    pack = starter_pack()
    found: list[dict[str, object]] = []
    for item in items_with_gaps(pack, count, seed):
        signals = write_item(item, pack.vocabulary)["signals"]
        if isinstance(signals, dict):
            found.append(signals)
    return found
