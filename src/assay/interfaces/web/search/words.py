"""Words as search sees them, and which are so alike that one may be a slip for the other. It knows no document."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+")
MOST_WORDS = 12
_LONGEST = 40
# Below this, one letter more or less makes another word too often.
_SHORTEST_SLIP = 4


def words_of(text: str) -> list[str]:
    """The words of what somebody typed, in lower case and without marks above letters; at most a dozen."""
    plain = unicodedata.normalize("NFKD", text[:400]).casefold()
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return [word[:_LONGEST] for word in _WORD.findall(bare)][:MOST_WORDS]


def shortened(word: str) -> frozenset[str]:
    """A word, and the word without each one of its letters."""
    return frozenset({word, *(word[:place] + word[place + 1 :] for place in range(len(word)))})


def are_alike(one: str, other: str) -> bool:
    """Whether one is the other with a letter left out, put in, changed or moved."""
    return not shortened(one).isdisjoint(shortened(other))


class Slips:
    """Known words, found by a word with a slip in it."""

    def __init__(self, known: Iterable[str]) -> None:
        self._by_part: dict[str, list[str]] = {}
        for word in known:
            if len(word) >= _SHORTEST_SLIP:
                for part in shortened(word):
                    self._by_part.setdefault(part, []).append(word)

    def near(self, word: str) -> list[str]:
        """The known words that are alike, in order of the alphabet; none for a short word."""
        if len(word) < _SHORTEST_SLIP:
            return []
        return sorted({found for part in shortened(word) for found in self._by_part.get(part, ())})
