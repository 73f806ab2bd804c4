"""The C2PA scanner: a finding for the file's manifest and for each ancestor that says something. It opens no socket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.media import Media
from assay.detection.scanner import Card, Example, Settings
from assay.detection.scanners.c2pa.claims import actions_of, claim_of_manifest, generator_of, source_type_of
from assay.detection.scanners.c2pa.codes import mapping_of
from assay.detection.scanners.c2pa.examples import examples
from assay.detection.scanners.c2pa.lineage import Ancestor, lineage_of
from assay.detection.scanners.c2pa.store import Manifests, Remote, Store
from assay.detection.scanners.c2pa.trust import load_anchors

NAME = "c2pa"
MAXIMUM_EVIDENCE = 32
CONTAINERS = frozenset(
    {"jpeg", "png", "webp", "gif", "svg", "tiff", "heif", "jxl", "mp4", "mov", "mp3", "wav", "flac", "avi", "pdf"}
    | {"ooxml", "zip"}
)


@dataclass(frozen=True, slots=True)
class C2paScanner:
    """Signed provenance of one file, offline, against the operator's own anchors."""

    card: Card
    store: Store

    @property
    def name(self) -> str:
        return NAME

    def scan(self, media: Media) -> list[Evidence]:
        if media.container.name not in CONTAINERS:
            return []
        found = self.store.read(media)
        if found is None:
            return [_evidence(Claim.NONE, Integrity.NONE, Tier.UNVERIFIED, {"read": "whole"})]
        if isinstance(found, Remote):
            details = {"address": found.url, "fetched": "never"}
            return [_evidence(Claim.UNCLEAR, Integrity.REMOTE, Tier.UNVERIFIED, details)]
        return _judged(found)

    def examples(self) -> Sequence[Example]:
        return examples()


def _judged(store: Manifests) -> list[Evidence]:
    manifests = mapping_of(store.get("manifests"))
    lineage = lineage_of(store)
    evidence = []
    for ancestor in lineage:
        manifest = mapping_of(manifests.get(ancestor.label))
        claim = claim_of_manifest(manifest)
        # An ancestor that says nothing and is whole adds nothing; a broken one is told, whatever it says.
        if ancestor.scope == "asset" or claim is not Claim.UNCLEAR or ancestor.own is Integrity.BROKEN:
            details = _details(manifest, ancestor) | (_summary(lineage) if ancestor.scope == "asset" else {})
            evidence.append(_evidence(claim, ancestor.integrity, ancestor.tier, details))
    return evidence[:MAXIMUM_EVIDENCE]


def _details(manifest: Mapping[str, object], ancestor: Ancestor) -> dict[str, str]:
    signature = mapping_of(manifest.get("signature_info"))
    details = {
        "scope": ancestor.scope,
        "manifest": ancestor.label,
        "own_integrity": ancestor.own.value,
        "codes": ",".join(ancestor.codes),
        "signer": str(signature.get("issuer") or ""),
        "signer_name": str(signature.get("common_name") or ""),
        "signed_at": str(signature.get("time") or ""),
        "generator": generator_of(manifest),
        "source_type": source_type_of(manifest),
    }
    if any(action.name.startswith("c2pa.watermarked") for action in actions_of(manifest)):
        details["watermark"] = "declared"
    return {key: value for key, value in details.items() if value}


def _summary(lineage: Sequence[Ancestor]) -> dict[str, str]:
    broken = sum(ancestor.own is Integrity.BROKEN for ancestor in lineage[1:])
    counts = {"ancestors": len(lineage) - 1, "ancestors_broken": broken}
    return {key: str(count) for key, count in counts.items() if count}


def _evidence(claim: Claim, integrity: Integrity, tier: Tier, details: Mapping[str, str]) -> Evidence:
    return Evidence(Kind.SIGNED_PROVENANCE, claim, integrity, tier, NAME, details)


def build(settings: Settings) -> C2paScanner:
    """The entry point: reads the operator's anchors once, and makes this process's own contexts."""
    anchors = load_anchors(settings.trust) if settings.trust else None
    return C2paScanner(Card.load(Path(__file__).with_name("card.toml")), Store(anchors))
