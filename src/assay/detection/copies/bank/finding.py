"""From fingerprints to matches: candidates, compared exactly, and what the bank says of them. It writes none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from assay.detection.copies.bank.entry import Match, Stored
from assay.detection.copies.bank.indexed import Indexed
from assay.detection.copies.bank.settings import UNCLEAR, BankSettings
from assay.detection.copies.bank.store import Store
from assay.detection.copies.bank.ways import Way
from assay.detection.copies.hashing.values import canonical
from assay.detection.copies.kinds import Fingerprint
from assay.detection.evidence import Claim

# A piece that more entries have (silence, a greeting) tells none of them; the oldest so many are looked at.
_WITH_A_PIECE = 500


@dataclass(frozen=True, slots=True)
class _Asked:
    fingerprint: Fingerprint
    kept: str | bytes
    sure: bool


@dataclass(frozen=True, slots=True)
class Finder:
    """One bank to search in."""

    settings: BankSettings
    way: Way
    store: Store
    indexed: Indexed

    def search(self, fingerprints: Iterable[Fingerprint], limit: int) -> list[Match]:
        """The nearest entries, each once by the fingerprint that is nearest to it.

        raises  ValueError for a fingerprint of the bank's kind whose value is none
        """
        asked = [each for fingerprint in fingerprints if (each := self._asked(fingerprint)) is not None]
        pairs = self._candidates(asked, limit)
        stored = {found.id: (found, kept) for found, kept in self.store.stored(sorted({number for _, number in pairs}))}
        best: dict[int, tuple[tuple[float, int], Match]] = {}
        for place, number in pairs:
            if number not in stored:
                continue
            # Compared again with the entry itself, so that no fault of the index can make a match.
            found, kept = stored[number]
            far = self.way.compared(asked[place].kept, kept)
            order = (-far if self.settings.measure != "distance" else far, place)
            if self._near(far) and (number not in best or order < best[number][0]):
                best[number] = (order, self._match(asked[place], found, far))
        ranked = sorted(best.items(), key=lambda item: (item[1][0][0], item[0]))
        return [match for _, (_, match) in ranked[:limit]]

    def known(self, values: Sequence[str | bytes]) -> dict[str | bytes, int]:
        """Which of these values, as they are kept, have an entry, and its id."""
        if not self.way.exact:
            return self.store.with_values(values)
        found = self.indexed.equal(values)
        there = {each.id: kept for each, kept in self.store.stored(sorted(found.values()))}
        return {value: number for value, number in found.items() if there.get(number) == value}

    def _asked(self, fingerprint: Fingerprint) -> _Asked | None:
        if fingerprint.kind is not self.settings.kind:
            return None
        least = self.settings.quality_at_least
        sure = least is None or fingerprint.quality is None or fingerprint.quality >= least
        if not sure and self.settings.on_quality_below != UNCLEAR:
            return None
        return _Asked(fingerprint, self.way.kept(canonical(fingerprint.kind, fingerprint.value)), sure)

    def _candidates(self, asked: Sequence[_Asked], limit: int) -> list[tuple[int, int]]:
        if not asked:
            return []
        if not self.way.bits:
            return [(place, number) for place, each in enumerate(asked) for number in self._with_pieces(each.kept)]
        hashes = [self.way.hashes(each.kept) for each in asked]
        owners = np.repeat(np.arange(len(asked)), [len(each) for each in hashes])
        # What is compared exactly afterwards may turn out to be farther, so more of it is asked for.
        nearest = limit if self.way.exact else self.way.most
        query, ids, _ = self.indexed.search(np.concatenate(hashes), self.settings.reach, nearest)
        counted = Counter(zip(owners.take(query).tolist(), ids.tolist(), strict=True))
        if self.way.exact:
            return sorted(counted)
        ranked = sorted(counted, key=lambda pair: (pair[0], -counted[pair], pair[1]))
        return _first_of_each(ranked, self.way.most)

    def _with_pieces(self, kept: str | bytes) -> list[int]:
        shared = Counter(
            number for piece in self.way.pieces(kept) for number in self.store.with_piece(piece, _WITH_A_PIECE)
        )
        return sorted(shared, key=lambda number: (-shared[number], number))[: self.way.most]

    def _near(self, far: float) -> bool:
        threshold = self.settings.threshold
        return far <= threshold if self.settings.measure == "distance" else far >= threshold

    def _match(self, asked: _Asked, found: Stored, far: float) -> Match:
        settings = self.settings
        return Match(
            bank=settings.name,
            entry=found.id,
            kind=settings.kind,
            measure=settings.measure,
            distance=far,
            threshold=settings.threshold,
            place=asked.fingerprint.place,
            quality=asked.fingerprint.quality,
            words=settings.words,
            claim=settings.claim if asked.sure else Claim.UNCLEAR,
            tier=settings.tier,
            labels=found.labels,
            note=found.note,
            source=found.source,
        )


def _first_of_each(pairs: Sequence[tuple[int, int]], most: int) -> list[tuple[int, int]]:
    taken: Counter[int] = Counter()
    kept = []
    for place, number in pairs:
        if taken[place] < most:
            taken[place] += 1
            kept.append((place, number))
    return kept
