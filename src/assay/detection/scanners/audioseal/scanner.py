"""The AudioSeal scanner: asks Meta's detector, with weights that the operator provides. It never fetches them."""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assay.detection.decoding.borrowed import readiness, share, strange
from assay.detection.decoding.sound import sound
from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.media import Media
from assay.detection.scanner import Card, Example, Readiness, Settings

NAME = "audioseal"
WEIGHTS = "detector_base.pth"
CARD = "audioseal_detector_16bits"
RATE, MOST_SECONDS, LEAST_SECONDS = 16_000, 60.0, 1.0
BITS = 16
# Of the frames, half must be marked: the publisher's own operating point, which was not measured here.
LEAST_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class AudioSealScanner:
    """A share of marked frames, and the sixteen bits that they carry."""

    card: Card
    folder: Path | None
    _detector: list[Any] = field(default_factory=list, compare=False)

    @property
    def name(self) -> str:
        return NAME

    def readiness(self) -> Readiness:
        there = self.folder is not None and (self.folder / WEIGHTS).is_file()
        return readiness(("torch", "audioseal"), NAME, self.folder, NAME, None if there else f"`{WEIGHTS}`")

    def scan(self, media: Media) -> list[Evidence]:
        samples = sound(media, rate=RATE, most_seconds=MOST_SECONDS)
        if samples is None or len(samples) < LEAST_SECONDS * RATE:
            return []
        import torch

        with torch.no_grad():
            answer = self._loaded().detect_watermark(torch.from_numpy(samples)[None, None, :])
        marked, bits = _understood(answer)
        if marked < LEAST_SHARE:
            return [Evidence(Kind.KEYED_WATERMARK, Claim.NONE, Integrity.NONE, Tier.UNVERIFIED, NAME)]
        # The weights of the marking side are public, too, so anybody can mark; and what was marked may be a voice
        # that was changed as well as one that was made.
        details = {"scheme": "AudioSeal", "marked": f"{marked:.2f}", "message": bits}
        claim = Claim.AI_UNSPECIFIED
        return [Evidence(Kind.KEYED_WATERMARK, claim, Integrity.UNSIGNED, Tier.UNVERIFIED, NAME, details)]

    def _loaded(self) -> Any:
        if not self._detector:
            if self.folder is None:
                raise FileNotFoundError("nobody has provided its weights")
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._detector.append(_detector_of(self.folder / WEIGHTS))
        return self._detector[0]

    def examples(self) -> Sequence[Example]:
        """None of ours: a marked recording can be made by the publisher's model only."""
        return ()


def _detector_of(weights: Path) -> Any:
    """The publisher's model as its own card describes it, with the operator's weights."""
    from audioseal import loader

    # The package would fetch what its card names, and run whatever a file of weights tells it to. Here it is handed the
    # operator's file instead, of which numbers and plain settings are read and nothing else.
    loader.load_model_checkpoint = lambda *_given, **_named: _plain(weights)
    return loader.AudioSeal.load_detector(CARD, nbits=BITS).eval()


def _plain(weights: Path) -> Any:
    import torch
    from omegaconf import DictConfig, ListConfig, base, nodes

    settings = [DictConfig, ListConfig, base.ContainerMetadata, base.Metadata, nodes.AnyNode, defaultdict, Any]
    with torch.serialization.safe_globals([*settings, dict, list, int]):
        return torch.load(weights, map_location="cpu", weights_only=True)


def _understood(answer: object) -> tuple[float, str]:
    if not isinstance(answer, tuple) or len(answer) != 2:
        raise strange("it is no pair of a share and a message")
    marked, message = answer
    try:
        bits = [int(bit) for bit in message.reshape(-1).tolist()]
    except (AttributeError, TypeError, ValueError):
        raise strange("the message is no list of bits") from None
    if len(bits) != BITS or not set(bits) <= {0, 1}:
        raise strange(f"the message has not {BITS} bits")
    return share(marked, "the share of marked frames"), "".join(map(str, bits))


def build(settings: Settings) -> AudioSealScanner:
    """The entry point; weights are looked for in `audioseal` among the operator's."""
    folder = settings.weights / NAME if settings.weights is not None else None
    return AudioSealScanner(Card.load(Path(__file__).with_name("card.toml")), folder)
