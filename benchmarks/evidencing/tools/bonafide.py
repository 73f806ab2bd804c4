"""bonafide: signed provenance and text, weighed into one probability. Its registry is built once, which is kind."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.evidencing.answer import Answer, Tool

PACKAGE = "bonafide"


def build(_trust: Path | None) -> Tool:
    """With the trust lists that it carries."""
    from bonafide.engine import default_registry, detect_file

    registry = default_registry()

    def ask(path: str) -> object:
        return detect_file(path, registry=registry)

    return Tool(f"{PACKAGE} {version(PACKAGE)}", "detect_file, its lists", ask, _read)


def _read(given: Any) -> Answer:
    # It has one word for whatever is not whole, and that word is tampering.
    broken = any("INVALID" in conflict for conflict in given.conflicts)
    said = given.decision == "ai"
    return Answer(ai="yes" if said else "", human=given.decision == "human", broken=broken, proved=said)
