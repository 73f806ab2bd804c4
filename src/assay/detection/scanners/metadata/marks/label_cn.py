"""China's implicit label (GB 45438-2025, Annex E) wherever a field carries it. It never verifies who wrote one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.labels.implicit import (
    KEY,
    MEANINGS,
    NAMESPACE,
    STANDARD_KEYS,
    Label,
    departures,
    detail_name,
    parse_label,
)
from assay.detection.scanners.metadata.bounded import Field

XMP_PROPERTY = f"{{{NAMESPACE}}}{KEY}"

# Where the practice guides put the label, and nowhere else: the same JSON in a caption is a quotation.
PLACES = frozenset(
    {
        ("xmp", XMP_PROPERTY), ("png-text", KEY), ("jpeg", KEY), ("riff", KEY), ("riff", f"INFO:{KEY}"),
        ("id3", f"TXXX:{KEY}"), ("mp4", KEY), ("matroska", KEY), ("vorbis", KEY), ("flv", KEY), ("ooxml", KEY),
        ("front-matter", KEY),
    }
)  # fmt: skip
# These fields serve many purposes, so only the form that names itself counts there.
SHARED_PLACES = frozenset({("exif", "UserComment")})

_CLAIMS = {"1": Claim.GENERATED, "2": Claim.MAY_BE, "3": Claim.MAY_BE}


def find_labels(fields: Sequence[Field]) -> Iterator[Evidence]:
    """One finding for each place; labels that disagree each say so."""
    found: list[tuple[Field, Label]] = []
    for field in fields:
        place = (field.place, field.key)
        if place in PLACES or place in SHARED_PLACES:
            label = parse_label(field.value, wrapped_only=place in SHARED_PLACES)
            if label is not None:
                found.append((field, label))
            elif place in PLACES:
                yield _evidence(field, Claim.UNCLEAR, {"gb_label": "malformed"})
    disagreement = _disagreement([label for _, label in found])
    for field, label in found:
        names = {detail_name(key): value for key, value in label.keys if key != "Label" and value}
        strange = departures(label)
        told = {"gb_departs": "; ".join(strange)} if strange else {}
        yield _evidence(
            field, _CLAIMS[label.value], {"gb_label": MEANINGS[label.value], **names, **told, **disagreement}
        )


def _disagreement(labels: Sequence[Label]) -> dict[str, str]:
    differing = [key for key in STANDARD_KEYS if len({dict(label.keys).get(key, "") for label in labels}) > 1]
    if not differing:
        return {}
    return {"conflict": ",".join(sorted({label.value for label in labels})), "disagrees_on": ",".join(differing)}


def _evidence(field: Field, claim: Claim, details: dict[str, str]) -> Evidence:
    source = f"metadata:{field.place}"
    return Evidence(Kind.DECLARATION, claim, Integrity.UNSIGNED, Tier.UNVERIFIED, source, details)
