"""A page, lines and JSON show the same: what was found, by whom, and what nobody looked at."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from pathlib import Path

import pytest

import assay.interfaces.inspection.page as page_package
from assay.detection.evidence import Claim
from assay.detection.inspection import MAXIMUM_TITLE, Section
from assay.interfaces.inspection.inspected import Inspected
from assay.interfaces.inspection.lines import lines_of
from assay.interfaces.inspection.page.inspection_page import render_inspection
from assay.interfaces.inspection.rooms import rooms_of, unchecked
from assay.interfaces.inspection.words import STANDPOINTS, size_words
from assay.interfaces.inspection.written import as_json
from tests.interfaces.inspection.made import CHAIN, NOT_DONE, declared, inspected, signed, unread, uploader
from tests.interfaces.pages import assert_every_link_arrives, assert_self_contained, contrast, tokens_of

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'`{{7*7}}"


def whole() -> Inspected:
    sections = (("c2pa", CHAIN), ("c2pa", NOT_DONE))
    return inspected(signed(Claim.EDITED, ancestors_broken="1"), declared(), sections=sections)


def as_lines(found: Inspected) -> str:
    return "\n".join(lines_of(found, lambda text, first, _: first + text))


def as_page(found: Inspected) -> str:
    return render_inspection(found)


def as_text(found: Inspected) -> str:
    return json.dumps(as_json(found), ensure_ascii=False)


@pytest.mark.parametrize("form", [as_lines, as_page, as_text])
def test_every_form_shows_the_chain_and_what_was_not_checked(form: Callable[[Inspected], str]) -> None:
    text = form(whole())
    for part in (
        "The file says of itself that AI generated it; nobody signed that.",
        "This file: signed by Example Pictures",
        "Made from: signed by another",
        "he file was changed",
        "o address was asked",
        "perth",
        "trustmark",
        "ab" * 32,
    ):
        assert part in text, part


def test_rooms_stand_in_the_order_of_what_they_can_prove() -> None:
    assert [room.title for room in rooms_of(whole())] == [
        "Signed provenance",
        "What the metadata says",
        "The uploader's word",
    ]


def test_a_scanner_that_shows_nothing_itself_is_shown_by_its_findings() -> None:
    (metadata,) = (room for room in rooms_of(whole()) if room.title == "What the metadata says")
    (section,) = metadata.sections
    assert (section.state, section.title) == ("found", "An unsigned declaration in the file says: AI generated it")


def test_what_was_not_checked_names_who_and_why() -> None:
    told = dict(unchecked(whole()))
    assert told["trustmark"] == "no weights; `x`"
    assert told["revocation"] == "no address was asked"
    assert told["other forms of file"] == "`perth` looks into others than this one"
    assert "declared" not in told


def test_a_file_that_could_not_be_read_shows_why_and_nothing_else() -> None:
    found = unread()
    assert unchecked(found) == (("the file", "permission denied"),)
    assert "so that nothing is known of it" in as_page(found)
    assert "Permission denied" in as_page(found)


def test_the_page_stands_alone_and_its_links_arrive() -> None:
    text = as_page(whole())
    assert_self_contained(text)
    assert_every_link_arrives(text)
    assert "<img" not in text


def test_checks_that_passed_are_counted_and_steps_stand_in_order() -> None:
    text = as_page(whole())
    assert "1 check passed" in text
    assert "<ol><li>opened</li><li>resized</li></ol>" in text
    assert "passed: 1 check" in as_lines(whole())


def test_a_stranger_s_words_never_become_markup() -> None:
    section = Section(
        HOSTILE, "found", ((HOSTILE, HOSTILE),), (Section(HOSTILE, "weak", (("failed", HOSTILE),)),), HOSTILE
    )
    duty = Section("Not checked", "not checked", (("address", f"`{HOSTILE}` and `odd"),))
    text = render_inspection(
        inspected(
            signed(signer=HOSTILE, generator=HOSTILE),
            uploader(Claim.NO_AI),
            sections=(("c2pa", section), ("c2pa", duty)),
            name=HOSTILE.replace("/", "") + ".png",
        )
    )
    assert "<script" not in text
    assert "<img" not in text
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 14
    assert "{{7*7}}" in text


def test_a_listing_of_what_the_file_is_made_of_is_folded_and_counted() -> None:
    fields = Section(
        "Fields", "found", (("fields", "2"),), (Section("EXIF", "found", (("Make", "Lumen"), ("Model", "4"))),)
    )
    found = inspected(sections=(("metadata", fields),))
    assert "3 lines</span></summary>" in as_page(found)
    assert "Fields: 3 lines" in as_lines(found)
    assert "Make" not in as_lines(found)


def test_a_picture_is_shown_only_where_one_is_handed_in() -> None:
    text = render_inspection(whole(), picture="data:image/png;base64,AAAA")
    assert 'src="data:image/png;base64,AAAA"' in text
    assert_self_contained(text)


def test_a_page_of_bounded_sections_stays_bounded() -> None:
    long = Section("x" * 1000, "found", tuple((f"label {place}", "y" * 5000) for place in range(500)))
    text = as_page(inspected(sections=(("metadata", long),)))
    assert len(text) < 200_000
    assert "x" * MAXIMUM_TITLE not in text


def test_every_standpoint_has_words_and_every_ink_can_be_read() -> None:
    assert set(STANDPOINTS) >= {"proved", "declared", "suspected", "broken", "nothing", "unread"}
    templates = Path(page_package.__file__).parent / "templates"
    base = Path(page_package.__file__).parents[2] / "look" / "templates" / "base.css"
    grounds = tokens_of(base)
    inks = tokens_of(templates / "style.css") | {name: grounds[name] for name in ("amber", "gone", "label", "muted")}
    for light, dark in inks.values():
        assert contrast(light, grounds["raised"][0]) >= 4.5
        assert contrast(dark, grounds["raised"][1]) >= 4.5


@pytest.mark.parametrize(("size", "words"), [(None, "unknown"), (12, "12 bytes"), (2_400_000, "2.4 MB")])
def test_a_size_is_told_in_the_unit_it_is_read_in(size: int | None, words: str) -> None:
    assert size_words(size) == words


@pytest.mark.parametrize("form", [as_lines, as_page, as_text])
def test_every_form_explains_each_finding_and_what_it_cannot_show(form: Callable[[Inspected], str]) -> None:
    text = html.unescape(form(inspected(signed(Claim.CAPTURED), declared())))
    for part in (
        "It is in dispute whether AI had a part in it, so that this stays unknown.",
        "Neither side prevails",
        "It cannot show that what was before the camera or microphone was real.",
        "It cannot show who wrote it or whether it is true, since anybody can write it.",
        "Under Article 6 of China's labelling measures the notice says that it is suspected to be AI-generated (疑似)",
    ):
        assert part in text, part


def test_a_side_of_a_dispute_is_not_called_conclusive() -> None:
    text = as_lines(inspected(signed(Claim.CAPTURED), declared()))
    assert "synthetic_status = declared: one side of what is in dispute" in text
    assert "synthetic_status = authentic: one side of what is in dispute" in text
    assert "provenance = signed_trusted: conclusive evidence" in text


def test_a_file_in_which_nothing_was_found_explains_nothing() -> None:
    assert "How this was weighed" not in as_lines(inspected())
    assert 'id="weighed"' not in as_page(inspected())
