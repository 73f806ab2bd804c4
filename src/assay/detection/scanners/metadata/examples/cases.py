"""The metadata scanner's examples: each mark in its field, and beside it the near miss. They hold nobody's work."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence

from assay.detection.evidence import Claim, Integrity, Kind
from assay.detection.scanner import Example, Expected
from assay.detection.scanners.metadata.examples import build

IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
LABEL_SPACE = "http://www.tc260.org.cn/ns/AIGC/1.0/"
CODES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
SETTINGS = "a hill\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1234, Size: 512x512, Model hash: 6ce0161689"
GRAPH = json.dumps({"3": {"class_type": "KSampler", "inputs": {"seed": 42}}})
RESIZE = json.dumps({"1": {"class_type": "LoadImage", "inputs": {}}, "2": {"class_type": "ImageScale", "inputs": {}}})
SUNO = "made with suno; created=2025-01-01T00:00:00Z; id=abc"
ARTIST = "01234567-89ab-cdef-0123-456789abcdef"
ARTICLE = "How to spot Midjourney and DALL-E: look for trainedAlgorithmicMedia, or AIGC with Label 1"

DECLARED = Expected(Kind.DECLARATION, Claim.GENERATED, Integrity.UNSIGNED)
USED = Expected(Kind.DECLARATION, Claim.AI_UNSPECIFIED, Integrity.UNSIGNED)
ALTERED = Expected(Kind.DECLARATION, Claim.ALTERED, Integrity.UNSIGNED)
MAY_BE = Expected(Kind.DECLARATION, Claim.MAY_BE, Integrity.UNSIGNED)
CAPTURED = Expected(Kind.DECLARATION, Claim.CAPTURED, Integrity.UNSIGNED)
MALFORMED = Expected(Kind.DECLARATION, Claim.UNCLEAR, Integrity.UNSIGNED)
GENERATOR = Expected(Kind.GENERATOR_METADATA, Claim.GENERATED, Integrity.UNSIGNED)


def label(value: str = "1", *, wrapped: bool = False, producer: str = "001191610133596325171T12566") -> str:
    """An implicit label as GB 45438 has it."""
    keys = {"Label": value, "ContentProducer": producer, "ProduceID": "P-1", "ReservedCode1": ""}
    return json.dumps({"AIGC": keys} if wrapped else keys)


def examples() -> Sequence[Example]:
    return (*_source_types(), *_labels_in_pictures(), *_labels_elsewhere(), *_generators(), *_near_misses(), *_broken())


def _source_types() -> tuple[Example, ...]:
    trained = build.xmp(IPTC, "DigitalSourceType", CODES + "trainedAlgorithmicMedia", attribute=True)
    composite = build.xmp(IPTC, "DigitalSourceType", CODES + "compositeWithTrainedAlgorithmicMedia")
    return (
        Example("trained.jpg", build.jpeg(build.xmp_segment(trained)), (DECLARED,)),
        Example("composite.webp", build.webp((b"XMP ", composite)), (ALTERED,)),
        Example("trained.gif", build.gif(trained), (DECLARED,)),
        Example("trained.pdf", build.pdf(trained), (DECLARED,)),
        Example(
            "behind-the-picture.png",
            build.png(behind=(build.png_international_text("XML:com.adobe.xmp", trained.decode()),)),
            (DECLARED,),
        ),
        Example("wav-xmp.wav", build.wav((b"_PMX", trained)), (DECLARED,)),
        Example("trained.heic", build.heif(trained), (DECLARED,)),
        Example("trained.jxl", build.jxl(trained), (DECLARED,)),
        Example("trained.svg", build.svg(trained), (DECLARED,)),
        Example("trained.mp3", build.mp3(b"PRIV", b"XMP\x00" + trained), (DECLARED,)),
        Example("prompt.jpg", build.jpeg(build.xmp_segment(build.xmp(IPTC, "AIPromptInformation", "a hill"))), (USED,)),
    )


def _labels_in_pictures() -> tuple[Example, ...]:
    packet = build.xmp(LABEL_SPACE, "AIGC", label())
    wrapped = label(wrapped=True)
    return (
        Example("label-xmp.jpg", build.jpeg(build.xmp_segment(packet)), (DECLARED,)),
        Example("label-comment.jpg", build.jpeg(build.exif_segment(build.exif(UserComment=wrapped))), (DECLARED,)),
        Example("label-segment.jpg", build.jpeg(build.segment(0xE9, f"AIGC{label()}".encode())), (DECLARED,)),
        Example("label-comment.tif", build.tiff(UserComment=wrapped), (DECLARED,)),
        Example("label-may-be.png", build.png(build.png_text("AIGC", label("2"))), (MAY_BE,)),
        Example("label-packed.png", build.png(build.png_packed_text("AIGC", label())), (DECLARED,)),
        Example(
            "labels-disagree.png",
            build.png(build.png_text("AIGC", label("1")), build.png_text("AIGC", label("3"))),
            (DECLARED, MAY_BE),
        ),
        Example("label-malformed.png", build.png(build.png_text("AIGC", "this picture is AIGC")), (MALFORMED,)),
    )


def _labels_elsewhere() -> tuple[Example, ...]:
    tag = b"\x03AIGC\x00" + label().encode()
    front_matter = "---\ntitle: A hill\nAIGC:\n  Label: '1'\n  ContentProducer: '00119'\n---\nA text about a hill.\n"
    return (
        Example("label.wav", build.wav((b"AIGC", label(wrapped=True).encode())), (DECLARED,)),
        Example("label.mp4", build.mp4("AIGC", label()), (DECLARED,)),
        Example("label.mov", build.mov("AIGC", label("3")), (MAY_BE,)),
        Example("label.avi", build.avi((b"LIST", b"INFOAIGC" + _sized(label()))), (DECLARED,)),
        Example("label.mp3", build.mp3(b"TXXX", tag), (DECLARED,)),
        Example("label.flac", build.flac(f"AIGC={label()}"), (DECLARED,)),
        Example("label.ogg", build.ogg(f"AIGC={label()}"), (DECLARED,)),
        Example("label.webm", build.matroska("AIGC", label()), (DECLARED,)),
        Example("label.flv", build.flv("AIGC", label()), (DECLARED,)),
        Example("label.docx", _document(label(wrapped=True)), (DECLARED,)),
        Example("label.md", front_matter.encode(), (DECLARED,)),
    )


def _generators() -> tuple[Example, ...]:
    swarm = json.dumps({"sui_image_params": {"model": "a", "seed": 1, "steps": 20, "prompt": "a hill"}})
    fooocus = (build.png_text("fooocus_scheme", "fooocus"), build.png_text("parameters", '{"steps": 30, "seed": 1}'))
    signature = build.exif(ImageDescription="Signature: " + "QUJD" * 20, Artist=ARTIST)
    invoke = json.dumps({"generation_mode": "sdxl_txt2img", "app_version": "4.2.7"})
    novel = (build.png_text("Software", "NovelAI"), build.png_text("Comment", '{"steps": 28, "sampler": "k_euler"}'))
    return (
        Example("settings.png", build.png(build.png_text("parameters", SETTINGS)), (GENERATOR,)),
        Example("settings.jpg", build.jpeg(build.exif_segment(build.exif(UserComment=SETTINGS))), (GENERATOR,)),
        Example("graph.png", build.png(build.png_text("prompt", GRAPH)), (GENERATOR,)),
        Example("graph.webp", build.webp((b"EXIF", build.exif(Make=f"prompt:{GRAPH}"))), (GENERATOR,)),
        Example("swarm.png", build.png(build.png_text("parameters", swarm)), (GENERATOR,)),
        Example("fooocus.png", build.png(*fooocus), (GENERATOR,)),
        Example("invoke.png", build.png(build.png_text("invokeai_metadata", invoke)), (GENERATOR,)),
        Example("novel.png", build.png(*novel), (GENERATOR,)),
        Example(
            "midjourney.png", build.png(build.png_text("Description", f"a hill --v 6 Job ID: {ARTIST}")), (GENERATOR,)
        ),
        Example("grok.jpg", build.jpeg(build.exif_segment(signature)), (GENERATOR,)),
        Example("dall-e.jpg", build.jpeg(build.exif_segment(build.exif(Software="DALL-E 3"))), (GENERATOR,)),
        Example("suno.mp3", build.mp3(b"COMM", b"\x00eng\x00" + SUNO.encode()), (GENERATOR,)),
    )


def _near_misses() -> tuple[Example, ...]:
    captured = build.xmp(IPTC, "DigitalSourceType", CODES + "digitalCapture")
    quoted = build.xmp("http://purl.org/dc/elements/1.1/", "description", CODES + "trainedAlgorithmicMedia")
    elsewhere = build.xmp("http://example.org/", "DigitalSourceType", CODES + "trainedAlgorithmicMedia")
    return (
        Example("captured.jpg", build.jpeg(build.xmp_segment(captured)), (CAPTURED,)),
        Example("quoted.jpg", build.jpeg(build.xmp_segment(quoted)), ()),
        Example("other-namespace.jpg", build.jpeg(build.xmp_segment(elsewhere)), ()),
        Example("article.png", build.png(build.png_text("Comment", ARTICLE)), ()),
        Example("article.txt", ARTICLE.encode(), ()),
        Example("camera-settings.png", build.png(build.png_text("parameters", "exposure 1/250, f/8, ISO 100")), ()),
        Example("resize.webp", build.webp((b"EXIF", build.exif(Make=f"prompt:{RESIZE}"))), ()),
        Example("resize.png", build.png(build.png_text("prompt", RESIZE)), ()),
        Example("artist-alone.jpg", build.jpeg(build.exif_segment(build.exif(Artist=ARTIST))), ()),
        Example("label-quoted.png", build.png(build.png_text("Description", label(wrapped=True))), ()),
        Example("plain.png", build.png(), ()),
        Example("plain.wav", build.wav(), ()),
    )


def _broken() -> tuple[Example, ...]:
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x:xmpmeta xmlns:x="adobe:ns:meta/">&a;</x:xmpmeta>'
    whole = build.png(build.png_text("AIGC", label()))
    return (
        Example("entities.jpg", build.jpeg(build.xmp_segment(entities)), (), fault="malformed-metadata"),
        Example("cut-short.png", whole[:-20], (DECLARED,), fault="malformed-metadata"),
    )


def _document(value: str) -> bytes:
    """A package with its custom properties and nothing else."""
    escaped = value.replace('"', "&quot;")
    properties = (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        f'<property name="AIGC"><vt:lpwstr>{escaped}</vt:lpwstr></property></Properties>'
    )
    space = "http://schemas.openxmlformats.org/package/2006/"
    types = f'<Types xmlns="{space}content-types"><Override PartName="/docProps/custom.xml" ContentType="a/b"/></Types>'
    relation = '<Relationship Id="rId1" Type="custom-properties" Target="docProps/custom.xml"/>'
    relations = f'<Relationships xmlns="{space}relationships">{relation}</Relationships>'
    parts = (("[Content_Types].xml", types), ("_rels/.rels", relations), ("docProps/custom.xml", properties))
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name, part in parts:
            package.writestr(zipfile.ZipInfo(name), part)
    return content.getvalue()


def _sized(text: str) -> bytes:
    return len(text).to_bytes(4, "little") + text.encode()
