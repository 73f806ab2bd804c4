"""Whether a line of text is a label that says AI. It never takes a sentence about AI for one."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assay.detection.evidence import Claim

MOST_CHARACTERS = 60
# Short phrases have neighbours that mean something else; from here on one letter may be misread.
FEWEST_FOR_MISREADING = 9
_ALIKE = str.maketrans({"l": "i", "1": "i", "ı": "i", "0": "o"})
# Letters with two marks, of which Vietnamese is full: the reader leaves them out of what it reads.
_UNREAD = re.compile("[\u1ea0-\u1ef9]")
_QUESTIONS = frozenset("?？¿؟")


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a label says: in which language, or `mark` for a generator's printed name."""

    text: str
    language: str
    claim: Claim


@dataclass(frozen=True, slots=True)
class _Book:
    phrases: dict[str, Phrase]
    beside: tuple[str, ...]


def label_in(line: str) -> Phrase | None:
    """The phrase that a line consists of, or None. A question, a denial or a longer sentence is no label."""
    if len(line) > MOST_CHARACTERS or _QUESTIONS & set(line):
        return None
    plain = _plain(line)
    book = _book()
    for candidate in _without_neighbours(plain, book.beside):
        found = book.phrases.get(candidate)
        if found is not None:
            return found
    return _misread(plain, book)


def languages() -> tuple[str, ...]:
    """The languages that phrases are known in."""
    return tuple(sorted({phrase.language for phrase in _book().phrases.values()} - {"mark"}))


def _misread(plain: str, book: _Book) -> Phrase | None:
    if len(plain) < FEWEST_FOR_MISREADING or not plain.isascii():
        return None
    alike = [
        phrase
        for key, phrase in book.phrases.items()
        if len(key) == len(plain) and key.isascii() and sum(a != b for a, b in zip(key, plain, strict=True)) == 1
    ]
    return alike[0] if len(alike) == 1 else None


def _without_neighbours(plain: str, beside: tuple[str, ...]) -> list[str]:
    """The line as it stands, and with words of `beside` taken off either end, in every order; the longest first."""
    found, waiting = [plain], [plain]
    while waiting and len(found) < 64:
        line = waiting.pop(0)
        for word in beside:
            for rest in (line.removeprefix(word), line.removesuffix(word)):
                if rest and rest != line and rest not in found:
                    found.append(rest)
                    waiting.append(rest)
    return found


def _plain(text: str) -> str:
    unfolded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    letters = "".join(each for each in unfolded if unicodedata.category(each)[0] in "LN")
    # Stroked letters do not come apart, and OCR drops the stroke.
    return letters.replace("đ", "d").replace("ł", "i").translate(_ALIKE)


@cache
def _book() -> _Book:
    with Path(__file__).with_name("phrases.toml").open("rb") as stream:
        raw = tomllib.load(stream)
    beside = tuple(sorted({_plain(word) for word in raw.pop("beside")["words"]}))
    phrases = {_plain(text): Phrase(text, "mark", Claim.AI_UNSPECIFIED) for text in raw.pop("generators")["marks"]}
    for language, lists in raw.items():
        for key, claim in (("says", Claim.AI_UNSPECIFIED), ("perhaps", Claim.MAY_BE)):
            for text in lists[key]:
                for form in (text, _UNREAD.sub("", unicodedata.normalize("NFC", text))):
                    phrases.setdefault(_plain(form), Phrase(text, language, claim))
    return _Book(phrases, beside)
