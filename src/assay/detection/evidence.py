"""Evidence: what one scanner found in one file, with what it proves. It never says what should be done about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from assay.engine.kernel.digest import canonical_json, sha256_of

MAXIMUM_DETAILS = 24
MAXIMUM_DETAIL_CHARACTERS = 400
MAXIMUM_SOURCE_CHARACTERS = 200


class Kind(StrEnum):
    """What the evidence is made of, strongest first; the uploader's own word stands apart, last."""

    SIGNED_PROVENANCE = "signed_provenance"
    KEYED_WATERMARK = "keyed_watermark"
    DECLARATION = "declaration"
    GENERATOR_METADATA = "generator_metadata"
    COPY = "copy"
    VISIBLE_MARK = "visible_mark"
    DETECTOR = "detector"
    UPLOADER_DECLARATION = "uploader_declaration"


class Claim(StrEnum):
    """What the evidence says of the content, whoever says it and however well it is proved.

    Only the first five speak of AI. `MAY_BE` is China's weaker label, `AI_UNSPECIFIED` says that AI was used but
    not how far. `NO_AI` is said outright by a person; `NONE` says that a scanner read the whole file and found
    nothing of its kind, which proves nothing about the content.
    """

    GENERATED = "generated"
    ALTERED = "altered"
    ASSISTED = "assisted"
    AI_UNSPECIFIED = "ai_unspecified"
    MAY_BE = "may_be"
    CAPTURED = "captured"
    EDITED = "edited"
    ALGORITHMIC = "algorithmic"
    HUMAN_MADE = "human_made"
    UNCLEAR = "unclear"
    NO_AI = "no_ai"
    NONE = "none"

    @property
    def is_ai(self) -> bool:
        return self in _AI_CLAIMS


_AI_CLAIMS = frozenset({Claim.GENERATED, Claim.ALTERED, Claim.ASSISTED, Claim.AI_UNSPECIFIED, Claim.MAY_BE})


class Integrity(StrEnum):
    """Whether the evidence still binds to the file. `BROKEN` means altered since signing, never merely untrusted."""

    OK = "ok"
    EXPIRED = "expired"
    BROKEN = "broken"
    REMOTE = "remote"
    UNSIGNED = "unsigned"
    NONE = "none"


class Tier(StrEnum):
    """Whose word it is.

    `TRUSTED` is on the official list, `OPERATOR` on one that the operator keeps, `INTERIM` on the frozen list of
    signers that the official list does not carry.
    """

    TRUSTED = "trusted"
    OPERATOR = "operator"
    INTERIM = "interim"
    VALID = "valid"
    UNVERIFIED = "unverified"

    @property
    def is_trusted(self) -> bool:
        return self in (Tier.TRUSTED, Tier.OPERATOR, Tier.INTERIM)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One finding.

    source   the scanner's name, and after a colon the place: `metadata:png`, `c2pa`
    details  a few short texts for the record; cut to bounds, so that a hostile file cannot fill it
    """

    kind: Kind
    claim: Claim
    integrity: Integrity
    tier: Tier
    source: str
    details: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        pairs = sorted(self.details.items())[:MAXIMUM_DETAILS]
        bounded = {_one_line(key)[:60]: _one_line(value)[:MAXIMUM_DETAIL_CHARACTERS] for key, value in pairs}
        object.__setattr__(self, "details", bounded)
        object.__setattr__(self, "source", _one_line(self.source)[:MAXIMUM_SOURCE_CHARACTERS])

    @property
    def found(self) -> bool:
        """Whether anything was found; an evidence that is not `found` records that a scanner looked."""
        return self.claim is not Claim.NONE or self.integrity is not Integrity.NONE

    @property
    def scope(self) -> str:
        """`asset` where the finding speaks of the file itself, `ingredient` where of something it was made from."""
        return self.details.get("scope", "asset")

    @property
    def identifier(self) -> str:
        """The same for the same finding, always and everywhere: a digest of its content."""
        return sha256_of(canonical_json(self.as_mapping()))

    def as_mapping(self) -> dict[str, str | dict[str, str]]:
        """The finding as plain JSON values."""
        return {
            "kind": self.kind.value,
            "claim": self.claim.value,
            "integrity": self.integrity.value,
            "tier": self.tier.value,
            "source": self.source,
            "details": dict(self.details),
        }


def _one_line(text: str) -> str:
    # A control character in a detail could forge a line in a log or a terminal, and a lone surrogate breaks UTF-8.
    return "".join(character if character.isprintable() else " " for character in text[: 2 * MAXIMUM_DETAIL_CHARACTERS])
