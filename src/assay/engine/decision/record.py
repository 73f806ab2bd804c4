"""Decisions as records: canonical JSON, the same bytes for the same decision. It never writes what it cannot read back.

A record is put together from pieces that are encoded once and remembered, because the same rules, measures and values
come again and again. `tests/laws` holds the bytes to `canonical_json` of the same record.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from json.encoder import encode_basestring
from operator import getitem, itemgetter

from assay.engine.decision.chunks import ladder_chunks, measure_chunks, planes_of, reason_chunks
from assay.engine.decision.decide import Decider, Decision, Verdict
from assay.engine.decision.item import Item, read_item, write_assertion, write_item
from assay.engine.decision.resolve import Resolution
from assay.engine.kernel.bits import places_of
from assay.engine.kernel.digest import canonical_json
from assay.engine.kernel.instants import format_instant, parse_instant
from assay.engine.kernel.values import MaybeValue, Value
from assay.engine.language.pack.vocabulary import Signal, SignalType

SCHEMA = "assay.decision/1"
_LARGEST_MEMO = 20_000
# What is longer is a caption, which does not come again.
_LONGEST_REMEMBERED = 500


class RecordWriter:
    """Writes the decisions of one decider.

    reasons  whether records carry the reasons in plain words
    """

    def __init__(self, decider: Decider, *, reasons: bool = True) -> None:
        self.decider, self.with_reasons = decider, reasons
        pack = decider.pack
        named = sorted((signal.name, place, signal) for place, signal in enumerate(pack.vocabulary.signals))
        self._in_order = itemgetter(*(place for _, place, _ in named)) if len(named) > 1 else _alone(named)
        self._tables = tuple(_MarketPieces(signal) if signal.by_market else _Pieces(signal) for _, _, signal in named)
        self._index = pack.vocabulary.index
        refs = [lowered.rule.ref for lowered in decider.program.rules]
        self._rule_names = tuple(map(_bytes, refs))
        self._measure_names = tuple(_bytes(measure.id) for measure in pack.measures.all)
        self._question_names = tuple(_bytes(signal.name) for signal in pack.vocabulary.signals)
        self._reasons = reason_chunks(refs, pack) if reasons else ()
        self._ladders, self._measures = ladder_chunks(pack.measures), measure_chunks(pack.measures)
        self._verdicts: dict[Verdict, tuple[bytes, bytes]] = {}
        self._lists: dict[tuple[object, ...] | int, bytes] = {}
        self._heads: dict[int, bytes] = {}
        self._tail = f'"schema":{_json(SCHEMA)},"signals":'.encode()

    def write(self, decision: Decision) -> bytes:
        """The record of a decision, without a line end."""
        return b"".join(self.parts(decision))

    def parts(self, decision: Decision) -> list[bytes]:
        """The record in pieces: joined they are its bytes. At odd places stand remembered pieces, the same object each
        time, so that whoever keeps records can keep them once; at even places is what is this record's own.
        """
        item, resolution = decision.item, decision.resolution
        signals, name, subject = self._write_signals(resolution.values, item), _bytes(item.id), _bytes(item.subject)
        conflicts = resolved = b"{}"
        if item.assertions:
            given = canonical_json(write_item(item, self.decider.vocabulary))
            conflicts, resolved = self._resolution(resolution)
        elif item.subject == "item":
            given = b'{"id":%b,"signals":%b}' % (name, signals)
        else:
            given = b'{"id":%b,"signals":%b,"subject":%b}' % (name, signals, subject)
        own = b'"conflicts":%b,"input":%b,"item":%b,"outcomes":[' % (conflicts, given, name)
        parts = [b"", self._head(decision.as_of), own]
        open_or_true = 0
        verdicts, lists = self._verdicts, self._lists
        for outcome in decision.outcomes:
            verdict = outcome.verdict
            open_or_true |= verdict.possible & ~verdict.never
            before, after = verdicts.get(verdict) or self._write_verdict(verdict, decision.as_of)
            markets = lists.get(outcome.markets) or self._list(outcome.markets, map(_bytes, outcome.markets))
            parts += (before, markets, after, b",")
        # After the last outcome stands no comma, but what is the record's own again.
        last = b"]," if decision.outcomes else own + b"],"
        if self.with_reasons:
            parts[-1] = last + b'"reasons":{'
            for mask, chunk in self._reasons:
                if open_or_true & mask:
                    parts += (chunk[open_or_true & mask], b",")
            last = b"}," if open_or_true else parts[-1] + b"},"
        parts[-1] = b'%b"resolved":%b,%b%b,"subject":%b}' % (last, resolved, self._tail, signals, subject)
        return parts

    def _head(self, as_of: int) -> bytes:
        found = self._heads.get(as_of)
        if found is None:
            regime = self.decider.regime(as_of)
            vocabulary = self.decider.vocabulary.by_name
            calendar = {
                signal: {
                    market: None if value is None else vocabulary[signal].write(value)
                    for market, value in by_market.items()
                }
                for signal, by_market in regime.calendar.items()
            }
            if len(self._heads) > 64:
                self._heads.clear()
            head = f'{{"as_of":{_json(format_instant(as_of))},"bundle":{_json(self.decider.digest)},"calendar":'
            found = self._heads[as_of] = head.encode() + canonical_json(calendar) + b","
        return found

    def _write_signals(self, values: tuple[MaybeValue, ...], item: Item) -> bytes:
        known: Sequence[object] = values
        if item.by_market:
            filled: list[object] = list(values)
            for name, given in item.by_market.items():
                filled[self._index[name]] = tuple(sorted(given.items())) if given else None
            known = filled
        return b"{%b}" % b"".join(map(getitem, self._tables, self._in_order(known)))[:-1]

    def _resolution(self, resolution: Resolution) -> tuple[bytes, bytes]:
        vocabulary = self.decider.vocabulary
        conflicts = {
            name: [_without_signal(write_assertion(one, vocabulary)) for one in clashing]
            for name, clashing in resolution.conflicts.items()
        }
        prevailed = {
            name: _without_signal(write_assertion(one, vocabulary)) for name, one in resolution.prevailed.items()
        }
        return canonical_json(conflicts), canonical_json(prevailed)

    def _write_verdict(self, verdict: Verdict, as_of: int) -> tuple[bytes, bytes]:
        """The text of an outcome before its markets, and after them; it is remembered."""
        standing, lists = verdict.standing, self._lists
        planes = planes_of(standing, len(self._measure_names))
        true, applied = verdict.true, standing.applied
        still = verdict.possible & ~true & ~verdict.never
        before = (
            b'{"applied":',
            lists.get(~applied) or self._list(~applied, [self._measure_names[place] for place in places_of(applied)]),
            b',"by_exhaustion":',
            self._exhausted(verdict, as_of) if verdict.always or verdict.never else b"{}",
            b',"fired":',
            lists.get(true) or self._list(true, [self._rule_names[place] for place in places_of(true)]),
            b',"ladders":{',
            b"".join([chunk[planes & mask] for mask, chunk in self._ladders])[:-1],
            b'},"markets":',
        )
        after = (
            b',"measures":{',
            b"".join([chunk[planes & mask] for mask, chunk in self._measures])[:-1],
            b'},"possible":',
            lists.get(still) or self._list(still, [self._rule_names[place] for place in places_of(still)]),
            b',"questions":[',
            b",".join([self._question_names[place] for place in verdict.questions]),
            b'],"settled":false}' if standing.unsettled else b'],"settled":true}',
        )
        if len(self._verdicts) > _LARGEST_MEMO:
            self._verdicts.clear()
        found = self._verdicts[verdict] = (b"".join(before), b"".join(after))
        return found

    def _list(self, key: tuple[object, ...] | int, names: Iterable[bytes]) -> bytes:
        """A list of names as JSON, remembered; sets of measures have negative keys, sets of rules others."""
        if len(self._lists) > _LARGEST_MEMO:
            self._lists.clear()
        found = self._lists[key] = b"[%b]" % b",".join(names)
        return found

    def _exhausted(self, verdict: Verdict, as_of: int) -> bytes:
        """Measures that Kleene's tables leave unknown and every answer decides alike, with what it decides."""
        # What the open rules would impose that no answer makes true, and nothing else still may.
        imposed = self.decider.regime(as_of).measures_of(verdict.possible)
        found = dict.fromkeys(self.decider.measure_ids(verdict.always), "yes")
        found |= dict.fromkeys(self.decider.measure_ids(imposed & ~verdict.standing.possible), "no")
        return canonical_json(found)


def replay(record: bytes, decider: Decider) -> bytes:
    """Decide a record's input again, at its instant, with its markets; the same bytes come out of an honest record.

    raises  ValueError where the record is none, names another bundle, or its input is no longer a valid item
    """
    try:
        decoded = json.loads(record)
    except (ValueError, RecursionError):
        raise ValueError("this is no decision record") from None
    if not isinstance(decoded, dict) or decoded.get("schema") != SCHEMA:
        raise ValueError(f"this is no decision record of schema {SCHEMA}")
    if decoded.get("bundle") != decider.digest:
        raise ValueError(f"it was decided with bundle {decoded.get('bundle')}, and this pack is {decider.digest}")
    item = read_item(decoded.get("input"), decider.vocabulary, decider.pack.markets)
    as_of = parse_instant(str(decoded.get("as_of")))
    if isinstance(item, list) or as_of is None:
        raise ValueError("its input is no valid item record" if isinstance(item, list) else "its `as_of` is no time")
    named = _markets_named(decoded.get("outcomes"))
    wanted = {found.name for found in decider.program.classes if found.name in named or found.codes & named}
    whole = len(wanted) == len(decider.program.classes)
    markets = None if whole else tuple(found.name for found in decider.program.classes if found.name in wanted)
    writer = RecordWriter(decider, reasons="reasons" in decoded)
    return writer.write(decider.decide(item, as_of, markets))


def _markets_named(outcomes: object) -> frozenset[str]:
    """The markets of a record's outcomes, which need not be what we once wrote."""
    if not isinstance(outcomes, list):
        raise ValueError("it has no outcomes")  # noqa: TRY004 (a fault in what was given, not in the call)
    lists = [one.get("markets") if isinstance(one, dict) else None for one in outcomes]
    names = [name for found in lists for name in (found if isinstance(found, list) else [None])]
    known = frozenset(name for name in names if isinstance(name, str))
    if not all(isinstance(name, str) for name in names):
        raise ValueError("its outcomes do not name their markets")
    return known


class _Pieces(dict[object, bytes]):
    """From a value of one signal to its piece of a record with a comma after it, remembered where values come again."""

    def __init__(self, signal: Signal) -> None:
        super().__init__()
        self[None] = b""
        self._signal, self._key = signal, f"{_json(signal.name)}:"
        self._mixed = signal.type is SignalType.SCORE or (signal.type is SignalType.NUMBER and not signal.integer)

    def __missing__(self, value: Value) -> bytes:
        # 1 and 1.0 would be one key, and the first of them that came be written for both.
        again = not self._mixed or (isinstance(value, float) and not value.is_integer())
        text = f"{self._key}{repr(value) if self._mixed else _json(self._signal.write(value))},".encode()
        if again and len(self) < _LARGEST_MEMO and len(text) <= _LONGEST_REMEMBERED:
            self[value] = text
        return text


class _MarketPieces(dict[object, bytes]):
    """The same for a market-scoped signal, from its values by market in the order of markets."""

    def __init__(self, signal: Signal) -> None:
        super().__init__()
        self[None] = b""
        self._signal = signal

    def __missing__(self, given: tuple[tuple[str, Value], ...]) -> bytes:
        written = canonical_json({code: self._signal.write(value) for code, value in given})
        text = b"%b:%b," % (_bytes(self._signal.name), written)
        if len(self) < _LARGEST_MEMO:
            self[given] = text
        return text


# The standard library's own, without the work of setting up an encoder for each text.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def _json(value: object) -> str:
    return _encode(value)


def _bytes(text: str) -> bytes:
    return encode_basestring(text).encode()


def _without_signal(written: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in written.items() if key != "signal"}


def _alone(named: list[tuple[str, int, Signal]]) -> Callable[[Sequence[object]], tuple[object, ...]]:
    """What `itemgetter` gives for several places, for one place or none."""
    places = [place for _, place, _ in named]
    return lambda values: tuple(values[place] for place in places)
