"""Matches in a bank as evidence and as sections: a copy of which entry, how near, what that means. It hashes none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.detection.copies.bank.entry import Match
from assay.detection.copies.bank.settings import BankSettings
from assay.detection.copies.kinds import HashKind
from assay.detection.copies.places import nearness, note_of_whole, place_words
from assay.detection.evidence import Evidence, Integrity, Kind
from assay.detection.inspection import Section

NAME = "copies"
# A picture that is a meme's template may be near hundreds of entries, and a record needs to name a few.
MOST_MATCHES = 3
_LABELS = 380


@dataclass(frozen=True, slots=True)
class Looked:
    """One bank that was asked about one file.

    matches  one for each known item, its nearest; the nearest first
    hashes   how many hashes of the file were looked for; none where it has no form that this kind is made of
    """

    settings: BankSettings
    matches: tuple[Match, ...]
    hashes: int


def one_of_each_item(matches: Sequence[Match]) -> tuple[Match, ...]:
    """The nearest match of each known item, of which a bank may keep several parts; they come nearest first."""
    wholes = [(match.source, note_of_whole(match.note)) for match in matches]
    in_parts = {whole for match, whole in zip(matches, wholes, strict=True) if whole[1] != match.note}
    kept: dict[tuple[str, str], Match] = {}
    for match, whole in zip(matches, wholes, strict=True):
        # Without a part among them, entries with one note (a folder's, or a meme's name) are items of their own.
        kept.setdefault(whole if whole in in_parts else ("", str(match.entry)), match)
    return tuple(kept.values())


def evidence_of(looked: Looked) -> list[Evidence]:
    """Evidence for the nearest matches; the last of them says how many more there are."""
    shown = looked.matches[:MOST_MATCHES]
    more = len(looked.matches) - len(shown)
    return [_evidence(looked, match, more if match is shown[-1] else 0) for match in shown]


def _evidence(looked: Looked, match: Match, more: int) -> Evidence:
    settings = looked.settings
    details = {
        "bank": settings.name,
        "purpose": settings.purpose,
        "entry": str(match.entry),
        "hash": match.kind.value,
        match.measure: format(match.distance, ".6g"),
        "threshold": format(match.threshold, ".6g"),
        "near": _nearness(match),
        "place": place_words(match.place),
        "means": match.words,
        "exact": "yes" if match.kind is HashKind.SHA256 else "no",
        "from": match.source or settings.source,
    }
    if match.quality is not None:
        details["quality"] = str(match.quality)
    if match.labels:
        details["labels"] = "; ".join(match.labels)[:_LABELS]
    if more:
        details["more"] = str(more)
    details |= {f"asserts:{signal}": value for signal, value in settings.asserts}
    filled = {key: value for key, value in details.items() if value}
    return Evidence(Kind.COPY, match.claim, Integrity.UNSIGNED, match.tier, f"{NAME}:{settings.name}", filled)


def section_of(looked: Looked) -> Section:
    """What a reviewer sees of one bank: what a match means, then each match with how near it is."""
    settings = looked.settings
    title = f"Bank {settings.name}"
    about = (("holds", settings.purpose), ("looked for", _looked_for(looked)))
    if not looked.hashes:
        words = f"No {settings.kind} hash can be made of this file, or it has too little in it to be told by."
        return Section(title, "not checked", about, note=words)
    if not looked.matches:
        return Section(title, "absent", about, note="Nothing in this bank is near it. That proves nothing.")
    children = tuple(_match_section(match) for match in looked.matches[:MOST_MATCHES])
    more = len(looked.matches) - len(children)
    note = f"{more} more items match." if more else ""
    rows = (("what a match means", settings.words), *about)
    return Section(title, "found", rows, children, note)


def _looked_for(looked: Looked) -> str:
    count = f"{looked.hashes} {looked.settings.kind} {'hash' if looked.hashes == 1 else 'hashes'} of it"
    return count if looked.hashes else "nothing"


def _match_section(match: Match) -> Section:
    rows = [("how near", _nearness(match)), ("recognised", place_words(match.place))]
    if match.quality is not None:
        rows.append(("quality", f"{match.quality} of 100"))
    if match.labels:
        rows.append(("labels", "; ".join(match.labels)))
    if match.note:
        rows.append(("note", match.note))
    if match.source:
        rows.append(("source", match.source))
    return Section(f"Entry {match.entry}", "found", tuple(rows))


def _nearness(match: Match) -> str:
    return nearness(match.kind, match.measure, match.distance, match.threshold)
