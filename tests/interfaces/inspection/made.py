"""Inspections made by hand, for tests of what is shown. It holds no test."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from assay.detection.container import Modality
from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.inspection import Section
from assay.detection.judgement import assertions, judge
from assay.detection.result import ScanFault, ScanResult
from assay.detection.scanner import READY, Card, Readiness, State
from assay.interfaces.inspection.inspected import Inspected, Reader, TrustedList
from assay.interfaces.inspection.verdict import verdict_of

AT = datetime(2026, 12, 15, 9, 5, tzinfo=UTC)
DIGEST = "ab" * 32


def signed(
    claim: Claim = Claim.GENERATED, integrity: Integrity = Integrity.OK, tier: Tier = Tier.TRUSTED, **details: str
) -> Evidence:
    said = {"scope": "asset", "signer": "Example Pictures"} | details
    return Evidence(Kind.SIGNED_PROVENANCE, claim, integrity, tier, "c2pa", said)


def declared(claim: Claim = Claim.GENERATED, kind: Kind = Kind.DECLARATION, **details: str) -> Evidence:
    return Evidence(kind, claim, Integrity.UNSIGNED, Tier.UNVERIFIED, "metadata:png", details)


def uploader(claim: Claim) -> Evidence:
    return Evidence(Kind.UPLOADER_DECLARATION, claim, Integrity.UNSIGNED, Tier.UNVERIFIED, "declared")


def card(name: str, kind: Kind, *containers: str) -> Card:
    return Card(name, "1", "Apache-2.0", "claims", "limits", (kind,), containers, 1.0, False, ())


READERS = (
    Reader("c2pa", card("c2pa", Kind.SIGNED_PROVENANCE, "png"), READY),
    Reader("metadata", card("metadata", Kind.DECLARATION, "png"), READY),
    Reader(
        "trustmark", card("trustmark", Kind.KEYED_WATERMARK, "png"), Readiness(State.NO_WEIGHTS, "no weights", "`x`")
    ),
    Reader("perth", card("perth", Kind.KEYED_WATERMARK, "wav"), READY),
    Reader("declared", card("declared", Kind.UPLOADER_DECLARATION), READY),
)
CHAIN = Section(
    "Content credentials (C2PA)",
    "weak",
    (("manifests", "2"),),
    (
        Section(
            "This file: signed by Example Pictures",
            "good",
            (
                ("step 1", "opened"),
                ("step 2", "resized"),
                ("failed", "the signer is on no list"),
                ("passed", "the signature is right"),
            ),
            (Section("Made from: signed by another", "broken", (("failed", "the file was changed"),)),),
        ),
    ),
)
NOT_DONE = Section("Not checked", "not checked", (("revocation", "no address was asked"),))


def inspected(*evidence: Evidence, sections: tuple[tuple[str, Section], ...] = (), name: str = "cat.png") -> Inspected:
    """An inspection of a PNG in which this was found."""
    done = ("c2pa", "metadata", "declared")
    result = ScanResult(Path(name), DIGEST, "png", Modality.IMAGE, evidence, (), done, sections)
    return Inspected(
        name=name,
        size=2_400_000,
        at=AT,
        result=result,
        judgement=judge(evidence),
        verdict=verdict_of(evidence),
        assertions=assertions(result),
        readers=READERS,
        lists=(TrustedList("official.pem", "official", "signers", 30, "cd" * 32),),
    )


def unread() -> Inspected:
    """An inspection of a file that could not be opened."""
    whole = inspected()
    result = ScanResult(Path("cat.png"), faults=(ScanFault("unreadable-file", "permission denied"),))
    return replace(whole, size=None, result=result, verdict=verdict_of((), was_read=False), assertions=(), lists=())
