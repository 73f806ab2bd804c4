"""Files with signed credentials: whole, broken, expired, from a stranger, signed again. It never scans them."""

from __future__ import annotations

from assay.interfaces.demo.art import moving, sounds
from assay.interfaces.demo.authority import Signer
from assay.interfaces.demo.marks import jpeg, opened, png, webp
from assay.interfaces.demo.recipe import Recipe, Workshop
from assay.interfaces.demo.shelves import scenes
from assay.interfaces.demo.shelves.known import looked_through, nobody_shown, peaceful, record, seen, undisclosed
from assay.interfaces.demo.signed import Action, Parent, change_one_byte, sign

JPEG, PNG, WEBP, MP4 = "image/jpeg", "image/png", "image/webp", "video/mp4"
TRUSTED_AND_MADE = {"ai_extent": "generated", "synthetic_status": "confirmed", "provenance": "signed_trusted"}
NOTES = (262, 330, 392, 523, 494, 392, 330, 349, 262, 196, 262)


def _generated(media: bytes, media_type: str, title: str, by: Signer) -> bytes:
    made = Action("c2pa.created", "trainedAlgorithmicMedia", agent="Lumen 4")
    return sign(media, media_type, title=title, actions=[made], by=by)


def _captured(media: bytes, media_type: str, title: str, by: Signer) -> bytes:
    return sign(media, media_type, title=title, actions=[Action("c2pa.created", "digitalCapture")], by=by)


def _expired(shop: Workshop) -> bytes:
    return _generated(jpeg(scenes.dunes()), JPEG, "Dunes", shop.brief_signer())


def _edited(shop: Workshop) -> bytes:
    parent = Parent("Harbour", JPEG, shop.made["harbour-photograph.jpg"])
    picture = opened(parent.media)
    # A second sun is what the editor's model put in.
    picture.paste(picture.crop((180, 180, 420, 330)).resize((240, 150)), (640, 40))
    steps = [
        Action("c2pa.opened", on_parent=True),
        Action("c2pa.edited", "compositeWithTrainedAlgorithmicMedia", agent="Darkroom Generative Fill"),
    ]
    return sign(jpeg(picture), JPEG, title="Harbour, edited", actions=steps, by=shop.editor, parent=parent)


def _signed_again(shop: Workshop, original: str) -> bytes:
    parent = Parent("Hills", JPEG, shop.made[original])
    smaller = opened(parent.media).resize((720, 480))
    steps = [Action("c2pa.opened", on_parent=True), Action("c2pa.transcoded"), Action("c2pa.resized")]
    return sign(jpeg(smaller, quality=78), JPEG, title="Hills", actions=steps, by=shop.platform, parent=parent)


def _watermarked(shop: Workshop) -> bytes:
    steps = [
        Action("c2pa.created", "trainedAlgorithmicMedia", agent="Lumen 4"),
        Action("c2pa.edited", "trainedAlgorithmicMedia", agent="Lumen Watermark"),
    ]
    return sign(png(scenes.planets()), PNG, title="Planets", actions=steps, by=shop.generator)


def _algorithmic(shop: Workshop) -> bytes:
    drawn = Action("c2pa.created", "algorithmicMedia", agent="Plotter 2")
    return sign(png(scenes.fractal()), PNG, title="A coast without end", actions=[drawn], by=shop.editor)


CREDENTIALS: tuple[Recipe, ...] = (
    Recipe(
        "dunes-expired.jpg",
        "Dunes, with an expired signature",
        "Signed as generated while the certificate was valid; it has ended since, and no trusted clock saw it.",
        _expired,
        {"ai_extent": "generated", "synthetic_status": "declared", "provenance": "expired"},
        known=undisclosed(realism="ambiguous", edit_materiality="meaning_preserving"),
    ),
    Recipe(
        "hills-generated.jpg",
        "Evening hills",
        "A generator made this picture and signed that it did.",
        lambda shop: _generated(jpeg(scenes.evening_hills()), JPEG, "Hills", shop.generator),
        TRUSTED_AND_MADE,
        declared={"ai_extent": "generated", "where": "toggle"},
        known=looked_through(realism="stylised", technique=("full_scene",)),
    ),
    Recipe(
        "city-generated.png",
        "City by night",
        "Signed as generated, and posted without a word about it.",
        lambda shop: _generated(png(scenes.city_by_night()), PNG, "City", shop.generator),
        TRUSTED_AND_MADE,
        known=(*record(), *nobody_shown(), *peaceful()),
    ),
    Recipe(
        "tiles-generated.webp",
        "Tiles",
        "A generated pattern, signed by the service that made it.",
        lambda shop: _generated(webp(scenes.tiles()), WEBP, "Tiles", shop.generator),
        TRUSTED_AND_MADE,
        known=looked_through(realism="unreal", technique=("full_scene",)),
    ),
    Recipe(
        "ripples-generated.mp4",
        "Ripples, a video",
        "A generated video with its credentials inside; nobody has looked at it yet.",
        lambda shop: _generated(moving.mp4(moving.pan(scenes.ripples())), MP4, "Ripples", shop.generator),
        TRUSTED_AND_MADE,
        known=record(),
    ),
    Recipe(
        "tune-generated.wav",
        "A small tune",
        "A generated tune, signed as such.",
        lambda shop: _generated(sounds.wav(sounds.tune(NOTES)), "audio/wav", "Tune", shop.generator),
        TRUSTED_AND_MADE,
        known=looked_through(realism="stylised"),
    ),
    Recipe(
        "harbour-photograph.jpg",
        "Harbour, a photograph",
        "A camera signed this picture at the moment it was taken.",
        lambda shop: _captured(jpeg(scenes.harbour(), quality=80), JPEG, "Harbour", shop.camera),
        {"ai_extent": "none", "synthetic_status": "authentic", "provenance": "signed_trusted"},
        known=undisclosed(realism="realistic"),
    ),
    Recipe(
        "harbour-edited.jpg",
        "Harbour, edited with AI",
        "An editor's model added to the photograph; the editor signed the change and kept the camera's credentials.",
        _edited,
        {"ai_extent": "altered", "synthetic_status": "confirmed", "provenance": "signed_trusted"},
        known=(*record(), *nobody_shown(), *peaceful(), *seen(realism="realistic")),
    ),
    Recipe(
        "valley-recording.mp4",
        "Valley, a recording",
        "A camera recorded and signed this video.",
        lambda shop: _captured(moving.mp4(moving.pan(scenes.morning_hills())), MP4, "Valley", shop.camera),
        {"ai_extent": "none", "synthetic_status": "authentic", "provenance": "signed_trusted"},
        known=undisclosed(realism="realistic"),
    ),
    Recipe(
        "hills-broken.jpg",
        "Evening hills, changed after signing",
        "Signed as generated; one byte was changed afterwards, so the signature no longer speaks for it.",
        lambda shop: change_one_byte(shop.made["hills-generated.jpg"]),
        {"synthetic_status": "suspected", "provenance": "broken"},
        known=(*record(), *nobody_shown(), *peaceful(mark_tampering="none")),
    ),
    Recipe(
        "lake-broken.jpg",
        "Lake, changed after signing",
        "A camera signed this photograph, and somebody changed it later; nothing shows that AI was used.",
        lambda shop: change_one_byte(_captured(jpeg(scenes.lake(), quality=80), JPEG, "Lake", shop.camera)),
        {"provenance": "broken"},
        known=record(),
    ),
    Recipe(
        "hills-resigned.jpg",
        "Evening hills, passed on",
        "A messenger made the picture smaller, signed what it did, and kept the generator's credentials.",
        lambda shop: _signed_again(shop, "hills-generated.jpg"),
        TRUSTED_AND_MADE,
        known=looked_through(realism="stylised", technique=("full_scene",)),
    ),
    Recipe(
        "hills-laundered.jpg",
        "Evening hills, signed over a broken original",
        "A whole new signature stands over an original whose own signature is broken.",
        lambda shop: _signed_again(shop, "hills-broken.jpg"),
        {"provenance": "signed_trusted"},
        known=(*record(), *nobody_shown()),
    ),
    Recipe(
        "lights-unknown-signer.jpg",
        "Northern lights, signed by a stranger",
        "Whole credentials that say generated, from a signer whom nobody vouches for.",
        lambda shop: _generated(jpeg(scenes.northern_lights()), JPEG, "Northern lights", shop.stranger),
        {"ai_extent": "generated", "synthetic_status": "declared", "provenance": "signed"},
        known=(*record(), *nobody_shown(), *peaceful()),
    ),
    Recipe(
        "fractal-plotted.png",
        "A coast without end",
        "Signed as drawn by an algorithm that was never trained, which is not AI.",
        _algorithmic,
        {"provenance": "signed_trusted"},
        known=undisclosed(realism="unreal", ai_extent="none", synthetic_status="authentic"),
    ),
    Recipe(
        "planets-watermarked.png",
        "Planets",
        "Generated, then watermarked by its generator: two steps in the record, and still wholly generated.",
        _watermarked,
        TRUSTED_AND_MADE,
        known=looked_through(realism="unreal", technique=("full_scene",)),
    ),
)
