"""Item records from JSON Lines. It never lets a value pass that JSON has no word for, nor a key that came twice."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

import msgspec

from assay.engine.kernel.errors import Fault
from assay.interfaces.records.lines import bounded_lines, text_of
from assay.interfaces.records.reading import Place, Record, readable_id

# An item record has five levels.
DEEPEST = 16
_TOO_DEEP = Fault("too-deep", f"the objects and lists are nested more than {DEEPEST} levels deep")
_DECODER = msgspec.json.Decoder()
_ID = re.compile(rb'"id"\s*:\s*"([^"\\]{1,120})"')
_POSITION = re.compile(r"\(byte (\d+)\)")


class _DuplicateKey(ValueError):
    """A key came twice in one object; the one argument is the key."""


def json_records(stream: BinaryIO, *, file: str | None = None) -> Iterator[Record]:
    """A record for each line that is not empty."""
    for number, line in bounded_lines(stream):
        place = Place("line", number, file)
        if isinstance(line, Fault):
            yield Record(place, faults=(line,))
        elif line.strip():
            yield decode_record(line, place)


def decode_record(line: bytes, place: Place) -> Record:
    """One JSON text as a record."""
    try:
        content = _DECODER.decode(line)
    except RecursionError:
        return Record(place, faults=(_TOO_DEEP,), id=_glimpsed_id(line))
    except ValueError as error:
        return _undecodable(line, place, str(error))
    keys = _keys_in(content)
    if keys is None:
        return Record(place, faults=(_TOO_DEEP,), id=readable_id(content))
    # Every key is followed by one colon. Only where there are more can a key have come twice, so that most lines
    # are not read a second time.
    if line.count(b":") > keys:
        duplicate = _duplicate_key(line)
        if duplicate is not None:
            words = f"the key `{duplicate[:60]}` comes twice in one object, and nobody can say which one counts"
            return Record(place, faults=(Fault("duplicate-key", words, duplicate[:60]),), id=readable_id(content))
    return Record(place, content)


def _keys_in(content: object) -> int | None:
    """How many keys there are in all, or None where it is nested more deeply than any record."""
    keys, level = 0, [content]
    for _ in range(DEEPEST):
        inner: list[object] = []
        for each in level:
            if isinstance(each, dict):
                keys += len(each)
                inner += [value for value in each.values() if isinstance(value, dict | list)]
            elif isinstance(each, list):
                inner += [value for value in each if isinstance(value, dict | list)]
        if not inner:
            return keys
        level = inner
    return None


def _duplicate_key(line: bytes) -> str | None:
    try:
        json.loads(line, object_pairs_hook=_unique)
    except _DuplicateKey as found:
        return str(found.args[0])
    except (ValueError, RecursionError):
        # The stricter decoder has read it already, so what this one stumbles over is no second key.
        return None
    return None


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise _DuplicateKey(key)
        found[key] = value
    return found


def _undecodable(line: bytes, place: Place, words: str) -> Record:
    """The record of a line that is no JSON, with the most helpful reason that can be found."""
    text = text_of(line)
    if isinstance(text, Fault):
        return Record(place, faults=(text,), id=_glimpsed_id(line))
    if "out of range" in words:
        # Python's decoder would refuse so many digits, or make an infinity of them.
        return Record(place, faults=(Fault("out-of-range", "a number is too large to be held"),), id=_glimpsed_id(line))
    constants: list[float] = []

    def constant(name: str) -> float:
        constants.append(float(name.lower()))
        return constants[-1]

    try:
        # Python's decoder takes NaN and Infinity, which tells a number that is none from text that is no JSON.
        lenient = json.loads(text, parse_constant=constant)
    except (ValueError, RecursionError):
        return Record(place, faults=(Fault("broken-json", _in_words(words)),), id=_glimpsed_id(line))
    if constants:
        words = "NaN and Infinity are no numbers that can be compared; leave the signal out when it is unknown"
        fault = Fault("not-a-number", words, _field_with(lenient, constants))
    else:
        fault = Fault("broken-json", _in_words(words))
    return Record(place, faults=(fault,), id=readable_id(lenient))


def _field_with(content: object, constants: list[float], name: str | None = None) -> str | None:
    """The name of the innermost field that holds one of the constants; they are told by identity."""
    if isinstance(content, Mapping):
        inner = ((value, str(key)[:60]) for key, value in content.items())
    elif isinstance(content, list):
        inner = ((value, name or "") for value in content)
    else:
        return name if any(content is constant for constant in constants) else None
    return next((found for value, key in inner if (found := _field_with(value, constants, key))), None)


def _in_words(reason: str) -> str:
    position = _POSITION.search(reason)
    where = f" at byte {int(position[1]) + 1}" if position else ""
    return "the line ends in the middle of JSON" if "truncated" in reason else f"this is no JSON{where}"


def _glimpsed_id(line: bytes) -> str | None:
    match = _ID.search(line)
    return match[1].decode("utf-8", errors="backslashreplace") if match else None
