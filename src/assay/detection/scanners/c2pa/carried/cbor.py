"""A bounded reader of CBOR (RFC 8949), for what a signature carries beside itself. It never runs past its bounds."""

from __future__ import annotations

import struct
from dataclasses import dataclass

MAXIMUM_DEPTH = 16
MAXIMUM_ITEMS = 20_000

Value = int | float | bytes | str | bool | None | list["Value"] | dict["Value", "Value"]


class Unreadable(ValueError):
    """The bytes are no CBOR, or more than a signature has."""


@dataclass(slots=True)
class _Place:
    content: bytes
    at: int = 0
    items: int = 0

    def take(self, length: int) -> bytes:
        end = self.at + length
        if end > len(self.content):
            raise Unreadable
        taken = self.content[self.at : end]
        self.at = end
        return taken


def read_cbor(content: bytes) -> Value:
    """The first value in the bytes; what a tag says of it is left out. Raises Unreadable."""
    try:
        return _value(_Place(content), 0)
    except (UnicodeDecodeError, struct.error, TypeError) as error:
        raise Unreadable from error


def _value(place: _Place, depth: int) -> Value:
    place.items += 1
    if depth > MAXIMUM_DEPTH or place.items > MAXIMUM_ITEMS:
        raise Unreadable
    first = place.take(1)[0]
    major, small = first >> 5, first & 31
    if major == 7:
        return _simple(place, small)
    if small == 31:
        return _indefinite(place, major, depth)
    count = _count(place, small)
    if major == 0:
        return count
    if major == 1:
        return -1 - count
    if major == 2:
        return place.take(count)
    if major == 3:
        return place.take(count).decode("utf-8")
    if major == 4:
        return [_value(place, depth + 1) for _ in range(_affordable(place, count))]
    if major == 5:
        return {
            _simple_key(_value(place, depth + 1)): _value(place, depth + 1) for _ in range(_affordable(place, count))
        }
    return _value(place, depth + 1)


def _count(place: _Place, small: int) -> int:
    if small < 24:
        return small
    if small > 27:
        raise Unreadable
    return int.from_bytes(place.take(1 << (small - 24)), "big")


def _affordable(place: _Place, count: int) -> int:
    # Each item takes a byte at least, so a count beyond what is left is a lie.
    if count > len(place.content) - place.at:
        raise Unreadable
    return count


def _simple_key(key: Value) -> Value:
    if isinstance(key, (list, dict)):
        raise Unreadable
    return key


def _simple(place: _Place, small: int) -> Value:
    if small in (20, 21):
        return small == 21
    if small in (22, 23):
        return None
    if small in (25, 26, 27):
        form, length = {25: (">e", 2), 26: (">f", 4), 27: (">d", 8)}[small]
        number: float = struct.unpack(form, place.take(length))[0]
        return number
    raise Unreadable


def _indefinite(place: _Place, major: int, depth: int) -> Value:
    parts: list[Value] = []
    while place.content[place.at : place.at + 1] != b"\xff":
        parts.append(_value(place, depth + 1))
    place.take(1)
    if major == 4:
        return parts
    if major == 5 and len(parts) % 2 == 0:
        return {_simple_key(key): value for key, value in zip(parts[::2], parts[1::2], strict=True)}
    if major == 2:
        return b"".join(each for each in parts if isinstance(each, bytes))
    if major == 3:
        return "".join(each for each in parts if isinstance(each, str))
    raise Unreadable
