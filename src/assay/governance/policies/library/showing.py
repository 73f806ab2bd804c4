"""A row of the library as its page shows it, worked out once, so that a long list costs little. It reads no store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from django.urls import reverse

from assay.governance.policies.library.queries import Row

Badge: TypeAlias = tuple[Literal["good", "warning", "neutral"], str]


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands in the columns.

    url       where a press on the title leads: what is in force, or else the versions
    changes   what is under way: address, words, stage
    """

    title: str
    name: str
    url: str
    versions_url: str
    badges: tuple[Badge, ...]
    since: date | None
    version: str
    place: str
    rules: int | None
    changes: tuple[tuple[str, str, str], ...]
    review_on: date | None
    owner: str


def shown(row: Row, today: date) -> Shown:
    """The row's columns."""
    document, version = row.document, row.version
    versions_url = reverse("library:versions", args=[document.name])
    reads = row.decides and document.is_policy
    return Shown(
        document.title,
        document.name,
        reverse("policies:policy", args=[document.name]) if reads else versions_url,
        versions_url,
        badges(row, today),
        row.since,
        "" if version is None else version.label or f"number {version.number}",
        "" if version is None else f"{version.number} of {document.versions}",
        None if row.outline is None else row.outline.rules,
        tuple(
            (reverse("changes:change", args=[each.number]), f"Change {each.number}", each.at_stage.words.lower())
            for each in row.changes
        ),
        document.review_on,
        row.owner,
    )


def badges(row: Row, today: date) -> tuple[Badge, ...]:
    """How it stands, in words."""
    return (_standing(row, today), *_remarks(row))


def _standing(row: Row, today: date) -> Badge:
    if row.document.retired_at is not None:
        return ("neutral", "retired")
    if not row.decides:
        return ("neutral", "not in force")
    if row.since is not None and row.since > today:
        return ("neutral", "takes effect later")
    return ("good", "in force")


def _remarks(row: Row) -> tuple[Badge, ...]:
    rolled: tuple[Badge, ...] = (("warning", "rolled back"),) if row.newer else ()
    due: tuple[Badge, ...] = (("warning", "review due"),) if row.review_due else ()
    return rolled + due
