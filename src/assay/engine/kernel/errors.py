"""Faults in what a person wrote, as values; and the one exception for a caller who must stop. It never prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from assay.engine.kernel.span import Span

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One fault: its slug, words in lower case with the person's own words in backticks, its place, the next step."""

    slug: str
    words: str
    span: Span
    hint: str | None = None
    severity: Severity = "error"

    def render(self, files: Mapping[str, str]) -> str:
        """The fault as the terminal shows it: place, slug, words, the line with a caret, the hint."""
        head = f"{self.span}: {self.slug}: {self.words}"
        lines = files[self.span.path].split("\n") if self.span.path in files else []
        if not 1 <= self.span.line <= len(lines):
            return head if self.hint is None else f"{head}\n      | {self.hint}"
        line = lines[self.span.line - 1].rstrip("\r")
        # A tab would throw the caret off, and a line of a thousand characters would hide it.
        shown = line.replace("\t", " ")[:200]
        gutter = f"{self.span.line:>5} | "
        caret = " " * (self.span.column - 1) + "^" * max(1, min(self.span.length, len(shown) - self.span.column + 1))
        below = f"{'':>5} | {caret}" + (f" {self.hint}" if self.hint else "")
        return f"{head}\n{gutter}{shown}\n{below}"


class Refused(Exception):
    """What somebody gave cannot be used; carries every fault found, for callers that cannot go on without it."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        first = self.diagnostics[0] if self.diagnostics else None
        super().__init__(f"{first.span}: {first.slug}: {first.words}" if first else "refused")


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault in one record of many: slug, words, and which field it is about."""

    slug: str
    words: str
    field: str | None = None
