"""One door to the text forms of all kinds of hash: is this one, and how is it written here. It hashes nothing."""

from __future__ import annotations

import re

from assay.detection.copies.hashing import film, minhash, sound_text, tlsh
from assay.detection.copies.kinds import HashKind
from assay.engine.kernel.errors import Fault

_HEXADECIMAL = re.compile(r"[0-9a-f]{64}")


def value_of(kind: HashKind, text: str) -> str | Fault:
    """A value in the form in which it is kept and compared, or the fault of what is no such value."""
    try:
        return canonical(kind, text)
    except ValueError as error:
        return Fault("malformed-hash", f"`{_shown(text)}` is no {kind} hash: {error}", "value")


def canonical(kind: HashKind, text: str) -> str:
    """As `value_of`; raises ValueError, in words for people, for what is no such value."""
    if kind is HashKind.VPDQ:
        return film.text_of(film.frames_in(text))
    if kind is HashKind.CHROMAPRINT:
        return sound_text.text_of(sound_text.numbers_of(text.strip()))
    if kind is HashKind.TLSH:
        return tlsh.canonical(text)
    if kind is HashKind.MINHASH:
        return minhash.canonical(text)
    lower = text.strip().lower()
    if _HEXADECIMAL.fullmatch(lower) is None:
        raise ValueError("it has 64 hexadecimal characters")
    return lower


def _shown(text: str) -> str:
    plain = "".join(each if each.isprintable() and each != "`" else " " for each in text[:40])
    return plain if len(text) <= 40 else f"{plain}…"
