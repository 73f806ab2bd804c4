"""What people wrote, inside our own markup: faults, words in backticks. Nothing of theirs becomes markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

# Of checks that say the same about every field; a field's own messages stay.
_OURS = {"required": "fill this in", "invalid_choice": "choose one of those that are offered"}
_TICKS = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Shown:
    """A fault as a page shows it.

    target  the id of the field that it is about, or nothing
    """

    words: SafeString
    target: str


def with_code(words: str) -> SafeString:
    """Words in which what stands in backticks is set as code."""
    # Escaped first: what is put between the tags afterwards can no longer be any.
    return mark_safe(_TICKS.sub(r"<code>\1</code>", str(conditional_escape(words))))  # noqa: S308


def sentence(words: str) -> SafeString:
    """A fault's words, which begin in lower case on the terminal, as a line of a page."""
    first = words[:1].upper() + words[1:] if not words.startswith("`") else words
    return with_code(first)


def shown_faults(faults: object, form: object = None) -> list[Shown]:
    """Everything that was wrong: from a command's faults, and from a form's own checks; each once."""
    found: dict[tuple[str, str], Shown] = {}
    for words, name in [*_of_form(form), *_of_faults(faults)]:
        target = _field_id(form, name)
        found.setdefault((words, target), Shown(sentence(words), target))
    return list(found.values())


def faults_of_field(faults: object, name: str) -> list[SafeString]:
    """What a command found wrong with one field."""
    return [sentence(words) for words, field in _of_faults(faults) if field == name]


def _of_faults(faults: object) -> list[tuple[str, str]]:
    # A command returns a list of faults or what it made; a page may hand over either.
    if not isinstance(faults, Iterable) or isinstance(faults, str | Mapping):
        return []
    return [(str(each.words), str(each.field or "")) for each in faults if hasattr(each, "words")]


def _of_form(form: Any) -> list[tuple[str, str]]:
    if form is None or not getattr(form, "is_bound", False):
        return []
    found = []
    for name, errors in form.errors.items():
        own = name if name in form.fields else ""
        label = f"{form[name].label}: " if own else ""
        found += [(label + words[:1].lower() + words[1:] if label else words, own) for words in errors_of(errors)]
    return found


def errors_of(errors: Any) -> list[str]:
    """What a form's own checks found, in our words where it has only general ones."""
    if not hasattr(errors, "as_data"):
        return [str(each) for each in errors]
    return [
        words
        for error in errors.as_data()
        for words in ([_OURS[error.code]] if error.code in _OURS else [str(each) for each in error.messages])
    ]


def _field_id(form: Any, name: str) -> str:
    if not name:
        return ""
    if form is not None and name in form.fields:
        return str(form[name].id_for_label or form[name].auto_id)
    return f"id_{name}"
