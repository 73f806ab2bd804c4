"""Generators whose mark is a JSON record of the work, such as ComfyUI's and InvokeAI's. It never keeps a prompt."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from assay.detection.evidence import Claim

MAXIMUM_JSON = 1024 * 1024
Finding = tuple[str, Claim, str]

# A graph without a sampler only loads, resizes and saves pictures, which is no generation.
_SAMPLES = re.compile(r"sampler", re.IGNORECASE)
_PAINTS_OVER = re.compile(r"inpaint|SetLatentNoiseMask", re.IGNORECASE)
_PAINTED_MODES = frozenset({"inpaint", "outpaint", "sdxl_inpaint", "sdxl_outpaint", "flux_inpaint", "flux_outpaint"})
_MODE = re.compile(r"(?:[a-z0-9]+_)?(?:txt2img|img2img|inpaint|outpaint|txt2vid|img2vid)\Z")


def find_workflows(fields: Mapping[tuple[str, str], Sequence[str]]) -> Iterator[Finding]:
    """The programs whose records are whole and say that something was generated."""
    kinds = [kind for key in ("prompt", "workflow") for text in _texts(fields, key) for kind in _node_kinds(text)]
    if any(_SAMPLES.search(kind) for kind in kinds):
        painted = any(_PAINTS_OVER.search(kind) for kind in kinds)
        yield "ComfyUI", Claim.ALTERED if painted else Claim.GENERATED, "png-text"
    yield from _in_exif(fields)
    yield from _swarm(fields)
    yield from _fooocus(fields)
    yield from _invoke(fields)
    yield from _novel(fields)


def _texts(fields: Mapping[tuple[str, str], Sequence[str]], key: str) -> Sequence[str]:
    return [*fields.get(("png-text", key), ()), *fields.get(("mp4", key), ()), *fields.get(("matroska", key), ())]


def _parsed(text: str) -> dict[str, object]:
    if len(text) > MAXIMUM_JSON:
        return {}
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _node_kinds(text: str) -> Iterator[str]:
    graph = _parsed(text)
    nodes = graph.get("nodes")
    if isinstance(nodes, list):
        for node in nodes:
            if isinstance(node, dict) and isinstance(node.get("type"), str) and "id" in node:
                yield node["type"]
        return
    for node in graph.values():
        if isinstance(node, dict) and isinstance(node.get("class_type"), str) and "inputs" in node:
            yield node["class_type"]


def _in_exif(fields: Mapping[tuple[str, str], Sequence[str]]) -> Iterator[Finding]:
    """ComfyUI's graphs in WebP and AVIF, where it has only a camera's fields: `Make` and those beside it."""
    texts = [
        text for key in ("Make", "Model", "HostComputer", "ImageDescription") for text in fields.get(("exif", key), ())
    ]
    graphs = [text.partition(":")[2] for text in texts if text.partition(":")[0].lower() in ("prompt", "workflow")]
    kinds = [kind for graph in graphs for kind in _node_kinds(graph.strip("\x00"))]
    if any(_SAMPLES.search(kind) for kind in kinds):
        painted = any(_PAINTS_OVER.search(kind) for kind in kinds)
        yield "ComfyUI", Claim.ALTERED if painted else Claim.GENERATED, "exif"


def _swarm(fields: Mapping[tuple[str, str], Sequence[str]]) -> Iterator[Finding]:
    for place in (("png-text", "parameters"), ("exif", "UserComment")):
        for text in fields.get(place, ()):
            record = _parsed(text).get("sui_image_params")
            if isinstance(record, dict) and "steps" in record and record.keys() & {"model", "seed", "cfgscale"}:
                yield "SwarmUI", Claim.ALTERED if "initimage" in record else Claim.GENERATED, place[0]


def _fooocus(fields: Mapping[tuple[str, str], Sequence[str]]) -> Iterator[Finding]:
    if not {"fooocus", "a1111"} & {text.strip() for text in fields.get(("png-text", "fooocus_scheme"), ())}:
        return
    for text in fields.get(("png-text", "parameters"), ()):
        record = _parsed(text)
        if "steps" in record and record.keys() & {"base_model", "sampler", "seed"}:
            yield "Fooocus", Claim.GENERATED, "png-text"


def _invoke(fields: Mapping[tuple[str, str], Sequence[str]]) -> Iterator[Finding]:
    for text in fields.get(("png-text", "invokeai_metadata"), ()):
        record = _parsed(text)
        mode = record.get("generation_mode")
        if isinstance(mode, str) and _MODE.match(mode) and record.keys() & {"app_version", "model", "seed"}:
            yield "InvokeAI", Claim.ALTERED if mode in _PAINTED_MODES else Claim.GENERATED, "png-text"
    for text in fields.get(("png-text", "sd-metadata"), ()):
        record = _parsed(text)
        if isinstance(record.get("image"), dict) and record.keys() & {"model", "model_weights", "app_id"}:
            yield "InvokeAI", Claim.GENERATED, "png-text"


def _novel(fields: Mapping[tuple[str, str], Sequence[str]]) -> Iterator[Finding]:
    if "NovelAI" not in fields.get(("png-text", "Software"), ()):
        return
    for text in fields.get(("png-text", "Comment"), ()):
        record = _parsed(text)
        if "steps" in record and record.keys() & {"sampler", "scale", "noise_schedule"}:
            painted = str(record.get("request_type", "")).lower().find("infill") >= 0
            yield "NovelAI", Claim.ALTERED if painted else Claim.GENERATED, "png-text"
