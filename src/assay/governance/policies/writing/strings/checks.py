"""Whether a translation may stand where its source stands: the same marks, the same names. It mends none."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from assay.engine.kernel.errors import Fault
from assay.governance.policies.writing.strings.pieces import MODERATORS
from assay.governance.policies.writing.strings.sources import PLAIN_KINDS, Kind, plain

LONGEST = 10_000
_PLACES = re.compile(r"\{[a-z_]*\}")
_MARKS = {"strong_open": "bold", "em_open": "emphasis", "link_open": "a link", "image": "a picture"}
# Line ends of other kinds, and what writes the words around it the other way round.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029\u202a-\u202e\ufeff\ud800-\udfff]")


def faults_of(kind: Kind, source: str, words: str, name: str) -> list[Fault]:
    """All that keeps a translation from being taken.

    name  of the string, as its faults cite it
    """
    if len(words) > LONGEST:
        return [Fault("long-translation", f"the translation of `{name}` has more than {LONGEST:,} characters", name)]
    found = []
    if _UNSEEN.search(words):
        found.append(
            Fault(
                "unseen-characters",
                f"the translation of `{name}` holds characters that cannot be seen; remove control and direction marks",
                name,
            )
        )
    if kind in PLAIN_KINDS:
        found += _plain_faults(kind, source, words, name)
    else:
        found += _markup_faults(plain(source), plain(words), name)
    return found


def _plain_faults(kind: Kind, source: str, words: str, name: str) -> list[Fault]:
    if "\n" in words.strip() and "\n" not in source:
        return [Fault("several-lines", f"`{name}` is one line; the translation has several", name)]
    wanted, given = Counter(_PLACES.findall(source)), Counter(_PLACES.findall(words))
    if kind == "label" and wanted != given:
        said = ", ".join(f"`{each}`" for each in sorted(wanted)) or "none"
        return [Fault("placeholders", f"`{name}` has other places in braces than its source: keep {said}", name)]
    return []


def _markup_faults(source: str, words: str, name: str) -> list[Fault]:
    tokens = _markdown().parse(words)
    if [token.type for token in tokens] != ["paragraph_open", "inline", "paragraph_close"]:
        said = "would no longer be one paragraph; put a backslash before a mark that begins it"
        return [Fault("broken-markup", f"the translation of `{name}` {said}", name)]
    if MODERATORS.match(words.lstrip("> ")):
        return [
            Fault("broken-markup", f"the translation of `{name}` repeats the mark for moderators; leave it out", name)
        ]
    wanted, given = _Inline(source), _Inline(words)
    found = []
    if wanted.codes != given.codes:
        said = ", ".join(f"`{code}`" for code in sorted(wanted.codes)) or "none"
        found.append(
            Fault("placeholders", f"`{name}` has other words between backticks than its source: keep {said}", name)
        )
    if wanted.links != given.links:
        found.append(Fault("broken-markup", f"the links of `{name}` lead elsewhere than those of its source", name))
    if wanted.marks != given.marks:
        said = _marks_words(wanted.marks, given.marks)
        found.append(Fault("broken-markup", f"the translation of `{name}` {said}; keep the marks of its source", name))
    return found


class _Inline:
    """What is marked in a line of Markdown."""

    def __init__(self, text: str) -> None:
        tokens = _markdown().parseInline(text)[0].children or []
        self.codes = Counter(token.content for token in tokens if token.type == "code_inline")
        self.links = Counter(str(_address(token)) for token in tokens if token.type in {"link_open", "image"})
        self.marks = Counter(_MARKS[token.type] for token in tokens if token.type in _MARKS)


def _address(token: Token) -> str | int | float | None:
    return token.attrs.get("href", token.attrs.get("src"))


def _marks_words(wanted: Counter[str], given: Counter[str]) -> str:
    lost, more = sorted((wanted - given).keys()), sorted((given - wanted).keys())
    return f"has lost {', '.join(lost)}" if lost else f"has {', '.join(more)} that its source has not"


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False})
