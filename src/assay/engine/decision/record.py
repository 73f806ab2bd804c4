"""Decisions as records: canonical JSON, the same bytes for the same decision. It never writes what it cannot read back.

A record is put together from pieces that are encoded once and remembered, because the same rules, measures and values
come again and again. `tests/laws` holds the bytes to `canonical_json` of the same record.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from json.encoder import encode_basestring
from operator import getitem, itemgetter
from typing import TypeVar

from assay.engine.decision.decide import Decider, Decision, Outcome, Verdict
from assay.engine.decision.item import Item, read_item, write_assertion, write_item
from assay.engine.decision.reasons import reason_of
from assay.engine.decision.resolve import Resolution
from assay.engine.kernel.digest import canonical_json
from assay.engine.kernel.instants import format_instant, parse_instant
from assay.engine.kernel.values import MaybeValue, Value
from assay.engine.language.pack.vocabulary import Signal, SignalType
from assay.engine.program.imposed import Standing

SCHEMA = "assay.decision/1"
_WORDS = ("no", "unknown", "yes")
_LARGEST_MEMO = 20_000


_Key = TypeVar("_Key")


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
        self._refs = tuple(lowered.rule.ref for lowered in decider.program.rules)
        self._reasons = tuple(
            sorted(
                (ref, 1 << place, f"{_json(ref)}:{_json(reason_of(ref, pack))}") for place, ref in enumerate(self._refs)
            )
            if reasons
            else ()
        )
        by_id = sorted((measure.id, place) for place, measure in enumerate(pack.measures.all))
        self._measures = tuple((tuple(f'"{name}":"{word}"' for word in _WORDS), place) for name, place in by_id)
        self._markets: dict[tuple[str, ...], str] = {}
        self._question_names = tuple(_json(signal.name) for signal in pack.vocabulary.signals)
        self._verdicts: dict[Verdict, tuple[str, str]] = {}
        self._reason_memo: dict[int, str] = {}
        self._heads: dict[int, str] = {}
        self._lists: dict[int, str] = {}
        self._standings: dict[tuple[int, int, int], tuple[str, str, str]] = {}
        self._tail = f'"schema":{_json(SCHEMA)},"signals":'

    def write(self, decision: Decision) -> bytes:
        """The record of a decision, without a line end."""
        item, resolution = decision.item, decision.resolution
        signals = self._write_signals(resolution.values, item)
        if item.assertions:
            given = canonical_json(write_item(item, self.decider.vocabulary)).decode("utf-8")
            conflicts, resolved = self._resolution(resolution)
        else:
            subject = "" if item.subject == "item" else f',"subject":{_json(item.subject)}'
            given = f'{{"id":{_json(item.id)},"signals":{signals}{subject}}}'
            conflicts = resolved = "{}"
        union = 0
        written = []
        for outcome in decision.outcomes:
            union |= outcome.verdict.possible & ~outcome.verdict.never
            written.append(self._outcome(outcome, decision.as_of))
        reasons = f'"reasons":{{{self._write_reasons(union)}}},' if self.with_reasons else ""
        return (
            f'{self._head(decision.as_of)}"conflicts":{conflicts},"input":{given},"item":{_json(item.id)},'
            f'"outcomes":[{",".join(written)}],{reasons}"resolved":{resolved},{self._tail}{signals},'
            f'"subject":{_json(item.subject)}}}'
        ).encode()

    def _head(self, as_of: int) -> str:
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
            found = self._heads[as_of] = (
                f'{{"as_of":{_json(format_instant(as_of))},"bundle":{_json(self.decider.digest)},'
                f'"calendar":{canonical_json(calendar).decode("utf-8")},'
            )
        return found

    def _write_signals(self, values: tuple[MaybeValue, ...], item: Item) -> str:
        known: Sequence[object] = values
        if item.by_market:
            filled: list[object] = list(values)
            for name, given in item.by_market.items():
                filled[self.decider.vocabulary.index[name]] = tuple(sorted(given.items())) if given else None
            known = filled
        text = "".join(map(getitem, self._tables, self._in_order(known)))
        return "{" + text[:-1] + "}"

    def _resolution(self, resolution: Resolution) -> tuple[str, str]:
        vocabulary = self.decider.vocabulary
        conflicts = {
            name: [_without_signal(write_assertion(one, vocabulary)) for one in clashing]
            for name, clashing in resolution.conflicts.items()
        }
        prevailed = {
            name: _without_signal(write_assertion(one, vocabulary)) for name, one in resolution.prevailed.items()
        }
        return _dump(conflicts), _dump(prevailed)

    def _outcome(self, outcome: Outcome, as_of: int) -> str:
        markets = self._markets.get(outcome.markets) or self._name(self._markets, outcome.markets, outcome.markets)
        written = self._verdicts.get(outcome.verdict)
        if written is None:
            if len(self._verdicts) > _LARGEST_MEMO:
                self._verdicts.clear()
            written = self._verdicts[outcome.verdict] = self._verdict(outcome.verdict, as_of)
        return f'{written[0]},"markets":{markets},{written[1]}'

    def _verdict(self, verdict: Verdict, as_of: int) -> tuple[str, str]:
        """The text of an outcome before its markets and after them."""
        standing = verdict.standing
        key = (standing.true, standing.possible, standing.applied)
        parts = self._standings.get(key)
        if parts is None:
            if len(self._standings) > _LARGEST_MEMO:
                self._standings.clear()
            parts = self._standings[key] = self._write_standing(standing)
        applied, ladders, measures = parts
        names = self._question_names
        asked = f"[{','.join([names[place] for place in verdict.questions])}]"
        still = verdict.possible & ~verdict.true & ~verdict.never
        fired = self._lists.get(verdict.true) or self._name(
            self._lists, verdict.true, self.decider.rule_refs(verdict.true)
        )
        left = self._lists.get(still) or self._name(self._lists, still, self.decider.rule_refs(still))
        exhausted = self._exhausted(verdict, as_of) if verdict.always or verdict.never else "{}"
        before = f'{{"applied":{applied},"by_exhaustion":{exhausted},"fired":{fired},"ladders":{ladders}'
        settled = "false" if standing.unsettled else "true"
        return before, f'"measures":{measures},"possible":{left},"questions":{asked},"settled":{settled}}}'

    def _name(self, memo: dict[_Key, str], key: _Key, names: tuple[str, ...]) -> str:
        """A list of names as JSON, remembered."""
        if len(memo) > _LARGEST_MEMO:
            memo.clear()
        found = memo[key] = _list(names)
        return found

    def _write_standing(self, standing: Standing) -> tuple[str, str, str]:
        """What is applied, the ladders, and the truth of every measure."""
        true, possible = standing.true, standing.possible
        measures = [words[(possible >> place & 1) + (true >> place & 1)] for words, place in self._measures]
        applied = _join(self.decider.measure_ids(standing.applied))
        return f"[{applied}]", self._ladders(standing), f"{{{','.join(measures)}}}"

    def _exhausted(self, verdict: Verdict, as_of: int) -> str:
        """Measures that Kleene's tables leave unknown and every answer decides alike, with what it decides."""
        # What the open rules would impose that no answer makes true, and nothing else still may.
        imposed = self.decider.regime(as_of).measures_of(verdict.possible)
        found = dict.fromkeys(self.decider.measure_ids(verdict.always), "yes")
        found |= dict.fromkeys(self.decider.measure_ids(imposed & ~verdict.standing.possible), "no")
        return _dump(found)

    def _ladders(self, standing: Standing) -> str:
        index = self.decider.pack.measures.index
        written = []
        for ladder in sorted(self.decider.pack.measures.ladders, key=lambda ladder: ladder.id):
            reached = [ladder.base.id, ladder.base.id, ladder.base.id]
            for step in ladder.steps:
                place = index[step.id]
                for number, plane in enumerate((standing.applied, standing.true, standing.possible)):
                    reached[number] = step.id if plane >> place & 1 else reached[number]
            applied, least, most = reached
            written.append(f'"{ladder.id}":{{"applied":"{applied}","at_least":"{least}","at_most":"{most}"}}')
        return f"{{{','.join(written)}}}"

    def _write_reasons(self, rules: int) -> str:
        found = self._reason_memo.get(rules)
        if found is None:
            if len(self._reason_memo) > _LARGEST_MEMO:
                self._reason_memo.clear()
            found = ",".join([text for _, bit, text in self._reasons if rules & bit])
            self._reason_memo[rules] = found
        return found


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
    outcomes = decoded.get("outcomes")
    named = [name for outcome in outcomes for name in outcome["markets"]] if isinstance(outcomes, list) else []
    wanted = {found.name for found in decider.program.classes if found.name in named or found.codes & set(named)}
    whole = len(wanted) == len(decider.program.classes)
    markets = None if whole else tuple(found.name for found in decider.program.classes if found.name in wanted)
    writer = RecordWriter(decider, reasons="reasons" in decoded)
    return writer.write(decider.decide(item, as_of, markets))


class _Pieces(dict[object, str]):
    """From a value of one signal to its piece of a record with a comma after it, remembered where values are few."""

    def __init__(self, signal: Signal) -> None:
        super().__init__()
        self[None] = ""
        self._signal, self._key = signal, f"{_json(signal.name)}:"
        self._is_text = signal.type in (SignalType.TIME, SignalType.DURATION)
        self._remembers = signal.type in (SignalType.FLAG, SignalType.CHOICE, SignalType.SCALE, SignalType.SET)

    def __missing__(self, value: Value) -> str:
        if isinstance(value, float) or (isinstance(value, int) and not self._remembers and not self._is_text):
            return f"{self._key}{value!r},"
        if isinstance(value, str) and not self._remembers:
            return f"{self._key}{encode_basestring(value)},"
        text = f"{self._key}{_json(self._signal.write(value))},"
        if self._remembers and len(self) < _LARGEST_MEMO:
            self[value] = text
        return text


class _MarketPieces(dict[object, str]):
    """The same for a market-scoped signal, from its values by market in the order of markets."""

    def __init__(self, signal: Signal) -> None:
        super().__init__()
        self[None] = ""
        self._signal = signal

    def __missing__(self, given: tuple[tuple[str, Value], ...]) -> str:
        written = _dump({code: self._signal.write(value) for code, value in given})
        text = f"{_json(self._signal.name)}:{written},"
        if len(self) < _LARGEST_MEMO:
            self[given] = text
        return text


# The standard library's own, without the work of setting up an encoder for each text.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def _json(value: object) -> str:
    return _encode(value)


def _dump(value: object) -> str:
    return canonical_json(value).decode("utf-8")


def _list(names: Iterable[str]) -> str:
    return "[" + ",".join([_json(name) for name in names]) + "]"


def _join(names: tuple[str, ...]) -> str:
    return ",".join([f'"{name}"' for name in names])


def _without_signal(written: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in written.items() if key != "signal"}


def _alone(named: list[tuple[str, int, Signal]]) -> Callable[[Sequence[object]], tuple[object, ...]]:
    """What `itemgetter` gives for several places, for one place or none."""
    places = [place for _, place, _ in named]
    return lambda values: tuple(values[place] for place in places)
