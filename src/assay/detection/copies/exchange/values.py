"""A hash as exchanges write it, brought into the form in which it is kept here. It computes none."""

from __future__ import annotations

import json
from collections.abc import Mapping

from assay.detection.copies.hashing.values import value_of
from assay.detection.copies.kinds import HashKind
from assay.engine.kernel.errors import Fault


def usual_form(kind: HashKind, value: object) -> str | Fault:
    """The value as it is kept, or the fault that says what it should be.

    A film's hash may come as text, as a list, or in the older form, in which its frames are numbered in an object.
    """
    if kind is HashKind.VPDQ:
        value = _film(value)
    if not isinstance(value, str):
        return Fault("malformed-hash", f"a {kind} hash is a text", "hash")
    return value_of(kind, value)


def _film(value: object) -> object:
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return value
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        try:
            return json.dumps([_frame(each) for each in value])
        except RecursionError:
            return None
    return value


def _frame(given: object) -> object:
    if isinstance(given, Mapping):
        return f"{given.get('hash')},{given.get('quality')},{given.get('timestamp')}"
    return given
