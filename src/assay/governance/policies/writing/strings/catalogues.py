"""PO files of a catalogue, written for translators and read back. What a file says is never more than words."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, PoFileParser, write_po

from assay.engine.kernel.errors import Fault
from assay.governance.policies.writing.strings.sources import COMMENTS, SOURCE_LANGUAGE, SourceString
from assay.governance.policies.writing.strings.standing import Translations

LARGEST = 2_000_000
MOST_STRINGS = 20_000
_HEADER = "Policy texts of this house. The source text decides in case of doubt."


@dataclass(frozen=True, slots=True)
class Translated:
    """One entry of a PO file that has a translation."""

    context: str
    source: str
    words: str


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A PO file as read.

    language  that its header names, or empty
    entries   with a translation, none of them marked fuzzy
    fuzzy     contexts of those that are: a person has not looked at them
    """

    language: str
    entries: tuple[Translated, ...]
    fuzzy: tuple[str, ...]


def write_catalogue(strings: Iterable[SourceString], translations: Translations, *, name: str, at: datetime) -> bytes:
    """A PO file with every string, in reading order; a translation of an older source is shown, marked fuzzy.

    name  of the catalogue, such as a policy's id
    """
    catalogue = Catalog(
        # What Babel knows no plural of is written without one; none of our strings has any.
        locale=None,
        project=name,
        version="1",
        header_comment=f"# {_HEADER}",
        charset="utf-8",
        creation_date=at,
        revision_date=at,
        fuzzy=False,
    )
    strings = tuple(strings)
    known = translations.among(strings)
    for each in strings:
        held = known.current(each)
        older = known.older.get(each.context) if held is None else None
        message = Message(
            each.text,
            held or (older.words if older else ""),
            locations=[_location(each.place)],
            auto_comments=[COMMENTS[each.kind], each.digest],
            context=each.context,
        )
        # Whatever the library takes for a place to fill in is none.
        message.flags = {"fuzzy"} if older else set()
        catalogue[each.text] = message
    return _headed(catalogue, name, translations.language)


class _Ordered(Catalog):
    """A catalogue that notices when two entries are of one name, which otherwise the later would win."""

    def __init__(self) -> None:
        super().__init__(charset="utf-8")
        self.seen: Counter[tuple[str, str]] = Counter()

    def __setitem__(self, id: str | tuple[str, ...] | list[str], message: Message) -> None:  # noqa: A002
        if message.id:
            self.seen[message.context or "", str(message.id)] += 1
        super().__setitem__(id, message)


def read_catalogue(content: bytes) -> ReadFile | list[Fault]:
    """A PO file, or all that keeps it from being read."""
    if len(content) > LARGEST:
        return [Fault("large-file", f"the file has {len(content):,} bytes; at most {LARGEST:,} are taken", "file")]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [Fault("not-utf-8", "the file is not UTF-8; save it as UTF-8 and send it again", "file")]
    catalogue = _Ordered()
    try:
        # What is read is text already, so no header can choose another encoding for it.
        PoFileParser(catalogue, ignore_obsolete=True, abort_invalid=True).parse(io.StringIO(_without_dates(text)))
    except PoFileError as error:
        words = f"this is no PO file that can be read: look at line {error.lineno + 1}"
        return [Fault("bad-po", words, "file")]
    except (ValueError, LookupError, TypeError, AttributeError, IndexError):
        return [Fault("bad-po", "this is no PO file that can be read; send what your translation tool exports", "file")]
    return _read(catalogue)


def _read(catalogue: _Ordered) -> ReadFile | list[Fault]:
    messages = [each for each in catalogue if each.id]
    if len(messages) > MOST_STRINGS:
        return [Fault("many-strings", f"the file has more than {MOST_STRINGS:,} strings", "file")]
    faults = [
        Fault("duplicate", f"`{context or source[:60]}` stands in the file {times} times; keep one", context or None)
        for (context, source), times in catalogue.seen.items()
        if times > 1
    ]
    entries: list[Translated] = []
    fuzzy = []
    for each in messages:
        name = each.context or str(each.id)[:60]
        words = each.string or ""
        if not isinstance(each.id, str) or not isinstance(words, str):
            faults.append(Fault("plural", f"`{name}` has plural forms, which none of our strings has", name))
        elif not each.context:
            faults.append(Fault("no-context", f"`{name}` has no `msgctxt`, which says where it belongs", name))
        elif "fuzzy" in each.flags and words.strip():
            fuzzy.append(each.context)
        elif words.strip():
            entries.append(Translated(each.context, each.id, words))
    return faults or ReadFile(_language(catalogue), tuple(entries), tuple(fuzzy))


def _language(catalogue: Catalog) -> str:
    return next((str(value).strip() for name, value in catalogue.mime_headers if name == "Language"), "")


def _location(place: str) -> tuple[str, int]:
    path, _, line = place.partition(":")
    return path, int(line) if line.isdigit() else 0


def _headed(catalogue: Catalog, name: str, language: str) -> bytes:
    """The file, with the language in its header, which Babel writes for languages alone that it has plurals of."""
    written = io.BytesIO()
    write_po(written, catalogue, width=0, no_location=False, include_previous=False)
    named = ('"Report-Msgid-Bugs-To:', '"Last-Translator:', '"Language-Team:')
    lines = written.getvalue().decode("utf-8").split("\n")
    # Whom to write to is for each house to say; the library's examples of it help nobody.
    text = "\n".join(line for line in lines if not line.startswith(named))
    header = f'"Language: {language if language != SOURCE_LANGUAGE else ""}\\n"\n"X-Assay-Catalogue: {name}\\n"\n'
    return text.replace('"MIME-Version: 1.0\\n"\n', f'{header}"MIME-Version: 1.0\\n"\n', 1).encode("utf-8")


def _without_dates(text: str) -> str:
    """Headers that we do not read are left out: a date or plural rule in another form would stop the reading."""
    dropped = ("POT-Creation-Date", "PO-Revision-Date", "Plural-Forms", "Content-Type", "Content-Transfer-Encoding")
    head, found, body = text.partition("\n\n")
    kept = [line for line in head.split("\n") if not line.lstrip('"').startswith(dropped)]
    return "\n".join(kept) + found + body
