"""How hard a text is to read, as a school grade of the United States. It counts letters and knows no meaning."""

from __future__ import annotations

import re
from dataclasses import dataclass

# What most adults can read at ease; notices to everybody should ask for no more.
EASY = 8.0
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SENTENCE = re.compile(r"[.!?]+(?=\s|$)")
# Below this a formula says nothing.
_FEWEST_WORDS = 20


@dataclass(frozen=True, slots=True)
class Grade:
    """The grade of a text; None where it has too few words for a formula to say anything."""

    grade: float | None
    words: int
    sentences: int

    @property
    def is_easy(self) -> bool:
        """Whether it is easy enough; what is not known is not."""
        return self.grade is not None and self.grade <= EASY


def grade_of(text: str) -> Grade:
    """The automated readability index of an English text.

    source  Smith and Senter 1967, AMRL-TR-66-220: 4.71 letters a word + 0.5 words a sentence - 21.43
    """
    words = _WORD.findall(text)
    letters = sum(character.isalnum() for word in words for character in word)
    sentences = max(1, len(_SENTENCE.findall(text.strip())))
    if len(words) < _FEWEST_WORDS:
        return Grade(None, len(words), sentences)
    grade = 4.71 * letters / len(words) + 0.5 * len(words) / sentences - 21.43
    return Grade(round(max(0.0, grade), 1), len(words), sentences)
