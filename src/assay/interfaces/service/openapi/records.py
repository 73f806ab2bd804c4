"""The schemas of item and decision records, from the copies inside the package. It never makes one up."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

Schema: TypeAlias = dict[str, Any]
HERE = Path(__file__).resolve().parent
ITEM, DECISION = "item.schema.json", "decision.schema.json"


@cache
def _text(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def item_schema() -> Schema:
    """The schema of an item record, a fresh one for each caller to change."""
    found: Schema = json.loads(_text(ITEM))
    return found


def decision_schema() -> Schema:
    """The schema of a decision record, likewise."""
    found: Schema = json.loads(_text(DECISION))
    return found
