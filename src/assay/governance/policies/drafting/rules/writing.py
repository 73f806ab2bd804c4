"""What a draft may hold: which files, how long, in which letters. It never judges what is written."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.unicode import is_unicode, turned_line
from assay.engine.language.pack.read_pack import OPTIONAL, POLICIES, REQUIRED

LONGEST_TEXT = 400_000
MOST_LINES = 20_000
LONGEST_REMARK = 4_000
LONGEST_SUGGESTION = 20_000
MOST_OPEN_REMARKS = 500
# Files that all policies share; an edit of one reaches every policy.
SHARED = (*REQUIRED, *OPTIONAL)
_POLICY = re.compile(re.escape(POLICIES) + r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?\.md\Z")


def plain(text: str) -> str:
    """A text as it is kept: lines end as the reader of packs counts them, whatever a browser sends."""
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def may_hold(path: str, of_change: str, known: Iterable[str]) -> bool:
    """Whether a draft of a change may hold a file: its own policy, or a file that the house's pack has or may have."""
    return path == of_change or path in SHARED or (path in known and bool(_POLICY.match(path)))


def faults_of_text(text: str) -> list[Fault]:
    """What keeps a text from being kept."""
    faults = []
    if len(text) > LONGEST_TEXT or text.count("\n") > MOST_LINES:
        words = f"the file is longer than {LONGEST_TEXT:,} characters or {MOST_LINES:,} lines; take it apart in two"
        faults.append(Fault("too-long", words, "text"))
    if (turned := turned_line(text)) is not None:
        words = f"line {turned} has a mark that shows words in another order than they decide in; write it by hand"
        faults.append(Fault("turned-text", words, "text"))
    if "\x00" in text or not is_unicode(text):
        words = "the text holds characters that no file can hold; write the last line that you pasted by hand"
        faults.append(Fault("not-text", words, "text"))
    return faults


def faults_of_words(words: str, *, field: str = "words", longest: int = LONGEST_REMARK) -> list[Fault]:
    """What keeps a remark from being made."""
    if not words.strip():
        return [Fault("empty", "nothing is written here; say what you mean", field)]
    if len(words) > longest:
        return [Fault("too-long", f"this is longer than {longest:,} characters; say it in fewer", field)]
    if "\x00" in words or not is_unicode(words):
        return [Fault("not-text", "this holds characters that cannot be kept; write it by hand", field)]
    return []
