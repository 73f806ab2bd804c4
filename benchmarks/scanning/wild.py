"""A scanner that does to its process what a file asks for, as a broken decoder would. It finds nothing."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Sequence
from dataclasses import dataclass

from assay.detection.evidence import Evidence
from assay.detection.media import Media
from assay.detection.scanner import Card, Example, Settings
from benchmarks.scanning.files import ASKS

NAME = "benchmarks.scanning.wild:build"
_READ = 4096
_CARD = Card(
    name="wild",
    version="1",
    licence="Apache-2.0",
    claims="Nothing.",
    limits="Everything.",
    kinds=(),
    containers=("any",),
    milliseconds_per_file=0.1,
    decodes_pixels=False,
    measured=(),
)


@dataclass(frozen=True, slots=True)
class Wild:
    """Crashes, hangs or raises."""

    name: str = NAME
    card: Card = _CARD

    def scan(self, media: Media) -> list[Evidence]:
        """Nothing, if it comes back at all."""
        with media.open() as stream:
            _, _, asked = stream.read(_READ).partition(ASKS)
        wish = asked.partition(b"\n")[0]
        if wish == b"crash":
            ctypes.string_at(0)
        if wish == b"hang":
            time.sleep(3600)
        if wish == b"raise":
            raise KeyError("a decoder's fault")
        return []

    def examples(self) -> Sequence[Example]:
        """None, since it finds nothing."""
        return ()


def build(settings: Settings) -> Wild:
    """As every scanner is made."""
    return Wild()
