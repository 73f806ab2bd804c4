"""IPTC's Digital Source Type and its AI properties of 2025. It never reads a caption."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.scanners.metadata.bounded import Field
from assay.detection.scanners.source_types import claim_of

EXTENSION = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
SOURCE_TYPE = f"{{{EXTENSION}}}DigitalSourceType"
AI_SYSTEM = f"{{{EXTENSION}}}AISystemUsed"
AI_SYSTEM_VERSION = f"{{{EXTENSION}}}AISystemVersionUsed"
AI_PROMPT = f"{{{EXTENSION}}}AIPromptInformation"
AI_PROMPT_WRITER = f"{{{EXTENSION}}}AIPromptWriterName"
_CREDITS = frozenset({("xmp", "{http://ns.adobe.com/photoshop/1.0/}Credit"), ("iim", "2:110")})
# Google writes one of these beside, and in older files instead of, the source type.
_CREDIT_CLAIMS = {"Made with Google AI": Claim.GENERATED, "Edited with Google AI": Claim.ALTERED}


def find_source_types(fields: Sequence[Field]) -> Iterator[Evidence]:
    """The declared source types, the AI system and prompt named beside them, and Google's credit line."""
    system = _first(fields, AI_SYSTEM)
    version = _first(fields, AI_SYSTEM_VERSION)
    # A prompt is somebody's own words, and its writer is a person: that they are there is told, and no more.
    has_prompt, has_writer = bool(_first(fields, AI_PROMPT)), bool(_first(fields, AI_PROMPT_WRITER))
    told = {
        "generator": system,
        "generator_version": version,
        "prompt": "recorded" if has_prompt else "",
        "prompt_writer": "named" if has_writer else "",
    }
    beside = {key: value for key, value in told.items() if value}
    declared = {field.value.strip(): field for field in fields if field.place == "xmp" and field.key == SOURCE_TYPE}
    claims = {value: claim for value in declared if (claim := claim_of(value)) is not None}
    conflict = {"conflict": ",".join(sorted(set(claims.values())))} if len(set(claims.values())) > 1 else {}
    for value, claim in claims.items():
        yield _evidence("xmp", claim, {"source_type": value, **beside, **conflict})
    if (system or has_prompt) and not claims:
        yield _evidence("xmp", Claim.AI_UNSPECIFIED, beside)
    for field in fields:
        if (field.place, field.key) in _CREDITS and (claim := _CREDIT_CLAIMS.get(field.value.strip())):
            yield _evidence(field.place, claim, {"credit": field.value.strip(), "generator": "Google AI"})


def _first(fields: Sequence[Field], key: str) -> str:
    return next((field.value for field in fields if field.place == "xmp" and field.key == key), "")


def _evidence(place: str, claim: Claim, details: dict[str, str]) -> Evidence:
    return Evidence(Kind.DECLARATION, claim, Integrity.UNSIGNED, Tier.UNVERIFIED, f"metadata:{place}", details)
