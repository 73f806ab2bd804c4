"""A cell of text as the JSON value of a signal. It never reads an empty cell as anything but unknown."""

from __future__ import annotations

import json
import re

import msgspec

from assay.engine.kernel.errors import Fault
from assay.engine.language.pack.vocabulary import Signal, SignalType, Vocabulary

BETWEEN_MEMBERS = "|"
_FLAGS = {"true": True, "yes": True, "false": False, "no": False}
_WHOLE = re.compile(r"[+-]?\d{1,30}\Z")
_DECIMAL = re.compile(r"[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})([eE][+-]?\d{1,4})?\Z")
_NOT_NUMBERS = {"nan", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity"}


def read_cell(name: str, cell: str, vocabulary: Vocabulary) -> object | Fault:
    """What a cell says of a signal: None where it is empty, else a value to be read by the signal's own type."""
    signal = vocabulary.by_name.get(name)
    # Spaces can be part of a text, and of nothing else.
    kept = cell if signal is not None and signal.type is SignalType.TEXT else cell.strip()
    if not kept:
        return None
    if signal is None:
        return kept
    return read_json_cell(name, kept) if signal.by_market else _typed(signal, kept)


def read_json_cell(name: str, cell: str) -> object | Fault:
    """A cell that holds JSON: the assertions, or a value for each market."""
    try:
        decoded: object = msgspec.json.decode(cell)
    except (ValueError, RecursionError):
        return Fault("broken-json", f"`{name}` holds JSON text, and this is none", name)
    return decoded


def _typed(signal: Signal, cell: str) -> object | Fault:
    match signal.type:
        case SignalType.FLAG:
            flag = _FLAGS.get(cell.lower())
            words = f"expected true or false, not `{cell[:60]}`"
            return Fault("wrong-type", words, signal.name) if flag is None else flag
        case SignalType.SET:
            # A bar alone is a set that is known to be empty; an empty cell is a set that is not known.
            return [member.strip() for member in cell.split(BETWEEN_MEMBERS) if member.strip()]
        case SignalType.NUMBER | SignalType.SCORE:
            return read_number(signal, cell)
        case _:
            return cell


def read_number(signal: Signal, cell: str) -> int | float | Fault:
    """A number as people write it; what the signal allows is for the signal to say."""
    if _WHOLE.match(cell):
        return int(cell)
    if _DECIMAL.match(cell):
        return float(cell)
    if cell.lower() in _NOT_NUMBERS:
        words = "this is not a number that can be compared; leave the cell empty when it is unknown"
        return Fault("not-a-number", words, signal.name)
    return Fault("wrong-type", f"expected a number, not `{cell[:60]}`", signal.name)


def columns_fault(names: list[str], place: str) -> Fault | None:
    """Why a table with these columns cannot be read at all."""
    if "id" not in names:
        shown = json.dumps(names[:8], ensure_ascii=False)[1:-1]
        return Fault("missing-id-column", f"the {place} has no column `id`: it has {shown or 'nothing'}", "id")
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        return Fault("duplicate-column", f"the {place} has the column `{twice[:60]}` twice", twice[:60])
    return None


def record_of(cells: dict[str, object]) -> tuple[dict[str, object], tuple[Fault, ...]]:
    """The item record of a row of cells, and the faults of single cells."""
    faults = tuple(cell for cell in cells.values() if isinstance(cell, Fault))
    own = ("id", "subject", "assertions")
    record: dict[str, object] = {"id": cells.get("id")}
    record |= {name: cells[name] for name in own[1:] if cells.get(name) is not None}
    record["signals"] = {name: cell for name, cell in cells.items() if name not in own and cell is not None}
    return record, faults
