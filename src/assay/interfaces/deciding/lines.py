"""Item records read straight into a vocabulary's types where nothing about them is unusual. It never finds fault.

The shape of a record is made from the pack's vocabulary and handed to the JSON decoder, which checks each value while
it reads it. Whatever does not fit the shape is left to the plain readers, which know what to say about it. From the
same shape the encoder writes the signals as records have them: in the order of names, each value in one way only.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Annotated, Any, Literal, NamedTuple, TypeAlias, TypeVar

import msgspec
from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import astuple

from assay.engine.decision.item import EVERYWHERE, LONGEST_ID, Item
from assay.engine.kernel.instants import SECOND, format_duration, format_instant, parse_duration, parse_instant
from assay.engine.kernel.values import Value
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.vocabulary import SUBJECTS, Signal, SignalType

# Texts and lists that come again are remembered up to this number, and up to this length.
_LARGEST_MEMO = 10_000
_LONGEST_REMEMBERED = 64
HOUR = 3_600 * SECOND
# What lies beyond may have been rounded by the decoder, so the plain reader looks at it.
_LARGEST_NUMBER = 2**53 - 1
# Between these every writer of JSON writes a number with a point, and beyond them each in its own way.
_LEAST_PLAIN, _MOST_PLAIN = 1e-3, 1e9


class ReadLine(NamedTuple):
    """What a line holds: its item, its signals as a record has them, and how it wants to be decided itself."""

    item: Item
    signals: bytes
    markets: tuple[str, ...] | None
    as_of: int | None


# What something in a line stands for, and what a record has instead of it; None where that is the same.
_Read: TypeAlias = tuple[Any, Any]
# From what the decoder gives for a signal; None where the plain reader must look at it.
_Finish: TypeAlias = Callable[[Any], _Read | None]
_Key = TypeVar("_Key", str, tuple[str, ...])


class _Remembered(dict[_Key, _Read | None]):
    """From a text or a list to its value, worked out when it first comes."""

    def __init__(self, work_out: Callable[[_Key], _Read | None]) -> None:
        super().__init__()
        self._work_out: Callable[[_Key], _Read | None] = work_out

    def __missing__(self, key: _Key) -> _Read | None:
        found = self._work_out(key)
        if len(key) <= _LONGEST_REMEMBERED:
            if len(self) >= _LARGEST_MEMO:
                self.clear()
            self[key] = found
        return found


class LineReader:
    """Reads the lines of one pack."""

    def __init__(self, pack: Pack) -> None:
        # The shape has signals in the order of names, as records have them, and an item in that of the vocabulary.
        signals = sorted(pack.vocabulary.signals, key=lambda signal: signal.name)
        self._decode = msgspec.json.Decoder(_shape(signals, pack, None)).decode
        self._decode_marking = msgspec.json.Decoder(_shape(signals, pack, UNSET)).decode
        # Markets in their order, as records have them.
        self._encode = msgspec.json.Encoder(order="deterministic").encode
        finishes = [(place, signal, _finish_of(signal)) for place, signal in enumerate(signals)]
        self._finishes = tuple(
            (place, f"s{place}", finish) for place, signal, finish in finishes if finish and not signal.by_market
        )
        self._by_market = tuple((place, signal.name) for place, signal in enumerate(signals) if signal.by_market)
        self._in_order = _in_order(signals, pack)
        self._instants = _Remembered[str](_read_instant)

    def read(self, line: bytes) -> ReadLine | None:
        """What one JSON text holds, or None where the plain readers must look at it."""
        try:
            name, signals, subject, assertions, markets, when = astuple(self._decode(line))
        except (ValueError, RecursionError):
            return None
        instant = None if when is None else self._instants[when]
        values: list[Any] = list(astuple(signals))
        for place, field, finish in self._finishes:
            if values[place] is not None:
                read = finish(values[place])
                if read is None:
                    return None
                values[place], written = read
                if written is not None:
                    setattr(signals, field, written)
        by_market = self._take_markets(values, signals) if self._by_market else {}
        text = self._encode(signals)
        colons = text.count(b":") + name.count(":") + 2
        if subject is not None or assertions is not None or markets is not None or when is not None:
            colons += 4 - (subject, assertions, markets, when).count(None) + (when or "").count(":")
        # Every key is followed by one colon, so that a key that came twice betrays itself. An escaped colon is none
        # in the line, and could make up for one that is.
        if (line.count(b":") != colons or b"\\" in line) and not self._comes_once(line):
            return None
        if when is not None and instant is None:
            return None
        item = Item(name, self._in_order(values), by_market, (), subject or "item")
        return ReadLine(item, text, markets, None if instant is None else instant[0])

    def _take_markets(self, values: list[Any], signals: msgspec.Struct) -> dict[str, Mapping[str, Value]]:
        """The values that are given by market, which an item has beside its values for every market."""
        found: dict[str, Mapping[str, Value]] = {}
        for place, name in self._by_market:
            said = values[place]
            if said is not None:
                values[place], found[name] = None, said
                if not said:
                    # Without any market it says nothing, and a record leaves it out.
                    setattr(signals, f"s{place}", None)
        return found

    def _comes_once(self, line: bytes) -> bool:
        """Whether more colons than usual are those of nulls and of texts, so that no key came twice."""
        fields = astuple(self._decode_marking(line))
        name, signals, _, _, markets, when = fields
        given = [one for one in astuple(signals) if one is not UNSET]
        keys = (
            len(fields) - fields.count(UNSET) + len(given) + sum([len(one) for one in given if isinstance(one, dict)])
        )
        texts = [] if b"\\" in line else [name, when, *(markets or ()), *given]
        return line.count(b":") == keys + sum([one.count(":") for one in texts if isinstance(one, str)])


def _in_order(signals: Sequence[Signal], pack: Pack) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """From values in the order of names to those in the order of the vocabulary."""
    places = {signal.name: place for place, signal in enumerate(signals)}
    order = [places[signal.name] for signal in pack.vocabulary.signals]
    # With fewer than two places `itemgetter` gives no tuple.
    return itemgetter(*order) if len(order) > 1 else tuple


def _shape(signals: Sequence[Signal], pack: Pack, absent: UnsetType | None) -> type[msgspec.Struct]:
    """A record as the decoder is to find it; what is not given is `absent`."""
    codes = (*sorted(pack.markets.codes), EVERYWHERE)

    def fields(types: Mapping[str, Any]) -> list[Any]:
        return [(name, kind | None | UnsetType, absent) for name, kind in types.items()]

    given = msgspec.defstruct(
        "Signals",
        fields({f"s{place}": _type_of(signal, codes) for place, signal in enumerate(signals)}),
        rename={f"s{place}": signal.name for place, signal in enumerate(signals)},
        forbid_unknown_fields=True,
        omit_defaults=True,
        gc=False,
    )
    others = {
        "subject": Literal[SUBJECTS],
        # With assertions there is more to look at.
        "assertions": Annotated[tuple[str, ...], Meta(max_length=0)],
        "markets": Annotated[tuple[str, ...], Meta(min_length=1)],
        "as_of": str,
    }
    own = [("id", Annotated[str, Meta(min_length=1, max_length=LONGEST_ID)]), ("signals", given), *fields(others)]
    return msgspec.defstruct("Record", own, forbid_unknown_fields=True, gc=False)


def _type_of(signal: Signal, codes: tuple[str, ...]) -> Any:
    """What the decoder is to find for a signal; a market-scoped one whose values need another look is never found."""
    if not signal.by_market:
        return _plain_type_of(signal)
    by_code: Any = dict[_one_of(codes), _plain_type_of(signal)]  # type: ignore[misc]
    return type(None) if _finish_of(signal) else by_code


def _plain_type_of(signal: Signal) -> Any:
    match signal.type:
        case SignalType.FLAG:
            return bool
        case SignalType.CHOICE | SignalType.SCALE:
            return _one_of(signal.value_names)
        case SignalType.SET:
            members: Any = tuple[_one_of(signal.value_names), ...]  # type: ignore[misc]
            return Annotated[members, Meta(max_length=len(signal.values))]
        case SignalType.NUMBER if signal.integer:
            low, high = _bounds(signal)
            # Many a table knows no whole numbers, and gives 3 as 3.0.
            return (
                Annotated[int, Meta(ge=math.ceil(low), le=math.floor(high))] | Annotated[float, Meta(ge=low, le=high)]
            )
        case SignalType.NUMBER | SignalType.SCORE:
            low, high = _bounds(signal)
            return Annotated[float, Meta(ge=low, le=high)]
        case SignalType.TEXT:
            return Annotated[str, Meta(max_length=signal.longest)]
        case SignalType.TIME | SignalType.DURATION:
            return str


def _one_of(names: tuple[str, ...]) -> Any:
    return Literal[names]


def _bounds(signal: Signal) -> tuple[float, float]:
    if signal.type is SignalType.SCORE:
        return 0.0, 1.0
    low = -math.inf if signal.minimum is None else signal.minimum
    high = math.inf if signal.maximum is None else signal.maximum
    return max(low, -_LARGEST_NUMBER), min(high, _LARGEST_NUMBER)


def _finish_of(signal: Signal) -> _Finish | None:
    """What is left to do for a signal once the decoder has looked at it; None where that is nothing."""
    match signal.type:
        case SignalType.SET:
            return _Remembered[tuple[str, ...]](_read_set).__getitem__
        case SignalType.TIME:
            return _Remembered[str](_read_instant).__getitem__
        case SignalType.DURATION:
            return _Remembered[str](_read_duration).__getitem__
        case SignalType.NUMBER | SignalType.SCORE:
            return _read_whole_number if signal.integer else _read_number
        case _:
            return None


def _read_set(given: tuple[str, ...]) -> _Read:
    members = frozenset(given)
    written = tuple(sorted(members))
    return members, None if written == given else written


def _read_instant(given: str) -> _Read | None:
    instant = parse_instant(given)
    if instant is None:
        return None
    written = format_instant(instant)
    return instant, None if written == given else written


def _read_duration(given: str) -> _Read | None:
    hours = given[:-1]
    if given.endswith("h") and len(hours) < 6 and hours.isdecimal() and hours.isascii() and hours[0] != "0":
        # Whole hours are what ages come in, seldom the same twice; they are written as they are read.
        return int(hours) * HOUR, None
    length = parse_duration(given)
    if length is None:
        return None
    written = format_duration(length)
    return length, None if written == given else written


def _read_whole_number(given: int | float) -> _Read | None:
    if isinstance(given, int):
        return given, None
    return (int(given), int(given)) if given.is_integer() else None


def _read_number(given: float) -> _Read:
    if _LEAST_PLAIN <= given <= _MOST_PLAIN:
        return given, None
    # Added to 0.0, since a negative zero is written in another way than the zero it equals.
    value = given + 0.0
    return value, msgspec.Raw(repr(value).encode())
