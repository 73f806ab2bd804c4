"""The forms that names take: slugs, signal names, rule references, and the nearest known name to a wrong one."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
SIGNAL_NAME = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*\Z")
VALUE_NAME = re.compile(r"[a-z0-9][a-z0-9_]*\Z")
MEASURE_NAME = re.compile(r"[a-z][a-z0-9_]*(?::[a-z][a-z0-9_]*)?\Z")
MARKET_CODE = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?\Z")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that somebody most likely meant, or None when none is near."""
    matches = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return matches[0] if matches else None


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """A hint that names the nearest known name, or None when none is near."""
    match = nearest(name, known)
    return f"did you mean `{match}`?" if match else None
