"""Files with their known truth, from a table, a folder or lines of texts; a fault costs its line. It scores none."""

from __future__ import annotations

import csv
import hashlib
import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.identifiers import did_you_mean

AI, REAL = "ai", "real"
COLUMNS = ("file", "truth", "family", "corruption", "group", "weight")
MOST_ROWS = 5_000_000
MOST_TEXT_BYTES = 1_000_000
MOST_FAULTS = 1_000
_TRUTHS = {
    **dict.fromkeys(("ai", "1", "yes", "true", "generated", "synthetic", "fake"), True),
    **dict.fromkeys(("real", "0", "no", "false", "human", "authentic", "photo"), False),
}
_HUMAN_KEYS, _AI_KEYS = ("human", "original", "real"), ("ai", "machine", "sampled", "generated")


@dataclass(frozen=True, slots=True)
class Labelled:
    """One file whose truth is known.

    family      the generator, or the collection that a real file is from
    corruption  what was done to it since, such as `jpeg_q40`
    group       what it was made from: variants of one picture are no independent items
    weight      how many uploads it stands for
    """

    path: Path
    is_ai: bool
    family: str = ""
    corruption: str = ""
    group: str = ""
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Labels:
    """Labelled files in their order, and what was wrong with others; `left_out` counts faults beyond those kept."""

    items: tuple[Labelled, ...]
    faults: tuple[Fault, ...]
    left_out: int = 0


def labels_of(place: Path, *, pattern: re.Pattern[str] | None = None, texts: Path | None = None) -> Labels:
    """The labels in a folder with `ai` and `real` in it, in a CSV file, or in JSON lines of texts.

    pattern  matched with each file's name without its ending; its groups `family`, `corruption` and `group` are taken
             where nothing else says them
    texts    an empty folder that texts out of JSON lines are written to, each as a file; needed for those only
    """
    if place.is_dir():
        found, faults = _in_folder(place)
    elif place.suffix == ".jsonl" and texts is not None:
        found, faults = _collected(_of_texts(place, texts))
    elif place.is_file():
        found, faults = _collected(_of_table(place))
    else:
        found, faults = [], [Fault("no-labels", f"there is no file or folder `{place}`")]
    named = [_named(each, pattern) for each in found] if pattern is not None else found
    return Labels(tuple(named), tuple(faults[:MOST_FAULTS]), max(0, len(faults) - MOST_FAULTS))


def _collected(each: Iterable[Labelled | Fault]) -> tuple[list[Labelled], list[Fault]]:
    found: list[Labelled] = []
    faults: list[Fault] = []
    for one in each:
        if isinstance(one, Fault):
            faults.append(one)
        else:
            found.append(one)
        if len(found) + len(faults) >= MOST_ROWS:
            faults.insert(0, Fault("too-many-rows", f"only the first {MOST_ROWS:,} were read"))
            break
    return found, faults


def _in_folder(place: Path) -> tuple[list[Labelled], list[Fault]]:
    """`ai/FAMILY/…` and `real/FAMILY/…`; files right below `ai` have no family."""
    found: list[Labelled] = []
    faults: list[Fault] = []
    for truth in (AI, REAL):
        side = place / truth
        if not side.is_dir():
            words = f"`{place.name}` holds no folder `{truth}`; put files that are {truth} into one of that name"
            faults.append(Fault("no-folder", words, truth))
            continue
        for path in sorted(side.rglob("*")):
            parts = path.relative_to(side).parts
            if path.is_file() and not any(part.startswith(".") for part in parts):
                family = parts[0] if len(parts) > 1 else ""
                found.append(Labelled(path, truth == AI, family=family))
    return found, faults


def _of_table(place: Path) -> Iterator[Labelled | Fault]:
    try:
        with place.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.DictReader(stream)
            unknown = _headers_fault(rows.fieldnames or ())
            if unknown is not None:
                yield unknown
                return
            for number, row in enumerate(rows, 2):
                yield _row(row, place.parent, f"line {number}")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        yield Fault("unreadable-labels", f"`{place.name}` cannot be read as CSV in UTF-8: {type(error).__name__}")


def _headers_fault(names: Sequence[str]) -> Fault | None:
    missing = [name for name in COLUMNS[:2] if name not in names]
    if not missing:
        return None
    near = did_you_mean(missing[0], names) or f"its columns are {', '.join(names)[:100] or 'none'}"
    return Fault("no-column", f"the table has no column `{missing[0]}`; {near}", missing[0])


def _row(row: dict[str, str | None], folder: Path, where: str) -> Labelled | Fault:
    name, said = (row.get("file") or "").strip(), (row.get("truth") or "").strip().lower()
    if not name:
        return Fault("no-file", "it names no file", where)
    truth = _TRUTHS.get(said)
    if truth is None:
        return Fault("unknown-truth", f"`{said[:40]}` says neither {AI} nor {REAL}; write one of the two", where)
    try:
        weight = float(row.get("weight") or 1)
    except ValueError:
        weight = math.nan
    if not 0 < weight < 1e12:
        return Fault("bad-weight", f"`{(row.get('weight') or '')[:40]}` is no weight above 0", where)
    texts = {key: (row.get(key) or "").strip() for key in ("family", "corruption", "group")}
    return Labelled(folder / name, truth, weight=weight, **texts)


def _of_texts(place: Path, texts: Path) -> Iterator[Labelled | Fault]:
    """Lines with `text` and `truth`, or with a human text and a machine's of one origin."""
    try:
        with place.open("rb") as stream:
            for number, line in enumerate(stream, 1):
                yield from _texts_in(line, number, texts, place.stem)
    except OSError:
        yield Fault("unreadable-labels", f"`{place.name}` cannot be read")


def _texts_in(line: bytes, number: int, texts: Path, family: str) -> Iterator[Labelled | Fault]:
    where = f"line {number}"
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        yield Fault("no-json", "it is no JSON", where)
        return
    pairs = list(_said(row)) if isinstance(row, dict) else []
    if not pairs:
        yield Fault("no-text", "it holds neither `text` with `truth`, nor `human` with `ai`", where)
        return
    group, kind = str(row.get("group") or row.get("id") or number)[:200], str(row.get("family") or family)[:200]
    for text, truth in pairs:
        content = text.encode("utf-8", "replace")
        if not content or len(content) > MOST_TEXT_BYTES:
            yield Fault("no-text", f"a text has no byte, or more than {MOST_TEXT_BYTES:,}", where)
            continue
        path = texts / f"{hashlib.sha256(content).hexdigest()}.txt"
        path.write_bytes(content)
        yield Labelled(path, truth, family=kind, corruption=str(row.get("corruption") or "")[:200], group=group)


def _said(row: dict[str, object]) -> Iterator[tuple[str, bool]]:
    text, said = row.get("text"), str(row.get("truth", "")).lower()
    if isinstance(text, str) and said in _TRUTHS:
        yield text, _TRUTHS[said]
        return
    for keys, truth in ((_HUMAN_KEYS, False), (_AI_KEYS, True)):
        found = next((row[key] for key in keys if isinstance(row.get(key), str)), None)
        if isinstance(found, str):
            yield found, truth


def _named(item: Labelled, pattern: re.Pattern[str]) -> Labelled:
    matched = pattern.search(item.path.stem)
    if matched is None:
        return item
    said = matched.groupdict(default="")
    return replace(
        item,
        family=item.family or said.get("family", ""),
        corruption=item.corruption or said.get("corruption", ""),
        group=item.group or said.get("group", ""),
    )
