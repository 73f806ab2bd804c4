"""What happens in readiness, as the ledger keeps it: items, features, what was accepted; never the words about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from assay.governance.ledger.events import Digest, event
from assay.governance.office.references import Reference
from assay.governance.policies.readiness.rules.items import ItemState


@event("policies.checklist-item-marked", words="marked {item} of {subject} as {state}")
@dataclass(frozen=True, slots=True)
class ItemMarked:
    """Somebody said how it stands with an item of the launch checklist, for one draft."""

    item: Reference
    state: ItemState
    draft: Digest | None


@event("policies.checklist-item-assigned", words="gave {item} of {subject} to {owner}")
@dataclass(frozen=True, slots=True)
class ItemAssigned:
    """Whose it is, and until when; None is whoever has the role."""

    item: Reference
    owner: Reference | None
    due: datetime | None


@event("policies.checklist-changed", words="changed the launch checklist")
@dataclass(frozen=True, slots=True)
class ChecklistChanged:
    """From now on, for every change that is not yet out."""

    number: int
    items: int
    content: Digest


@event("policies.feature-saved", words="said how it stands with {subject}")
@dataclass(frozen=True, slots=True)
class FeatureSaved:
    """A feature of the product was registered or changed.

    version  counts what was said of it
    """

    kind: Literal["signal", "surface", "measure", "label", "notice"]
    version: int
    content: Digest


@event("policies.feature-retired", words="took {subject} out of the register")
@dataclass(frozen=True, slots=True)
class FeatureRetired:
    """It provides nothing any more."""

    version: int


@event("policies.features-imported", words="imported features: {made} new, {changed} changed")
@dataclass(frozen=True, slots=True)
class FeaturesImported:
    """From a file; what stood in it as it was is not counted."""

    made: int
    changed: int
    content: Digest


@event("policies.features-begun", words="registered what {subject} needs as ready: {made} features")
@dataclass(frozen=True, slots=True)
class FeaturesBegun:
    """What already decides shows that the product can do it."""

    made: int


@event("policies.missing-feature-accepted", words="took it upon them to launch {subject} without a {kind}")
@dataclass(frozen=True, slots=True)
class MissingAccepted:
    """For this draft, in so many markets; 0 is every one."""

    acceptance: Reference
    kind: Literal["signal", "surface", "measure", "label", "notice"]
    markets: int
    draft: Digest | None


@event("policies.acceptance-withdrawn", words="no longer accepts that {subject} is launched without a {kind}")
@dataclass(frozen=True, slots=True)
class AcceptanceWithdrawn:
    """What is missing blocks again."""

    acceptance: Reference
    kind: Literal["signal", "surface", "measure", "label", "notice"]
