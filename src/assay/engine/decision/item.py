"""An item: what is known of it, checked against the vocabulary. It never holds a value that its signal cannot take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assay.engine.decision.assertion import Assertion
from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import format_instant, parse_instant
from assay.engine.kernel.markets import Markets
from assay.engine.kernel.unicode import is_unicode, quotable
from assay.engine.kernel.values import MaybeValue, Value
from assay.engine.language.pack.vocabulary import SUBJECTS, Signal, Vocabulary

LONGEST_ID = 512
MOST_ASSERTIONS = 10_000
# The key under which a market-scoped signal has its value for every market that is not named.
EVERYWHERE = "*"


@dataclass(frozen=True, slots=True)
class Item:
    """One item, account or campaign as it is given to be decided.

    id          names it in records, and is what `rollout` hashes
    values      a value for each signal of the vocabulary, in its order; None is unknown
    by_market   for market-scoped signals: signal, then market code or `*`, then value
    assertions  values that still have to be resolved
    """

    id: str
    values: tuple[MaybeValue, ...]
    by_market: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    assertions: tuple[Assertion, ...] = ()
    subject: str = "item"

    @classmethod
    def from_signals(
        cls,
        signals: Mapping[str, object],
        vocabulary: Vocabulary,
        *,
        id: str,  # noqa: A002 (the record's own key)
        markets: Markets | None = None,
        subject: str = "item",
    ) -> Item | list[Fault]:
        """An item from a record's `signals`, or all that is wrong with them. Absent, None and unknown are one."""
        faults: list[Fault] = []
        values: list[MaybeValue] = [None] * len(vocabulary.signals)
        by_market: dict[str, Mapping[str, Value]] = {}
        index, named = vocabulary.index, vocabulary.by_name
        for name, given in signals.items():
            if name not in index:
                shown = quotable(str(name)[:60])
                faults.append(Fault("unknown-signal", f"no signal is named `{shown}`", shown))
            elif given is None:
                continue
            elif named[name].by_market:
                by_market[name] = _read_markets(named[name], given, markets, faults)
            else:
                value = named[name].read(given)
                if isinstance(value, Fault):
                    faults.append(value)
                else:
                    values[index[name]] = value
        if not 0 < len(id) <= LONGEST_ID or not is_unicode(id):
            faults.append(Fault("bad-id", f"an id is text of 1 to {LONGEST_ID} characters", "id"))
        if subject not in SUBJECTS:
            faults.append(Fault("bad-subject", f"`{quotable(str(subject)[:40])}` is no subject", "subject"))
        return faults or cls(id, tuple(values), by_market, (), subject)


def read_item(record: object, vocabulary: Vocabulary, markets: Markets) -> Item | list[Fault]:
    """An item from a decoded item record, or everything that is wrong with it."""
    if not isinstance(record, Mapping):
        return [Fault("not-a-record", "a record is a JSON object")]
    faults = [
        Fault("unknown-field", f"a record has no field `{quotable(str(key)[:60])}`", quotable(str(key)[:60]))
        for key in record
        if key not in ("id", "signals", "assertions", "subject")
    ]
    name, signals = record.get("id"), record.get("signals")
    subject = record.get("subject")
    if not isinstance(name, str):
        faults.append(Fault("bad-id", f"an id is text of 1 to {LONGEST_ID} characters", "id"))
        name = "-"
    if signals is not None and not isinstance(signals, Mapping):
        faults.append(Fault("wrong-type", "`signals` is an object", "signals"))
        signals = None
    if subject is not None and not isinstance(subject, str):
        faults.append(Fault("bad-subject", "`subject` is item, account or campaign", "subject"))
        subject = None
    item = Item.from_signals(signals or {}, vocabulary, id=name, markets=markets, subject=subject or "item")
    faults += item if isinstance(item, list) else []
    assertions = _read_assertions(record.get("assertions"), vocabulary, faults)
    if faults or isinstance(item, list):
        return faults
    return Item(item.id, item.values, item.by_market, assertions, item.subject)


def _read_markets(signal: Signal, given: object, markets: Markets | None, faults: list[Fault]) -> Mapping[str, Value]:
    if not isinstance(given, Mapping):
        words = 'it has a value for each market: write `{"KR": …, "*": …}`'
        faults.append(Fault("wrong-type", words, signal.name))
        return {}
    found: dict[str, Value] = {}
    for code, one in given.items():
        known = markets is None or code == EVERYWHERE or code in markets.codes
        if not isinstance(code, str) or not known:
            faults.append(Fault("unknown-market", f"no market is named `{quotable(str(code)[:40])}`", signal.name))
        elif one is not None:
            value = signal.read(one)
            if isinstance(value, Fault):
                faults.append(value)
            else:
                found[code] = value
    return found


def _read_assertions(given: object, vocabulary: Vocabulary, faults: list[Fault]) -> tuple[Assertion, ...]:
    if given is None:
        return ()
    if not isinstance(given, Sequence) or isinstance(given, str) or len(given) > MOST_ASSERTIONS:
        faults.append(Fault("wrong-type", "`assertions` is a list", "assertions"))
        return ()
    found = [_read_assertion(one, vocabulary, faults) for one in given]
    return tuple(assertion for assertion in found if assertion is not None)


_ASSERTION = frozenset(("signal", "value", "by", "source", "confidence", "at", "evidence"))


def _read_assertion(given: object, vocabulary: Vocabulary, faults: list[Fault]) -> Assertion | None:
    before = len(faults)
    if not isinstance(given, Mapping):
        faults.append(Fault("wrong-type", "an assertion is an object", "assertions"))
        return None
    faults += [
        Fault("unknown-field", f"an assertion has no field `{quotable(str(key)[:60])}`", "assertions")
        for key in given
        if key not in _ASSERTION
    ]
    name, by, source = given.get("signal"), given.get("by"), given.get("source", "")
    signal = vocabulary.by_name.get(name) if isinstance(name, str) else None
    if signal is None:
        faults.append(Fault("unknown-signal", f"no signal is named `{quotable(str(name)[:60])}`", "assertions"))
        return None
    if signal.by_market:
        faults.append(Fault("wrong-type", "a market-scoped signal is given in `signals`", signal.name))
    if not isinstance(by, str) or by not in signal.asserted_by:
        who = ", ".join(signal.asserted_by)
        faults.append(
            Fault("unknown-asserter", f"`{quotable(str(by)[:40])}` may not assert it: {who} may", signal.name)
        )
    if not _is_name(source):
        faults.append(Fault("wrong-type", "`source` is text", signal.name))
    value = None if given.get("value") is None else signal.read(given["value"])
    if isinstance(value, Fault):
        faults.append(value)
    confidence, at, evidence = _read_circumstances(given, signal, faults)
    # An assertion of nothing says nothing; it is the same as none at all.
    if len(faults) > before or value is None or isinstance(value, Fault):
        return None
    return Assertion(signal.name, value, str(by), str(source), confidence, at, evidence)


def _read_circumstances(
    given: Mapping[object, object], signal: Signal, faults: list[Fault]
) -> tuple[float | None, int | None, tuple[str, ...]]:
    """How sure an assertion is, when it was made, and what it rests on."""
    sure = given.get("confidence")
    is_probability = isinstance(sure, int | float) and not isinstance(sure, bool) and 0 <= sure <= 1
    # Added to 0.0, since a negative zero is written in another way than the zero it equals.
    confidence = float(sure) + 0.0 if is_probability and isinstance(sure, int | float) else None
    if sure is not None and confidence is None:
        faults.append(Fault("out-of-range", "`confidence` is a probability from 0 to 1", signal.name))
    when = given.get("at")
    at = parse_instant(when) if isinstance(when, str) else None
    if when is not None and at is None:
        faults.append(Fault("wrong-type", "`at` is a time such as `2026-11-22T10:00:00Z`", signal.name))
    rests_on = given.get("evidence")
    named = rests_on if isinstance(rests_on, Sequence) and not isinstance(rests_on, str) else ()
    evidence = tuple(one for one in named if isinstance(one, str) and _is_name(one))
    if rests_on is not None and (named is not rests_on or len(evidence) != len(named)):
        faults.append(Fault("wrong-type", "`evidence` is a list of identifiers", signal.name))
    return confidence, at, evidence


def _is_name(given: object) -> bool:
    """Whether it is text that can name a source or a piece of evidence in a record."""
    return isinstance(given, str) and len(given) <= LONGEST_ID and is_unicode(given)


def write_assertion(assertion: Assertion, vocabulary: Vocabulary) -> dict[str, object]:
    """The JSON form of an assertion; reading it gives the assertion again."""
    written: dict[str, object] = {
        "signal": assertion.signal,
        "value": vocabulary.by_name[assertion.signal].write(assertion.value),
        "by": assertion.by,
        "source": assertion.source,
    }
    if assertion.confidence is not None:
        written["confidence"] = assertion.confidence
    if assertion.at is not None:
        written["at"] = format_instant(assertion.at)
    if assertion.evidence:
        written["evidence"] = list(assertion.evidence)
    return written


def write_item(item: Item, vocabulary: Vocabulary) -> dict[str, object]:
    """The item record of an item, without what is unknown; reading it gives the item again."""
    signals: dict[str, object] = {
        signal.name: signal.write(value)
        for signal, value in zip(vocabulary.signals, item.values, strict=True)
        if value is not None
    }
    for name, values in item.by_market.items():
        if values:
            signals[name] = {code: vocabulary.by_name[name].write(value) for code, value in values.items()}
    written: dict[str, object] = {"id": item.id, "signals": signals}
    if item.assertions:
        written["assertions"] = [write_assertion(assertion, vocabulary) for assertion in item.assertions]
    if item.subject != "item":
        written["subject"] = item.subject
    return written
