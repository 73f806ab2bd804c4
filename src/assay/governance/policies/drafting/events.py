"""What happens to drafts, as the ledger keeps it: digests and numbers, never a word of a text or of a remark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from assay.governance.ledger.events import Digest, event
from assay.governance.office.references import Reference

# Whether a text was saved as it is, with what another wrote meanwhile, or in part beside it.
Way: TypeAlias = Literal["saved", "merged", "beside"]
Choice: TypeAlias = Literal["taken", "left"]
Outcome: TypeAlias = Literal["settled", "declined", "reopened"]


@event("policies.draft-saved", words="wrote in {subject}: {file}, revision {revision}, {way}")
@dataclass(frozen=True, slots=True)
class DraftSaved:
    """A file of a draft was written."""

    file: Reference
    revision: int
    way: Way
    draft: Digest


@event("policies.revision-restored", words="put back revision {former} of {file} in {subject}, as revision {revision}")
@dataclass(frozen=True, slots=True)
class RevisionRestored:
    """A file of a draft is as it was before."""

    file: Reference
    former: int
    revision: int
    draft: Digest


@event("policies.wording-chosen", words="decided on words kept beside {file} in {subject}: {choice}")
@dataclass(frozen=True, slots=True)
class WordingChosen:
    """Words that two people wrote differently were decided on.

    beside    the revision that was kept beside
    revision  what stands now
    """

    file: Reference
    beside: int
    revision: int
    choice: Choice
    draft: Digest


@event("policies.remark-made", words="made {remark}, a {kind}, on {subject}")
@dataclass(frozen=True, slots=True)
class RemarkMade:
    """Somebody remarked on lines of a draft, or suggested others."""

    remark: Reference
    kind: Literal["comment", "suggestion"]
    mentioned: tuple[Reference, ...]


@event("policies.remark-answered", words="answered {remark} on {subject}")
@dataclass(frozen=True, slots=True)
class RemarkAnswered:
    """Somebody answered a remark."""

    remark: Reference
    mentioned: tuple[Reference, ...]


@event("policies.remark-closed", words="closed {remark} on {subject}: {outcome}")
@dataclass(frozen=True, slots=True)
class RemarkClosed:
    """A remark is open no more, or again."""

    remark: Reference
    outcome: Outcome


@event("policies.suggestion-accepted", words="accepted {remark} on {subject} as revision {revision} of {file}")
@dataclass(frozen=True, slots=True)
class SuggestionAccepted:
    """What was suggested stands in the text."""

    remark: Reference
    file: Reference
    revision: int
    draft: Digest
