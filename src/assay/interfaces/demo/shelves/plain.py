"""Files without a mark of AI: stripped ones, clean ones, innocent ones that only name it. It never scans them."""

from __future__ import annotations

import io

import av
from PIL import Image

from assay.interfaces.demo.art import moving, sounds
from assay.interfaces.demo.marks import exif, gif, jpeg, opened, png, webp, xmp
from assay.interfaces.demo.recipe import Recipe, Workshop
from assay.interfaces.demo.shelves import scenes
from assay.interfaces.demo.shelves.known import looked_through, nobody_shown, peaceful, record, seen, undisclosed

NOTHING = {"provenance": "none"}
CAMERA = {"Make": "Fieldglass", "Model": "F-10", "Software": "1.4"}
ARTICLE = """How to tell where a picture comes from

Generators such as Midjourney and Stable Diffusion may leave settings in a file, and signed credentials may hold
the word trainedAlgorithmicMedia. This article names all of them and was written by a person at a kitchen table.
"""


def _stripped_video(shop: Workshop) -> bytes:
    frames: list[Image.Image] = []
    with av.open(io.BytesIO(shop.made["ripples-generated.mp4"]), "r") as container:
        frames.extend(Image.fromarray(frame.to_ndarray(format="rgb24")) for frame in container.decode(video=0))
    return moving.mp4(iter(frames))


PLAIN: tuple[Recipe, ...] = (
    Recipe(
        "hills-stripped.jpg",
        "Evening hills, stripped",
        "The generated picture after a screenshot: nothing is left that says so.",
        lambda shop: jpeg(opened(shop.made["hills-generated.jpg"]).resize((800, 533)), quality=80),
        NOTHING,
        known=(*record(), *nobody_shown(), *peaceful(), *seen(realism="stylised")),
    ),
    Recipe(
        "ripples-stripped.mp4",
        "Ripples, stripped",
        "The generated video after another program encoded it again.",
        _stripped_video,
        NOTHING,
        known=record(),
    ),
    Recipe(
        "tiles-stripped.webp",
        "Tiles, stripped and declared",
        "Nothing is left in the file, but the uploader says that AI made it.",
        lambda shop: webp(opened(shop.made["tiles-generated.webp"]), quality=70),
        {"ai_extent": "generated", "synthetic_status": "declared", "creator_disclosed": "toggle", **NOTHING},
        declared={"ai_extent": "generated", "where": "toggle", "generator": "Lumen"},
        known=looked_through(realism="unreal", disclosure_quality="clear"),
    ),
    Recipe(
        "harbour-plain.jpg",
        "Harbour, an ordinary photograph",
        "A photograph with a camera's EXIF fields and nothing else.",
        lambda _: jpeg(scenes.harbour(), quality=80, exif_block=exif(CAMERA)),
        NOTHING,
        known=undisclosed(realism="realistic"),
    ),
    Recipe(
        "protest-caption.jpg",
        "A caption that names AI",
        "The caption speaks of trained models; the photograph has nothing to do with one.",
        lambda _: jpeg(
            scenes.morning_hills(),
            quality=80,
            packet=xmp({"dc:description": "Hikers against trainedAlgorithmicMedia: no Midjourney in our valley!"}),
            exif_block=exif(CAMERA),
        ),
        NOTHING,
        known=undisclosed(realism="realistic", ai_extent="none", synthetic_status="authentic"),
    ),
    Recipe(
        "article-screenshot.png",
        "A picture with an article in its comment",
        "The comment is an article about spotting AI pictures and names every marker.",
        lambda _: png(scenes.quiet_news(), texts={"Comment": ARTICLE.strip()}),
        NOTHING,
        known=(*record(), *nobody_shown(), *peaceful(), *seen(realism="realistic")),
    ),
    Recipe(
        "camera-parameters.png",
        "Camera settings called parameters",
        "A text field has the name a generator uses, and holds shutter and aperture.",
        lambda _: png(scenes.lake(), texts={"parameters": "Shutter 1/250, f/8, ISO 100, Steps: 3 up the tripod"}),
        NOTHING,
        known=undisclosed(realism="realistic"),
    ),
    Recipe(
        "rain.wav",
        "Rain on a roof",
        "A recording with no marks at all.",
        lambda _: sounds.wav(sounds.rain(4)),
        NOTHING,
        known=undisclosed(realism="realistic", ai_extent="none", synthetic_status="authentic"),
    ),
    Recipe(
        "tune-comment.mp3",
        "A tune whose comment names a generator",
        "The comment says that it was not made with Suno, which no generator would write.",
        lambda _: sounds.mp3(sounds.tune((523, 494, 440, 392, 349, 330)), tags={"comment": "Not made with Suno."}),
        NOTHING,
        known=undisclosed(realism="realistic"),
    ),
    Recipe(
        "ribbons.gif",
        "Ribbons in motion",
        "A small animation without any marks; nobody has looked at it yet.",
        lambda _: gif([frame.resize((300, 200)) for frame in moving.pan(scenes.ribbons(), frames=6)], milliseconds=160),
        NOTHING,
        known=record(),
    ),
)
