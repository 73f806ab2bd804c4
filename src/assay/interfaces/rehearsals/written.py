"""A rehearsal as one JSON object for programs. It leaves nothing out, and says why a figure is missing."""

from __future__ import annotations

import json
import math
from dataclasses import fields

import msgspec

from assay.engine.backtest.figures import Estimate
from assay.engine.backtest.rehearsal import Rehearsal
from assay.interfaces.rehearsals.verdict import verdict_of

SCHEMA = "assay.rehearsal/1"
KEPT_BACK, UNKNOWN = "fewer rows than are shown", "cannot be worked out from this history"
_ESTIMATE = {field.name for field in fields(Estimate)}


def rehearsal_as_json(rehearsal: Rehearsal) -> dict[str, object]:
    """The whole of it, by the names of its parts; a figure that is missing is null and has a `reason`."""
    found = _written(msgspec.to_builtins(rehearsal))
    if not isinstance(found, dict):
        raise TypeError("a rehearsal is written as an object")
    return {"schema": SCHEMA, "verdict": verdict_of(rehearsal), **found}


def rehearsal_as_text(rehearsal: Rehearsal) -> str:
    """The same as text, ending in a new line."""
    return json.dumps(rehearsal_as_json(rehearsal), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _written(part: object) -> object:
    """A part with numbers that JSON has, and with the reason beside each figure that is missing."""
    if isinstance(part, float):
        return part if math.isfinite(part) else None
    if isinstance(part, list | tuple):
        return [_written(one) for one in part]
    if not isinstance(part, dict):
        return part
    found = {str(name): _written(one) for name, one in part.items()}
    if part.keys() == _ESTIMATE and found["value"] is None:
        found["reason"] = KEPT_BACK if found["suppressed"] else UNKNOWN
    return found
