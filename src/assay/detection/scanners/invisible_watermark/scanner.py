"""The invisible watermark scanner: known generators' payloads in a picture's chroma. It never searches for new ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assay.detection.decoding.pictures import picture
from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.inspection import Section
from assay.detection.media import Media
from assay.detection.scanner import Card, Example, Settings
from assay.detection.scanners.invisible_watermark.blocks import ballots
from assay.detection.scanners.invisible_watermark.payloads import Match, matches

NAME = "invisible_watermark"
# The embedding refuses smaller pictures, so none of them can carry it.
FEWEST_PIXELS = 256 * 256
MOST_PIXELS = 50_000_000
_TITLE = "Watermark of Stable Diffusion and FLUX"


@dataclass(frozen=True, slots=True)
class InvisibleWatermarkScanner:
    """Reads the payloads that reference programs embed by the scheme `dwtDct`."""

    card: Card

    @property
    def name(self) -> str:
        return NAME

    def scan(self, media: Media) -> list[Evidence]:
        read = self._matches(media)
        if read is None:
            return []
        found = [match for match in read if match.is_found]
        if not found:
            return [Evidence(Kind.KEYED_WATERMARK, Claim.NONE, Integrity.NONE, Tier.UNVERIFIED, NAME)]
        return [_evidence(match) for match in found]

    def inspect(self, media: Media) -> tuple[Section, ...]:
        """Each known payload with how far it agrees, so that a reviewer sees a near miss for what it is."""
        read = self._matches(media)
        if read is None:
            words = "Only pictures of at least 256 by 256 pixels can carry it."
            return (Section(_TITLE, "not checked", note=words),)
        rows = tuple((match.payload.generator, _agreement(match)) for match in read)
        if any(match.is_found for match in read):
            return (Section(_TITLE, "found", rows, note="Anybody can write these public payloads."),)
        note = "It does not outlive an ordinary JPEG, a resize or a crop: its absence says nothing."
        return (Section(_TITLE, "absent", rows, note=note),)

    def _matches(self, media: Media) -> list[Match] | None:
        decoded = picture(media, most_pixels=MOST_PIXELS)
        if decoded is None or decoded.width * decoded.height < FEWEST_PIXELS:
            return None
        return matches(ballots(np.asarray(decoded)))

    def examples(self) -> Sequence[Example]:
        from assay.detection.scanners.invisible_watermark.examples import examples

        return examples()


def _agreement(match: Match) -> str:
    return f"{match.agreeing} of {len(match.payload.bits)} bits agree, {match.payload.at_least} are needed"


def _evidence(match: Match) -> Evidence:
    # The payload is public, so anybody can write it: it is a declaration that happens to lie in the pixels, and not
    # a secret's proof. The programs mark what they altered as they mark what they made, so the extent stays open.
    details = {
        "generator": match.payload.generator,
        "scheme": "dwtDct",
        "bits": f"{match.agreeing} of {len(match.payload.bits)}",
        "arithmetic": match.arithmetic,
    }
    return Evidence(Kind.KEYED_WATERMARK, Claim.AI_UNSPECIFIED, Integrity.UNSIGNED, Tier.UNVERIFIED, NAME, details)


def build(settings: Settings) -> InvisibleWatermarkScanner:
    """The entry point; this scanner has nothing to set."""
    return InvisibleWatermarkScanner(Card.load(Path(__file__).with_name("card.toml")))
