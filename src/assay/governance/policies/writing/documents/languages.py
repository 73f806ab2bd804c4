"""Languages by their tags: their names, which way they are written, how they say a day. It translates nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from assay.governance.policies.writing.strings.sources import SOURCE_LANGUAGE

_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|\d{3}))?\Z")


@dataclass(frozen=True, slots=True)
class Language:
    """A language.

    tag        as pages and files name it: `de`, `pt-BR`, `zh-Hant`
    name       in English; `own_name` in itself
    direction  `ltr` or `rtl`
    """

    tag: str
    name: str
    own_name: str
    direction: str

    @property
    def is_source(self) -> bool:
        """Whether policies are written in it."""
        return self.tag == SOURCE_LANGUAGE


@lru_cache(512)
def language_of(tag: str) -> Language | None:
    """A language by its tag; None where there is none of that name."""
    locale = _locale(tag)
    if locale is None:
        return None
    name = locale.get_display_name("en") or tag
    own = locale.get_display_name() or name
    direction = "rtl" if locale.character_order == "right-to-left" else "ltr"
    return Language(tag, name, own[:1].upper() + own[1:], direction)


def known_language(tag: str) -> Language:
    """A language that is known to be one; raises ValueError where it is none."""
    found = language_of(tag)
    if found is None:
        raise ValueError(f"no language: {tag[:20]!r}")
    return found


def day_words(day: date, tag: str) -> str:
    """A day as the language writes it."""
    return format_date(day, "long", locale=_locale(tag) or SOURCE_LANGUAGE) if tag != SOURCE_LANGUAGE else _english(day)


def _english(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def _locale(tag: str) -> Locale | None:
    if not _TAG.match(tag):
        return None
    try:
        return Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return None
