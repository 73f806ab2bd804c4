"""Takes entries into a bank: checked, each value once, a batch on the disk at a time. It searches nothing near."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice

from assay.detection.copies.bank.entry import Added, Entry
from assay.detection.copies.bank.finding import Finder
from assay.detection.copies.bank.store import Given
from assay.detection.copies.hashing.values import value_of
from assay.engine.kernel.errors import Fault

MAXIMUM_LABELS, MAXIMUM_TEXT = 64, 2000
_BATCH = 10_000
_FAULTS_KEPT = 100
_SURROGATE = re.compile("[\ud800-\udfff]")


class Taking:
    """One call to add: what it took in until now."""

    def __init__(self, into: Finder) -> None:
        self._settings, self._way, self._store, self._indexed = into.settings, into.way, into.store, into.indexed
        self._into = into
        self._added = self._duplicates = self._merged = self._refused = 0
        self._faults: list[tuple[int, Fault]] = []

    def told(self, stopped: Fault | None = None) -> Added:
        """What became of them."""
        counts = (self._added, self._duplicates, self._merged, self._refused)
        return Added(*counts, tuple(self._faults), stopped)

    def take(self, entries: Iterable[Entry], at: str, progress: Callable[[int], None] | None) -> None:
        """All of them, in batches; `progress` is told how many are done, on the disk.

        raises  sqlite3.Error, OSError where nothing more can be written; what `told` counts is kept all the same
        """
        source, done = iter(entries), 0
        while batch := list(islice(source, _BATCH)):
            given = list(self._checked(batch, done))
            self._keep(given, at)
            done += len(batch)
            if progress is not None:
                progress(done)
            self._indexed.settle(many=True)
        self._indexed.settle()

    def _checked(self, batch: list[Entry], first: int) -> Iterator[Given]:
        for position, entry in enumerate(batch, first):
            given = self._given(entry)
            if isinstance(given, Given):
                yield given
                continue
            self._refused += 1
            if len(self._faults) < _FAULTS_KEPT:
                self._faults.append((position, given))

    def _given(self, entry: Entry) -> Given | Fault:
        value = value_of(self._settings.kind, entry.value)
        if isinstance(value, Fault):
            return value
        fault = self._quality_fault(entry) or _text_fault(entry)
        if fault is not None:
            return fault
        kept = self._way.kept(value)
        hashes, pieces = self._way.hashes(kept), self._way.pieces(kept)
        if not pieces and not len(hashes):
            least = self._settings.quality_at_least
            words = f"nothing in it has the quality of `{least}` that the bank asks for; hash a better copy of it"
            return Fault("nothing-to-find", words, "value")
        return Given(kept, entry, hashes, pieces)

    def _quality_fault(self, entry: Entry) -> Fault | None:
        least, quality = self._settings.quality_at_least, entry.quality
        if quality is not None and not 0 <= quality <= 100:
            return Fault(
                "quality-out-of-range", f"its quality is `{quality}` and can be 0 to 100; leave it out", "quality"
            )
        if least is not None and quality is not None and quality < least:
            words = f"its quality is `{quality}` and the bank takes `{least}` and more; hash a better copy of it"
            return Fault("quality-too-low", words, "quality")
        return None

    def _keep(self, given: list[Given], at: str) -> None:
        """One batch, in one transaction; counted only when it is on the disk."""
        standing = self._into.known([each.value for each in given])
        first = self._store.last_id() + 1
        fresh: dict[str | bytes, Given] = {}
        again: dict[int, set[str]] = {}
        for each in given:
            if each.value in standing:
                again.setdefault(standing[each.value], set()).update(each.entry.labels)
            elif each.value in fresh:
                before = fresh[each.value]
                fresh[each.value] = replace(before, entry=_with_labels(before.entry, each.entry))
            else:
                fresh[each.value] = each
        inserted = list(fresh.values())
        if not given:
            return
        with self._store.writing():
            if inserted:
                self._store.insert(first, inserted, at)
            merged = self._relabel(again)
        self._indexed.append([(number, each.hashes) for number, each in enumerate(inserted, first)])
        self._added += len(inserted)
        self._duplicates += len(given) - len(inserted)
        self._merged += merged

    def _relabel(self, again: dict[int, set[str]]) -> int:
        changed = 0
        for found, _ in self._store.stored(sorted(number for number, labels in again.items() if labels)):
            new = sorted(again[found.id] - set(found.labels))[: MAXIMUM_LABELS - len(found.labels)]
            if new:
                self._store.label(found.id, (*found.labels, *new))
                changed += 1
        return changed


def _text_fault(entry: Entry) -> Fault | None:
    texts = (*entry.labels, entry.note, entry.source)
    if len(entry.labels) > MAXIMUM_LABELS or max(map(len, texts)) > MAXIMUM_TEXT:
        words = f"an entry has at most {MAXIMUM_LABELS} labels and texts of {MAXIMUM_TEXT} characters; shorten them"
        return Fault("entry-too-large", words, "labels")
    if any(not text.isascii() and _SURROGATE.search(text) for text in texts) or any("\0" in text for text in texts):
        return Fault("unreadable-text", "a label or a note holds what is no character; leave it out", "labels")
    return None


def _with_labels(entry: Entry, other: Entry) -> Entry:
    labels = tuple(dict.fromkeys((*entry.labels, *other.labels)))[:MAXIMUM_LABELS]
    return replace(entry, labels=labels)
