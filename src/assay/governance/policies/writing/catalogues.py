"""The catalogues that can be translated: one a policy, one of the vocabulary, one of the page. It changes none."""

from __future__ import annotations

from collections.abc import Iterable

from assay.governance.office.references import Reference
from assay.governance.policies.life.models import Change
from assay.governance.policies.writing import sources
from assay.governance.policies.writing.documents.facts import Wording
from assay.governance.policies.writing.models import Translation
from assay.governance.policies.writing.sources import Texts
from assay.governance.policies.writing.strings.labels import PAGE, strings_of_page
from assay.governance.policies.writing.strings.pieces import pieces_of
from assay.governance.policies.writing.strings.sources import SOURCE_LANGUAGE, SourceString
from assay.governance.policies.writing.strings.standing import (
    SOURCE,
    LanguageStanding,
    Older,
    Translations,
    standing_of,
)
from assay.governance.policies.writing.strings.words import VOCABULARY, strings_of_vocabulary


def is_shared(catalogue: str) -> bool:
    """Whether all policies share it."""
    return catalogue in (VOCABULARY, PAGE)


def reference_of(catalogue: str) -> Reference:
    """Its name in the ledger: that of the policy, where it is one's."""
    document = None if is_shared(catalogue) else sources.document_of(catalogue)
    return Reference("catalogue", catalogue[:100]) if document is None else document.reference


def known_strings(catalogue: str, *, change: Change | None = None) -> tuple[SourceString, ...] | None:
    """The strings of a catalogue in force, or in a change's draft; None where there is no such catalogue."""
    if catalogue == PAGE:
        return strings_of_page()
    texts = sources.in_force() if change is None else sources.of_change(change)
    return None if texts is None else strings_in(catalogue, texts)


def strings_in(catalogue: str, texts: Texts) -> tuple[SourceString, ...] | None:
    """The strings of a catalogue in some texts."""
    if catalogue == PAGE:
        return strings_of_page()
    if catalogue == VOCABULARY:
        pack = texts.pack
        return None if pack is None else strings_of_vocabulary(pack)
    path = sources.path_of(catalogue, texts.files)
    return pieces_of(texts.files[path], path).strings if path else None


def translations_of(catalogue: str, language: str) -> Translations:
    """What there is of a catalogue in a language; where the same words were translated twice, the newest."""
    if language == SOURCE_LANGUAGE:
        return SOURCE
    return _made(language, Translation.objects.filter(catalogue=catalogue, language=language))


def wording_of(policy: str, language: str) -> Wording:
    """All three catalogues for a reader of one policy; one read."""
    if language == SOURCE_LANGUAGE:
        return Wording()
    rows = list(Translation.objects.filter(catalogue__in=(policy, VOCABULARY, PAGE), language=language))
    found = {
        name: _made(language, [row for row in rows if row.catalogue == name]) for name in (policy, VOCABULARY, PAGE)
    }
    return Wording(language, found[policy], found[VOCABULARY], found[PAGE])


def languages_of(catalogue: str) -> list[str]:
    """The languages into which something of a catalogue was translated."""
    rows = Translation.objects.filter(catalogue=catalogue).order_by("language")
    return list(rows.values_list("language", flat=True).distinct())


def standings(catalogue: str, strings: tuple[SourceString, ...]) -> tuple[LanguageStanding, ...]:
    """How far each language of a catalogue has come; one read, without the words."""
    by_language: dict[str, list[tuple[str, str]]] = {}
    rows = Translation.objects.filter(catalogue=catalogue).order_by("language", "at", "pk")
    for language, context, digest in rows.values_list("language", "context", "digest"):
        by_language.setdefault(language, []).append((context, digest))
    return tuple(standing_of(strings, _outline(language, rows)) for language, rows in by_language.items())


def _outline(language: str, rows: Iterable[tuple[str, str]]) -> Translations:
    rows = tuple(rows)
    older = {context: Older("", digest) for context, digest in rows}
    return Translations(language, dict.fromkeys((digest for _, digest in rows), ""), older)


def _made(language: str, rows: Iterable[Translation]) -> Translations:
    """Rows in the order in which they were taken: the last of each name is the newest."""
    by_digest: dict[str, str] = {}
    older: dict[str, Older] = {}
    for row in rows:
        by_digest[row.digest] = row.text
        older[row.context] = Older(row.text, row.digest)
    return Translations(language, by_digest, older)
