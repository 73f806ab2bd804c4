"""The declared scanner: finds the uploader's declaration beside the file. It never opens the file itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.media import Media
from assay.detection.scanner import Card, Example, Expected, ScanFailed, Settings
from assay.detection.scanners.declared.declaration import (
    MAXIMUM_DECLARATION,
    Declaration,
    Malformed,
    check_declaration,
    parse_declaration,
)

NAME = "declared"
SUFFIX = ".declared.json"


@dataclass(frozen=True, slots=True)
class DeclaredScanner:
    """Reads the declaration given with the media, else the one in `<file name>.declared.json` beside it."""

    card: Card

    @property
    def name(self) -> str:
        return NAME

    def scan(self, media: Media) -> list[Evidence]:
        try:
            declaration = _declaration(media)
        except Malformed as malformed:
            raise ScanFailed(
                "malformed-declaration", f"the uploader's declaration cannot be used: {malformed}"
            ) from None
        if declaration is None:
            return []
        details = {"where": declaration.where} | ({"generator": declaration.generator} if declaration.generator else {})
        claim = declaration.claim
        return [Evidence(Kind.UPLOADER_DECLARATION, claim, Integrity.UNSIGNED, Tier.UNVERIFIED, NAME, details)]

    def examples(self) -> Sequence[Example]:
        generated = Expected(Kind.UPLOADER_DECLARATION, Claim.GENERATED, Integrity.UNSIGNED)
        without = Expected(Kind.UPLOADER_DECLARATION, Claim.NO_AI, Integrity.UNSIGNED)
        return (
            Example("generated.txt", b"a hill", (generated,), {"ai_extent": "generated", "where": "toggle"}),
            Example("without.txt", b"a hill", (without,), {"ai_extent": "none"}),
            Example("nothing-said.txt", b"made with AI, says this text", ()),
            Example("wrong.txt", b"a hill", (), {"ai_extent": "lots"}, fault="malformed-declaration"),
        )


def _declaration(media: Media) -> Declaration | None:
    if media.declaration is not None:
        return check_declaration(media.declaration)
    if media.path is None:
        return None
    try:
        with media.path.with_name(media.path.name + SUFFIX).open("rb") as stream:
            return parse_declaration(stream.read(MAXIMUM_DECLARATION + 1))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Malformed("its file cannot be read") from error


def build(settings: Settings) -> DeclaredScanner:
    """The entry point; this scanner has nothing to set."""
    return DeclaredScanner(Card.load(Path(__file__).with_name("card.toml")))
