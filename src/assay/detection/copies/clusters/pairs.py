"""Which values lie close to each other: the edges that clusters grow along. It groups nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from assay.detection.copies.bank.bank import Bank
from assay.detection.copies.bank.entry import Entry
from assay.detection.copies.bank.settings import BankSettings
from assay.detection.copies.clusters.closeness import Closeness
from assay.detection.copies.kinds import Fingerprint, HashKind
from assay.detection.copies.search.index import HammingIndex
from assay.detection.evidence import Claim, Tier

# A template with a hundred thousand near copies has ten thousand million pairs; so few questions at once bound what
# is held of them.
_AT_ONCE = 64
_ITS_OWN_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def close_pairs(
    values: Sequence[str], closeness: Closeness, progress: Callable[[int, int], None] | None = None
) -> Iterator[NDArray[np.int64]]:
    """Pairs of places in `values`, an array of two columns at a time; every pair that is close comes at least once.

    values    all different, of the kind that `closeness` is about
    progress  called with how many values were searched for, and of how many
    """
    if closeness.kind is HashKind.SHA256:
        # Different values are different bytes.
        return
    found = _by_bits(values, closeness) if closeness.kind is HashKind.PDQ else _by_bank(values, closeness)
    for done, pairs in found:
        yield pairs
        if progress is not None:
            progress(done, len(values))


def _by_bits(values: Sequence[str], closeness: Closeness) -> Iterator[tuple[int, NDArray[np.int64]]]:
    codes = np.frombuffer(bytes.fromhex("".join(values)), np.uint8).reshape(-1, 32)
    index = HammingIndex()
    index.append(codes, np.arange(len(codes), dtype=np.int64))
    for start in range(0, len(codes), _AT_ONCE):
        found = index.search(codes[start : start + _AT_ONCE], int(closeness.within))
        yield start + _AT_ONCE, np.column_stack([found.query.astype(np.int64) + start, found.row.astype(np.int64)])


def _by_bank(values: Sequence[str], closeness: Closeness) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """By a bank of their own, which is gone afterwards: it knows how to search values that are not made of bits."""
    with (
        TemporaryDirectory(prefix="assay-clusters-") as folder,
        Bank.create(Path(folder) / "bank", _settings(closeness)) as bank,
    ):
        bank.add((Entry(value) for value in values), at=_ITS_OWN_TIME)
        places = {value: number for number, value in enumerate(values)}
        place = {stored.id: places[stored.value] for stored in bank.entries()}
        for number, value in enumerate(values):
            matches = bank.search([Fingerprint(closeness.kind, value)], limit=len(values))
            others = [place[match.entry] for match in matches]
            yield number + 1, np.array([(number, other) for other in others], np.int64).reshape(-1, 2)


def _settings(closeness: Closeness) -> BankSettings:
    return BankSettings(
        name="clusters",
        purpose="near-duplicates among one another",
        kind=closeness.kind,
        distance=int(closeness.within) if closeness.kind is HashKind.TLSH else None,
        agreement=closeness.within if closeness.kind is HashKind.VPDQ else None,
        similarity=closeness.within if closeness.kind in (HashKind.CHROMAPRINT, HashKind.MINHASH) else None,
        quality_at_least=0,
        claim=Claim.UNCLEAR,
        words="A near-duplicate.",
        tier=Tier.UNVERIFIED,
    )
