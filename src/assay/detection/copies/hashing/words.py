"""A text made plain for comparison: how it is spelled, spaced and typed no longer matters. It knows no language."""

from __future__ import annotations

import re
import unicodedata

from assay.detection.container import Modality
from assay.detection.media import Media

# What is longer is compared by its beginning.
MOST_BYTES = 512 * 1024

# Marks that show nothing, with which a copier splits words: soft hyphen, joiners, direction marks, byte order mark.
_UNSEEN = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe00-\ufe0f]")
# Scripts written without spaces, of which every character stands as a word: Thai, Lao, Myanmar, Khmer, kana, Han.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")


def text_of(media: Media) -> str | None:
    """A text file's text, as far as it is compared, or None for a file that is none."""
    if media.modality is not Modality.TEXT:
        return None
    with media.open() as stream:
        return stream.read(MOST_BYTES).decode("utf-8", "ignore")


def plain(text: str) -> str:
    """Compatible forms folded together (NFKC), no capitals, no unseen marks, single spaces."""
    # A thousandfold blow-up by compatible forms is cut before and behind.
    folded = unicodedata.normalize("NFKC", _UNSEEN.sub("", text[:MOST_BYTES])).casefold()
    return " ".join(folded.split())[:MOST_BYTES]


def words_of(text: str) -> list[str]:
    """The words of a text in their order, without punctuation; in scripts without spaces, its characters."""
    return _WORD.findall(plain(text))
