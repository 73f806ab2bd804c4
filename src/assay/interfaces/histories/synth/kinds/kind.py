"""Latent kinds of upload, as `kinds.toml` describes them. It knows no pack."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of upload; `kinds.toml` says what each of these is."""

    name: str
    share: float
    risk: float
    growth: float
    score: tuple[int, int]
    busy: bool
    cohorts: Mapping[str, float]
    signals: Mapping[str, Mapping[str, float]]


@cache
def all_kinds() -> tuple[Kind, ...]:
    """Every kind, with what it takes over from others worked in."""
    given = tomllib.loads(Path(__file__).with_name("kinds.toml").read_text(encoding="utf-8"))
    return tuple([_kind(kind, given) for kind in given["kinds"]])


def _kind(given: Mapping[str, Any], whole: Mapping[str, Any]) -> Kind:
    lines = dict(whole["ordinary"])
    for name in given.get("like", ()):
        lines |= whole["shared"][name]
    lines |= given.get("signals", {})
    high, low = given["score"]
    return Kind(
        name=given["name"],
        share=float(given["share"]),
        risk=float(given["risk"]),
        growth=float(given.get("growth", 1.0)),
        score=(high, low),
        busy=bool(given.get("busy", False)),
        cohorts=_weights(given.get("cohorts", "")),
        signals={name: _weights(line) for name, line in lines.items()},
    )


def _weights(text: str) -> dict[str, float]:
    """`a:3 b:1` as weights by name."""
    return {name: float(weight) for name, _, weight in (part.rpartition(":") for part in text.split())}
