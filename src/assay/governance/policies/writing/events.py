"""What happens to translations, as the ledger keeps it: how many, never their words."""

from __future__ import annotations

from dataclasses import dataclass

from assay.governance.ledger.events import event
from assay.governance.office.references import Reference


@event("policies.strings-imported", words="took {count} translations of {subject} into {language}")
@dataclass(frozen=True, slots=True)
class StringsImported:
    """Translations were taken from a file.

    changed  how many of them are new or say something else than before
    """

    language: Reference
    count: int
    changed: int


@event("policies.language-dropped", words="dropped the translations of {subject} into {language}")
@dataclass(frozen=True, slots=True)
class LanguageDropped:
    """All translations of a catalogue into one language are gone."""

    language: Reference
    count: int
