"""A string that can be translated, and how its source is told from an older one. It holds no translation."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from assay.engine.kernel.digest import sha256_of

# The language that policies are written in; it decides in case of doubt.
SOURCE_LANGUAGE = "en"
Kind: TypeAlias = Literal[
    "title", "heading", "paragraph", "item", "moderators", "example", "question", "help", "answer", "measure", "label"
]
# What a translator should know of each kind.
COMMENTS: dict[Kind, str] = {
    "title": "Title of the policy. Plain text.",
    "heading": "Heading of a section. People cite it; keep it short. Plain text or simple Markdown.",
    "paragraph": "Paragraph of the public rule. Markdown: keep **bold**, links and `code` as they are.",
    "item": "Item of a list in the public rule. Markdown.",
    "moderators": "Guidance for moderators; never shown to the public. Markdown.",
    "example": "Title of an example that moderators learn from. Plain text.",
    "question": "Question that a moderator is asked about one item. Plain text.",
    "help": "Help beside the question. Words in `backticks` are names of answers: leave them as they are.",
    "answer": "What an answer says, as part of a sentence. Plain text, no full stop.",
    "measure": "What is done to an item or its account. Plain text.",
    "label": "Word of the page itself. Keep what stands in {braces}.",
}
# Kinds whose words are shown as they stand; in the others Markdown has its meaning.
PLAIN_KINDS: frozenset[Kind] = frozenset({"title", "example", "question", "answer", "measure", "label"})
_SOFT_END = re.compile(r"(?<! {2})(?<!\\)[ \t]*\n[ \t]*")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a string stands in its text, and how another is written there.

    start, end  offsets in the text; None of both where it is not written back
    prefix      put before every further line, such as `> `
    quoted      whether it stands in YAML, where it is written between quotes
    """

    start: int
    end: int
    prefix: str = ""
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class SourceString:
    """One string.

    context  where it stands: `private-people/paragraph/2`; the same as long as the heading and the order are
    text     its words, with line ends that mean nothing made spaces
    place    a file and line, for whoever looks it up
    """

    context: str
    kind: Kind
    text: str
    place: str
    spot: Spot | None = field(default=None, compare=False)

    @property
    def digest(self) -> str:
        """The content address of the words: another one means that the source has changed."""
        return digest_of(self.text)


# From a string to its translation, or None where there is none that is current.
Lookup: TypeAlias = Callable[[SourceString], "str | None"]


def plain(text: str) -> str:
    """Words without line ends that mean nothing in Markdown; a hard break, two spaces or `\\`, stays."""
    return _SOFT_END.sub(" ", text).strip()


def digest_of(text: str) -> str:
    """The content address of a string's words."""
    return sha256_of(plain(text).encode("utf-8"))
