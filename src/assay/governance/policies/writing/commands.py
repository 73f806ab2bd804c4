"""Take translations from a file, and drop a language. Whoever calls them decides nothing of what a policy says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.office.actor import Actor, Target
from assay.governance.office.operations import command
from assay.governance.office.references import Reference
from assay.governance.office.roles import Role
from assay.governance.people.models import Person
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.targets import MAKERS, ROOM
from assay.governance.policies.writing.catalogues import is_shared, known_strings, reference_of
from assay.governance.policies.writing.documents.languages import language_of
from assay.governance.policies.writing.events import LanguageDropped, StringsImported
from assay.governance.policies.writing.models import Translation
from assay.governance.policies.writing.strings.catalogues import Translated, read_catalogue
from assay.governance.policies.writing.strings.checks import faults_of
from assay.governance.policies.writing.strings.sources import SOURCE_LANGUAGE, SourceString, digest_of

# Words for people are everybody's who writes to them.
TRANSLATORS = MAKERS | {Role.COMMUNICATIONS, Role.PUBLIC_POLICY}
MOST_FAULTS = 50


def target_of(given: Mapping[str, Any]) -> Target:
    """The policy of a catalogue; the room, of a catalogue that all policies share."""
    catalogue = str(given.get("catalogue", ""))
    return Target(ROOM) if is_shared(catalogue) else Target(ROOM, policy=catalogue)


@command("policies.import-strings", words="take translations from a file", roles=TRANSLATORS, target=target_of)
def import_strings(
    *,
    catalogue: str,
    language: str,
    content: bytes,
    change: Change | None = None,
    leave_out: bool = False,
    by: Actor,
    at: datetime,
) -> int | list[Fault]:
    """Take a PO file; how many translations it has.

    catalogue  a policy's id, `shared-vocabulary` or `shared-page`
    change     whose draft was translated, where it is not in force yet
    leave_out  whether what is wrong with single strings is left out; otherwise nothing is taken
    """
    known = known_strings(catalogue, change=change)
    if known is None:
        return [Fault("no-such-catalogue", f"there is nothing to translate under the name `{catalogue[:60]}`")]
    faults = _language_faults(language)
    found = read_catalogue(content)
    if isinstance(found, list):
        return [*faults, *found][:MOST_FAULTS]
    if found.language and found.language.replace("_", "-") != language:
        words = f"the file says that it is in `{found.language[:20]}`; choose that language, or mend its header"
        faults.append(Fault("other-language", words, "language"))
    good, wrong = _sorted(found.entries, known, catalogue, language)
    wrong += [
        Fault("fuzzy", f"`{each}` is marked fuzzy: somebody must look at it and remove the mark", each)
        for each in found.fuzzy
    ]
    if faults or (wrong and not leave_out):
        return [*faults, *wrong][:MOST_FAULTS]
    if not good:
        return [
            Fault("no-translations", "the file has no translation to be taken; the others are as they were", "file")
        ]
    changed = _save(good, catalogue, language, by, at)
    append(
        StringsImported(Reference("language", language), len(good), changed),
        subject=reference_of(catalogue),
        by=by,
        at=at,
    )
    return len(good)


@command("policies.drop-language", words="drop all translations into a language", roles=MAKERS, target=target_of)
def drop_language(*, catalogue: str, language: str, by: Actor, at: datetime) -> int | list[Fault]:
    """Forget every translation of a catalogue into one language; how many there were."""
    rows = Translation.objects.filter(catalogue=catalogue, language=language)
    count = rows.count()
    if count == 0 or language_of(language) is None:
        return [Fault("no-translations", f"there are no translations into `{language[:20]}`")]
    append(LanguageDropped(Reference("language", language), count), subject=reference_of(catalogue), by=by, at=at)
    rows.delete()
    return count


def _language_faults(language: str) -> list[Fault]:
    if language == SOURCE_LANGUAGE:
        return [Fault("source-language", "policies are written in this language; choose another", "language")]
    if language_of(language) is None:
        words = f"`{language[:20]}` is no language; write a tag such as `de` or `pt-BR`"
        return [Fault("no-such-language", words, "language")]
    return []


def _sorted(
    entries: Sequence[Translated], known: Sequence[SourceString], catalogue: str, language: str
) -> tuple[list[Translated], list[Fault]]:
    """Entries that can be taken, and what is wrong with the others."""
    contexts = {each.context: each for each in known}
    digests = {each.digest: each for each in known}
    rows = Translation.objects.filter(catalogue=catalogue, language=language)
    before = set(rows.values_list("context", "digest"))
    good: list[Translated] = []
    wrong: list[Fault] = []
    for each in entries:
        found = contexts.get(each.context) or digests.get(digest_of(each.source))
        if found is None and (each.context, digest_of(each.source)) not in before:
            words = f"no string stands at `{each.context[:120]}`; export the file anew and move your words there"
            wrong.append(Fault("no-such-string", words, each.context[:120]))
            continue
        faults = faults_of(found.kind, each.source, each.words, each.context[:120]) if found is not None else []
        wrong += faults
        if not faults:
            good.append(each)
    return good, wrong


def _save(entries: Sequence[Translated], catalogue: str, language: str, by: Actor, at: datetime) -> int:
    person = Person.of(by.who) if by.who.kind == "person" else None
    rows = {
        (each.context, digest_of(each.source)): Translation(
            catalogue=catalogue,
            language=language,
            context=each.context,
            digest=digest_of(each.source),
            source=each.source,
            text=each.words.strip(),
            by=person,
            at=at,
        )
        for each in entries
    }
    held = Translation.objects.filter(catalogue=catalogue, language=language)
    before = {(context, digest): text for context, digest, text in held.values_list("context", "digest", "text")}
    changed = [row for key, row in rows.items() if before.get(key) != row.text]
    Translation.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["catalogue", "language", "context", "digest"],
        update_fields=["source", "text", "by", "at"],
        batch_size=200,
    )
    return len(changed)
