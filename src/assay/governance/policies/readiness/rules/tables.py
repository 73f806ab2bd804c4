"""Features as a CSV file, one line a feature and market: written, and read from strangers. It looks nobody up."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from assay.engine.kernel.errors import Fault
from assay.governance.policies.readiness.rules.dependencies import KINDS
from assay.governance.policies.readiness.rules.registering import FEATURES_MOST, Wish, faults_of
from assay.governance.policies.readiness.rules.standing import State

COLUMNS = ("name", "title", "kind", "provides", "market", "state", "ready on", "owner", "team", "note", "link")
LINES_MOST = 20_000
FAULTS_MOST = 50


@dataclass(frozen=True, slots=True)
class Unread:
    """Why a file was not read."""

    faults: list[Fault]


def rows_of(wish: Wish) -> Iterator[dict[str, str]]:
    """The lines of one feature."""
    for market, (state, day) in sorted(wish.states.items()):
        yield {
            "name": wish.name, "title": wish.title, "kind": wish.kind, "provides": " ".join(wish.provides),
            "market": market, "state": state.value, "ready on": "" if day is None else day.isoformat(),
            "owner": wish.owner, "team": wish.team, "note": wish.note, "link": wish.link,
        }  # fmt: skip


def read(content: bytes) -> list[Wish] | Unread:
    """Features from a file, or everything that is wrong with it, by line.

    owner  as it stands in the file: an address
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Unread([Fault("no-text", "the file is no UTF-8 text; export it as CSV in UTF-8", "file")])
    if "\0" in text:
        return Unread([Fault("no-text", "the file holds a null character; export it as CSV in UTF-8", "file")])
    try:
        lines = list(_lines(text))
    except csv.Error:
        return Unread([Fault("no-csv", "the file cannot be read as CSV; export the list, and edit that", "file")])
    if lines and (missing := [name for name in COLUMNS[:6] if name not in lines[0][1]]):
        return Unread([Fault("no-column", f"the first line does not name `{', '.join(missing)}`", "file")])
    if not lines or len(lines) > LINES_MOST:
        return Unread([Fault("no-lines", f"the file has 1 to {LINES_MOST} lines under its first", "file")])
    return _joined(lines)


def _lines(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    for number, row in enumerate(reader, start=2):
        yield number, {str(name).strip(): _plain(value) for name, value in row.items() if name is not None}
        if number > LINES_MOST + 1:
            return


def _plain(value: object) -> str:
    text = value.strip() if isinstance(value, str) else ""
    # The export puts a quote before what a sheet would run; here it goes again.
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text


def _joined(lines: Iterable[tuple[int, dict[str, str]]]) -> list[Wish] | Unread:
    found: dict[str, Wish] = {}
    faults: list[Fault] = []
    for number, row in lines:
        made = _wish(row)
        if isinstance(made, Fault):
            faults.append(Fault(made.slug, f"line {number}: {made.words}", "file"))
            continue
        held = found.get(made.name)
        if held is not None and set(held.states) & set(made.states):
            faults.append(Fault("twice", f"line {number}: `{made.name[:60]}` says the same market twice", "file"))
        states = {**(held.states if held is not None else {}), **made.states}
        found[made.name] = Wish(
            made.name, made.title, made.kind, made.provides, states, made.owner, made.team, made.note, made.link
        )
    for wish in found.values():
        faults += [Fault(each.slug, f"`{wish.name[:60]}`: {each.words}", "file") for each in faults_of(wish)]
    if len(found) > FEATURES_MOST:
        faults.append(Fault("too-many", f"{FEATURES_MOST} features are the most that one file brings", "file"))
    return Unread(faults[:FAULTS_MOST]) if faults else list(found.values())


def _wish(row: dict[str, str]) -> Wish | Fault:
    kind = next((each for each in KINDS if each == row.get("kind")), None)
    state = next((each for each in State if each.value == row.get("state")), None)
    if kind is None:
        return Fault("no-kind", f"`{row.get('kind', '')[:30]}` is no kind; write one of {', '.join(KINDS)}")
    if state is None:
        return Fault("no-state", f"`{row.get('state', '')[:30]}` is no state; write one of {', '.join(State)}")
    try:
        day = date.fromisoformat(row["ready on"]) if row.get("ready on") else None
    except ValueError:
        return Fault("no-day", f"`{row['ready on'][:30]}` is no day; write it as 2026-12-31")
    return Wish(
        row["name"], row["title"], kind, tuple(dict.fromkeys(row["provides"].split())),
        {row.get("market") or "*": (state, day)}, row.get("owner", ""), row.get("team", ""), row.get("note", ""),
        row.get("link", ""),
    )  # fmt: skip
