"""What may be read of documents and translations. It changes none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from assay.governance.office.actor import Actor, Target
from assay.governance.office.operations import query
from assay.governance.office.roles import INSIDE
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.targets import ROOM
from assay.governance.policies.writing import catalogues, sources
from assay.governance.policies.writing.commands import target_of
from assay.governance.policies.writing.documents.languages import language_of
from assay.governance.policies.writing.making import Wanted
from assay.governance.policies.writing.sources import Texts
from assay.governance.policies.writing.strings.catalogues import write_catalogue
from assay.governance.policies.writing.strings.sources import SOURCE_LANGUAGE, SourceString
from assay.governance.policies.writing.strings.standing import LanguageStanding, Translations


@dataclass(frozen=True, slots=True)
class Asked:
    """Which document somebody asks for, as an address has it.

    version, day, change  at most one of them counts: the draft first, then the version, then the day
    """

    policy: str
    language: str = SOURCE_LANGUAGE
    market: str | None = None
    version: int | None = None
    day: date | None = None
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The strings of a catalogue, and how far each language has come."""

    name: str
    strings: tuple[SourceString, ...]
    standings: tuple[LanguageStanding, ...]


def _target(given: Mapping[str, Any]) -> Target:
    asked = given.get("asked")
    return Target(ROOM, policy=asked.policy) if isinstance(asked, Asked) else Target(ROOM)


@query("policies.read-document", words="read what is written of a policy for each reader", roles=INSIDE, target=_target)
def read_document(*, asked: Asked, by: Actor, at: datetime) -> Wanted | None:
    """What a document is to be made of; None where there are no such texts."""
    texts, day = _texts(asked, at)
    if texts is None:
        return None
    return Wanted(asked.policy, texts, day, asked.language, asked.market, asked.version)


@query("policies.see-translations", words="see how far translations have come", roles=INSIDE, target=target_of)
def see_translations(*, catalogue: str, change: Change | None = None, by: Actor, at: datetime) -> Catalogue | None:
    """A catalogue as it is in force or in a change's draft; None where there is none of that name."""
    strings = catalogues.known_strings(catalogue, change=change)
    if strings is None:
        return None
    return Catalogue(catalogue, strings, catalogues.standings(catalogue, strings))


@query("policies.export-strings", words="take strings to translate as a file", roles=INSIDE, target=target_of)
def strings_file(
    *, catalogue: str, language: str, change: Change | None = None, by: Actor, at: datetime
) -> bytes | None:
    """A PO file of a catalogue in one language; None where there is no such catalogue, or nothing to translate into."""
    strings = catalogues.known_strings(catalogue, change=change)
    known = language_of(language)
    if strings is None or known is None or known.is_source:
        return None
    held = catalogues.translations_of(catalogue, language)
    return write_catalogue(strings, held, name=catalogue, at=at)


def stale_languages(change: Change) -> tuple[LanguageStanding, ...]:
    """Languages into which a change's policy was translated and that its draft leaves incomplete.

    It checks no right: gates ask it for nobody, and its pages show the change to whoever may see that.
    """
    strings = catalogues.known_strings(change.policy, change=change) or ()
    return tuple(each for each in catalogues.standings(change.policy, strings) if not each.is_complete)


def translations(catalogue: str, language: str) -> Translations:
    """What there is of a catalogue in a language; whoever shows it asked `see_translations`."""
    return catalogues.translations_of(catalogue, language)


def _texts(asked: Asked, at: datetime) -> tuple[Texts | None, date]:
    if asked.change is not None:
        return sources.of_change(asked.change), at.date()
    if asked.version is not None:
        found = sources.of_version(asked.policy, asked.version)
        return found, (found.since if found and found.since else at.date())
    if asked.day is not None and asked.day < at.date():
        return sources.of_day(asked.day), asked.day
    return sources.in_force(), asked.day or at.date()
