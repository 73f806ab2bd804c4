"""The types that a field of an event may have: how each is written, read and said. None of them holds free text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from assay.engine.kernel.instants import EPOCH, format_instant, instant_of, parse_instant
from assay.governance.office.references import Reference

# As large as every reader of JSON keeps exactly.
_LARGEST = (1 << 53) - 1
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}\Z")
Say = Callable[[Any, Callable[[Reference], str]], str]


@dataclass(frozen=True, slots=True)
class Digest:
    """What a content has: `sha256:` and 64 hexadecimal digits; raises ValueError for any other text."""

    text: str

    def __post_init__(self) -> None:
        if not _DIGEST.match(self.text):
            raise ValueError("no digest: it is `sha256:` and 64 hexadecimal digits")

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Form:
    """How a field's values are kept.

    write  to what JSON has; raises TypeError or ValueError for what does not belong there
    read   from JSON, with the same care
    say    in words for people
    """

    write: Callable[[Any], object]
    read: Callable[[Any], object]
    say: Say


def form_of(hint: Any) -> Form | None:
    """The form of a type, or None where its values could hold free text."""
    plain = _PLAIN.get(hint)
    if plain is not None:
        return plain
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _enumeration(hint)
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        return _literal(inner)
    if origin in {Union, UnionType}:
        return _or_none(inner)
    if origin is tuple and len(inner) == 2 and inner[1] is Ellipsis:
        return _several(form_of(inner[0]), tuple, ordered=True)
    if origin is frozenset:
        return _several(form_of(inner[0]), frozenset, ordered=False)
    return None


def _only(kind: type[Any]) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        # A flag is a whole number to Python, and no count to us.
        if type(value) is not kind:
            raise TypeError
        return value

    return check


def _number(value: Any) -> int:
    if type(value) is not int or not -_LARGEST <= value <= _LARGEST:
        raise TypeError
    return value


def _write_moment(value: Any) -> str:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise TypeError
    return format_instant(instant_of(value))


def _read_moment(value: Any) -> datetime:
    instant = parse_instant(value) if isinstance(value, str) else None
    if instant is None or format_instant(instant) != value:
        raise ValueError
    return EPOCH + timedelta(microseconds=instant)


def _read_reference(value: Any) -> Reference:
    return Reference.read(_only(str)(value))


def _read_digest(value: Any) -> Digest:
    return Digest(_only(str)(value))


_PLAIN: dict[Any, Form] = {
    bool: Form(_only(bool), _only(bool), lambda value, _: "yes" if value else "no"),
    int: Form(_number, _number, lambda value, _: f"{value:,}"),
    datetime: Form(_write_moment, _read_moment, lambda value, _: _plain_moment(value)),
    Reference: Form(lambda value: str(_only(Reference)(value)), _read_reference, lambda value, names: names(value)),
    Digest: Form(lambda value: str(_only(Digest)(value)), _read_digest, lambda value, _: value.text[:19]),
}


def _plain_moment(value: datetime) -> str:
    return format_instant(instant_of(value))[:16].replace("T", " ") + " UTC"


def _enumeration(kind: type[StrEnum]) -> Form | None:
    if not all(_WORD.match(member.value) for member in kind):
        return None
    return Form(lambda value: _only(kind)(value).value, lambda value: kind(_only(str)(value)), _say_word)


def _literal(words: tuple[Any, ...]) -> Form | None:
    if not all(isinstance(word, str) and _WORD.match(word) for word in words):
        return None

    def check(value: Any) -> str:
        if not isinstance(value, str) or value not in words:
            raise ValueError
        return str(value)

    return Form(check, check, _say_word)


def _say_word(value: Any, _names: Callable[[Reference], str]) -> str:
    return str(value).replace("-", " ")


def _or_none(inner: tuple[Any, ...]) -> Form | None:
    others = [each for each in inner if each is not NoneType]
    held = form_of(others[0]) if len(others) == 1 and len(inner) == 2 else None
    if held is None:
        return None
    return Form(
        lambda value: None if value is None else held.write(value),
        lambda value: None if value is None else held.read(value),
        lambda value, names: "none" if value is None else held.say(value, names),
    )


def _several(held: Form | None, kind: type[Any], *, ordered: bool) -> Form | None:
    if held is None:
        return None

    def write(value: Any) -> list[Any]:
        found: list[Any] = [held.write(each) for each in _only(kind)(value)]
        return found if ordered else sorted(found)

    def read(value: Any) -> Any:
        return kind(held.read(each) for each in _only(list)(value))

    def say(value: Any, names: Callable[[Reference], str]) -> str:
        said = [held.say(each, names) for each in value]
        return ", ".join(said if ordered else sorted(said)) or "none"

    return Form(write, read, say)
