"""The Perth scanner: asks Resemble's own package whether speech carries its watermark. It never fetches anything."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from assay.detection.decoding.borrowed import readiness, share, strange
from assay.detection.decoding.sound import sound
from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.media import Media
from assay.detection.scanner import Card, Example, Readiness, Settings

NAME = "perth"
RATE, MOST_SECONDS, LEAST_SECONDS = 32_000, 30.0, 1.0
LEAST_CONFIDENCE = 0.9


@dataclass(frozen=True, slots=True)
class PerthScanner:
    """The confidence of the package's own reader, whose weights come in its wheel."""

    card: Card
    _reader: list[Any] = field(default_factory=list, compare=False)

    @property
    def name(self) -> str:
        return NAME

    def readiness(self) -> Readiness:
        return readiness(("torch", "torchaudio", "librosa", "perth"), NAME, None, NAME, None)

    def scan(self, media: Media) -> list[Evidence]:
        samples = sound(media, rate=RATE, most_seconds=MOST_SECONDS)
        if samples is None or len(samples) < LEAST_SECONDS * RATE:
            return []
        confidence = _understood(self._loaded().get_watermark(samples, sample_rate=RATE, round=False))
        if confidence < LEAST_CONFIDENCE:
            return [Evidence(Kind.KEYED_WATERMARK, Claim.NONE, Integrity.NONE, Tier.UNVERIFIED, NAME)]
        # Resemble's and Chatterbox's programs mark what they speak as well as voices that they change.
        details = {"scheme": "Perth", "generator": "Resemble or Chatterbox", "confidence": f"{confidence:.2f}"}
        claim = Claim.AI_UNSPECIFIED
        return [Evidence(Kind.KEYED_WATERMARK, claim, Integrity.UNSIGNED, Tier.UNVERIFIED, NAME, details)]

    def _loaded(self) -> Any:
        if not self._reader:
            with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
                warnings.simplefilter("ignore")
                from perth.perth_net.perth_net_implicit.perth_watermarker import PerthImplicitWatermarker

                self._reader.append(PerthImplicitWatermarker(device="cpu"))
        return self._reader[0]

    def examples(self) -> Sequence[Example]:
        """None of ours: a marked recording can be made by the publisher's model only."""
        return ()


def _understood(answer: object) -> float:
    if not isinstance(answer, np.ndarray) or answer.size == 0:
        raise strange("it is no list of confidences")
    try:
        mean = answer.astype(np.float64).mean()
    except (TypeError, ValueError):
        raise strange("the confidences are no numbers") from None
    return share(mean, "the confidence")


def build(settings: Settings) -> PerthScanner:
    """The entry point; this scanner has nothing to set, since its weights come with its package."""
    return PerthScanner(Card.load(Path(__file__).with_name("card.toml")))
