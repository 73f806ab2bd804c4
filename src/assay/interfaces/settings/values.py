"""A value as its setting's type wants it, from a file's TOML or a variable's text. It coerces nothing else."""

from __future__ import annotations

import math
import types
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from assay.engine.kernel.identifiers import did_you_mean

_SWITCHES = {"yes": True, "true": True, "on": True, "1": True, "no": False, "false": False, "off": False, "0": False}
_WORDS = {bool: "`true` or `false`", int: "a whole number", float: "a number", str: "text", Path: "a path"}


class NotOfType(Exception):
    """A value does not fit; carries what the setting takes, in words, never the value."""


def from_file(given: object, annotation: Any) -> Any:
    """A TOML value as its setting takes it.

    raises  NotOfType, with what is wanted
    """
    return _fitted(given, annotation, text=False)


def from_text(given: str, annotation: Any) -> Any:
    """A variable's text as its setting takes it: `yes` and `no`, numbers, items between commas.

    raises  NotOfType, with what is wanted
    """
    return _fitted(given, annotation, text=True)


def shown(value: object) -> str:
    """A value as the settings file has it; an absent one as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(shown, value)) + "]"
    return f"{value:,}".replace(",", "_") if isinstance(value, int) and abs(value) >= 100_000 else str(value)


def _fitted(given: object, annotation: Any, *, text: bool) -> Any:
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        inner = [kind for kind in get_args(annotation) if kind is not type(None)]
        return None if text and given == "" else _fitted(given, inner[0], text=text)
    if origin is tuple:
        return _several(given, get_args(annotation)[0], text=text)
    if origin is Literal:
        return _one_of(given, get_args(annotation))
    return _from_text(str(given), annotation) if text else _from_toml(given, annotation)


def _several(given: object, kind: Any, *, text: bool) -> tuple[Any, ...]:
    if text:
        parts: list[object] = [part.strip() for part in str(given).split(",") if part.strip()]
    elif isinstance(given, list):
        parts = given
    else:
        raise NotOfType("a list")
    return tuple(_fitted(part, kind, text=text) for part in parts)


def _one_of(given: object, choices: tuple[Any, ...]) -> Any:
    if given in choices:
        return given
    hint = did_you_mean(str(given), [str(choice) for choice in choices])
    named = ", ".join(f"`{choice}`" for choice in choices)
    raise NotOfType(f"one of {named}" + (f"; {hint}" if hint else ""))


def _from_text(given: str, kind: Any) -> Any:
    if kind is bool:
        if given.lower() not in _SWITCHES:
            raise NotOfType("`yes` or `no`")
        return _SWITCHES[given.lower()]
    if kind in (int, float):
        try:
            return _finite(kind(given))
        except ValueError:
            raise NotOfType(_WORDS[kind]) from None
    return _path(given) if kind is Path else given


def _from_toml(given: object, kind: Any) -> Any:
    if kind is float and isinstance(given, int) and not isinstance(given, bool):
        return float(given)
    if kind is Path and isinstance(given, str):
        return _path(given)
    if type(given) is not kind:
        raise NotOfType(_WORDS[kind])
    return _finite(given) if kind is float else given


def _path(given: str) -> Path:
    if not given or "\0" in given:
        raise NotOfType("a path, and this is none")
    return Path(given).expanduser()


def _finite(number: Any) -> Any:
    if not math.isfinite(number):
        raise NotOfType("a finite number")
    return number
