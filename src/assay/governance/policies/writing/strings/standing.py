"""How far a language has come, and what a reader is given. A stale translation is never given as current."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal, TypeAlias

from assay.governance.policies.writing.strings.sources import SOURCE_LANGUAGE, SourceString

# `source`: nobody asked for another language; `stale`: the source changed since it was translated.
State: TypeAlias = Literal["source", "current", "stale", "missing"]
# Of a language that is published, at least so much of a policy must be translated from the very words in force.
FRESH_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class Passage:
    """Words as a reader gets them: translated, or those of the source where there is no current translation."""

    words: str
    state: State = "source"

    @property
    def is_translated(self) -> bool:
        """Whether these are words of the language that was asked for."""
        return self.state in {"source", "current"}


@dataclass(frozen=True, slots=True)
class Older:
    """The newest translation of a place, and the digest of the source that it is of."""

    words: str
    digest: str


@dataclass(frozen=True, slots=True)
class Translations:
    """What there is of one catalogue in one language.

    by_digest  translations by the digest of their sources
    older      by context the newest translation, which may be of another source than stands there now
    """

    language: str = SOURCE_LANGUAGE
    by_digest: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    older: Mapping[str, Older] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def is_source(self) -> bool:
        """Whether it is the language in which policies are written."""
        return self.language == SOURCE_LANGUAGE

    def current(self, string: SourceString) -> str | None:
        """The translation of these very words, wherever they stand; None where there is none."""
        return None if self.is_source else self.by_digest.get(string.digest)

    def state(self, string: SourceString) -> State:
        """How it stands with a string."""
        if self.is_source:
            return "source"
        if string.digest in self.by_digest:
            return "current"
        return "stale" if string.context in self.older else "missing"

    def among(self, strings: Iterable[SourceString]) -> Translations:
        """The same for one text: what only moved within it makes no stale string of what took its place."""
        now = {each.digest for each in strings}
        return replace(self, older={context: each for context, each in self.older.items() if each.digest not in now})

    def passage(self, string: SourceString) -> Passage:
        """What a reader gets."""
        found = self.current(string)
        return Passage(string.text if found is None else found, self.state(string))


SOURCE = Translations()


@dataclass(frozen=True, slots=True)
class LanguageStanding:
    """How much of a text is translated into a language."""

    language: str
    translated: int
    stale: int
    missing: int

    @property
    def total(self) -> int:
        """How many strings there are."""
        return self.translated + self.stale + self.missing

    @property
    def share(self) -> float:
        """The part that is translated from the very words that stand now."""
        return self.translated / self.total if self.total else 1.0

    @property
    def is_complete(self) -> bool:
        """Whether nothing is stale or missing."""
        return self.translated == self.total

    @property
    def is_fresh(self) -> bool:
        """Whether enough is current for the public; the rest is shown in the source's words, and said to be so."""
        return self.share >= FRESH_SHARE


def standing_of(strings: Iterable[SourceString], translations: Translations) -> LanguageStanding:
    """How far one language has come."""
    strings = tuple(strings)
    known = translations.among(strings)
    states = [known.state(each) for each in strings]
    return LanguageStanding(
        translations.language, states.count("current"), states.count("stale"), states.count("missing")
    )


def worst(states: Iterable[State]) -> State:
    """The state of several strings that are read as one."""
    found = set(states)
    return next((each for each in ("stale", "missing", "current") if each in found), "source")
