"""One file's inspection as lines for a terminal. What passed and what a file is made of, it only counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from assay.detection.inspection import Section
from assay.interfaces.inspection.inspected import Inspected
from assay.interfaces.inspection.rooms import is_listing, rooms_of, rows_in, unchecked
from assay.interfaces.inspection.words import (
    COUNTS,
    GLYPHS,
    STATES,
    judged_words,
    moment,
    size_words,
    speaker_words,
    value_words,
)

# Text, its indent, and the indent of its further lines.
Wrap = Callable[[str, str, str], str]


def lines_of(inspected: Inspected, wrap: Wrap) -> Iterator[str]:
    """Every line but the first, which names the file; the caller folds what is long to its terminal."""
    result, verdict = inspected.result, inspected.verdict
    yield wrap(verdict.sentence, "", "")
    yield from (wrap(each, "  ", "  ") for each in verdict.beside)
    for room in rooms_of(inspected):
        yield ""
        yield room.title
        for section in room.sections:
            yield from _section(section, 1, wrap)
    yield from _weighed(inspected, wrap)
    yield from _pairs("Not checked", unchecked(inspected), wrap)
    asserted = tuple(
        (f"{one.signal} = {value_words(one.value)}", speaker_words(one, inspected.judgement))
        for one in inspected.assertions
    )
    yield from _pairs("What it asserts, and who says so", asserted, wrap)
    lists = ", ".join(f"{each.keeper} ({each.certificates} for {each.purpose})" for each in inspected.lists)
    facts = (
        ("form", (result.container or "unknown") + (f" ({result.modality.value})" if result.modality else "")),
        ("size", size_words(inspected.size)),
        ("SHA-256", result.sha256 or "not taken"),
        ("inspected", moment(inspected.at)),
        ("trust lists", lists or "none were given; `assay trust update FOLDER` fetches them"),
    )
    yield from _pairs("The file", facts, wrap)


def _weighed(inspected: Inspected, wrap: Wrap) -> Iterator[str]:
    """What every finding can show and cannot, and how they were put together."""
    judgement = inspected.judgement
    if not judgement.pieces:
        return
    yield ""
    yield "How this was weighed"
    for sentence in judgement.sentences:
        yield wrap(sentence, "  ", "  ")
    values = " · ".join(f"{name}: {value}" for name, value in judged_words(judgement))
    yield wrap(values, "  ", "  ")
    for piece in judgement.pieces:
        yield wrap(f"{piece.says} ({COUNTS[piece.counts][1].lower()})", "  - ", "    ")
        yield wrap(f"{piece.weight} {piece.shows} {piece.cannot}", "    ", "    ")


def _section(section: Section, depth: int, wrap: Wrap) -> Iterator[str]:
    indent = "  " * depth
    if is_listing(section):
        yield f"{indent}{GLYPHS[section.state]} {section.title}: {rows_in(section)} lines, with --html or --json"
        return
    title = f"{GLYPHS[section.state]} {section.title} ({STATES[section.state].lower()})"
    yield wrap(title, indent, indent + "  ")
    passed = 0
    for label, text in section.rows:
        if label == "passed":
            passed += 1
        else:
            yield wrap(f"{label}: {text}", indent + "  ", indent + "    ")
    if passed:
        yield f"{indent}  passed: {passed} {'check' if passed == 1 else 'checks'}"
    if section.note:
        yield wrap(section.note, indent + "  ", indent + "  ")
    for child in section.children:
        yield from _section(child, depth + 1, wrap)


def _pairs(title: str, pairs: tuple[tuple[str, str], ...], wrap: Wrap) -> Iterator[str]:
    if pairs:
        yield ""
        yield title
        yield from (wrap(f"{label}: {text}", "  ", "    ") for label, text in pairs)
