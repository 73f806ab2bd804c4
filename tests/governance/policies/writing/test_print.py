"""Guidance on paper: a PDF/UA that a screen reader can read, in which nobody's words become code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from itertools import pairwise
from xml.etree import ElementTree as ET

import pikepdf
import pytest

from assay.engine.kernel.errors import Fault
from assay.engine.language.pack.pack import Pack
from assay.governance.policies.writing.documents.facts import Facts
from assay.governance.policies.writing.documents.guidance import Guidance, guidance_of
from assay.governance.policies.writing.documents.reading import sound_pack
from assay.governance.policies.writing.drawing.pdf import guidance_pdf, set_pages
from assay.governance.policies.writing.drawing.printed import printed
from tests.governance.policies.writing.houses import DAY, facts, pack
from tests.interfaces.running import STARTER

AT = datetime(2026, 12, 15, 10, tzinfo=UTC)
POLICIES = sorted(path.stem for path in (STARTER / "policies").glob("*.md"))


@cache
def starter() -> Pack:
    paths = [path for path in STARTER.rglob("*") if path.suffix in {".md", ".yaml"}]
    files = {str(path.relative_to(STARTER)): path.read_text("utf-8") for path in paths}
    found = sound_pack(files)
    assert found is not None
    return found


def guidance() -> Guidance:
    found = guidance_of(pack(), "likeness", facts())
    assert found is not None
    return found


def made(page: Guidance) -> bytes:
    done = guidance_pdf(page, AT)
    assert isinstance(done, bytes), done
    return done


def elements(node: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    """Every element of the structure, in reading order."""
    children = node.get("/K")
    listed = [] if children is None else list(children) if isinstance(children, pikepdf.Array) else [children]
    for child in listed:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from elements(child)


@pytest.mark.parametrize("policy", POLICIES)
def test_guidance_of_every_policy_of_the_starter_pack_is_a_tagged_pdf(policy: str) -> None:
    page = guidance_of(starter(), policy, Facts(DAY, starter().digest))
    assert page is not None
    with pikepdf.open(BytesIO(made(page))) as document:
        root = document.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang) == "en"
        assert root.ViewerPreferences.DisplayDocTitle
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert str(metadata["dc:title"]).startswith(page.title.words)
        tags = list(elements(root.StructTreeRoot))
        figures = [each for each in tags if each.S == "/Figure"]
        assert all(str(each.get("/Alt", "")).startswith("Drawing of the") for each in figures)
        assert len(figures) == sum(bool(rule.steps.asked) for section in page.sections for rule in section.rules)
        levels = [int(str(each.S)[2:]) for each in tags if str(each.S).startswith("/H") and str(each.S)[2:].isdigit()]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
        for sheet in document.pages:
            assert sheet.get("/Tabs") == "/S" or "/Annots" not in sheet
            for font in sheet.Resources.get("/Font", {}).values():
                inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
                assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(inner.FontDescriptor.keys())


HOSTILE = (
    '#eval("1+1") #read("/etc/passwd") $x$ *b* _i_ `r` <label> @ref \\ // /* #set page(width: 1pt) ]) } " \n= Head'
)


def every_text_hostile(value: object) -> object:
    if isinstance(value, dict):
        kept = {"is", "language", "source", "drawing"}
        return {key: each if key in kept else every_text_hostile(each) for key, each in value.items()}
    if isinstance(value, list):
        return [every_text_hostile(each) for each in value]
    return HOSTILE if isinstance(value, str) else value


def test_what_people_write_is_never_code_to_the_typesetter() -> None:
    done = set_pages(json.dumps(every_text_hostile(printed(guidance()))), AT)
    assert isinstance(done, bytes), done
    with pikepdf.open(BytesIO(done)) as document:
        assert float(document.pages[0].MediaBox[2]) > 500
        with document.open_metadata() as metadata:
            assert "#eval" in str(metadata["dc:title"])


def test_a_drawing_holds_words_and_no_markup_of_theirs() -> None:
    from dataclasses import replace

    from assay.governance.policies.writing.drawing.tree import drawing_of

    steps = guidance().sections[0].rules[0].steps
    asked = tuple(replace(each, question='</text><script>alert("x")</script>&') for each in steps.asked)
    drawn = drawing_of(replace(steps, asked=asked), '"><script>')
    assert "<script" not in drawn
    assert {each.tag.rpartition("}")[2] for each in ET.fromstring(drawn).iter()} <= {
        "svg", "g", "rect", "text", "line", "polyline",
    }  # fmt: skip


def test_a_character_without_a_typeface_is_said_and_no_box_is_printed() -> None:
    done = set_pages(json.dumps({**printed(guidance()), "title": "中"}), AT)
    assert isinstance(done, Fault)
    assert (done.slug, "`中`" in done.words) == ("no-typeface", True)


def test_the_same_guidance_is_the_same_file() -> None:
    assert made(guidance()) == made(guidance())
