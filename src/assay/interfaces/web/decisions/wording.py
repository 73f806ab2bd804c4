"""Strangers' text and recorded values as a page may show them. Nothing that they hold can turn a page round."""

from __future__ import annotations

import json
import unicodedata

from assay.engine.language.pack.vocabulary import Signal

_LONGEST_SHOWN = 200
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def shown(text: str, most: int = _LONGEST_SHOWN) -> str:
    """Text in which everything can be seen: what turns letters round or has no form is written as its number."""
    cut = text if len(text) <= most else f"{text[: most - 1]}…"
    return "".join(f"⟨{ord(letter):04X}⟩" if unicodedata.category(letter) in _HIDDEN else letter for letter in cut)


def quoted(text: str) -> str:
    """A person's own words within ours."""
    return f"`{shown(text, 60).replace('`', '´')}`"


def value_words(value: object, signal: Signal | None = None) -> str:
    """A recorded value in words: yes and no, a choice by what it says, several by commas."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        named = signal.by_name.get(value) if signal is not None else None
        return f"{shown(value)} ({named.phrase})" if named is not None and named.phrase else shown(value)
    if isinstance(value, int | float):
        unit = f" {signal.unit}" if signal is not None and signal.unit else ""
        return f"{value:,}{unit}"
    if isinstance(value, list):
        return ", ".join(value_words(each, signal) for each in value) or "none"
    if isinstance(value, dict):
        return "; ".join(f"{_market(str(name))}: {value_words(each, signal)}" for name, each in value.items())
    return shown(json.dumps(value, ensure_ascii=False))


def _market(name: str) -> str:
    return "everywhere" if name == "*" else shown(name)
