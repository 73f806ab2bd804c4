"""What generators write into their own files. A word about a generator is nothing; its own fields and forms count."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Sequence

from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.scanners.metadata.bounded import Field
from assay.detection.scanners.metadata.marks.workflows import find_workflows

MAXIMUM_TEXT = 256 * 1024
Fields = dict[tuple[str, str], list[str]]
Finding = tuple[str, Claim, str]

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_WHOLE_UUID = re.compile(rf"{_UUID}\Z", re.IGNORECASE)
_STEPS = re.compile(r"(?:^|\n)Steps: \d{1,5}, ")
_SETTINGS = tuple(
    re.compile(form)
    for form in (r"\bSampler: \w", r"\bCFG scale: [\d.]", r"\bSeed: \d", r"\bSize: \d{1,5}x\d", r"\bModel hash: \w")
)
_PAINTED_OVER = re.compile(r"\bMask blur: \d")
_MIDJOURNEY = re.compile(rf"\S.{{0,8000}}? Job ID: {_UUID}\.?\s*\Z", re.DOTALL)
_GROK = re.compile(r"Signature: ([A-Za-z0-9+/]{40,4000}={0,2})\s*\Z")
_SUNO = re.compile(r"made with suno(?: studio)?; created=\d{4}-\d\d-\d\dT[\d:.]{5,16}Z?; id=[\w-]{1,64}\s*\Z")
_DALL_E = re.compile(r"(?:OpenAI[ ,:-]{0,3})?DALL[-·•. ]?E(?: ?[23])?\Z", re.IGNORECASE)
_JOB = re.compile(r"[A-Za-z0-9_-]{8,64}\Z")


def find_generators(fields: Sequence[Field]) -> Iterator[Evidence]:
    """One finding for each generator that left its own mark."""
    grouped: Fields = {}
    for field in fields:
        if len(field.value) <= MAXIMUM_TEXT:
            grouped.setdefault((field.place, field.key), []).append(field.value)
    for recognise in RECOGNISERS:
        for generator, claim, place in recognise(grouped):
            integrity, source = Integrity.UNSIGNED, f"metadata:{place}"
            details = {"generator": generator}
            yield Evidence(Kind.GENERATOR_METADATA, claim, integrity, Tier.UNVERIFIED, source, details)


def is_generation_text(text: str) -> bool:
    """Whether a text ends in the settings line of Stable Diffusion front ends: steps and two settings more."""
    steps = _STEPS.search(text)
    return bool(steps) and sum(bool(form.search(text, steps.start() if steps else 0)) for form in _SETTINGS) >= 2


def _stable_diffusion(fields: Fields) -> Iterator[Finding]:
    for place in (("png-text", "parameters"), ("exif", "UserComment"), ("gif", "comment")):
        for text in fields.get(place, ()):
            if is_generation_text(text):
                claim = Claim.ALTERED if _PAINTED_OVER.search(text) else Claim.GENERATED
                yield "Stable Diffusion", claim, place[0]


def _workflow_programs(fields: Fields) -> Iterator[Finding]:
    yield from find_workflows(fields)


def _midjourney(fields: Fields) -> Iterator[Finding]:
    for place in (("png-text", "Description"), ("exif", "ImageDescription")):
        for text in fields.get(place, ()):
            if _MIDJOURNEY.match(text.strip("\x00")):
                yield "Midjourney", Claim.GENERATED, place[0]


def _grok(fields: Fields) -> Iterator[Finding]:
    artists = fields.get(("exif", "Artist"), ())
    if not any(_WHOLE_UUID.match(artist.strip()) for artist in artists):
        return
    for key in ("ImageDescription", "UserComment"):
        for text in fields.get(("exif", key), ()):
            signature = _GROK.match(text.strip("\x00"))
            if signature and _is_base64(signature[1]):
                yield "Grok", Claim.GENERATED, "exif"
                return


def _is_base64(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) >= 30
    except (binascii.Error, ValueError):
        return False


def _suno(fields: Fields) -> Iterator[Finding]:
    for (place, key), texts in fields.items():
        is_comment = (place == "id3" and key.startswith("COMM:")) or (place, key) in _COMMENTS
        if is_comment and any(_SUNO.match(text) for text in texts):
            yield "Suno", Claim.GENERATED, place


_COMMENTS = frozenset({("vorbis", "COMMENT"), ("mp4", "\xa9cmt"), ("mp4", "comment"), ("riff", "INFO:ICMT")})


def _named_by_software(fields: Fields) -> Iterator[Finding]:
    """Generators that put their own name where a camera puts its make or a program its name."""
    for key in ("Software", "Make", "Model"):
        for text in fields.get(("exif", key), ()):
            name = text.strip("\x00 ")
            if _DALL_E.match(name):
                yield "DALL-E", Claim.GENERATED, "exif"
            elif key == "Make" and name == "Ideogram AI":
                yield "Ideogram", Claim.GENERATED, "exif"
    if any(_JOB.match(text) for text in fields.get(("png-text", "hf-job-id"), ())):
        yield "Hugging Face", Claim.GENERATED, "png-text"


RECOGNISERS: tuple[Callable[[Fields], Iterator[Finding]], ...] = (
    _stable_diffusion,
    _workflow_programs,
    _midjourney,
    _grok,
    _suno,
    _named_by_software,
)
