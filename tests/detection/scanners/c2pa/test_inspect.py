"""What a reviewer sees of a file's credentials: each manifest with its own state, and what nobody checked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.detection.inspection import (
    MAXIMUM_CHILDREN,
    MAXIMUM_DEPTH,
    MAXIMUM_ROWS,
    MAXIMUM_SECTIONS,
    MAXIMUM_TEXT,
    Section,
    bounded,
    shown,
)
from assay.detection.media import Media
from assay.detection.run import inspect_file
from assay.detection.scanner import Inspecting, Settings
from assay.detection.scanners.c2pa.examples.authority import make_authority
from assay.detection.scanners.c2pa.examples.cases import broken, created, edited, opened, placed, signed_png
from assay.detection.scanners.c2pa.scanner import C2paScanner, build
from assay.detection.scanners.c2pa.shown.words import action_words, code_words, source_words
from assay.detection.scanners.metadata.examples.build import png
from tests.detection.scanners.c2pa.signing import MANIFEST_AT, sign

GENERATED = created("trainedAlgorithmicMedia")


@pytest.fixture(scope="module")
def scanner(tmp_path_factory: pytest.TempPathFactory) -> C2paScanner:
    folder = tmp_path_factory.mktemp("trust")
    (folder / "ours.pem").write_bytes(make_authority().root)
    return build(Settings(folder))


def inspect(scanner: C2paScanner, content: bytes) -> Section:
    return scanner.inspect(Media.from_bytes(content, name="a.png"))[0]


def every(section: Section) -> Iterator[Section]:
    yield section
    for child in section.children:
        yield from every(child)


def test_the_scanner_offers_itself_for_inspection(scanner: C2paScanner) -> None:
    assert isinstance(scanner, Inspecting)


def test_who_signed_what_was_done_and_by_whom_known(scanner: C2paScanner) -> None:
    chain = inspect(scanner, signed_png(GENERATED, edited("compositeWithTrainedAlgorithmicMedia")))
    (top,) = chain.children
    rows = dict(top.rows)
    assert (chain.state, top.state, top.title) == ("good", "good", "This file: signed by Example Pictures")
    assert rows["known from"] == "the operator's own trust list"
    assert rows["revocation"] == "not checked"
    assert (rows["step 1"], rows["step 2"]) == (
        "created: made by a trained model",
        "edited: partly made by a trained model",
    )
    assert rows["says"] == "generated"


def test_an_unknown_signer_is_weak_and_a_changed_file_broken(scanner: C2paScanner) -> None:
    stranger = signed_png(GENERATED, authority=make_authority("Somebody Else"))
    assert inspect(scanner, stranger).state == "weak"
    changed = inspect(scanner, broken(signed_png(GENERATED)))
    assert (changed.state, changed.children[0].state) == ("broken", "broken")
    assert ("failed", code_words("assertion.dataHash.mismatch")) in changed.children[0].rows


def test_a_broken_ingredient_is_shown_where_it_hangs(scanner: C2paScanner) -> None:
    content = signed_png(
        opened(), placed(), parent=broken(signed_png(GENERATED)), component=signed_png(created("digitalCapture"))
    )
    chain = inspect(scanner, content)
    (top,) = chain.children
    assert (chain.state, top.state) == ("weak", "good")
    assert dict(chain.rows)["ancestors that are broken"] == "1"
    assert sorted((child.title, child.state) for child in top.children) == [
        ("Holds “before”: signed by Example Pictures", "good"),
        ("Made from “before”: signed by Example Pictures", "broken"),
    ]


def test_an_ingredient_without_credentials_is_told(scanner: C2paScanner) -> None:
    chain = inspect(scanner, signed_png(opened(), parent=png()))
    (ingredient,) = chain.children[0].children
    assert (ingredient.title, ingredient.state) == ("Made from: before", "absent")


def test_absence_and_an_address_are_told_apart(scanner: C2paScanner) -> None:
    assert inspect(scanner, png()).state == "absent"
    remote = inspect(scanner, sign("png", remote=MANIFEST_AT)[0])
    assert (remote.state, dict(remote.rows)["address"]) == ("not checked", MANIFEST_AT)


def test_without_lists_it_says_that_nobody_vouches() -> None:
    _chain, unchecked = build(Settings()).inspect(Media.from_bytes(signed_png(GENERATED), name="a.png"))
    assert unchecked.state == "not checked"
    assert set(dict(unchecked.rows)) == {"trust lists", "revocation"}


def test_a_strangers_words_stay_on_their_line_and_within_bounds(scanner: C2paScanner) -> None:
    hostile = {"action": "c2pa.edited\x1b[31m\n" + "x" * 900, "description": "\u202ereversed" * 50}
    chain = inspect(scanner, signed_png(GENERATED, *([hostile] * 90)))
    for section in every(chain):
        assert len(section.rows) <= MAXIMUM_ROWS
        for label, text in section.rows:
            assert len(text) <= MAXIMUM_TEXT
            assert (label + text).isprintable()
    assert dict(chain.children[0].rows)["further steps"] == "67"


def test_a_deep_chain_is_cut_and_said_to_be(scanner: C2paScanner) -> None:
    content = signed_png(GENERATED)
    for _ in range(MAXIMUM_DEPTH + 2):
        content = signed_png(opened(), parent=content)
    notes = [section.note for section in every(inspect(scanner, content))]
    assert "It lies too deep to be shown." in notes


def test_the_pool_gives_sections_and_evidence_of_one_file(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(signed_png(GENERATED))
    result = inspect_file(tmp_path / "a.png", scanners=["c2pa", "declared"])
    assert [name for name, _section in result.sections] == ["c2pa", "c2pa"]
    assert [each.claim.value for each in result.evidence] == ["generated"]
    assert not result.faults


def test_a_manifest_that_cannot_be_read_is_one_fault(tmp_path: Path) -> None:
    content, store = sign("png")
    (tmp_path / "a.png").write_bytes(content.replace(store[8:60], bytes(52)))
    result = inspect_file(tmp_path / "a.png", scanners=["c2pa"])
    assert [fault.slug for fault in result.faults] == ["unreadable-manifest"]


def test_sections_are_bounded_as_a_whole() -> None:
    leaf = Section("leaf", "found")
    many = Section("many", "found", tuple(("a", "b") for _ in range(99)), (leaf,) * 99)
    cut = bounded((many,) * 99)
    assert len(cut) == MAXIMUM_CHILDREN
    assert sum(1 for section in cut for _ in every(section)) <= MAXIMUM_SECTIONS + MAXIMUM_CHILDREN
    assert many.note == f"{99 - MAXIMUM_ROWS + 99 - MAXIMUM_CHILDREN} more are not shown."
    deep = leaf
    for _ in range(20):
        deep = Section("deep", "found", children=(deep,))
    (kept,) = bounded((deep,))
    assert sum(1 for _ in every(kept)) == MAXIMUM_DEPTH
    assert shown("a\nb" + "c" * 999, 10) == "a bcccccc…"
    with pytest.raises(ValueError, match="no state"):
        Section("odd", "fine")  # type: ignore[arg-type]


def test_words_fall_back_on_what_stands_there() -> None:
    assert code_words("com.example.code") == "com.example.code"
    assert action_words("com.example.step") == "com.example.step"
    assert source_words("http://example.org/odd") == "odd"
