"""An item's signal values as JSON, in the order of names, put together from remembered texts. It decides nothing.

Neighbours that have few values between them are written together: their text is then looked up once for all of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from operator import getitem, itemgetter
from typing import Any

from assay.engine.kernel.digest import canonical_json
from assay.engine.kernel.values import MaybeValue, Value
from assay.engine.language.pack.vocabulary import Signal, SignalType, Vocabulary

# A table of texts is emptied at this size, and what is longer is a caption, which does not come again.
_LARGEST_MEMO = 5_000
_LONGEST_REMEMBERED = 500
# So many ways have neighbours at most that are written together.
_MOST_WAYS = 200
# The values of a set, which are many only in theory.
_WAYS_OF_A_SET = 16
_FINITE = (SignalType.CHOICE, SignalType.SCALE)
# The standard library's own, without the work of setting up an encoder for each text.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


class SignalWriter:
    """Writes the values of a vocabulary's signals."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        named = sorted((signal.name, place, signal) for place, signal in enumerate(vocabulary.signals))
        # With one place alone `itemgetter` would give no tuple.
        self._in_order = itemgetter(*(place for _, place, _ in named), *([0, 0] if len(named) < 2 else []))
        self._index = vocabulary.index
        self._slices, self._tables = [], []
        start = 0
        for signals in _neighbours([signal for _, _, signal in named]):
            self._slices.append(slice(start, start + len(signals)))
            self._tables.append(_Texts(signals))
            start += len(signals)

    def write(self, values: Sequence[MaybeValue], by_market: Mapping[str, Mapping[str, Value]]) -> bytes:
        """One JSON object of what is known."""
        known: Sequence[object] = values
        if by_market:
            filled: list[object] = list(values)
            for name, given in by_market.items():
                filled[self._index[name]] = tuple(sorted(given.items())) if given else None
            known = filled
        if not known:
            return b"{}"
        neighbours = map(self._in_order(known).__getitem__, self._slices)
        return b"{%b}" % b"".join(map(getitem, self._tables, neighbours))[:-1]


def _neighbours(signals: list[Signal]) -> list[list[Signal]]:
    """Signals in order, those together that have few values between them."""
    found: list[list[Signal]] = []
    ways = 0
    for signal in signals:
        more = _ways(signal)
        if found and ways * more <= _MOST_WAYS:
            found[-1].append(signal)
            ways *= more
        else:
            found.append([signal])
            ways = more
    return found


def _ways(signal: Signal) -> int:
    """How many texts there are for it, the empty one with them."""
    if signal.by_market:
        return _MOST_WAYS
    if signal.type is SignalType.FLAG:
        return 3
    if signal.type is SignalType.SET:
        return _WAYS_OF_A_SET
    return 1 + len(signal.values) if signal.type in _FINITE else _MOST_WAYS


class _Texts(dict[tuple[MaybeValue, ...], bytes]):
    """From the values of some neighbours to their text, each with a comma after it; remembered if they come again."""

    def __init__(self, signals: Sequence[Signal]) -> None:
        super().__init__()
        self._signals = tuple(signals)
        # One that has no whole numbers alone has no neighbour.
        self._mixed, self._key = _is_mixed(signals[0]), f"{_encode(signals[0].name)}:".encode()

    def __missing__(self, values: tuple[MaybeValue, ...]) -> bytes:
        if self._mixed:
            return self._mixed_text(values[0])
        known = [pair for pair in zip(self._signals, values, strict=True) if pair[1] is not None]
        return self._remember(
            values, "".join([f"{_encode(signal.name)}:{_written(signal, value)}," for signal, value in known]).encode()
        )

    def _mixed_text(self, value: MaybeValue) -> bytes:
        """The text of a number that may be whole or not; it has no neighbours."""
        if value is None:
            return self._remember((None,), b"")
        text = b"%b%b," % (self._key, repr(value).encode())
        # 1 and 1.0 would be one key, and the first of them that came be written for both.
        return self._remember((value,), text) if isinstance(value, float) and not value.is_integer() else text

    def _remember(self, values: tuple[MaybeValue, ...], text: bytes) -> bytes:
        if len(text) <= _LONGEST_REMEMBERED:
            if len(self) >= _LARGEST_MEMO:
                self.clear()
            self[values] = text
        return text


def _written(signal: Signal, value: Any) -> str:
    """The JSON text of a value; a market-scoped signal has a pair for each market, in the order of markets."""
    if isinstance(value, tuple):
        return canonical_json({code: signal.write(one) for code, one in value}).decode()
    return _encode(signal.write(value))


def _is_mixed(signal: Signal) -> bool:
    """Whether its values are single numbers that may be whole or not."""
    broken = signal.type is SignalType.SCORE or (signal.type is SignalType.NUMBER and not signal.integer)
    return broken and not signal.by_market
