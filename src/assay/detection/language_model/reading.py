"""Readers for the values of a written table: text, numbers, switches, lists. They never guess what was meant."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable

from assay.engine.kernel.errors import Fault

_LARGEST = sys.float_info.max


def text(
    longest: int, pattern: re.Pattern[str] | None = None, form: str = "of another form"
) -> Callable[[str, object], str | Fault]:
    """A reader for one line of text; `form` says in words what the pattern wants."""

    def read(name: str, given: object) -> str | Fault:
        if not isinstance(given, str) or not given.strip() or not given.isprintable() or len(given) > longest:
            return Fault("wrong-type", f"`{name}` is one line of text of at most {longest} characters", name)
        if pattern is not None and not pattern.match(given):
            return Fault("wrong-type", f"`{name}` is {form}", name)
        return given

    return read


def texts(
    most: int, longest: int, pattern: re.Pattern[str] | None = None
) -> Callable[[str, object], tuple[str, ...] | Fault]:
    """A reader for a list of texts, each once."""
    one = text(longest, pattern)

    def read(name: str, given: object) -> tuple[str, ...] | Fault:
        if not isinstance(given, list) or len(given) > most:
            return Fault("wrong-type", f'`{name}` is a list of texts, as in `["a", "b"]`', name)
        read_ones = [one(name, each) for each in given]
        wrong = next((each for each in read_ones if isinstance(each, Fault)), None)
        if wrong is not None:
            return Fault("wrong-type", f"every entry of `{name}` is a name of at most {longest} characters", name)
        found = tuple(dict.fromkeys(each for each in read_ones if isinstance(each, str)))
        if len(found) < len(given):
            return Fault("duplicate-entry", f"`{name}` names something twice", name)
        return found

    return read


def number(low: float, high: float, *, whole: bool = False) -> Callable[[str, object], int | float | Fault]:
    """A reader for a number within bounds, both included."""

    def read(name: str, given: object) -> int | float | Fault:
        wanted = int if whole else (int, float)
        # A whole number may be larger than any float, and must not become one before that is known.
        if isinstance(given, bool) or not isinstance(given, wanted) or not -_LARGEST <= given <= _LARGEST:
            return Fault("wrong-type", f"`{name}` is a {'whole ' if whole else ''}number", name)
        if not low <= given <= high:
            return Fault("out-of-range", f"`{name}` is a number from {low:g} to {high:g}", name)
        return given

    return read


def switch(name: str, given: object) -> bool | Fault:
    """A reader for yes or no."""
    return given if isinstance(given, bool) else Fault("wrong-type", f"`{name}` is true or false", name)


def choices(*allowed: str) -> Callable[[str, object], str | Fault]:
    """A reader for one of a few words."""

    def read(name: str, given: object) -> str | Fault:
        if isinstance(given, str) and given in allowed:
            return given
        return Fault("unknown-value", f"`{name}` is {' or '.join(f'`{each}`' for each in allowed)}", name)

    return read
