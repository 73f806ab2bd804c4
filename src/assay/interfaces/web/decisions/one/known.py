"""What was known of an item when it was decided, who said so, and what spoke against it. It believes nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from assay.engine.kernel.instants import parse_instant
from assay.engine.language.pack.pack import Pack
from assay.interfaces.web.decisions.wording import shown, value_words


@dataclass(frozen=True, slots=True)
class Said:
    """One assertion.

    by        the kind of who asserts; `source` who or what exactly
    evidence  identifiers of what it rests on
    prevails  whether it is what the decision went by
    """

    words: str
    by: str
    source: str
    confidence: str
    at: datetime | None
    evidence: tuple[str, ...]
    prevails: bool


@dataclass(frozen=True, slots=True)
class Known:
    """One signal as the decision had it.

    words     its value, or None where assertions clashed and it stayed unknown
    chain     what was asserted of it, what prevailed first
    clashes   whether assertions of the same weight said different things
    """

    name: str
    title: str
    words: str | None
    chain: tuple[Said, ...]
    clashes: bool = False


def known_of(record: Mapping[str, object], pack: Pack | None) -> tuple[Known, ...]:
    """Every signal of which something was known or asserted, in the order of names."""
    signals, resolved, conflicts = (_mapping(record.get(name)) for name in ("signals", "resolved", "conflicts"))
    asserted = _mapping(record.get("input")).get("assertions")
    chains: dict[str, list[Mapping[str, object]]] = {}
    for one in asserted if isinstance(asserted, list) else []:
        if isinstance(one, dict) and isinstance(one.get("signal"), str):
            chains.setdefault(one["signal"], []).append(one)
    names = sorted({*signals, *chains, *conflicts})
    return tuple(
        _known(name, signals, chains.get(name, []), resolved.get(name), name in conflicts, pack) for name in names
    )


def _known(
    name: str,
    signals: Mapping[str, object],
    chain: list[Mapping[str, object]],
    prevailed: object,
    clashes: bool,
    pack: Pack | None,
) -> Known:
    signal = pack.vocabulary.by_name.get(name) if pack is not None else None
    ahead = {key: value for key, value in prevailed.items() if key != "signal"} if isinstance(prevailed, dict) else None
    said = [_said(one, ahead, signal_words=value_words(one.get("value"), signal)) for one in chain]
    words = value_words(signals[name], signal) if name in signals else None
    title = signal.title if signal is not None else shown(name)
    return Known(shown(name), title, words, tuple(sorted(said, key=lambda one: not one.prevails)), clashes)


def _said(one: Mapping[str, object], ahead: Mapping[str, object] | None, *, signal_words: str) -> Said:
    evidence, confidence, at = one.get("evidence"), one.get("confidence"), one.get("at")
    instant = parse_instant(at) if isinstance(at, str) else None
    return Said(
        words=signal_words,
        by=shown(str(one.get("by", ""))),
        source=shown(str(one.get("source", ""))),
        confidence=f"{confidence:.0%}" if isinstance(confidence, int | float) else "",
        at=datetime.fromtimestamp(instant / 1e6, UTC) if instant is not None else None,
        evidence=tuple(shown(str(each)) for each in evidence) if isinstance(evidence, list) else (),
        prevails=ahead is not None and {key: value for key, value in one.items() if key != "signal"} == dict(ahead),
    )


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
