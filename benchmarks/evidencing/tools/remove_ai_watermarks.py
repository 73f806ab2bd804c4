"""remove-ai-watermarks: its `identify`, which reads credentials and metadata. Its pixel checks are left out, kindly."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.evidencing.answer import Answer, Tool

PACKAGE = "remove-ai-watermarks"


def build(_trust: Path | None) -> Tool:
    """It takes no trust lists."""
    from remove_ai_watermarks.identify import identify

    def ask(path: str) -> object:
        return identify(Path(path), check_visible=False, check_invisible=False)

    return Tool(f"{PACKAGE} {version(PACKAGE)}", "identify, metadata only", ask, _read)


def _read(given: Any) -> Answer:
    checked = given.c2pa_validation or {}
    broken = checked.get("integrity") == "invalid"
    said = bool(given.is_ai_generated)
    ai = ("partial" if given.ai_source_kind == "enhanced" else "yes") if said else ""
    # It names the signal behind its verdict, so that a bare declaration can be told from what is signed.
    return Answer(ai=ai, broken=broken, proved=said and checked.get("integrity") == "valid")
