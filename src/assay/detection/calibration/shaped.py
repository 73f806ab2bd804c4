"""Plain JSON values into our own frozen types, exactly. It guesses no value and skips no field."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

_MOST_ENTRIES = 100_000
Shape = TypeVar("Shape")


class Misshapen(ValueError):
    """A value is not of the shape that is meant; the text names the place."""


def shaped(shape: type[Shape], value: object) -> Shape:
    """An instance of a dataclass from nested plain values; raises Misshapen, or what the class itself refuses."""
    found = _shaped(shape, value, "it")
    assert isinstance(found, shape)  # noqa: S101 (told to mypy: a dataclass gives its own instance)
    return found


def _shaped(shape: Any, value: object, place: str) -> Any:
    if is_dataclass(shape) and isinstance(shape, type):
        return _of_class(shape, value, place)
    origin, arguments = typing.get_origin(shape), typing.get_args(shape)
    if origin in (types.UnionType, typing.Union):
        inner = [one for one in arguments if one is not type(None)]
        return None if value is None else _shaped(inner[0], value, place)
    if origin is tuple:
        if not isinstance(value, list) or len(value) > _MOST_ENTRIES:
            raise Misshapen(f"`{place}` is no list")
        return tuple([_shaped(arguments[0], one, f"{place}[{number}]") for number, one in enumerate(value)])
    if origin is Mapping:
        if not isinstance(value, dict) or len(value) > _MOST_ENTRIES:
            raise Misshapen(f"`{place}` is no object")
        return {str(name): _shaped(arguments[1], one, f"{place}.{str(name)[:40]}") for name, one in value.items()}
    return _single(shape, value, place)


def _single(shape: Any, value: object, place: str) -> Any:
    if isinstance(shape, type) and issubclass(shape, StrEnum):
        if value not in list(shape):
            raise Misshapen(f"`{place}` is none of {', '.join(f'`{one}`' for one in shape)}")
        return shape(str(value))
    if shape is float and isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            raise Misshapen(f"`{place}` is too large") from None
    if shape in (int, str) and type(value) is shape:
        return value
    raise Misshapen(f"`{place}` is not what belongs there")


def _of_class(shape: type, value: object, place: str) -> Any:
    if not isinstance(value, dict):
        raise Misshapen(f"`{place}` is no object")
    wanted = _shapes(shape)
    strange = sorted(set(value) - set(wanted))
    if strange:
        raise Misshapen(f"`{place}` has `{strange[0][:40]}`, which does not belong there")
    needed = {one.name for one in fields(shape) if one.name != "digest"}
    missing = sorted(needed - set(value))
    if missing:
        raise Misshapen(f"`{place}` lacks `{missing[0]}`")
    return shape(**{name: _shaped(wanted[name], one, name) for name, one in value.items()})


@cache
def _shapes(shape: type) -> dict[str, Any]:
    return typing.get_type_hints(shape)
