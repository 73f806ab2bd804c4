"""The copies scanner: hashes a file as the banks need it, and names the entries it is near. It decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assay.detection.copies.bank.bank import Bank
from assay.detection.copies.bank.unusable import UnusableBank
from assay.detection.copies.hashing.fingerprints import Hashed, hashed
from assay.detection.copies.kinds import Fingerprint
from assay.detection.copies.opening import open_banks
from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.inspection import Section
from assay.detection.media import Media
from assay.detection.scanner import READY, Card, Example, Readiness, ScanFailed, Scanner, Settings, State
from assay.detection.scanners.copies.findings import (
    NAME,
    Looked,
    evidence_of,
    one_of_each_item,
    section_of,
)

_CARD = "card.toml"
_LIMIT = 200


@dataclass(frozen=True, slots=True)
class CopiesScanner:
    """Hashes once for all banks, asks each, and keeps each bank's meaning with its matches."""

    card: Card
    banks: tuple[Bank, ...]

    @property
    def name(self) -> str:
        return NAME

    def readiness(self) -> Readiness:
        if not self.banks:
            words, step = (
                "no bank of known items is named",
                "make one: assay bank create BANKS/NAME; then --banks BANKS",
            )
            return Readiness(State.NO_BANKS, words, step)
        return READY

    def is_requested(self) -> bool:
        """Whoever names banks wants every file compared with them, and not only in deep scans."""
        return bool(self.banks)

    def scan(self, media: Media) -> list[Evidence]:
        looked, failures = self._looked(media)
        found = [evidence for each in looked for evidence in evidence_of(each)]
        if failures:
            # A picture that cannot be decoded may still be known by its bytes.
            raise ScanFailed(failures[0].slug, failures[0].words, found)
        if not found and any(each.hashes for each in looked):
            return [Evidence(Kind.COPY, Claim.NONE, Integrity.NONE, Tier.UNVERIFIED, NAME)]
        return found

    def inspect(self, media: Media) -> tuple[Section, ...]:
        """Every bank that was asked, with what it holds and what of it this file is near."""
        looked, failures = self._looked(media)
        told = tuple(section_of(each) for each in looked)
        broken = tuple(Section("Hashes that could not be made", "not checked", note=each.words) for each in failures)
        return (*told, *broken)

    def _looked(self, media: Media) -> tuple[list[Looked], list[ScanFailed]]:
        made: dict[tuple[bool, bool], Hashed] = {}
        for wish in dict.fromkeys(map(_wish, self.banks)):
            kinds = {bank.settings.kind for bank in self.banks if _wish(bank) == wish}
            made[wish] = hashed(media, kinds, dihedral=wish[0], crops=wish[1])
        failures = [failure for each in made.values() for failure in each.failures]
        looked = []
        for bank in self.banks:
            try:
                looked.append(_look(bank, made[_wish(bank)].fingerprints))
            except UnusableBank as unusable:
                # One bank that is torn or gone costs its own matches, and is told for every file.
                failures.append(ScanFailed(unusable.faults[0].slug, unusable.faults[0].words))
        return looked, failures

    def examples(self) -> Sequence[Example]:
        from assay.detection.scanners.copies.examples import examples

        return examples()

    @contextmanager
    def furnished(self) -> Iterator[Scanner]:
        """The same scanner with a bank of the examples' own, since no operator's bank holds them."""
        from assay.detection.scanners.copies.examples import example_banks

        with example_banks() as banks:
            yield CopiesScanner(self.card, banks)


def _wish(bank: Bank) -> tuple[bool, bool]:
    """Which edits a bank's pictures are looked for in; one bank's wish never adds matches to another."""
    return (bank.settings.dihedral, bank.settings.crops)


def _look(bank: Bank, made: Sequence[Fingerprint]) -> Looked:
    kept = [each for each in made if each.kind is bank.settings.kind]
    matches = bank.search(kept, limit=_LIMIT) if kept else []
    return Looked(bank.settings, one_of_each_item(matches), len(kept))


def build(settings: Settings) -> CopiesScanner:
    """The entry point; raises UnusableBanks where the operator's folder of banks cannot be used."""
    banks = open_banks(settings.banks) if settings.banks is not None else ()
    return CopiesScanner(Card.load(Path(__file__).with_name(_CARD)), banks)
