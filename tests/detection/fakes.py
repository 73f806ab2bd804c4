"""Scanners that misbehave on purpose, by a file's name. They stand in for decoders that crash, hang and swell."""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass

from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.media import Media
from assay.detection.scanner import Card, Example, ScanFailed, Settings

CARD = Card("fake", "1", "Apache-2.0", "Nothing.", "Everything.", (Kind.DETECTOR,), ("any",), 1.0, True, ())
HERE = "tests.detection.fakes"


@dataclass(frozen=True, slots=True)
class Fake:
    """Does to a file what the file's name asks for."""

    name: str
    card: Card = CARD

    def scan(self, media: Media) -> list[Evidence]:
        wish = media.name.partition(".")[0]
        if wish == "exit":
            os._exit(9)
        if wish == "segfault":
            ctypes.string_at(0)
        if wish == "hang":
            time.sleep(600)
        if wish == "swell":
            # Each block is written to, so that no kernel trick can hand out memory that is not there.
            blocks = [bytearray(os.urandom(1)) * (64 * 1024 * 1024) for _ in range(1000)]
            raise RuntimeError(f"{len(blocks)} blocks fitted")
        if wish == "raise":
            raise KeyError("a stranger's fault")
        if wish == "fail":
            raise ScanFailed("made-up-fault", "as asked", [finding()])
        if wish == "forge":
            return [finding(), finding("copies:bank")]
        return ["no evidence"] if wish == "babble" else [finding()]  # type: ignore[list-item]

    def examples(self) -> Sequence[Example]:
        return ()


def finding(source: str = "fake") -> Evidence:
    return Evidence(Kind.DETECTOR, Claim.UNCLEAR, Integrity.UNSIGNED, Tier.UNVERIFIED, source)


def wild(settings: Settings) -> Fake:
    return Fake("wild")


def unloadable(settings: Settings) -> Fake:
    raise RuntimeError("its weights are missing")
