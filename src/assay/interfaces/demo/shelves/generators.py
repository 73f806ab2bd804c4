"""Files that still carry the settings of the generator that made them. It never scans them."""

from __future__ import annotations

import base64
import hashlib
import json

from assay.interfaces.demo.art import patterns
from assay.interfaces.demo.marks import exif, jpeg, png
from assay.interfaces.demo.recipe import Recipe
from assay.interfaces.demo.shelves import scenes
from assay.interfaces.demo.shelves.known import nobody_shown, peaceful, record, undisclosed

MADE = {"ai_extent": "generated", "synthetic_status": "declared", "provenance": "declared"}
SETTINGS = (
    "wide valley, layered hills, evening haze\nNegative prompt: text, people\n"
    "Steps: 28, Sampler: DPM++ 2M Karras, CFG scale: 6.5, Seed: 2026, Size: 960x640, Model hash: 31e35c80fc"
)
_GRAPH = {
    "3": {"class_type": "KSampler", "inputs": {"seed": 7, "steps": 20, "cfg": 7.0, "sampler_name": "euler"}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "planets like glass marbles"}},
    "9": {"class_type": "SaveImage", "inputs": {"filename_prefix": "demo"}},
}
_WORKFLOW = {
    "last_node_id": 9,
    "nodes": [{"id": 3, "type": "KSampler"}, {"id": 9, "type": "SaveImage"}],
    "version": 0.4,
}
_NOVEL = {"prompt": "a lake in winter", "steps": 28, "sampler": "k_euler", "seed": 42, "scale": 5.0, "v4_prompt": None}
_INVOKE = {
    "app_version": "4.2.7",
    "generation_mode": "sdxl_txt2img",
    "positive_prompt": "tiles in warm colours",
    "seed": 11,
    "model": {"name": "demo"},
}


def _warm_planets() -> bytes:
    picture = patterns.orbits(21, ["#2d142c", "#510a32"], ["#ee4540", "#f9d276", "#8ac6d1", "#bbded6", "#fae3d9"])
    return png(picture, texts={"prompt": json.dumps(_GRAPH), "workflow": json.dumps(_WORKFLOW)})


def _job() -> str:
    # Any number in the form of a job's will do, as long as it is the same every time.
    digits = hashlib.sha256(b"demonstration").hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:32]}"


def _signature() -> str:
    return base64.b64encode(hashlib.sha512(b"demonstration").digest()).decode("ascii")


def _green_ripples() -> bytes:
    picture = patterns.interference(12, ["#081c15", "#1b4332", "#2d6a4f", "#74c69d", "#d8f3dc"])
    fields = {"ImageDescription": f"Signature: {_signature()}", "Artist": _job()}
    return jpeg(picture, exif_block=exif(fields))


GENERATORS: tuple[Recipe, ...] = (
    Recipe(
        "hills-settings.png",
        "Hills with their settings",
        "Prompt, sampler and seed stand in the file, as a Stable Diffusion front end writes them.",
        lambda _: png(scenes.evening_hills(), texts={"parameters": SETTINGS}),
        MADE,
        known=undisclosed(realism="stylised"),
    ),
    Recipe(
        "dunes-settings.jpg",
        "Dunes with their settings",
        "The same kind of settings, this time in the EXIF comment of a JPEG.",
        lambda _: jpeg(scenes.dunes(), exif_block=exif({}, comment=SETTINGS.replace("hills", "dunes"))),
        MADE,
        known=(*record(), *nobody_shown(), *peaceful()),
    ),
    Recipe(
        "planets-workflow.png",
        "Glass planets",
        "The whole ComfyUI graph that made the picture is still inside it.",
        lambda _: _warm_planets(),
        MADE,
        known=undisclosed(realism="unreal"),
    ),
    Recipe(
        "lake-novelai.png",
        "Winter lake, generated",
        "NovelAI's record of the steps stands in the file.",
        lambda _: png(
            scenes.winter_lake(), texts={"Software": "NovelAI", "Source": "demo", "Comment": json.dumps(_NOVEL)}
        ),
        MADE,
        known=(*record(), *nobody_shown(), *peaceful()),
    ),
    Recipe(
        "tiles-invokeai.png",
        "Cool tiles",
        "InvokeAI's record of the settings stands in the file.",
        lambda _: png(scenes.cool_tiles(), texts={"invokeai_metadata": json.dumps(_INVOKE)}),
        MADE,
        known=undisclosed(realism="unreal"),
    ),
    Recipe(
        "harbour-job.png",
        "Harbour with a job number",
        "The description ends in a job number, in the form that Midjourney gives it.",
        lambda _: png(
            scenes.harbour(),
            texts={"Description": f"boats on a bright sea --v 6 Job ID: {_job()}", "Author": "demonstration"},
        ),
        MADE,
        known=record(),
    ),
    Recipe(
        "ripples-signature.jpg",
        "Green ripples",
        "Nothing but a signature line and an artist's number, in the form that Grok leaves them.",
        lambda _: _green_ripples(),
        MADE,
        known=record(),
    ),
)
