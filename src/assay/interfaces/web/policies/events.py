"""What becomes of the bundle that decides, as the ledger keeps it: which one, and by which way it came to decide."""

from __future__ import annotations

from dataclasses import dataclass

from assay.governance.ledger.events import event


@event("bundles.bundle-swapped", words="saw that {subject} decides from now on")
@dataclass(frozen=True, slots=True)
class BundleSwapped:
    """Another bundle than before was found good and put in use."""


@event("bundles.bundle-rolled-back", words="saw that {subject} decides again, by a rollback")
@dataclass(frozen=True, slots=True)
class BundleRolledBack:
    """Somebody let a former bundle decide, until they end it or a newer release comes."""
