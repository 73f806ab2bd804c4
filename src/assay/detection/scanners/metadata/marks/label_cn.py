"""China's implicit label (GB 45438-2025, Annex E) wherever a field carries it. It never verifies who wrote one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.scanners.metadata.bounded import Field

KEY = "AIGC"
MAXIMUM_LABEL = 16 * 1024
XMP_PROPERTY = "{http://www.tc260.org.cn/ns/AIGC/1.0/}AIGC"

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

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_MEANINGS = {"1": ("is", Claim.GENERATED), "2": ("may_be", Claim.MAY_BE), "3": ("suspected", Claim.MAY_BE)}
_STANDARD_KEYS = (
    "Label", "ContentProducer", "ProduceID", "ReservedCode1", "ContentPropagator", "PropagateID", "ReservedCode2",
)  # fmt: skip
_SPEAKERS = frozenset({"ContentProducer", "ContentPropagator", "ServiceProvider", "ServiceUser"})


@dataclass(frozen=True, slots=True)
class Label:
    """One label as its keys and values stand in the file."""

    value: str
    keys: tuple[tuple[str, str], ...]


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
        meaning, claim = _MEANINGS[label.value]
        names = {_snake(key): value for key, value in label.keys if key != "Label" and value}
        yield _evidence(field, claim, {"gb_label": meaning, **names, **disagreement})


def parse_label(text: str, *, wrapped_only: bool = False) -> Label | None:
    """A label in either form, `{"AIGC": {…}}` or bare, or None where the text has not the standard's form."""
    if len(text) > MAXIMUM_LABEL:
        return None
    try:
        raw = json.loads(text.strip("\x00 \r\n\t"), object_pairs_hook=_unrepeated)
    except (ValueError, RecursionError):
        return None
    if not isinstance(raw, dict):
        return None
    if KEY in raw:
        raw = raw[KEY] if len(raw) == 1 else None
        if isinstance(raw, str):
            return parse_label(raw)
    elif wrapped_only:
        return None
    return _checked(raw)


def _checked(raw: object) -> Label | None:
    if not isinstance(raw, dict) or not raw.keys() & _SPEAKERS or len(raw) > 2 * len(_STANDARD_KEYS):
        return None
    keys = tuple((key, str(value)) for key, value in raw.items() if isinstance(value, (str, int)))
    value = dict(keys).get("Label", "").strip()
    return Label(value, keys) if len(keys) == len(raw) and value in _MEANINGS else None


def _unrepeated(pairs: list[tuple[str, object]]) -> dict[str, object]:
    # Two readers of a repeated key see two labels, which is a way to show each what it wants.
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key is repeated")
    return result


def _disagreement(labels: Sequence[Label]) -> dict[str, str]:
    differing = [key for key in _STANDARD_KEYS if len({dict(label.keys).get(key, "") for label in labels}) > 1]
    if not differing:
        return {}
    return {"conflict": ",".join(sorted({label.value for label in labels})), "disagrees_on": ",".join(differing)}


def _snake(key: str) -> str:
    return _HUMP.sub("_", key[:40]).lower()


def _evidence(field: Field, claim: Claim, details: dict[str, str]) -> Evidence:
    source = f"metadata:{field.place}"
    return Evidence(Kind.DECLARATION, claim, Integrity.UNSIGNED, Tier.UNVERIFIED, source, details)
