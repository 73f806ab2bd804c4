"""What a signal's value may be, inside the engine. `None` is unknown, everywhere and nowhere else."""

from __future__ import annotations

from typing import TypeAlias

# Times are integer microseconds since 1970-01-01T00:00:00Z and durations integer microseconds, so that every
# back end compares plain integers; `language.vocabulary` reads and writes their text forms.
Value: TypeAlias = bool | int | float | str | frozenset[str]
Known: TypeAlias = Value
MaybeValue: TypeAlias = Value | None
