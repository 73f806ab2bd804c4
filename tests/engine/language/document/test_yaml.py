"""YAML is read as words: nothing becomes a truth value, a number or a date by itself, and tricks are refused."""

from __future__ import annotations

import pytest

from assay.engine.kernel.span import Span
from assay.engine.language.checker import check_pack
from assay.engine.language.document.yaml_tree import MalformedYaml, Mapping, Scalar, Sequence, read_yaml
from tests.makers import a_pack, a_rule
from tests.makers_text import files_of


def value_of(text: str) -> object:
    node = read_yaml(text, "a.yaml")
    assert isinstance(node, Mapping)
    found = node.entries[0][1]
    return found.text if isinstance(found, Scalar) else found


@pytest.mark.parametrize(
    "words", ["NO", "no", "yes", "on", "null", "~", "1e3", "0x1f", "2026-12-01", "12:30:45", "1_000", ".5"]
)
def test_words_stay_words(words: str) -> None:
    assert value_of(f"a: {words}") == words


def test_norway_stays_norway() -> None:
    pack = a_pack(a_rule(markets=("NO",)))
    files = files_of(pack)
    plain = {name: text.replace('"NO"', "NO") for name, text in files.items()}
    assert "markets: [NO]" in plain["policies/likeness.md"]
    read = check_pack(plain).pack
    assert read.markets_of["likeness/intimate"] == frozenset({"NO"})
    assert "NO" in read.markets.reach("EEA")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: &x 1\nb: *x", "anchors and aliases"),
        ("a: !!python/object:os.system x", "tags are not read"),
        ("a: 1\na: 2", "stands here twice"),
        ("a: 1\n---\nb: 2", "a second document"),
        ("{a: 1}: 2", "a key must be a word"),
        ("[" * 14 + "]" * 14, "nested too deeply"),
        ("a: [1", "not YAML"),
        ("a: b: c", "not YAML"),
        ("\ta: 1", "not YAML"),
        ("a: \x01", "may not stand in YAML"),
    ],
)
def test_tricks_and_slips_are_refused(text: str, words: str) -> None:
    with pytest.raises(MalformedYaml, match=words):
        read_yaml(text, "a.yaml")


@pytest.mark.parametrize("text", ["", "# only a comment\n", "\ufeff"])
def test_nothing_is_none(text: str) -> None:
    assert read_yaml(text, "a.yaml") is None


def test_places_are_those_of_the_file() -> None:
    node = read_yaml("a: [x, 'ü', zz]\nb:\n  c: {d: 1}\n", "p.md", 10, 3)
    assert isinstance(node, Mapping)
    listed, below = node.entries[0][1], node.entries[1][1]
    assert isinstance(listed, Sequence)
    assert isinstance(below, Mapping)
    assert listed.span == Span("p.md", 10, 6, 12)
    assert [item.span for item in listed.items] == [
        Span("p.md", 10, 7, 1),
        Span("p.md", 10, 10, 3),
        Span("p.md", 10, 15, 2),
    ]
    assert below.span == Span("p.md", 12, 5, 1)
    assert below.entries[0][1].span == Span("p.md", 12, 8, 6)


def test_line_ends_that_only_yaml_knows_do_not_move_places() -> None:
    node = read_yaml("a: 'x\u2028y'\nb: \x85 z\nc: here\n", "a.yaml")
    assert isinstance(node, Mapping)
    place = node.get("c")
    assert isinstance(place, Scalar)
    assert place.span == Span("a.yaml", 3, 4, 4)


def test_a_byte_order_mark_counts_as_nothing() -> None:
    node = read_yaml("\ufeffa: b", "a.yaml")
    assert isinstance(node, Mapping)
    assert node.entries[0][0].span == Span("a.yaml", 1, 1, 1)


def test_a_character_that_may_not_stand_there_is_shown_where_it_stands() -> None:
    with pytest.raises(MalformedYaml) as caught:
        read_yaml("ü: 日本\nb: c\x00d", "a.yaml")
    assert caught.value.span == Span("a.yaml", 2, 5)


def test_what_was_not_closed_is_traced_to_its_beginning() -> None:
    with pytest.raises(MalformedYaml) as caught:
        read_yaml("x: y\na: {b: c\nd: e\n", "a.yaml")
    assert caught.value.hint == "while parsing a flow mapping that begins in line 2"
