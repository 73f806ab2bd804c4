"""One record with named fields, of CSV or JSON, as the hashes in it. It knows the exchanges' names, and asks nobody."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from assay.detection.copies.exchange.given import (
    LONGEST_LABEL,
    LONGEST_NOTE,
    LONGEST_RAW,
    MOST_LABELS,
    Given,
    Read,
    Reject,
    one_line,
)
from assay.detection.copies.exchange.types import kind_named, title_of
from assay.detection.copies.exchange.values import usual_form
from assay.detection.copies.kinds import HashKind
from assay.engine.kernel.errors import Fault

# The same field under the names that ThreatExchange, HMA, StopNCII, NCMEC and Tech Against Terrorism give it; names
# are compared without case and without what is no letter.
VALUE: Final = ("hash", "hashvalue", "indicator", "signalvalue", "value", "hashdigest", "signal", "rawindicator")
TYPE: Final = ("signaltype", "hashtype", "type", "algorithm", "kind", "indicatortype")
_QUALITY = ("quality", "hashquality", "pdqquality")
_LABELS = ("tags", "labels", "label", "classification", "ideology", "categories")
_NOTES = ("note", "notes", "description", "filename", "file")
_SOURCES = ("source", "owner", "submitter", "uploader", "memberid")
_TIMES = ("addedat", "createdat", "createdon", "creationtime", "timestamp")
_STATES = ("hashstatus", "status", "state")
_GONE = ("deleted", "shoulddelete", "withdrawn")
_WITHDRAWN = frozenset({"withdrawn", "deleted", "removed"})
_SPLIT = re.compile(r"\s*[;|,]\s*")
_NUMBER = re.compile(r"-?\d{1,6}(?:\.0+)?")


def hashes_in(record: Mapping[str, object], number: int, default: HashKind | None) -> Iterator[Read]:
    """Every hash of one record; a record of NCMEC's form may hold several.

    default  the kind of a hash whose type the record does not name
    """
    fields = {_plain(name): value for name, value in record.items()}
    several = fields.get("fingerprints")
    if isinstance(several, Mapping):
        if not several and _is_withdrawn(fields):
            # What was taken back keeps its number only, so that nothing can be deleted by it.
            yield _reject(record, number, Fault("no-hash", "it is withdrawn and names no hash any more", "hash"))
        for named, value in several.items():
            yield _hash(record, fields, number, str(named), value, default)
        return
    value = _first(fields, VALUE)
    if value is None or value == "":
        yield _reject(record, number, Fault("no-hash", f"it has no hash; name the field `{VALUE[0]}`", "hash"))
        return
    named = _first(fields, TYPE)
    yield _hash(record, fields, number, named if isinstance(named, str) else "", value, default)


def knows_column(name: str) -> bool:
    """Whether a column of CSV holds the hashes."""
    return _plain(name) in VALUE


def unreadable(number: int, fault: Fault, raw: str) -> Reject:
    """A record of which nothing can be read."""
    # Half a character, which JSON can hold and no file, is written as a question mark.
    return Reject(number, fault, "", raw[:LONGEST_RAW].encode("utf-8", "replace").decode("utf-8"))


def as_raw(record: object) -> str:
    """A record as it is given to somebody who can use it; nothing of one that is nested too deeply to be written."""
    try:
        return json.dumps(record, ensure_ascii=True, default=str)
    except RecursionError:
        return ""


def _hash(
    record: Mapping[str, object],
    fields: Mapping[str, object],
    number: int,
    named: str,
    value: object,
    default: HashKind | None,
) -> Read:
    kind = kind_named(named) if named else default
    if kind is None:
        title = one_line(title_of(named), 40) if named else "no type"
        words = f"hashes of type `{title}` cannot be compared here" if named else "it names no type of hash"
        return _reject(record, number, Fault("unsupported-hash", words, "type"), title)
    usual = usual_form(kind, value)
    quality = _quality(_first(fields, _QUALITY))
    labels = _labels(fields)
    faults = [each for each in (usual, quality, labels) if isinstance(each, Fault)]
    if faults or isinstance(usual, Fault) or isinstance(quality, Fault) or isinstance(labels, Fault):
        return _reject(record, number, faults[0], kind.value)
    return Given(
        number=number,
        kind=kind,
        value=usual,
        quality=quality,
        labels=labels,
        note=_text(fields, _NOTES, LONGEST_NOTE),
        source=_text(fields, _SOURCES, LONGEST_LABEL),
        added_at=_text(fields, _TIMES, 40),
        withdrawn=_is_withdrawn(fields),
    )


def _reject(record: Mapping[str, object], number: int, fault: Fault, of_type: str = "") -> Reject:
    return Reject(number, fault, of_type, as_raw(record)[:LONGEST_RAW])


def _quality(given: object) -> int | Fault | None:
    if given is None or given == "":
        return None
    text = str(given).strip() if isinstance(given, int | float | str) and not isinstance(given, bool) else ""
    if _NUMBER.fullmatch(text) and 0 <= float(text) <= 100:
        return int(float(text))
    return Fault("bad-quality", "`quality` is a whole number from 0 to 100", "quality")


def _labels(fields: Mapping[str, object]) -> tuple[str, ...] | Fault:
    found: list[str] = []
    for name in _LABELS:
        if fields.get(name):
            found += _labels_of(fields[name])
    feedbacks = fields.get("cspfeedbacks")
    for feedback in feedbacks if isinstance(feedbacks, list) else ():
        if isinstance(feedback, Mapping):
            found += _labels_of(feedback.get("tags"))
    labels = tuple(dict.fromkeys(each for each in (one_line(text, LONGEST_LABEL + 1) for text in found) if each))
    if len(labels) > MOST_LABELS or any(len(each) > LONGEST_LABEL for each in labels):
        words = f"it has more than {MOST_LABELS} labels, or one of more than {LONGEST_LABEL} characters"
        return Fault("too-many-labels", words, "labels")
    return labels


def _labels_of(told: object) -> list[str]:
    """Labels as a list, between `;`, `|` or `,` in a text, as a list in JSON, or as ThreatExchange nests them."""
    if isinstance(told, Mapping):
        told = told.get("data")
    if isinstance(told, str):
        if not told.startswith("["):
            return _SPLIT.split(told)
        try:
            told = json.loads(told)
        except (ValueError, RecursionError):
            return [str(told)]
    found = []
    for each in told if isinstance(told, list) else ():
        text = each.get("text") if isinstance(each, Mapping) else each
        found += [str(text)] if isinstance(text, str | int) else []
    return found


def _is_withdrawn(fields: Mapping[str, object]) -> bool:
    gone = _first(fields, _GONE)
    state = _first(fields, _STATES)
    told = gone is True or (isinstance(gone, str) and gone.strip().lower() in ("true", "yes", "1"))
    return told or (isinstance(state, str) and state.strip().lower() in _WITHDRAWN)


def _text(fields: Mapping[str, object], names: tuple[str, ...], most: int) -> str:
    given = _first(fields, names)
    return one_line(str(given), most) if isinstance(given, str | int | float) else ""


def _first(fields: Mapping[str, object], names: tuple[str, ...]) -> object:
    for name in names:
        value = fields.get(name)
        if value is not None:
            return value
    return None


# The same few names stand in every record of a file of millions.
@lru_cache(maxsize=1_024)
def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name[:60].lower())
