"""The findings of one file by what they are made of, each with what its scanners show. It weighs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assay.detection.evidence import Evidence, Integrity, Kind
from assay.detection.inspection import Section, State, bounded
from assay.detection.scanner import READY
from assay.detection.weighing.wording import sentence_of
from assay.interfaces.inspection.inspected import Inspected, Reader

_SIGNED: dict[Integrity, State] = {
    Integrity.OK: "good",
    Integrity.EXPIRED: "weak",
    Integrity.UNSIGNED: "weak",
    Integrity.BROKEN: "broken",
    Integrity.REMOTE: "not checked",
}
# In the order of what they can prove; a scanner stands under the first kind on its card.
_TITLES: tuple[tuple[str, frozenset[Kind]], ...] = (
    ("Signed provenance", frozenset({Kind.SIGNED_PROVENANCE})),
    ("What the metadata says", frozenset({Kind.DECLARATION, Kind.GENERATOR_METADATA})),
    ("Watermarks", frozenset({Kind.KEYED_WATERMARK})),
    ("Known copies", frozenset({Kind.COPY})),
    ("Visible marks", frozenset({Kind.VISIBLE_MARK})),
    ("Statistical detectors", frozenset({Kind.DETECTOR})),
    ("The uploader's word", frozenset({Kind.UPLOADER_DECLARATION})),
)
_OTHER = "Other scanners"
# What a file is made of, rather than what was found in it.
_LISTINGS = frozenset({"Fields", "Structure"})


@dataclass(frozen=True, slots=True)
class Room:
    """Findings of one sort: what each scanner that looks for it shows."""

    title: str
    sections: tuple[Section, ...]


def rooms_of(inspected: Inspected) -> tuple[Room, ...]:
    """Every room in which something was found, or in which somebody looked."""
    found: dict[str, list[Section]] = {title: [] for title in (*(title for title, _ in _TITLES), _OTHER)}
    for reader in inspected.readers:
        found[_title_of(reader)] += [each for each in _sections(inspected, reader) if not _is_duty(each)]
    return tuple(Room(title, tuple(sections)) for title, sections in found.items() if sections)


def unchecked(inspected: Inspected) -> tuple[tuple[str, str], ...]:
    """What nobody looked at, and why: a label and words for each."""
    return tuple(dict.fromkeys(_unchecked(inspected)))


def is_listing(section: Section) -> bool:
    """Whether a section is worth unfolding only for who wants to see everything."""
    return section.title in _LISTINGS and section.state == "found"


def rows_in(section: Section) -> int:
    """Rows of a section and of all below it."""
    return len(section.rows) + sum(map(rows_in, section.children))


def _unchecked(inspected: Inspected) -> Iterator[tuple[str, str]]:
    for fault in inspected.result.faults:
        yield fault.scanner or "the file", fault.words
    for reader in inspected.readers:
        yield from (row for each in inspected.sections_of(reader.name) if _is_duty(each) for row in each.rows)
    if inspected.result.sha256 is None:
        return
    failed = {fault.scanner for fault in inspected.result.faults}
    others = [each for each in inspected.readers if each.name not in failed and not _looks_into(inspected, each)]
    for reader in inspected.readers:
        if reader.readiness.state is not READY.state and reader not in others:
            yield reader.name, f"{reader.readiness.words}; {reader.readiness.next_step}".strip("; ")
    if others:
        names = ", ".join(f"`{reader.name}`" for reader in others)
        yield "other forms of file", f"{names} {'looks' if len(others) == 1 else 'look'} into others than this one"


def _is_duty(section: Section) -> bool:
    # A scanner's own list of what it did not do, which is told once for all of them.
    return section.state == "not checked" and section.title == "Not checked"


def _looks_into(inspected: Inspected, reader: Reader) -> bool:
    if reader.card is None or inspected.result.container in reader.card.containers:
        return True
    # The uploader's word lies beside the file, whatever its form.
    beside = reader.kind is Kind.UPLOADER_DECLARATION
    return beside or bool(inspected.sections_of(reader.name)) or _evidence(inspected, reader) != []


def _title_of(reader: Reader) -> str:
    return next((title for title, kinds in _TITLES if reader.kind in kinds), _OTHER)


def _sections(inspected: Inspected, reader: Reader) -> tuple[Section, ...]:
    """What the scanner shows; where it shows nothing itself, its findings, each as a section."""
    own = inspected.sections_of(reader.name)
    if own:
        return own
    evidence = _evidence(inspected, reader)
    found = tuple(_as_section(one) for one in evidence if one.found)
    if found:
        return bounded(found)
    if reader.kind is Kind.UPLOADER_DECLARATION and reader.name in inspected.result.scanners:
        return (Section("Nothing was declared beside the file", "absent"),)
    return (Section(f"Nothing found by {reader.name}", "absent"),) if evidence else ()


def _evidence(inspected: Inspected, reader: Reader) -> list[Evidence]:
    return [one for one in inspected.result.evidence if one.source.partition(":")[0] == reader.name]


def _as_section(one: Evidence) -> Section:
    signed = one.kind is Kind.SIGNED_PROVENANCE
    state: State = _SIGNED.get(one.integrity, "weak") if signed else "found"
    rows = (("place", one.source), *((key.replace("_", " "), value) for key, value in one.details.items()))
    return Section(sentence_of(one).rstrip("."), state, rows)
