"""The TrustMark scanner: asks Adobe's decoder, with weights that the operator provides. It never fetches them."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assay.detection.decoding.borrowed import readiness, strange
from assay.detection.decoding.pictures import picture
from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.media import Media
from assay.detection.scanner import Card, Example, Readiness, Settings

NAME = "trustmark"
VARIANTS = ("P", "Q", "B", "C")
MOST_PIXELS = 50_000_000
MOST_BITS = 200


@dataclass(frozen=True, slots=True)
class TrustMarkScanner:
    """The record's name that a mark carries, by each variant whose decoder the operator provides."""

    card: Card
    folder: Path | None
    _decoders: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def name(self) -> str:
        return NAME

    def readiness(self) -> Readiness:
        wanted = None if self._variants() else "`trustmark_P.yaml` and `decoder_P.ckpt`, or those of Q, B or C,"
        return readiness(("torch", "trustmark"), NAME, self.folder, NAME, wanted)

    def scan(self, media: Media) -> list[Evidence]:
        decoded = picture(media, most_pixels=MOST_PIXELS)
        if decoded is None:
            return []
        found = []
        for variant in self._variants():
            message = _understood(self._decoder(variant).decode(decoded, MODE="binary"))
            if message is not None:
                found.append(_evidence(variant, message))
        return found or [Evidence(Kind.KEYED_WATERMARK, Claim.NONE, Integrity.NONE, Tier.UNVERIFIED, NAME)]

    def _variants(self) -> tuple[str, ...]:
        folder = self.folder
        if folder is None:
            return ()
        both = ("trustmark_{}.yaml", "decoder_{}.ckpt")
        return tuple(each for each in VARIANTS if all((folder / name.format(each)).is_file() for name in both))

    def _decoder(self, variant: str) -> Any:
        if variant not in self._decoders:
            if self.folder is None:
                raise FileNotFoundError("nobody has provided its weights")
            with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
                warnings.simplefilter("ignore")
                decoder = _from_folder(self.folder)(verbose=False, device="cpu", model_type=variant, loadRemover=False)
            self._decoders[variant] = decoder
        return self._decoders[variant]

    def examples(self) -> Sequence[Example]:
        """None of ours: a marked picture can be made by the publisher's model only."""
        return ()


def _from_folder(folder: Path) -> Any:
    """The publisher's class, which looks for weights in its own folder and fetches what it misses, bound to ours."""
    from trustmark import TrustMark

    class FromFolder(TrustMark):  # type: ignore[misc, unused-ignore]
        """Loads the decoder from the operator's folder; the side that marks is not loaded at all."""

        def check_and_download(self, filename: str) -> None:
            if not Path(filename).is_file():
                raise FileNotFoundError(f"`{Path(filename).name}` is missing")

        def load_model(
            self, config_path: str, weight_path: str, device: str, secret_len: int, part: str = "all"
        ) -> Any:
            if part != "decoder":
                return None
            config, weights = (str(folder / Path(each).name) for each in (config_path, weight_path))
            return super().load_model(config, weights, device, secret_len, part)

    return FromFolder


def _understood(answer: object) -> str | None:
    if not isinstance(answer, tuple) or len(answer) != 3 or not isinstance(answer[1], (bool, int)):
        raise strange("it is no triple of message, found and version")
    message, is_found, _version = answer
    if not is_found:
        return None
    if not isinstance(message, str) or not message or len(message) > MOST_BITS or set(message) - {"0", "1"}:
        raise strange("the message is no string of bits")
    return message


def _evidence(variant: str, message: str) -> Evidence:
    # The mark ties a file to a record of it, which may be a photograph's as well: it says nothing of AI by itself.
    details = {"scheme": f"TrustMark {variant}", "registered": f"com.adobe.trustmark.{variant}", "message": message}
    return Evidence(Kind.KEYED_WATERMARK, Claim.UNCLEAR, Integrity.UNSIGNED, Tier.UNVERIFIED, NAME, details)


def build(settings: Settings) -> TrustMarkScanner:
    """The entry point; weights are looked for in `trustmark` among the operator's."""
    folder = settings.weights / NAME if settings.weights is not None else None
    return TrustMarkScanner(Card.load(Path(__file__).with_name("card.toml")), folder)
