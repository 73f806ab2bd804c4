"""Decisions as records: canonical JSON, the same bytes for the same decision. It never writes what it cannot read back.

A record is put together from pieces that are encoded once and remembered, because the same rules, measures and values
come again and again. `tests/laws` holds the bytes to `canonical_json` of the same record.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from json.encoder import encode_basestring

from assay.engine.decision.chunks import ladder_chunks, measure_chunks, planes_of, reason_chunks
from assay.engine.decision.decide import Decider, Decision, Verdict
from assay.engine.decision.item import read_item, write_assertion, write_item
from assay.engine.decision.resolve import Resolution
from assay.engine.decision.signals import SignalWriter
from assay.engine.kernel.bits import places_of
from assay.engine.kernel.digest import canonical_json
from assay.engine.kernel.instants import format_instant, parse_instant
from assay.engine.kernel.memory import forget_half
from assay.engine.program.imposed import Regime

SCHEMA = "assay.decision/1"
_LARGEST_MEMO = 20_000
_MOST_INSTANTS = 64
# Each of them may have ten kilobytes.
_MOST_WHOLE = 3_000


class RecordWriter:
    """Writes the decisions of one decider.

    reasons  whether records carry the reasons in plain words
    """

    def __init__(self, decider: Decider, *, reasons: bool = True) -> None:
        self.decider, self.with_reasons = decider, reasons
        pack = decider.pack
        self._signals = SignalWriter(pack.vocabulary)
        refs = [lowered.rule.ref for lowered in decider.program.rules]
        self._rule_names = tuple(map(_bytes, refs))
        self._measure_names = tuple(_bytes(measure.id) for measure in pack.measures.all)
        self._question_names = tuple(_bytes(signal.name) for signal in pack.vocabulary.signals)
        self._reasons = reason_chunks(refs, pack) if reasons else ()
        self._ladders, self._measures = ladder_chunks(pack.measures), measure_chunks(pack.measures)
        self._wholes: dict[int, bytes] = {}
        self._verdicts: dict[Verdict, tuple[bytes, bytes]] = {}
        self._lists: dict[tuple[object, ...] | int, bytes] = {}
        self._instants: dict[int, bytes] = {}
        self._heads: dict[Regime, bytes] = {}
        self._tail = f'"schema":{_json(SCHEMA)},"signals":'.encode()

    def write(self, decision: Decision) -> bytes:
        """The record of a decision, without a line end."""
        return b"".join(self.parts(decision))

    def parts(self, decision: Decision, signals: bytes | None = None) -> list[bytes]:
        """The record in pieces: joined they are its bytes. At odd places stand remembered pieces, the same object each
        time, so that whoever keeps records can keep them once; at even places is what is this record's own.

        signals  the canonical JSON of the signals, where whoever read an item without assertions has it already
        """
        item, resolution = decision.item, decision.resolution
        if signals is None:
            signals = self._signals.write(resolution.values, item.by_market)
        name = _bytes(item.id)
        conflicts = resolved = b"{}"
        if item.assertions:
            given = canonical_json(write_item(item, self.decider.vocabulary))
            conflicts, resolved = self._resolution(resolution)
        elif item.subject == "item":
            given = b'{"id":%b,"signals":%b}' % (name, signals)
        else:
            given = b'{"id":%b,"signals":%b,"subject":%b}' % (name, signals, _bytes(item.subject))
        own = b'"conflicts":%b,"input":%b,"item":%b,"outcomes":[' % (conflicts, given, name)
        parts = [self._instant(decision.as_of), self._head(decision.as_of), own]
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
            for piece in self._reasons_of(open_or_true):
                parts += (piece, b",")
            last = b"}," if open_or_true else parts[-1] + b"},"
        parts[-1] = b'%b"resolved":%b,%b%b,"subject":%b}' % (last, resolved, self._tail, signals, _bytes(item.subject))
        return parts

    def _reasons_of(self, rules: int) -> Sequence[bytes]:
        """The reasons of some rules: in one piece where the same rules came before, which they mostly did."""
        whole = self._wholes.get(rules)
        if whole:
            return (whole,)
        chunks = [chunk[rules & mask] for mask, chunk in self._reasons if rules & mask]
        if len(self._wholes) >= _MOST_WHOLE:
            forget_half(self._wholes)
        # What comes once is not worth a piece of its own, which whoever keeps records would keep beside its chunks.
        self._wholes[rules] = b"" if whole is None else b",".join(chunks)
        return chunks

    def _instant(self, as_of: int) -> bytes:
        """The beginning of a record, which is another one each moment."""
        found = self._instants.get(as_of)
        if found is None:
            if len(self._instants) >= _MOST_INSTANTS:
                self._instants.clear()
            found = self._instants[as_of] = f'{{"as_of":{_json(format_instant(as_of))},"bundle":'.encode()
        return found

    def _head(self, as_of: int) -> bytes:
        """What follows it, the same for all instants at which the calendar says the same."""
        regime = self.decider.regime(as_of)
        found = self._heads.get(regime)
        if found is None:
            vocabulary = self.decider.vocabulary.by_name
            calendar = {
                signal: {
                    market: None if value is None else vocabulary[signal].write(value)
                    for market, value in by_market.items()
                }
                for signal, by_market in regime.calendar.items()
            }
            if len(self._heads) >= _MOST_INSTANTS:
                self._heads.clear()
            head = f'{_json(self.decider.digest)},"calendar":'
            found = self._heads[regime] = head.encode() + canonical_json(calendar) + b","
        return found

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
            forget_half(self._verdicts)
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
        imposed = self.decider.regime(as_of).imposed.measures_of(verdict.possible)
        found = dict.fromkeys(self.decider.measure_ids(verdict.always), "yes")
        found |= dict.fromkeys(self.decider.measure_ids(imposed & ~verdict.standing.possible), "no")
        return canonical_json(found)


class Replayer:
    """Decides records of one bundle again, and sets a writer up once for all of them."""

    def __init__(self, decider: Decider) -> None:
        self.decider = decider
        self._writers: dict[bool, RecordWriter] = {}

    def replay(self, record: bytes) -> bytes:
        """Decide a record's input again, at its instant, with its markets; an honest record comes out the same.

        raises  ValueError where the record is none, names another bundle, or its input is no longer a valid item
        """
        decoded, decision = _decided_again(record, self.decider)
        reasons = "reasons" in decoded
        writer = self._writers.get(reasons)
        if writer is None:
            writer = self._writers[reasons] = RecordWriter(self.decider, reasons=reasons)
        return writer.write(decision)


def replay(record: bytes, decider: Decider) -> bytes:
    """One record as a `Replayer` decides it, which is the one to have for many."""
    return Replayer(decider).replay(record)


def _decided_again(record: bytes, decider: Decider) -> tuple[dict[str, object], Decision]:
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
    return decoded, decider.decide(item, as_of, markets)


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


# The standard library's own, without the work of setting up an encoder for each text.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def _json(value: object) -> str:
    return _encode(value)


def _bytes(text: str) -> bytes:
    return encode_basestring(text).encode()


def _without_signal(written: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in written.items() if key != "signal"}
