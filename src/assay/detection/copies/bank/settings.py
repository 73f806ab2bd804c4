"""What a bank is for and when something counts as a copy: bank.toml, read with all faults at once. It opens no bank."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from assay.detection.copies.kinds import HashKind
from assay.detection.evidence import Claim, Tier

BANK_FILE = "bank.toml"
SKIP, UNCLEAR = "skip", "unclear"
NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a kind of hash is compared by: the range of its distance, and the name of its share, where it has them.

    most, usual  of the distance; beyond `most`, things that have nothing to do with each other would match
    share        the key of the share that has to agree, `agreement` or `similarity`, and what is usual for it
    graded       whether its hashes have a quality
    turns, cuts  whether its hashes can be of a turned or mirrored, and of a cropped form
    """

    most: int | None = None
    usual: int | None = None
    share: str | None = None
    usual_share: float | None = None
    graded: bool = False
    turns: bool = False
    cuts: bool = False


# As the hashes' own makers advise, or as measured on edits of known files; the modules that make them say which.
LIMITS: Mapping[HashKind, Limits] = MappingProxyType(
    {
        HashKind.SHA256: Limits(),
        HashKind.PDQ: Limits(most=64, usual=31, graded=True, turns=True, cuts=True),
        HashKind.VPDQ: Limits(most=64, usual=31, share="agreement", usual_share=0.8, graded=True, turns=True),
        HashKind.CHROMAPRINT: Limits(share="similarity", usual_share=0.8),
        HashKind.TLSH: Limits(most=150, usual=70),
        HashKind.MINHASH: Limits(share="similarity", usual_share=0.3),
    }
)
USUAL_QUALITY = 50


@dataclass(frozen=True, slots=True)
class BankSettings:
    """One bank's purpose and terms; a threshold that is left out is the usual one of its kind.

    distance          the most that a match may be apart: differing bits, for `tlsh` its own points
    agreement         of a film's frames the share that must match, above 0 to 1
    similarity        of a recording or a text the share that must agree, above 0 to 1
    quality_at_least  a hash of lower quality is not taken in; one that is searched for is left out or, with
                      `on_quality_below` as `unclear`, found without the bank's claim
    claim, words      what a match means, for the program and for people
    tier              `operator` where the operator vouches for the entries, else `unverified`
    dihedral, crops   whether what is searched for is turned and mirrored (films: mirrored), or cropped, too
    asserts           values of signals that a match stands for
    """

    name: str
    purpose: str
    kind: HashKind
    words: str
    claim: Claim = Claim.UNCLEAR
    tier: Tier = Tier.UNVERIFIED
    source: str = ""
    distance: int | None = None
    agreement: float | None = None
    similarity: float | None = None
    quality_at_least: int | None = None
    on_quality_below: str = SKIP
    dihedral: bool = False
    crops: bool = False
    asserts: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        limits = LIMITS[self.kind]
        usual: dict[str, float | int | None] = {"distance": limits.usual}
        if limits.share:
            usual[limits.share] = limits.usual_share
        if limits.graded:
            usual["quality_at_least"] = USUAL_QUALITY
        for name, value in usual.items():
            if getattr(self, name) is None:
                object.__setattr__(self, name, value)

    @property
    def measure(self) -> str:
        """What decides: `agreement` or `similarity` where the kind has it, else `distance`."""
        return LIMITS[self.kind].share or "distance"

    @property
    def threshold(self) -> float:
        """The number that decides; for exact hashes 0."""
        return float(getattr(self, self.measure) or 0)

    @property
    def reach(self) -> int:
        """Within how many points hashes are looked for; for exact hashes 0."""
        return self.distance or 0
