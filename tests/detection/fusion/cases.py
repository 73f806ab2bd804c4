"""The table of what findings amount to, read from its file. It holds no test."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier

TABLE = tomllib.loads(Path(__file__).with_name("table.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Case:
    """Pieces of evidence by name, and what they amount to."""

    names: tuple[str, ...]
    ai_extent: str | None
    synthetic_status: str | None
    china: str | None
    conflicts: tuple[str, ...]
    sentence: str

    @property
    def evidence(self) -> list[Evidence]:
        return [PIECES[name] for name in self.names]


def _piece(raw: Mapping[str, Any]) -> Evidence:
    return Evidence(
        Kind(raw["kind"]),
        Claim(raw["claim"]),
        Integrity(raw.get("integrity", "unsigned")),
        Tier(raw.get("tier", "unverified")),
        str(raw.get("source", "c2pa")),
        raw.get("details", {}),
    )


PIECES = {name: _piece(raw) for name, raw in TABLE["pieces"].items()}
CASES = [
    Case(
        tuple(raw["evidence"]),
        raw.get("ai_extent"),
        raw.get("synthetic_status"),
        raw.get("china"),
        tuple(raw.get("conflicts", ())),
        TABLE["sentences"][raw["says"]],
    )
    for raw in TABLE["case"]
]
