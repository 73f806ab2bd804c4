"""The manifests a file descends from, and how each is bound to it. It never lets a new signature mend an old one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from assay.detection.evidence import Integrity, Tier
from assay.detection.scanners.c2pa.carried.signatures import Signatures
from assay.detection.scanners.c2pa.codes import (
    NOT_REVOKED,
    REVOKED,
    Findings,
    findings_by_manifest,
    mapping_of,
    sequence_of,
)
from assay.detection.scanners.c2pa.times import integrity_at, proven_by
from assay.detection.scanners.c2pa.trust import Vouching
from assay.detection.trust.lists import Keeper

MAXIMUM_MANIFESTS = 256

# From the closest relation to the loosest; a path is as close as its loosest step.
SCOPES = ("asset", "parent", "component", "input")
_SCOPE_OF_RELATION = {"parentOf": "parent", "componentOf": "component", "inputTo": "input"}
_WORSE = (Integrity.OK, Integrity.EXPIRED, Integrity.UNSIGNED, Integrity.BROKEN)
_WEAKER = (Tier.TRUSTED, Tier.OPERATOR, Tier.INTERIM, Tier.VALID, Tier.UNVERIFIED)


@dataclass(frozen=True, slots=True)
class Ancestor:
    """One manifest, with the weakest link between it and the file.

    own      the integrity of this manifest itself, before the links above it are counted
    keeper   whose list its own signer is on, or an empty text
    proven   when its signature was certainly there
    success  the codes of what was checked and found right
    """

    label: str
    scope: str
    integrity: Integrity
    tier: Tier
    own: Integrity
    keeper: str
    codes: tuple[str, ...]
    success: tuple[str, ...]
    proven: datetime


def lineage_of(
    store: Mapping[str, object], signatures: Signatures, vouching: Vouching | None, now: datetime
) -> tuple[Ancestor, ...]:
    """The active manifest first, then every ancestor, each by its closest path.

    now  against which the credential of an ancestor is held whose signature nobody stamped
    """
    tree = _Tree(store, mapping_of(store.get("manifests")), findings_by_manifest(store), signatures, vouching)
    reached: dict[str, Ancestor] = {}
    waiting = [tree.top(now)]
    while waiting and len(reached) < MAXIMUM_MANIFESTS:
        waiting.sort(key=lambda ancestor: SCOPES.index(ancestor.scope))
        ancestor = waiting.pop(0)
        if ancestor.label not in reached:
            reached[ancestor.label] = ancestor
            waiting += [each for each in tree.below(ancestor) if each.label not in reached]
    return tuple(reached.values())


def revocation_of(ancestor: Ancestor) -> str:
    """What is known of the credential's being withdrawn: an answer that the signer put beside it, or nothing."""
    if any(code in REVOKED for code in ancestor.codes):
        return "revoked"
    return "not revoked when signed" if NOT_REVOKED in ancestor.success else "not checked"


@dataclass(frozen=True, slots=True)
class _Tree:
    """One file's manifests with all that is known of their signatures."""

    store: Mapping[str, object]
    manifests: Mapping[str, object]
    found: Mapping[str, Findings]
    signatures: Signatures
    vouching: Vouching | None

    def top(self, now: datetime) -> Ancestor:
        label = str(self.store.get("active_manifest", ""))
        findings = self.found.get(label, Findings())
        state = str(self.store.get("validation_state", ""))
        tier, keeper = Tier.VALID if state in ("Trusted", "Valid") else Tier.UNVERIFIED, ""
        # The library's word for the whole falls to `Valid` as soon as one ancestor's signer is unknown, so whether
        # this signer is known is taken from its own codes.
        if tier is Tier.VALID:
            tier, keeper = self._standing(label, findings)
            if self.vouching is not None and findings.is_trusted and label not in self.signatures.chains:
                # Without the certificates the library's word for the list must do, but never who vouches for times.
                named = str(mapping_of(self.store.get("validation_results")).get("trustListUri", ""))
                tier, keeper = (Keeper(named).tier, named) if named in set(Keeper) else (Tier.VALID, "")
        own = findings.integrity
        return self._ancestor(label, "asset", (own, own), (tier, keeper), self._proven(label, findings, now))

    def below(self, above: Ancestor) -> Iterator[Ancestor]:
        for ingredient in sequence_of(mapping_of(self.manifests.get(above.label)).get("ingredients")):
            entry = mapping_of(ingredient)
            label = str(entry.get("active_manifest", ""))
            if label in self.manifests:
                scope = _SCOPE_OF_RELATION.get(str(entry.get("relationship", "")), "input")
                yield self._one_below(above, label, max(above.scope, scope, key=SCOPES.index))

    def _one_below(self, above: Ancestor, label: str, scope: str) -> Ancestor:
        findings = self.found.get(label, Findings())
        proven = self._proven(label, findings, above.proven)
        own = integrity_at(findings.integrity, self.signatures.chains.get(label, ()), proven)
        tier, keeper = self._standing(label, findings)
        weakest = max(above.integrity, own, key=_WORSE.index)
        return self._ancestor(label, scope, (weakest, own), (max(above.tier, tier, key=_WEAKER.index), keeper), proven)

    def _ancestor(
        self,
        label: str,
        scope: str,
        integrity: tuple[Integrity, Integrity],
        standing: tuple[Tier, str],
        proven: datetime,
    ) -> Ancestor:
        findings = self.found.get(label, Findings())
        codes, success = sorted(findings.failures), sorted(findings.success | findings.recorded_success)
        (weakest, own), (tier, keeper) = integrity, standing
        return Ancestor(label, scope, weakest, tier, own, keeper, tuple(codes), tuple(success), proven)

    def _proven(self, label: str, findings: Findings, above: datetime) -> datetime:
        # Without lists nobody vouches for who stamps a time, and another signer's record of it is only that.
        return above if self.vouching is None else proven_by(mapping_of(self.manifests.get(label)), findings, above)

    def _standing(self, label: str, findings: Findings) -> tuple[Tier, str]:
        """A signer's own standing: the library says whether it is known, its certificates say on whose list."""
        if findings.is_revoked:
            return Tier.UNVERIFIED, ""
        if self.vouching is None or not findings.is_trusted:
            return Tier.VALID, ""
        keeper = self.vouching.keeper_of(self.signatures.chains.get(label, ()))
        return (keeper.tier, keeper.value) if keeper is not None else (Tier.VALID, "")
