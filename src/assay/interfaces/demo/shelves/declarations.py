"""Files that declare their origin without a signature: IPTC's words and China's labels. It never scans them."""

from __future__ import annotations

import json

from assay.interfaces.demo.art import moving, sounds
from assay.interfaces.demo.marks import exif, jpeg, label_cn, png, source_type, webp, with_riff_chunk, xmp
from assay.interfaces.demo.recipe import Recipe
from assay.interfaces.demo.shelves import scenes
from assay.interfaces.demo.shelves.known import looked_through, nobody_shown, peaceful, record, seen, undisclosed

DECLARED_MADE = {"ai_extent": "generated", "synthetic_status": "declared", "provenance": "declared"}
PROVIDER = "001110000000000000000X00001"
"""A provider's code in the standard's form; the company number in it is all noughts and belongs to nobody."""


def _label(number: str) -> str:
    return label_cn(number, by=PROVIDER, number=f"demo-{number}")


def _label_packet(number: str) -> bytes:
    return xmp({"TC260:AIGC": _label(number)})


def _two_labels() -> bytes:
    wrapped = json.dumps({"AIGC": json.loads(_label("1"))})
    return jpeg(scenes.contours(), packet=_label_packet("3"), exif_block=exif({}, comment=wrapped))


DECLARATIONS: tuple[Recipe, ...] = (
    Recipe(
        "lights-iptc.jpg",
        "Northern lights, declared",
        "The file's IPTC field says that a trained model made it, and names the system.",
        lambda _: jpeg(
            scenes.northern_lights(),
            packet=xmp(
                {
                    "Iptc4xmpExt:DigitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
                    "Iptc4xmpExt:AISystemUsed": "Lumen",
                    "Iptc4xmpExt:AISystemVersionUsed": "4",
                }
            ),
        ),
        DECLARED_MADE,
        known=looked_through(realism="realistic", edit_materiality="meaning_changing", technique=("full_scene",)),
    ),
    Recipe(
        "desk-iptc.png",
        "A speaker's desk, partly generated",
        "The IPTC field says that AI was combined with a real picture; it was posted in a campaign.",
        lambda _: png(scenes.speakers_desk(), packet=source_type("compositeWithTrainedAlgorithmicMedia")),
        {"ai_extent": "altered", "synthetic_status": "declared", "provenance": "declared"},
        known=(
            *record(),
            *nobody_shown(),
            *peaceful(campaign_content=True, public_importance=("election",)),
            *seen(realism="realistic", edit_materiality="meaning_changing"),
        ),
    ),
    Recipe(
        "ribbons-iptc.webp",
        "Ribbons",
        "A generated pattern that says so in its IPTC field.",
        lambda _: webp(scenes.ribbons(), packet=source_type("trainedAlgorithmicMedia")),
        DECLARED_MADE,
        known=undisclosed(realism="unreal"),
    ),
    Recipe(
        "lake-iptc-capture.jpg",
        "Winter lake",
        "The IPTC field says that a camera took it; anybody could have written that.",
        lambda _: jpeg(scenes.winter_lake(), packet=source_type("digitalCapture")),
        {"provenance": "declared"},
        known=(*record(), *nobody_shown(), *peaceful()),
    ),
    Recipe(
        "mosaic-label-1.png",
        "Mosaic, label 1",
        "China's label in the file says that it is AI-generated.",
        lambda _: png(scenes.mosaic(), packet=_label_packet("1")),
        {**DECLARED_MADE, "gb_label": "is"},
        known=looked_through(realism="unreal"),
    ),
    Recipe(
        "city-label-2.jpg",
        "City by night, label 2",
        "China's label in the file says that it may be AI-generated.",
        lambda _: jpeg(scenes.city_by_night(), packet=_label_packet("2")),
        {"synthetic_status": "suspected", "provenance": "declared", "gb_label": "may_be"},
        known=(*record(), *nobody_shown(), *peaceful()),
    ),
    Recipe(
        "contours-label-3.webp",
        "Contour map, label 3",
        "China's label in the file says that it is suspected to be AI-generated.",
        lambda _: webp(scenes.contours(), packet=_label_packet("3")),
        {"synthetic_status": "suspected", "provenance": "declared", "gb_label": "suspected"},
        known=record(),
    ),
    Recipe(
        "tune-label-1.wav",
        "Another tune, label 1",
        "The label stands in a chunk of the sound file.",
        lambda _: with_riff_chunk(
            sounds.wav(sounds.tune((392, 440, 494, 587, 494, 440))), b"AIGC", _label("1").encode()
        ),
        {**DECLARED_MADE, "gb_label": "is"},
        known=looked_through(realism="stylised"),
    ),
    Recipe(
        "voice-label-2.mp3",
        "A murmur, label 2",
        "The label stands in a tag of the sound file.",
        lambda _: sounds.mp3(sounds.murmur(7), tags={"AIGC": _label("2"), "title": "Murmur"}),
        {"synthetic_status": "suspected", "provenance": "declared", "gb_label": "may_be"},
        known=record(),
    ),
    Recipe(
        "harbour-label-1.mp4",
        "Harbour, a video with label 1",
        "The label stands among the keys of the video file.",
        lambda _: moving.mp4(moving.pan(scenes.harbour()), tags={"AIGC": _label("1")}),
        {**DECLARED_MADE, "gb_label": "is"},
        known=(*record(), *nobody_shown(), *peaceful(), *seen(realism="realistic")),
    ),
    Recipe(
        "map-two-labels.jpg",
        "Contour map, two labels",
        "Two labels in one file disagree: one says generated, the other suspected.",
        lambda _: _two_labels(),
        {"provenance": "declared"},
        known=(*record(), *nobody_shown(), *peaceful()),
    ),
)
