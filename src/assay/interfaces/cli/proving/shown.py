"""Findings and witnesses as lines for a terminal. It prints nothing that a stranger wrote without making it safe."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import typer

from assay.engine.kernel.errors import Diagnostic
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.vocabulary import Vocabulary
from assay.interfaces.cli.terminal import line_width, printable, wrapped
from assay.interfaces.proofs.words import moment, reproduced, subject_of, written_facts

if TYPE_CHECKING:
    from assay.engine.analysis.proof.finding import Finding, Kind
    from assay.engine.analysis.situations.witness import Witness

INDENT = " " * 6


def print_lines(text: str, *, error: bool = False) -> None:
    """Lines that hold a stranger's words, on standard output or as an error."""
    for line in text.split("\n"):
        print(printable(line), file=sys.stderr if error else None)


def print_finding(found: Finding, pack: Pack, texts: Mapping[str, str], named: str) -> None:
    """A finding: place, slug, words, line and caret; below it the items that show it, and how to see for oneself.

    named  how the pack is named in a command that reproduces a witness
    """
    from assay.engine.analysis.proof.finding import Weight

    weight = "" if found.weight is Weight.ERROR else f" ({found.weight.value})"
    head = Diagnostic(found.kind.value, f"{found.words}{weight}", found.span, found.hint or None)
    print_lines(head.render(texts))
    if found.markets:
        print(wrapped(f"markets: {', '.join(found.markets)}", INDENT))
    for number, witness in enumerate(found.witnesses, 1):
        called = f"item {number} of {len(found.witnesses)}" if len(found.witnesses) > 1 else subject_of(witness)
        print_witness(witness, pack.vocabulary, called)
    for witness in found.witnesses:
        print(f"{INDENT}$ {printable(reproduced(witness, pack.vocabulary, named))}")


def print_witness(witness: Witness, vocabulary: Vocabulary, called: str, indent: str = INDENT) -> None:
    """A witness: where and when, what is known of it, what is decided."""
    print(f"{indent}{called} in {witness.market} on {moment(witness.as_of)}:")
    print_in_a_row(written_facts(witness, vocabulary), indent + "  ")
    if witness.shows:
        print(wrapped(f"→ {witness.shows}", indent + "  ", indent + "    "))


def print_in_a_row(parts: Sequence[str], indent: str) -> None:
    """Parts with commas between them; a line ends between two parts and never within one."""
    room = line_width() - len(indent)
    lines: list[str] = []
    for number, part in enumerate(parts, 1):
        text = printable(part) + ("," if number < len(parts) else "")
        if lines and len(lines[-1]) + 1 + len(text) <= room:
            lines[-1] += f" {text}"
        else:
            lines.append(text)
    for line in lines:
        print(indent + line)


def together(findings: Iterable[Finding]) -> list[Finding]:
    """Findings in their order, but those of one kind on one rule or promise stand together."""
    groups: dict[tuple[Kind, Sequence[str]], list[Finding]] = {}
    for found in findings:
        groups.setdefault((found.kind, found.subjects[:1]), []).append(found)
    return [found for group in groups.values() for found in group]


def print_texts_note(texts: Sequence[str]) -> None:
    """Which text signals the solver knows less of than a person."""
    if texts:
        named = ", ".join(texts)
        words = f"texts taken as free: {named}. Of a text the solver knows which tests it passes, and no more."
        print(wrapped(words))


def print_bold(text: str, *, good: bool | None = None) -> None:
    """A verdict: bold, and in green or red where that can be seen."""
    colour = None if good is None else typer.colors.GREEN if good else typer.colors.RED
    typer.secho(printable(text), bold=True, fg=colour)
