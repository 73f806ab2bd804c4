"""The visible mark scanner: labels in a picture that say AI. A picture of a text about AI carries none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assay.detection.decoding.frames import frames
from assay.detection.decoding.pictures import picture
from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.inspection import Section
from assay.detection.media import Media
from assay.detection.scanner import READY, Card, Example, Readiness, Settings, State
from assay.detection.scanners.visible.layout import Box, Layout, layout_of
from assay.detection.scanners.visible.phrases import Phrase, label_in
from assay.detection.scanners.visible.reading import FINDS, LONGEST_SIDE, READS, Line, Reader, models

if TYPE_CHECKING:
    from PIL.Image import Image

NAME = "visible"
MOST_PIXELS = 100_000_000
LEAST_CONFIDENCE = 0.8
MOST_READERS = 6
FEWEST_PIXELS_A_SIDE = 64
_TITLE = "Visible label"


@dataclass(frozen=True, slots=True)
class Label:
    """One line that stands like a label, what it says, and the phrase that it is, if it is one."""

    box: Box
    line: Line
    phrase: Phrase | None


@dataclass(frozen=True, slots=True)
class View:
    """One picture, or one frame of a film with its place in it: how its text stands, and what was read of it."""

    frame: str
    width: int
    height: int
    layout: Layout
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class VisibleScanner:
    """Finds text, keeps what stands like a label, reads only that, and compares it with known phrases."""

    card: Card
    reader: Reader | None

    @property
    def name(self) -> str:
        return NAME

    def readiness(self) -> Readiness:
        if self.reader is None:
            return Readiness(State.NO_PACKAGE, "rapidocr is not installed", "pip install 'assay[ocr]'")
        missing = [each for each in (FINDS, READS) if not (self.reader.folder / each).is_file()]
        if missing:
            words = f"the installed rapidocr has no {', '.join(missing)}"
            return Readiness(State.NO_WEIGHTS, words, "pip install --force-reinstall 'rapidocr>=3.10,<4'")
        return READY

    def scan(self, media: Media) -> list[Evidence]:
        seen = self._seen(media)
        if not seen:
            return []
        found: dict[str, Evidence] = {}
        for view in seen:
            for label in view.labels:
                # What stays on the screen is one label, however many frames of it are read.
                if label.phrase is not None and label.phrase.text not in found:
                    found[label.phrase.text] = _evidence(label, label.phrase, view)
        return list(found.values()) or [Evidence(Kind.VISIBLE_MARK, Claim.NONE, Integrity.NONE, Tier.UNVERIFIED, NAME)]

    def inspect(self, media: Media) -> tuple[Section, ...]:
        """What was read where, so that a reviewer sees why a line counts and why another does not."""
        seen = self._seen(media)
        if not seen:
            return (Section(_TITLE, "not checked", note="No picture could be read from it."),)
        return tuple(_section(view) for view in seen)

    def _seen(self, media: Media) -> list[View]:
        if self.reader is None:
            return []
        taken = frames(media, most_pixels=MOST_PIXELS, longest_side=LONGEST_SIDE)
        still = None if taken else picture(media, most_pixels=MOST_PIXELS, longest_side=LONGEST_SIDE)
        pictures = taken or ([("", still)] if still is not None else [])
        return [_view(self.reader, place, each) for place, each in pictures if min(each.size) >= FEWEST_PIXELS_A_SIDE]

    def examples(self) -> Sequence[Example]:
        from assay.detection.scanners.visible.examples import examples

        return examples()


def _view(reader: Reader, frame: str, decoded: Image) -> View:
    pixels = np.asarray(decoded)
    layout = layout_of(reader.boxes(pixels), decoded.width, decoded.height)
    labels = [_label(box, reader.read(pixels, box)) for box in layout.candidates]
    return View(frame, decoded.width, decoded.height, layout, tuple(each for each in labels if each is not None))


def _label(box: Box, lines: Sequence[Line]) -> Label | None:
    """The first reader's line that is a label; what no reader is sure of says nothing."""
    sure = [line for line in lines if line.confidence >= LEAST_CONFIDENCE]
    for line in sure:
        phrase = label_in(line.text)
        if phrase is not None:
            return Label(box, line, phrase)
    return Label(box, sure[0], None) if sure else None


def _section(view: View) -> Section:
    layout = view.layout
    rows = [("lines of text", f"{len(layout.lines)}, of which {len(layout.candidates)} stand like a label")]
    for label in view.labels:
        verdict = f"says AI ({label.phrase.language})" if label.phrase else "no label that is known"
        text = f"{label.line.text} · {label.line.confidence:.2f} · {verdict}"
        rows.append((_place(label.box, view.width, view.height), text))
    note = f"No line was read: {layout.reason}." if layout.reason else ""
    title = f"{_TITLE}, {view.frame} of the film" if view.frame else _TITLE
    is_found = any(label.phrase for label in view.labels)
    return Section(title, "found" if is_found else "absent", tuple(rows), note=note)


def _evidence(label: Label, phrase: Phrase, view: View) -> Evidence:
    details = {
        "text": label.line.text,
        "phrase": phrase.text,
        "language": phrase.language,
        "place": _place(label.box, view.width, view.height),
        "confidence": f"{label.line.confidence:.2f}",
    }
    if view.frame:
        details["frame"] = view.frame
    return Evidence(Kind.VISIBLE_MARK, phrase.claim, Integrity.UNSIGNED, Tier.UNVERIFIED, NAME, details)


def _place(box: Box, width: int, height: int) -> str:
    down = "top" if box.top + box.bottom < height else "bottom"
    middle = (box.left + box.right) / 2 / width
    return f"{down} left" if middle < 1 / 3 else f"{down} right" if middle > 2 / 3 else f"{down} middle"


def build(settings: Settings) -> VisibleScanner:
    """The entry point; `visible/*.onnx` in the operator's weights are readers of further scripts."""
    folder = models()
    further: tuple[Path, ...] = ()
    if settings.weights is not None:
        further = tuple(sorted((settings.weights / NAME).glob("*.onnx"))[:MOST_READERS])
    reader = Reader(folder, further) if folder is not None else None
    return VisibleScanner(Card.load(Path(__file__).with_name("card.toml")), reader)
