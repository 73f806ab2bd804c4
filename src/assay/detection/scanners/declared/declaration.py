"""The form of an uploader's declaration, checked key by key. It never guesses what somebody meant."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from assay.detection.evidence import Claim

MAXIMUM_DECLARATION = 64 * 1024
MAXIMUM_GENERATOR = 200
EXTENTS = {
    "none": Claim.NO_AI,
    "assisted": Claim.ASSISTED,
    "altered": Claim.ALTERED,
    "generated": Claim.GENERATED,
    "unspecified": Claim.AI_UNSPECIFIED,
}
PLACES = ("toggle", "caption", "on_media", "metadata_only", "none")
_KEYS = frozenset({"ai_extent", "where", "generator"})


class Malformed(Exception):
    """The declaration has not the form it must have; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """How far AI was used as the uploader says, and where the uploader says so to others."""

    claim: Claim
    where: str
    generator: str


def parse_declaration(content: bytes) -> Declaration:
    """Reads `{"ai_extent": "generated", "where": "toggle"}`."""
    if len(content) > MAXIMUM_DECLARATION:
        raise Malformed("it is larger than 64 KiB")
    try:
        raw = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Malformed("it is not JSON") from error
    if not isinstance(raw, dict):
        raise Malformed("it is not an object")
    return check_declaration(raw)


def check_declaration(raw: Mapping[str, object]) -> Declaration:
    """Checks keys and values; `where` may be left out only by somebody who declares no AI."""
    unknown = sorted(set(raw) - _KEYS)
    if unknown:
        raise Malformed(f"`{unknown[0][:40]}` is no key of a declaration; the keys are {', '.join(sorted(_KEYS))}")
    extent = raw.get("ai_extent")
    if not isinstance(extent, str) or extent not in EXTENTS:
        raise Malformed(f"`ai_extent` must be one of {', '.join(EXTENTS)}")
    where = raw.get("where", "none" if extent == "none" else None)
    if not isinstance(where, str) or where not in PLACES:
        raise Malformed(f"`where` must be one of {', '.join(PLACES)}")
    generator = raw.get("generator", "")
    if not isinstance(generator, str) or len(generator) > MAXIMUM_GENERATOR:
        raise Malformed(f"`generator` must be a text of at most {MAXIMUM_GENERATOR} characters")
    return Declaration(EXTENTS[extent], where, generator)
