"""What is said of a document beside its text: version, day, digest, what changed. It reads no store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from assay.engine.kernel.instants import EPOCH
from assay.governance.policies.writing.strings.labels import LABELS, strings_of_page
from assay.governance.policies.writing.strings.standing import SOURCE, Passage, Translations

_PAGE = {each.context: each for each in strings_of_page()}


@dataclass(frozen=True, slots=True)
class Changed:
    """What one version changed, for the public.

    note   in the words of whoever changed it
    parts  sections that are new, changed or gone, by their headings
    """

    label: str
    day: date | None
    note: str
    number: int = 0
    added: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing can be said of it."""
        return not (self.note or self.added or self.altered or self.removed)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the text that a document is made of.

    day      for which the document is made
    digest   of the whole pack, as decisions name it
    draft    whether nothing of it is in force
    since    the day from which this version decides; None where that is not known
    changes  of this version and those before, the newest first
    """

    day: date
    digest: str = ""
    draft: bool = False
    since: date | None = None
    changes: tuple[Changed, ...] = ()


@dataclass(frozen=True, slots=True)
class Wording:
    """Everything that is translated for one reader.

    policy, vocabulary, page  translations of the three catalogues
    """

    language: str = "en"
    policy: Translations = field(default_factory=lambda: SOURCE)
    vocabulary: Translations = field(default_factory=lambda: SOURCE)
    page: Translations = field(default_factory=lambda: SOURCE)

    def label(self, name: str, **places: str) -> Passage:
        """A word of the page; a place in braces is filled in, and nothing else of it has a meaning."""
        found = self.page.passage(_PAGE[f"page/{name}"])
        words = found.words
        for place, value in places.items():
            words = words.replace(f"{{{place}}}", value)
        return Passage(words, found.state)

    @property
    def labels(self) -> Mapping[str, Passage]:
        """The words of the page that have no place to fill, by names that templates can read."""
        return {name.replace("-", "_"): self.label(name) for name, text in LABELS.items() if "{" not in text}


IN_SOURCE = Wording()


def day_of(instant: int | None) -> date | None:
    """The day of an instant of a pack, in UTC."""
    return None if instant is None else (EPOCH + timedelta(microseconds=instant)).date()


def instant_of_day(day: date) -> int:
    """The first instant of a day, as a pack counts."""
    return (datetime(day.year, day.month, day.day, tzinfo=EPOCH.tzinfo) - EPOCH) // timedelta(microseconds=1)
