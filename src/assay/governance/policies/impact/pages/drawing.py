"""Charts of a rehearsal as the page's frame for charts wants them. They were drawn with the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from assay.governance.policies.impact.models import Run
from assay.governance.policies.life.models import Change


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart: its message as title, where its drawing is, and the table behind it."""

    name: str
    title: str
    note: str
    address: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    width: int
    height: int
    alt: str = ""
    joint: str = "?"


def charts_of(change: Change, run: Run, shown: Mapping[str, Any]) -> list[Chart]:
    """Every chart that was drawn."""
    return [
        Chart(
            name=one["name"],
            title=one["title"],
            note=one["note"],
            address=reverse("impact:drawing", args=[change.number, run.key, one["name"]]),
            header=tuple(one["header"]),
            rows=tuple(tuple(row) for row in one["rows"]),
            width=one["width"],
            height=one["height"],
        )
        for one in shown.get("charts", ())
    ]
