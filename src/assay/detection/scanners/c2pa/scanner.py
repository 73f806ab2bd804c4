"""The C2PA scanner: a finding for the file's manifest and for each ancestor that says something. It asks nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.inspection import Section
from assay.detection.media import Media
from assay.detection.scanner import Card, Example, Settings
from assay.detection.scanners.c2pa.claims import actions_of, claim_of_manifest, generator_of, source_type_of
from assay.detection.scanners.c2pa.codes import mapping_of
from assay.detection.scanners.c2pa.examples import examples
from assay.detection.scanners.c2pa.lineage import Ancestor, lineage_of, revocation_of
from assay.detection.scanners.c2pa.remote import Hosts
from assay.detection.scanners.c2pa.said.bindings import bindings_of
from assay.detection.scanners.c2pa.said.identities import identities_of
from assay.detection.scanners.c2pa.said.signals import signals_of
from assay.detection.scanners.c2pa.shown.sections import sections_of
from assay.detection.scanners.c2pa.store import NotRead, Read, Remote, Store
from assay.detection.scanners.c2pa.trust import Trust
from assay.detection.trust.folder import load_lists

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
        try:
            found = self.store.read(media)
        except NotRead:
            return []
        if found is None:
            return [_evidence(Claim.NONE, Integrity.NONE, Tier.UNVERIFIED, {"read": "whole"})]
        if isinstance(found, Remote):
            details = {"address": found.url, "fetched": "never", "not_fetched": found.problem}
            return [_evidence(Claim.UNCLEAR, Integrity.REMOTE, Tier.UNVERIFIED, details)]
        return _judged(found)

    def inspect(self, media: Media) -> tuple[Section, ...]:
        if media.container.name not in CONTAINERS:
            return ()
        try:
            return sections_of(self.store, media)
        except NotRead:
            return ()

    def examples(self) -> Sequence[Example]:
        return examples()


def _judged(read: Read) -> list[Evidence]:
    manifests = mapping_of(read.manifests.get("manifests"))
    lineage = lineage_of(read.manifests, read.signatures, read.vouching, datetime.now(UTC))
    evidence = []
    for ancestor in lineage:
        manifest = mapping_of(manifests.get(ancestor.label))
        claim = claim_of_manifest(manifest)
        # An ancestor that says nothing and is whole adds nothing; a broken one is told, whatever it says.
        if ancestor.scope == "asset" or claim is not Claim.UNCLEAR or ancestor.own is Integrity.BROKEN:
            details = _details(manifest, ancestor)
            if ancestor.scope == "asset":
                details |= _summary(lineage) | ({"address": read.fetched, "fetched": "now"} if read.fetched else {})
            evidence.append(_evidence(claim, ancestor.integrity, ancestor.tier, details))
    return evidence[:MAXIMUM_EVIDENCE]


def _details(manifest: Mapping[str, object], ancestor: Ancestor) -> dict[str, str]:
    signature = mapping_of(manifest.get("signature_info"))
    details = {
        "scope": ancestor.scope,
        "manifest": ancestor.label,
        "own_integrity": ancestor.own.value,
        "codes": ",".join(ancestor.codes),
        "trust_list": ancestor.keeper,
        "revocation": revocation_of(ancestor),
        "signer": str(signature.get("issuer") or ""),
        "signer_name": str(signature.get("common_name") or ""),
        "signed_at": str(signature.get("time") or ""),
        "generator": generator_of(manifest),
        "source_type": source_type_of(manifest),
        "signals": ",".join(signals_of(manifest)),
        "soft_bindings": ",".join(binding.algorithm for binding in bindings_of(manifest)),
        "identities": "; ".join(identity.words for identity in identities_of(manifest)),
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
    """The entry point: reads the operator's lists once, and makes this process's own contexts."""
    trust = Trust(load_lists(settings.trust)) if settings.trust else None
    hosts = Hosts(frozenset(host.lower() for host in settings.allowed_hosts))
    return C2paScanner(Card.load(Path(__file__).with_name("card.toml")), Store(trust, hosts))
