"""The manifests a file descends from, and how each is bound to it. It never lets a new signature mend an old one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assay.detection.evidence import Integrity, Tier
from assay.detection.scanners.c2pa.codes import Findings, findings_by_manifest, mapping_of, sequence_of
from assay.detection.scanners.c2pa.trust import tier_of

MAXIMUM_MANIFESTS = 256

# From the closest relation to the loosest; a path is as close as its loosest step.
SCOPES = ("asset", "parent", "component", "input")
_SCOPE_OF_RELATION = {"parentOf": "parent", "componentOf": "component", "inputTo": "input"}
_WORSE = (Integrity.OK, Integrity.EXPIRED, Integrity.UNSIGNED, Integrity.BROKEN)
_WEAKER = (Tier.TRUSTED, Tier.INTERIM, Tier.VALID, Tier.UNVERIFIED)


@dataclass(frozen=True, slots=True)
class Ancestor:
    """One manifest, with the weakest link between it and the file.

    own  the integrity of this manifest itself, before the links above it are counted
    """

    label: str
    scope: str
    integrity: Integrity
    tier: Tier
    own: Integrity
    codes: tuple[str, ...]


def lineage_of(store: Mapping[str, object]) -> tuple[Ancestor, ...]:
    """The active manifest first, then every ancestor, each by its closest path."""
    manifests = mapping_of(store.get("manifests"))
    found = findings_by_manifest(store)
    active = str(store.get("active_manifest", ""))
    reached: dict[str, Ancestor] = {}
    waiting = [(_top(store, active, found.get(active, Findings())))]
    while waiting and len(reached) < MAXIMUM_MANIFESTS:
        waiting.sort(key=lambda ancestor: SCOPES.index(ancestor.scope))
        ancestor = waiting.pop(0)
        if ancestor.label in reached:
            continue
        reached[ancestor.label] = ancestor
        for ingredient in sequence_of(mapping_of(manifests.get(ancestor.label)).get("ingredients")):
            entry = mapping_of(ingredient)
            label = str(entry.get("active_manifest", ""))
            if label in manifests and label not in reached:
                scope = _SCOPE_OF_RELATION.get(str(entry.get("relationship", "")), "input")
                waiting.append(_below(ancestor, label, scope, found.get(label, Findings())))
    return tuple(reached.values())


def _top(store: Mapping[str, object], label: str, findings: Findings) -> Ancestor:
    state = str(store.get("validation_state", ""))
    tier = Tier.UNVERIFIED
    # The library's word for the whole falls to `Valid` as soon as one ancestor's signer is unknown, so whether this
    # signer is known is taken from its own codes.
    if state in ("Trusted", "Valid") and findings.is_trusted:
        tier = tier_of(str(mapping_of(store.get("validation_results")).get("trustListUri", "")))
    elif state == "Valid":
        tier = Tier.VALID
    return Ancestor(label, "asset", findings.integrity, tier, findings.integrity, tuple(sorted(findings.failures)))


def _below(above: Ancestor, label: str, scope: str, findings: Findings) -> Ancestor:
    integrity = max(above.integrity, findings.integrity, key=_WORSE.index)
    tier = max(above.tier, Tier.TRUSTED if findings.is_trusted else Tier.VALID, key=_WEAKER.index)
    loosest = max(above.scope, scope, key=SCOPES.index)
    return Ancestor(label, loosest, integrity, tier, findings.integrity, tuple(sorted(findings.failures)))
