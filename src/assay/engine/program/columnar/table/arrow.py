"""Arrow arrays as columns, each value checked against its signal. It opens no file and drops no row: it names them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import DAY, LONGEST_DURATION
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.pack.vocabulary import Signal, SignalType
from assay.engine.program.columnar.planes import Plane, everything, pack, plane_of_bytes, union, unpack
from assay.engine.program.columnar.table.columns import (
    Coded,
    Column,
    Dictionary,
    Flags,
    Numbers,
    RawNumbers,
    Sets,
    smallest_codes,
)

# Dictionaries up to this size are known again in the next array; captions are not, and are not kept.
_LARGEST_KEPT = 4096
_MOST_KEPT = 1024
# Masks of sets are numbers of 32 bits, one of which says that the set is known.
_MOST_BITS = 32
_FLAGS = {"yes": True, "no": False}
_BETWEEN_MEMBERS = "|"
_PER_MICROSECOND = {"s": 1_000_000, "ms": 1000, "us": 1}
_INSTANTS = (-62_135_596_800_000_000, 253_402_300_799_999_999)
_LONGEST = 2**53


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """What an array came to.

    column    the column; None where the array as a whole cannot be one
    refused   rows whose value the signal does not allow, which the column leaves unknown; None where there are none
    faults    what was wrong, each once
    """

    column: Column | None
    refused: Plane | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class ArrowIds:
    """Ids from an Arrow array of text."""

    array: Any

    def at(self, rows: NDArray[np.intp]) -> Sequence[str | None]:
        """The ids of some rows."""
        ids: list[str | None] = self.array.take(pa.array(rows)).to_pylist()
        return ids


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    """A dictionary as it was read: its values, the codes that are refused, and why.

    masks  of sets: by code a bit for each value of the signal, and above them one that says that the set is known
    """

    dictionary: Dictionary
    refused: tuple[int, ...]
    faults: tuple[Fault, ...]
    masks: NDArray[Any] | None


@dataclass(frozen=True, slots=True, eq=False)
class ArrowReader:
    """Reads the arrays of one table by one vocabulary; a dictionary that comes again is the same object again.

    Null and NaN are unknown, and so is the empty text in a column of words: columns without nulls are read in half
    the time. In a column of words a flag is `yes` or `no`, and a set its values with `|` between them; `|` alone is
    the empty set. What is text may be empty.
    """

    _kept: dict[tuple[str, tuple[object, ...]], _Words] = field(default_factory=dict)

    def column(self, signal: Signal, array: Any) -> Read:
        """An array as the column of a signal; what is in no way a value of it is refused."""
        kind = array.type
        if pa.types.is_null(kind):
            return Read(Coded(np.zeros(len(array), np.uint8), Dictionary((None,))))
        if pa.types.is_dictionary(kind) and pa.types.is_temporal(kind.value_type):
            array = array.dictionary_decode()
        elif pa.types.is_dictionary(kind) and not pa.types.is_nested(kind.value_type):
            return self._coded(signal, array)
        elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
            return self._coded(signal, array.dictionary_encode())
        elif pa.types.is_boolean(kind) and signal.type is SignalType.FLAG:
            return Read(Flags(_bits(array, array.buffers()[1]), _known(array)))
        elif (pa.types.is_list(kind) or pa.types.is_large_list(kind)) and signal.type is SignalType.SET:
            return self._sets(signal, array)
        numbers = _numbers_of(signal, array)
        if isinstance(numbers, Fault):
            return Read(None, everything(len(array)), (numbers,))
        return _checked(signal, numbers, _known(array))

    def by_market(self, signal: Signal, array: Any) -> Mapping[str, Read]:
        """An array of maps from market to value, as a column for each market that some map names."""
        rows, first = _rows_of(array)
        keys = array.keys.slice(first, rows.size).dictionary_encode()
        known, codes = _known(array), _indices(keys)
        # Words are looked up once, and not for each market again.
        items = array.items.dictionary_encode() if pa.types.is_string(array.type.item_type) else array.items
        found = {}
        for code, market in enumerate(keys.dictionary.to_pylist()):
            here = np.flatnonzero(codes == code)
            places = np.full(len(array), -1, np.int64)
            places[rows[here]] = here + first
            if known is not None:
                places[~unpack(known, len(array))] = -1
            found[str(market)] = self.column(signal, items.take(pa.array(places, mask=places < 0)))
        return found

    def _coded(self, signal: Signal, array: Any) -> Read:
        words = self._words(signal, array.dictionary)
        size = len(words.dictionary.values)
        codes: NDArray[Any] = _indices(array).astype(smallest_codes(size), copy=False)
        known = _known(array.indices)
        if not words.refused:
            sets = words.masks is not None and _sets_of(signal, words.masks.take(codes, mode="clip"), known)
            return Read(sets or Coded(codes, words.dictionary, known))
        refused = union((pack(codes == code) for code in words.refused), len(array))
        refused = refused if known is None else refused & known
        # A dictionary may hold values that none of these rows has.
        return Read(Coded(codes, words.dictionary, known), *((refused, words.faults) if refused.any() else ()))

    def _words(self, signal: Signal, dictionary: Any) -> _Words:
        values = dictionary.to_pylist()
        if len(values) > _LARGEST_KEPT:
            return _read_words(signal, values)
        key = (signal.name, tuple(values))
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            found = self._kept[key] = _read_words(signal, values)
        return found

    def _sets(self, signal: Signal, array: Any) -> Read:
        rows, first = _rows_of(array)
        values = array.values.slice(first, rows.size)
        values = values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
        names = [_member(signal, value) for value in values.dictionary.to_pylist()]
        held = np.zeros((len(names), len(array)), np.bool_)
        codes, named = _indices(values), _known(values.indices)
        bad = np.zeros(len(array), np.bool_)
        if named is not None:
            # A set of which one value is not known is neither known nor unknown.
            kept = unpack(named, rows.size)
            bad[rows[~kept]] = True
            codes, rows = codes[kept], rows[kept]
        held[codes, rows] = True
        faults = [name for name in names if isinstance(name, Fault)]
        members: dict[str, Plane] = {}
        for name, flags in zip(names, held, strict=True):
            if isinstance(name, Fault):
                bad |= flags
            else:
                members[name] = pack(flags)
        if bad.any() and not faults:
            faults = [Fault("wrong-type", "a list with a null among its values", signal.name)]
        return _refusing(members, pack(bad), _known(array), tuple(faults))


def _refusing(members: Mapping[str, Plane], bad: Plane, known: Plane | None, faults: tuple[Fault, ...]) -> Read:
    bad = bad if known is None else bad & known
    if not bad.any():
        return Read(Sets(members, known))
    return Read(Sets(members, ~bad if known is None else known & ~bad), bad, faults)


def _read_words(signal: Signal, values: Sequence[object]) -> _Words:
    read: list[MaybeValue] = []
    refused, faults = [], []
    for code, given in enumerate(values):
        value = _read_word(signal, given)
        if isinstance(value, Fault):
            refused.append(code)
            faults.append(value)
            value = None
        read.append(value)
    return _Words(Dictionary(tuple(read) or (None,)), tuple(refused), tuple(faults), _masks_of(signal, read))


def _masks_of(signal: Signal, read: Sequence[MaybeValue]) -> NDArray[Any] | None:
    names = signal.value_names
    if signal.type is not SignalType.SET or len(names) >= _MOST_BITS or not read:
        return None
    masks = [
        sum(1 << place for place, name in enumerate(names) if name in value) | 1 << len(names)
        if isinstance(value, frozenset)
        else 0
        for value in read
    ]
    return np.array(masks, np.uint64).astype(smallest_codes(1 << len(names) + 1))


def _sets_of(signal: Signal, masks: NDArray[Any], known: Plane | None) -> Sets:
    """A column of sets from a mask a row: one look-up for all of its values."""
    planes = [
        plane_of_bytes(np.packbits(masks & masks.dtype.type(1 << bit), bitorder="little"))
        for bit in range(len(signal.value_names) + 1)
    ]
    filled = planes.pop()
    return Sets(dict(zip(signal.value_names, planes, strict=True)), filled if known is None else known & filled)


def _read_word(signal: Signal, given: object) -> MaybeValue | Fault:
    # Only NaN differs from itself; and a text alone may be empty.
    if given is None or given != given or (given == "" and signal.type is not SignalType.TEXT):  # noqa: PLR0124
        return None
    if signal.type is SignalType.FLAG and isinstance(given, str):
        return signal.read(_FLAGS.get(given, given))
    if signal.type is SignalType.SET and isinstance(given, str):
        return signal.read([member for member in given.split(_BETWEEN_MEMBERS) if member])
    return signal.read(given)


def _member(signal: Signal, value: object) -> str | Fault:
    read = signal.read([value])
    return read if isinstance(read, Fault) else str(value)


# ------------------------------------------------------------------- buffers


def _bits(array: Any, buffer: Any) -> Plane:
    """A buffer of bits from an array's first row on."""
    rows, start = len(array), array.offset
    if buffer is None or not rows:
        return plane_of_bytes(np.zeros(-(-rows // 8), np.uint8))
    packed = np.frombuffer(buffer, np.uint8)
    if start % 8 == 0:
        return plane_of_bytes(packed[start // 8 : -(-(start + rows) // 8)])
    bits = np.unpackbits(packed[start // 8 :], bitorder="little")
    return pack(bits[start % 8 : start % 8 + rows].view(np.bool_))


def _known(array: Any) -> Plane | None:
    return _bits(array, array.buffers()[0]) if array.null_count else None


def _indices(array: Any) -> NDArray[np.integer[Any]]:
    return _raw(array.indices)


def _raw(array: Any) -> NDArray[Any]:
    """The values of an array of fixed width, with anything where it is null."""
    kind = array.type.to_pandas_dtype()
    width = np.dtype(kind).itemsize
    buffer = array.buffers()[1]
    if buffer is None or not len(array):
        return np.zeros(len(array), kind)
    return np.frombuffer(buffer, kind, len(array), array.offset * width)


def _rows_of(array: Any) -> tuple[NDArray[np.int64], int]:
    """For each value in an array of lists or maps the row it is in, and the place of the first value."""
    offsets = np.asarray(array.offsets)
    if not len(array) or offsets[0] == offsets[-1]:
        return np.zeros(0, np.int64), 0
    first = int(offsets[0])
    # A value lies as many rows down as lists end at or before it.
    ends = np.bincount(offsets[1:-1] - first, minlength=int(offsets[-1]) - first)
    return np.cumsum(ends[: int(offsets[-1]) - first]), first


# ------------------------------------------------------------------- numbers


def _numbers_of(signal: Signal, array: Any) -> RawNumbers | Fault:
    """An array as 64-bit numbers; times and durations in microseconds."""
    kind, types = array.type, pa.types
    match signal.type:
        case SignalType.TIME if types.is_timestamp(kind):
            if kind.tz is None:
                return Fault("wrong-type", "a time without a time zone is no instant; store it as UTC", signal.name)
            return _microseconds(array.cast("int64"), kind.unit)
        case SignalType.TIME if types.is_date(kind):
            days = array.cast(pa.date32()).cast("int32").cast("int64")
            return _microseconds(days, "d")
        case SignalType.DURATION if types.is_duration(kind):
            return _microseconds(array.cast("int64"), kind.unit)
        case SignalType.NUMBER | SignalType.SCORE if types.is_integer(kind) and not types.is_uint64(kind):
            return _raw(array).astype(np.int64, copy=False)
        case SignalType.NUMBER | SignalType.SCORE if types.is_floating(kind):
            return _raw(array).astype(np.float64, copy=False)
        case SignalType.NUMBER | SignalType.SCORE if types.is_decimal(kind) or types.is_uint64(kind):
            return _raw(array.cast("float64", safe=False))
        case _:
            return Fault("wrong-type", f"a column of {kind} cannot hold a {signal.type}", signal.name)


def _microseconds(array: Any, unit: str) -> NDArray[np.int64]:
    counts: NDArray[np.int64] = _raw(array)
    if unit == "ns":
        return counts // 1000
    factor = DAY if unit == "d" else _PER_MICROSECOND[unit]
    # An absurd time must not turn round into a plausible one; what is cut off here is far outside the years there are.
    return np.clip(counts, -(2**62) // factor, 2**62 // factor) * factor


def _checked(signal: Signal, numbers: RawNumbers, known: Plane | None) -> Read:
    low, high = _bounds(signal)
    bad = (numbers < low) | (numbers > high)
    if signal.integer and numbers.dtype == np.float64:
        # Up to 2^53, and no further goes a record, a float holds a whole number exactly.
        bad |= (numbers != np.floor(numbers)) & ~np.isnan(numbers)
    return _without(signal, numbers, bad, known) if bad.any() else Read(Numbers(numbers, known))


def _without(signal: Signal, numbers: RawNumbers, bad: NDArray[np.bool_], known: Plane | None) -> Read:
    """A column that leaves unknown what its signal does not allow."""
    refused = pack(bad) if known is None else pack(bad) & known
    if not refused.any():
        return Read(Numbers(numbers, known))
    first = int(np.flatnonzero(unpack(refused, numbers.size))[0])
    value = numbers[first].item()
    fault = signal.read(value) if signal.type in (SignalType.NUMBER, SignalType.SCORE) else None
    if not isinstance(fault, Fault):
        fault = Fault("out-of-range", f"the {signal.type} is outside what a record can hold", signal.name)
    return Read(Numbers(numbers, ~refused if known is None else known & ~refused), refused, (fault,))


def _bounds(signal: Signal) -> tuple[float, float]:
    match signal.type:
        case SignalType.TIME:
            return _INSTANTS
        case SignalType.DURATION:
            return -LONGEST_DURATION, LONGEST_DURATION
        case SignalType.SCORE:
            return 0.0, 1.0
        case _:
            low = -_LONGEST if signal.minimum is None else signal.minimum
            return low, _LONGEST if signal.maximum is None else signal.maximum
