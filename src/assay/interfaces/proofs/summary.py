"""One Markdown summary for a pull request. Nothing that a pack says can become markup or call anybody by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from assay.engine.analysis.difference.change import Change, ClauseEdit, Difference, Region
from assay.engine.analysis.proof.finding import Finding, Kind, Weight
from assay.engine.analysis.situations.witness import Witness
from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.markets import Markets
from assay.engine.language.pack.vocabulary import Vocabulary
from assay.interfaces.proofs.words import left_out, moment, reach, region_words, turn, written_facts

LONGEST = 60_000
_MOST_REGIONS = 20
# A name after @ may call a person and a number after # an issue, even behind a backslash.
_MARKUP = {
    **{sign: f"\\{sign}" for sign in "\\`*_[]~|"},
    "<": "&lt;",
    ">": "&gt;",
    "&": "&amp;",
    "@": "&#64;",
    "#": "&#35;",
}
_SIGNS = {True: "✔", False: "✘", None: "–"}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the table: what was done, and how it went; `good` is None where it says nothing for or against."""

    name: str
    good: bool | None
    words: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the summary below its heading; of entries that find no room, the number is said."""

    title: str
    entries: tuple[str, ...]
    more: str


def summary(title: str, steps: Iterable[Step], parts: Iterable[Part], *, longest: int = LONGEST) -> str:
    """The whole summary, no longer than so many characters."""
    rows = [f"| {_SIGNS[step.good]} | {step.name} | {plain(step.words)} |" for step in steps]
    text = "\n".join((f"## {plain(title)}", "", "| | | |", "|---|---|---|", *rows, ""))
    # Room is kept for the sentences that say what was left out.
    room = longest - len(text) - 500
    for part in parts:
        heading = f"\n### {part.title}\n\n"
        if not part.entries:
            continue
        taken: list[str] = []
        for entry in part.entries:
            if len(entry) + 1 > room - len(heading):
                break
            taken.append(entry)
            room -= len(entry) + 1
        left = len(part.entries) - len(taken)
        room -= len(heading)
        text += heading + "".join(f"{entry}\n" for entry in taken)
        if left:
            text += f"\n_{left} more {'is' if left == 1 else 'are'} left out here; {part.more}_\n"
    return text


def plain(text: str) -> str:
    """Words for Markdown: what stands in backticks as code, everything else as it is, on one line."""
    parts = _visible(text).split("`")
    if len(parts) % 2 == 0:
        return _escaped("'".join(parts))
    return "".join(f"`{_in_cell(part)}`" if place % 2 and part else _escaped(part) for place, part in enumerate(parts))


def code(text: str) -> str:
    """A text as code."""
    return f"`{_in_cell(_visible(text).replace('`', chr(39)))}`"


def _visible(text: str) -> str:
    joined = " ".join(text.split())
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in joined)


def _escaped(text: str) -> str:
    return "".join(_MARKUP.get(sign, sign) for sign in text)


def _in_cell(text: str) -> str:
    """Code in a table would end its cell at a bar."""
    return text.replace("|", "¦")


# -------------------------------------------------------------------- problems


def problem_entries(problems: Iterable[Diagnostic]) -> Iterator[str]:
    """Faults of a check or of examples, with their places."""
    for problem in problems:
        hint = f" {plain(problem.hint)}" if problem.hint else ""
        sign = "✘" if problem.severity == "error" else "⚠"
        yield f"- {sign} **{problem.slug}** {code(str(problem.span))}: {plain(problem.words)}.{hint}"


def finding_entries(findings: Iterable[Finding], vocabulary: Vocabulary) -> Iterator[str]:
    """What a proof found, each with the items that show it."""
    for found in findings:
        serious = found.weight is Weight.ERROR or found.kind is Kind.UNDECIDED
        sign = "✘" if serious else "⚠" if found.weight is Weight.WARNING else "ℹ"
        lines = [f"- {sign} **{found.kind.value}** {code(str(found.span))}: {plain(found.words)}"]
        lines += [f"  {_witness(witness, vocabulary)}" for witness in found.witnesses]
        yield "\n".join(lines)


def _witness(witness: Witness, vocabulary: Vocabulary) -> str:
    facts = code(", ".join(written_facts(witness, vocabulary)))
    shows = f" → {plain(witness.shows)}" if witness.shows else ""
    return f"- for example in {plain(witness.market)} on {moment(witness.as_of)}: {facts}{shows}"


# ------------------------------------------------------------------ difference


def change_entries(difference: Difference, markets: Markets) -> Iterator[str]:
    """What changes, a foldable entry for each change of a measure; those that wait for an answer come last."""
    for complete in (True, False):
        for change in difference.changes:
            regions = [region for region in change.regions if region.complete is complete]
            if regions:
                yield _change(change, regions, difference, markets)


def _change(change: Change, regions: list[Region], difference: Difference, markets: Markets) -> str:
    since = f" from {moment(change.since)} on" if change.since > difference.as_of else ""
    until = f" until {moment(change.until)}" if change.until is not None else ""
    open_words = "" if regions[0].complete else ", while something is still unknown"
    where = reach(change, markets)
    head = f"{turn(change)}, {change.direction.value} {where}{since}{until}{open_words}"
    lines = [f"<details><summary><b>{escape(_visible(change.measure))}</b> {escape(head)}</summary>", ""]
    if change.rules:
        lines += [f"By {', '.join(map(code, change.rules))}.", ""]
    for region in regions[:_MOST_REGIONS]:
        aside = left_out(region, change)
        lines.append(f"- {plain(region_words(region))}" + (f" ({plain(aside)})" if aside else ""))
        lines.append(f"  {_witness(region.witness, difference.vocabulary)}")
    if len(regions) > _MOST_REGIONS:
        lines.append(f"- and {len(regions) - _MOST_REGIONS} more conditions")
    return "\n".join([*lines, "", "</details>", ""])


def clause_entries(clauses: Iterable[ClauseEdit]) -> Iterator[str]:
    """Clauses that are not as they were."""
    for clause in clauses:
        edits = ", ".join(edit.value for edit in clause.edits)
        yield f"- {code(clause.name)} {edits}: {plain(clause.words)}"
