"""What the platform knows of items beside their content: account, surface, market, time. It asks for no more."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import BinaryIO, Final

from assay.detection.copies.exchange.given import one_line
from assay.detection.copies.exchange.reading import lines_of
from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import EPOCH, parse_instant

COLUMNS: Final = ("id", "account", "surface", "market", "at")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Circumstance:
    """Of one item; empty where it is not known.

    account  as the platform names it, best a pseudonym
    at       when it was uploaded, or None
    """

    account: str = ""
    surface: str = ""
    market: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Of all items, by their ids.

    faults   of lines that could not be used, each with its number: the first hundred of them
    refused  how many there are
    """

    by_id: Mapping[str, Circumstance]
    faults: tuple[tuple[int, Fault], ...] = ()
    refused: int = 0


@dataclass(slots=True)
class _Reading:
    """The same while it is read."""

    by_id: dict[str, Circumstance] = field(default_factory=dict)
    faults: list[tuple[int, Fault]] = field(default_factory=list)
    refused: int = 0

    def refuse(self, number: int, fault: Fault) -> None:
        self.refused += 1
        if len(self.faults) < 100:
            self.faults.append((number, fault))


def read_circumstances(stream: BinaryIO) -> Circumstances:
    """CSV with a header of `id,account,surface,market,at`, or JSON Lines with these names.

    In JSON Lines the names are also looked for among `signals` and `assertions`, as in a `context.jsonl`.
    """
    told = _Reading()
    columns: list[str] | None = None
    for line in lines_of(stream):
        if line.text is None:
            told.refuse(line.number, line.fault or Fault("no-line", "it cannot be read"))
        elif line.text.startswith("{"):
            _add(_of_json(line.text), line.number, told)
        elif columns is None:
            columns = [each.strip().lower() for each in _cells(line.text)]
            if "id" not in columns:
                told.refuse(line.number, Fault("no-header", f"the first line names its columns: {','.join(COLUMNS)}"))
                break
        else:
            _add(dict(zip(columns, _cells(line.text), strict=False)), line.number, told)
    return Circumstances(told.by_id, tuple(told.faults), told.refused)


def _cells(text: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text), strict=True), [])
    except csv.Error:
        return []


def _of_json(text: str) -> Mapping[str, object] | None:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict):
        return None
    asserted = record.get("assertions")
    found: dict[str, object] = {}
    for each in asserted if isinstance(asserted, list) else ():
        if isinstance(each, Mapping) and isinstance(each.get("signal"), str):
            found.setdefault(each["signal"], each.get("value"))
    signals = record.get("signals")
    return {**found, **(signals if isinstance(signals, dict) else {}), **record}


def _add(record: Mapping[str, object] | None, number: int, told: _Reading) -> None:
    if record is None:
        told.refuse(number, Fault("malformed-json", "the line is no JSON object"))
        return
    name = record.get("id")
    if not isinstance(name, str) or not name:
        told.refuse(number, Fault("bad-id", "a line names its item in `id`", "id"))
        return
    if name in told.by_id:
        told.refuse(number, Fault("duplicate-id", "an earlier line is about this item", "id"))
        return
    account, surface, market = (_text(record.get(each)) for each in ("account", "surface", "market"))
    at = _time(record.get("at"))
    if isinstance(at, Fault):
        told.refuse(number, at)
        at = None
    # A time that cannot be read costs the time, and not what is known beside it.
    told.by_id[name] = Circumstance(account, surface, market, at)


def _text(given: object) -> str:
    return one_line(str(given), _LONGEST) if isinstance(given, str | int) else ""


def _time(given: object) -> datetime | Fault | None:
    if given is None or given == "":
        return None
    instant = parse_instant(given) if isinstance(given, str) else None
    if instant is None:
        return Fault("bad-time", "`at` is a date or a time with its zone, such as 2026-12-15T10:00:00Z", "at")
    return EPOCH + timedelta(microseconds=instant)
