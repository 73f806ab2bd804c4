"""What the rows of a scan come to in numbers. It holds counts, never rows."""

from __future__ import annotations

from collections import Counter

from assay.interfaces.scans.rows import read_row


class Totals:
    """Counts over rows.

    known    rows that an earlier run had finished
    changed  files that were scanned anew, since they are not what they were in that run
    gone     rows of that run whose files are no longer among those to scan
    hits     rows that the cache had
    """

    def __init__(self) -> None:
        self.files = self.with_evidence = self.faulty = 0
        self.known = self.changed = self.gone = self.hits = 0
        self.faults: Counter[str] = Counter()
        self.integrity: Counter[str] = Counter()
        self.statuses: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()

    def add(self, line: bytes) -> None:
        """Count a row."""
        row = read_row(line)
        found = {one.kind for one in row.evidence if one.claim != "none" or one.integrity != "none"}
        self.files += 1
        self.with_evidence += bool(found)
        self.faulty += bool(row.faults)
        self.kinds.update(found)
        self.integrity[row.integrity] += 1
        self.faults.update({one.slug for one in row.faults})
        # Whoever says it: a file of which two say different things counts under both.
        self.statuses.update({str(one.value) for one in row.assertions if one.signal == "synthetic_status"})

    def as_mapping(self) -> dict[str, object]:
        """The counts as plain JSON values."""
        return {
            "files": self.files,
            "with_evidence": self.with_evidence,
            "with_faults": self.faulty,
            "kept_from_before": self.known,
            "changed": self.changed,
            "gone": self.gone,
            "from_cache": self.hits,
            "evidence": dict(sorted(self.kinds.items())),
            "synthetic_status": dict(sorted(self.statuses.items())),
            "integrity": dict(sorted(self.integrity.items())),
            "faults": dict(sorted(self.faults.items())),
        }
