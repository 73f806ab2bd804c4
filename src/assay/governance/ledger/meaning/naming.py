"""What people call the things that the ledger knows by reference, and where they are shown. It keeps no name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from django.urls import NoReverseMatch

from assay.governance.office.references import Reference

# From the keys of things of one kind to what people call them; a thing that is gone is left out.
Names: TypeAlias = Callable[[Collection[str]], Mapping[str, str]]
Place: TypeAlias = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Named:
    """A thing as a page shows it: words, and where more of it stands."""

    reference: str
    words: str
    url: str | None = None

    def __str__(self) -> str:
        return self.words


_NAMES: dict[str, tuple[Names, Place | None]] = {}
_OURS = {"system:clerk": "The clerk", "system:command-line": "The command line"}


def name_things(kind: str, names: Names, *, url: Place | None = None) -> None:
    """Register how things of a kind are called; a room does so in its `AppConfig.ready`. Again replaces."""
    _NAMES[kind] = (names, url)


class Book:
    """The names of what one page shows: asked for once a kind, however many entries there are."""

    def __init__(self, references: Iterable[Reference]) -> None:
        wanted: dict[str, set[str]] = {}
        for reference in references:
            wanted.setdefault(reference.kind, set()).add(reference.key)
        self._said: dict[Reference, str] = {}
        self._found = {kind: _NAMES[kind][0](sorted(keys)) for kind, keys in wanted.items() if kind in _NAMES}

    def __call__(self, reference: Reference) -> str:
        """What a thing is called; its reference where nobody has a name for it."""
        said = self._said.get(reference)
        if said is None:
            held = self._found.get(reference.kind, {}).get(reference.key)
            said = held or _OURS.get(str(reference)) or f"{reference.kind} {reference.key[:12]}"
            self._said[reference] = said
        return said

    def named(self, reference: Reference, *, placed: bool = True) -> Named:
        """A thing with its name; `placed`, with the address of its page, which a long list does better without."""
        if not placed:
            return Named(str(reference), self(reference))
        place = _NAMES.get(reference.kind, (None, None))[1]
        try:
            url = place(reference.key) if place else None
        except NoReverseMatch:
            # An entry of another version may name a thing in a way that has no page here; it is shown all the same.
            url = None
        return Named(str(reference), self(reference), url)
