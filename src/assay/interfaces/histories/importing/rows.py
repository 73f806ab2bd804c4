"""Records of a table or of decisions as rows of a history, or what is wrong with them. It writes nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from assay.engine.backtest.history.block import DIMENSIONS
from assay.engine.backtest.history.layout import (
    BETWEEN_MEASURES,
    CREATOR,
    DAY_COLUMN,
    DONE,
    HOUR,
    LABELS,
    PROBABILITY,
    STRATUM,
    VIEWS,
    market_of,
    views_column,
)
from assay.engine.backtest.history.needs import Needs
from assay.engine.decision.item import EVERYWHERE, Item
from assay.engine.decision.record import SCHEMA
from assay.engine.kernel.errors import Fault
from assay.engine.language.pack.classes import REST
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.vocabulary import SignalType
from assay.interfaces.histories.importing import own_fields
from assay.interfaces.records.reading import Place, Record, Reject, readable_id
from assay.interfaces.records.seen import SeenIds

_RECORD_FIELDS = ("id", "subject", "signals", "assertions", "views")


@dataclass(frozen=True, slots=True)
class Row:
    """One row to be written.

    own    the layout's own fields by column, without views
    views  by market; None is unknown, and so is a market that is not named
    """

    place: Place
    item: Item
    own: Mapping[str, object]
    views: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Needed:
    """By what rows are read.

    called  what a source's own names stand for
    aside   names that nobody knows, with how many rows have them
    """

    pack: Pack
    needs: Needs
    called: Mapping[str, str] = field(default_factory=dict)
    aside: Counter[str] = field(default_factory=Counter)


def read_rows(records: Iterator[Record], needed: Needed) -> Iterator[Row | Reject]:
    """Every record as a row or a reject; a label that is left out of a row that stays is a reject too, marked so."""
    seen = SeenIds()
    for record in records:
        if record.faults:
            yield Reject(record.place, record.id, record.faults)
            continue
        given = _unfolded(record.content, needed)
        faults: list[Fault] = given if isinstance(given, list) else []
        notes: list[Fault] = []
        row = None if isinstance(given, list) else _row(record.place, given, needed, faults, notes)
        if row is None:
            yield Reject(record.place, readable_id(record.content), tuple(faults))
        elif not seen.add(row.item.id):
            yield Reject(record.place, row.item.id, (Fault("duplicate-id", "an earlier row has this id", "id"),))
        else:
            if notes:
                yield Reject(record.place, row.item.id, tuple(notes), decided=True)
            yield row


def _row(
    place: Place, given: Mapping[str, object], needed: Needed, faults: list[Fault], notes: list[Fault]
) -> Row | None:
    """The row of a record whose fields all have the layout's names."""
    vocabulary = needed.pack.vocabulary
    name, subject = given.get("id"), given.get("subject") or "item"
    signals = {
        each: value
        for each, value in given.items()
        if each in vocabulary.by_name
        and not _is_nothing(value)
        # A text alone may be empty.
        and (value != "" or vocabulary.by_name[each].type is SignalType.TEXT)
    }
    if isinstance(name, int) and not isinstance(name, bool):
        name = str(name)
    item = Item.from_signals(
        signals,
        vocabulary,
        id=name if isinstance(name, str) else "",
        markets=needed.pack.markets,
        subject=subject if isinstance(subject, str) else "-",
    )
    faults += item if isinstance(item, list) else []
    own = _own(given, needed, faults, notes)
    views: dict[str, int | None] = {}
    for each, value in given.items():
        market = market_of(each)
        if market is not None:
            found = own_fields.read_views(each, value)
            faults += [found] if isinstance(found, Fault) else []
            views[market] = None if isinstance(found, Fault) else found
    strange = [market for market in views if market != EVERYWHERE and market not in needed.needs.markets]
    faults += [Fault("unknown-market", f"no market is named `{market[:40]}`", VIEWS) for market in strange]
    return None if faults or isinstance(item, list) else Row(place, item, own, views)


def _own(given: Mapping[str, object], needed: Needed, faults: list[Fault], notes: list[Fault]) -> dict[str, object]:
    own: dict[str, object] = {}
    day = own_fields.read_day(given.get(DAY_COLUMN))
    hour = own_fields.read_hour(given.get(HOUR))
    if isinstance(day, Fault):
        faults.append(day)
    else:
        own[DAY_COLUMN] = day[0]
        hour = day[1] if hour is None else hour
    own[HOUR] = _noted(hour, faults)
    own[PROBABILITY] = _noted(own_fields.read_probability(given.get(PROBABILITY)), faults)
    own[DONE] = _noted(own_fields.read_done(given.get(DONE)), faults)
    for name in (CREATOR, STRATUM, *DIMENSIONS):
        if name not in needed.pack.vocabulary.by_name:
            own[name] = _noted(own_fields.read_word(name, given.get(name)), faults)
    labels = given.get(LABELS)
    own[LABELS], wrong = own_fields.read_labels(_json(labels) if isinstance(labels, str) else labels, needed.needs)
    notes += wrong
    return own


def _noted(found: object, faults: list[Fault]) -> object:
    if isinstance(found, Fault):
        faults.append(found)
    return found


def _unfolded(content: object, needed: Needed) -> Mapping[str, object] | list[Fault]:
    """A record's fields under the layout's names, signals and views beside the others."""
    if not isinstance(content, Mapping):
        return [Fault("not-a-record", "a record is a JSON object")]
    if content.get("schema") == SCHEMA:
        return _of_decision(content)
    found: dict[str, object] = {}
    signals, views = content.get("signals"), content.get("views")
    if content.get("assertions") is not None:
        return [Fault("unresolved", "assertions are resolved before they are history: import decision records")]
    if not isinstance(signals, Mapping | None) or not isinstance(views, Mapping | None):
        return [Fault("wrong-type", "`signals` and `views` are objects", "signals")]
    beside = {views_column(str(market)): count for market, count in (views or {}).items()}
    flat = {name: value for name, value in content.items() if name not in ("signals", "views", "assertions")}
    for name, value in (*flat.items(), *(signals or {}).items(), *beside.items()):
        meant = needed.called.get(name, name)
        if meant in found:
            return [Fault("duplicate-field", f"two fields say what `{meant[:60]}` is", meant[:60])]
        if meant in needed.pack.vocabulary.by_name or own_fields.is_own(meant) or meant in _RECORD_FIELDS:
            found[meant] = value
        elif not _is_nothing(value):
            needed.aside[name] += 1
    return found


def _of_decision(record: Mapping[object, object]) -> Mapping[str, object] | list[Fault]:
    """What a decision record says of its item, when, and what was done."""
    signals = record.get("signals")
    if not isinstance(signals, Mapping):
        return [Fault("not-a-record", "a decision record has `signals`", "signals")]
    own = {"id": record.get("item"), "subject": record.get("subject"), DAY_COLUMN: record.get("as_of")}
    return {**signals, **own, DONE: _done(record.get("outcomes"))}


def _done(outcomes: object) -> str | None:
    """What was done in the markets that no rule tells apart, which is where a history without views is decided."""
    for outcome in outcomes if isinstance(outcomes, list) else []:
        markets = outcome.get("markets") if isinstance(outcome, Mapping) else None
        applied = outcome.get("applied") if isinstance(outcome, Mapping) else None
        if isinstance(markets, list) and REST in markets and isinstance(applied, list):
            return BETWEEN_MEASURES.join(map(str, applied)) or BETWEEN_MEASURES
    return None


def _is_nothing(value: object) -> bool:
    """Absent, null and NaN are one thing."""
    return value is None or value != value  # noqa: PLR0124 (only NaN differs from itself)


def _json(text: str) -> object:
    try:
        return json.loads(text) if text.strip() else None
    except (ValueError, RecursionError):
        return text
