"""What happens with releases, as the ledger keeps it: no words of people, no texts. It writes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from assay.governance.ledger.events import Digest, event
from assay.governance.office.references import Reference


@event("policies.bundle-built", words="built and signed the bundle of {subject} as {edition}")
@dataclass(frozen=True, slots=True)
class BundleBuilt:
    """The texts of a change were checked, found proved and signed off, and signed.

    claims  how many claims were proved of them
    """

    edition: Reference
    digest: Digest
    claims: int


@event("policies.pilot-started", words="let {edition} of {subject} look on beside what decides")
@dataclass(frozen=True, slots=True)
class PilotStarted:
    """A bundle looks on; `share` in ten thousandths of the items."""

    edition: Reference
    release: Reference
    digest: Digest
    share: int


@event("policies.pilot-ended", words="ended that {edition} of {subject} looks on")
@dataclass(frozen=True, slots=True)
class PilotEnded:
    """A bundle looks on no more."""

    edition: Reference
    release: Reference


@event("policies.launched", words="let {edition} of {subject} decide")
@dataclass(frozen=True, slots=True)
class Launched:
    """A bundle decides a share of the items, or all; `share` in ten thousandths of the items."""

    edition: Reference
    release: Reference
    digest: Digest
    share: int


@event("policies.launch-stopped", words="stopped the launch of {subject}")
@dataclass(frozen=True, slots=True)
class LaunchStopped:
    """A bundle decides its share no more."""

    edition: Reference
    release: Reference


@event("policies.rolled-back", words="rolled back from {former} to {edition}")
@dataclass(frozen=True, slots=True)
class RolledBack:
    """A former edition decides again, alone.

    former   what decided until then
    changes  what is no longer in force by it
    """

    edition: Reference
    former: Reference
    digest: Digest
    changes: tuple[Reference, ...]


@event("policies.release-published", words="told the channel of {subject}")
@dataclass(frozen=True, slots=True)
class ReleasePublished:
    """The channel has it; `sequence` is its number there."""

    edition: Reference
    sequence: int
    current: Digest


@event("policies.publishing-tried-again", words="let {subject} be published again at once")
@dataclass(frozen=True, slots=True)
class PublishingTriedAgain:
    """A release that could not be published is tried without waiting; `tries` is how often it had failed."""

    tries: int


@event("policies.draft-imported", words="imported texts into the draft of {subject}")
@dataclass(frozen=True, slots=True)
class DraftImported:
    """Texts from elsewhere became the draft.

    files   how many differed
    digest  of the whole pack as the change leaves it now
    """

    files: int
    digest: Digest
