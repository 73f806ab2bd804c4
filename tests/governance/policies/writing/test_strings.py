"""Strings out of a policy and back: nothing is lost, nothing becomes public that was not, and no file is believed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.engine.language.document.markdown import lines_of, read_document
from assay.governance.policies.writing.strings.applying import applied
from assay.governance.policies.writing.strings.catalogues import LARGEST, ReadFile, read_catalogue, write_catalogue
from assay.governance.policies.writing.strings.checks import faults_of
from assay.governance.policies.writing.strings.labels import LABELS, strings_of_page
from assay.governance.policies.writing.strings.pieces import pieces_of
from assay.governance.policies.writing.strings.sources import SourceString, digest_of, plain
from assay.governance.policies.writing.strings.standing import Older, Translations, standing_of
from tests.governance.policies.writing.houses import FILES, LIKENESS
from tests.interfaces.running import STARTER

AT = datetime(2026, 12, 15, 10, tzinfo=UTC)
POLICIES = sorted((STARTER / "policies").glob("*.md"))
# Lines of which a document may be made: what marks blocks, and words that look like them.
LINES = st.sampled_from([
    "", "words", "- item", "  more of it", "> **Moderators:** ask", "> **MODERATORS:**", "> and write", "# Head",
    "Head", "===", "---", "1. one", "```yaml example", "title: a case", "title: 'it''s'", "```", "    code",
    "> # quoted", "* **bold**", "[link](https://example.org)", "`code`", "<b>html</b>", "two  ", "\ttab", "[a]: b",
    "title: |", "  text", "&amp; \\*", "مرحبا", "> > deep", "-", "- > both", "+ - nested",
])  # fmt: skip
DOCUMENTS = st.lists(LINES, max_size=24).map("\n".join)
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)


@given(DOCUMENTS)
@settings(max_examples=150, deadline=None)
def test_a_policy_with_its_own_strings_put_back_is_the_very_same(text: str) -> None:
    assert applied(text, "a.md", lambda string: string.text) == "\n".join(lines_of(text))
    assert applied(text, "a.md", lambda _: None) == "\n".join(lines_of(text))


@given(DOCUMENTS, WORDS)
@settings(max_examples=200, deadline=None)
def test_translations_stand_where_their_sources_stood_and_guidance_stays_guidance(text: str, words: str) -> None:
    """For every translation that the checks let through: the same blocks of the same kinds, with these words."""
    before = pieces_of(text, "a.md")
    said: dict[str, str] = {
        each.context: words for each in before.strings if not faults_of(each.kind, each.text, words, each.context)
    }
    after = pieces_of(applied(text, "a.md", lambda string: said.get(string.context)), "a.md")
    assert [(piece.kind, piece.section) for piece in after.pieces] == [
        (piece.kind, piece.section) for piece in before.pieces
    ]
    kinds = [(each.kind, plain(said.get(each.context, each.text))) for each in before.strings]
    assert [(each.kind, each.text) for each in after.strings] == [
        (kind, " ".join(words.split()) if kind in {"title", "example"} else words) for kind, words in kinds
    ]


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_every_policy_of_the_starter_pack_goes_to_a_translator_and_comes_back(path: object) -> None:
    text = STARTER.joinpath("policies", getattr(path, "name", "")).read_text("utf-8")
    strings = pieces_of(text, "a.md").strings
    shouted = {each.digest: f"{each.text} ⟨ö⟩" for each in strings}
    content = write_catalogue(strings, Translations("de", shouted), name="a", at=AT)
    found = read_catalogue(content)
    assert isinstance(found, ReadFile)
    assert {(each.context, each.source, each.words) for each in found.entries} == {
        (each.context, each.text, shouted[each.digest]) for each in strings
    }
    for each in found.entries:
        kind = next(string.kind for string in strings if string.context == each.context)
        assert not faults_of(kind, each.source, each.words, each.context)
    by_digest = {digest_of(each.source): each.words for each in found.entries}
    translated = applied(text, "a.md", lambda string: by_digest.get(string.digest))
    old, new = read_document(text), read_document(translated)
    assert [block.kind for block in new.blocks] == [block.kind for block in old.blocks]
    assert [section.title for section in new.sections if section.title] == [
        f"{section.title} ⟨ö⟩" for section in old.sections if section.title
    ]
    assert [bool(section.guidance) for section in new.sections] == [bool(section.guidance) for section in old.sections]


NASTY = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(
    ['"', "\\", '\\"', "\\n", "a\nb", "msgid", "#~ x", '"\nmsgid "', "%s %d", "{day}", "\u2028", "ctx\x04id"]
)


@given(st.lists(st.tuples(NASTY.filter(lambda text: bool(plain(text))), NASTY), max_size=8))
@settings(max_examples=150, deadline=None)
def test_whatever_is_written_to_a_file_is_read_back_from_it(rows: list[tuple[str, str]]) -> None:
    strings = [
        SourceString(f"a/paragraph/{n}", "paragraph", plain(source), "a.md:1") for n, (source, _) in enumerate(rows)
    ]
    said: Mapping[str, str] = {each.digest: words for each, (_, words) in zip(strings, rows, strict=True)}
    found = read_catalogue(write_catalogue(strings, Translations("de", said), name="a", at=AT))
    assert isinstance(found, ReadFile), found
    expected = [(each.context, each.text, said[each.digest]) for each in strings if said[each.digest].strip()]
    assert [(each.context, each.source, each.words) for each in found.entries] == expected


HEAD = 'msgid ""\nmsgstr ""\n"Language: de\\n"\n\n'


@pytest.mark.parametrize(
    ("content", "slug"),
    [
        (b"x" * (LARGEST + 1), "large-file"),
        (b"\xff\xfe\x00", "not-utf-8"),
        (b'msgid "a', "bad-po"),
        (b'"floating"', "bad-po"),
        ((HEAD + 'msgctxt "a"\nmsgid "b"\nmsgid_plural "c"\nmsgstr[0] "d"\n').encode(), "plural"),
        ((HEAD + 'msgid "b"\nmsgstr "d"\n').encode(), "no-context"),
        ((HEAD + 'msgctxt "a"\nmsgid "b"\nmsgstr "d"\n\n' * 2).encode(), "duplicate"),
    ],
)
def test_a_hostile_file_is_refused_by_name(content: bytes, slug: str) -> None:
    found = read_catalogue(content)
    assert isinstance(found, list)
    assert slug in {each.slug for each in found}


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: (HEAD + text).encode("utf-8", "ignore")))
@settings(max_examples=200, deadline=None)
def test_no_file_whatever_stops_the_program(content: bytes) -> None:
    assert isinstance(read_catalogue(content), ReadFile | list)


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("# Heading", "broken-markup"),
        ("- item", "broken-markup"),
        ("> **Moderators:** secret", "broken-markup"),
        ("**Moderators:** `code` [x](https://a.example) **b**", "broken-markup"),
        ("one\n\ntwo", "broken-markup"),
        ("```\ncode", "broken-markup"),
        ("**b** `other` [x](https://a.example)", "placeholders"),
        ("**b** `code` [x](javascript:alert)", "broken-markup"),
        ("**b** `code` [x](https://b.example)", "broken-markup"),
        ("`code` [x](https://a.example)", "broken-markup"),
        ("**b** `code` [x](https://a.example) ![y](https://a.example)", "broken-markup"),
        ("**b** `code` [x](https://a.example) \u202e", "unseen-characters"),
        ("x" * 10_001, "long-translation"),
    ],
)
def test_a_translation_that_would_be_something_else_is_refused(words: str, slug: str) -> None:
    source = "a **bold** word, `code` and [x](https://a.example)"
    assert slug in {each.slug for each in faults_of("paragraph", source, words, "a")}
    assert not faults_of("paragraph", source, "ein **fettes** Wort, `code`, [x](https://a.example)", "a")


def test_the_pages_own_words_keep_their_places() -> None:
    assert [each.slug for each in faults_of("label", "Ends on {day}", "Endet am {tag}", "a")] == ["placeholders"]
    assert not faults_of("label", "Ends on {day}", "Am {day} zu Ende", "a")
    assert len(strings_of_page()) == len(LABELS)


def test_what_changed_in_the_source_is_stale_and_what_only_moved_is_not() -> None:
    old = pieces_of(FILES[LIKENESS], LIKENESS).strings
    older = {each.context: Older("x", each.digest) for each in old}
    held = Translations("de", {each.digest: "x" for each in old}, older)
    changed = FILES[LIKENESS].replace("We remove it.", "We hide it.")
    standing = standing_of(pieces_of(changed, LIKENESS).strings, held)
    assert (standing.stale, standing.missing) == (1, 0)
    moved = FILES[LIKENESS].replace("We remove it.", "A new paragraph.\n\nWe remove it.")
    standing = standing_of(pieces_of(moved, LIKENESS).strings, held)
    assert (standing.stale, standing.missing, standing.translated) == (0, 1, len(old))
    heading = pieces_of(changed.replace("## Strangers who", "## People who"), LIKENESS).strings[2]
    stale = Translations("de", held.by_digest, {heading.context: Older("x", "")}).passage(heading)
    assert (stale.words, stale.state, stale.is_translated) == ("People who did not agree", "stale", False)
    wrapped = FILES[LIKENESS].replace("used\nwithout", "used without")
    assert standing_of(pieces_of(wrapped, LIKENESS).strings, held).is_complete
