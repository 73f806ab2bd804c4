"""The SynthID-Text scanner: whether a text was sampled with the operator's keys. It never guesses another's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assay.detection.decoding.borrowed import readiness, strange
from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.media import Media
from assay.detection.scanner import Card, Example, Readiness, ScanFailed, Settings, State
from assay.detection.scanners.synthid_text.keys import KEYS, TOKENIZER, UnusableKeys, read_keys
from assay.detection.scanners.synthid_text.values import Keys, Score, score

NAME = "synthid_text"
MOST_BYTES = 1024 * 1024
FEWEST_TOKENS = 50
# Six standard deviations: of texts without the mark, one in a thousand million goes so far by chance.
LEAST_DEVIATIONS = 6.0


@dataclass(frozen=True, slots=True)
class SynthIdTextScanner:
    """The mean of the g-values of a text's tokens under the operator's keys."""

    card: Card
    folder: Path | None
    keys: Keys | None
    why_not: str
    _tokenizer: list[Any] = field(default_factory=list, compare=False)

    @property
    def name(self) -> str:
        return NAME

    def readiness(self) -> Readiness:
        there = self.keys is not None and self.folder is not None and (self.folder / TOKENIZER).is_file()
        wanted = None if there else f"`{KEYS}` and the model's `{TOKENIZER}`"
        told = readiness(("tokenizers",), "synthid-text", self.folder, NAME, wanted)
        if told.state is State.NO_WEIGHTS and self.why_not:
            return Readiness(State.NO_WEIGHTS, self.why_not, told.next_step)
        return told

    def scan(self, media: Media) -> list[Evidence]:
        if media.container.name != "text" or self.keys is None or self.folder is None:
            return []
        with media.open() as stream:
            text = stream.read(MOST_BYTES).decode("utf-8", "replace")
        found = score(self._tokens(text, self.folder), self.keys)
        if found is None or found.counted < FEWEST_TOKENS:
            return []
        if found.deviations < LEAST_DEVIATIONS:
            return [Evidence(Kind.KEYED_WATERMARK, Claim.NONE, Integrity.NONE, Tier.UNVERIFIED, NAME)]
        return [_evidence(found)]

    def _tokens(self, text: str, folder: Path) -> list[int]:
        if not self._tokenizer:
            from tokenizers import Tokenizer

            try:
                self._tokenizer.append(Tokenizer.from_file(str(folder / TOKENIZER)))
            except Exception as error:  # noqa: BLE001
                # The outer edge of somebody else's reader, which raises the bare Exception for a file it refuses.
                raise ScanFailed("unusable-tokenizer", f"`{TOKENIZER}` cannot be used: {error}"[:200]) from None
        tokens = self._tokenizer[0].encode(text, add_special_tokens=False).ids
        if not isinstance(tokens, list) or not all(isinstance(each, int) for each in tokens):
            raise strange("its tokens are no whole numbers")
        return tokens

    def examples(self) -> Sequence[Example]:
        """None of ours: what carries the mark depends on the operator's keys and tokenizer."""
        return ()


def _evidence(found: Score) -> Evidence:
    # The keys are secret, so what carries their mark was sampled with them. How much of it a person wrote around
    # the sampled part is not told by a mean.
    details = {
        "scheme": "SynthID-Text",
        "mean": f"{found.mean:.3f}",
        "deviations": f"{found.deviations:.1f}",
        "tokens": str(found.counted),
    }
    return Evidence(Kind.KEYED_WATERMARK, Claim.AI_UNSPECIFIED, Integrity.OK, Tier.OPERATOR, NAME, details)


def build(settings: Settings) -> SynthIdTextScanner:
    """The entry point; keys and tokenizer are looked for in `synthid_text` among the operator's weights."""
    card = Card.load(Path(__file__).with_name("card.toml"))
    if settings.weights is None:
        return SynthIdTextScanner(card, None, None, "")
    folder = settings.weights / NAME
    if not (folder / KEYS).exists():
        return SynthIdTextScanner(card, folder, None, "")
    try:
        return SynthIdTextScanner(card, folder, read_keys(folder), "")
    except UnusableKeys as unusable:
        return SynthIdTextScanner(card, folder, None, str(unusable))
