"""Totals known from elsewhere are read from a file, and everything wrong in it is named with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.interfaces.rehearsals.totals import Totals, read_totals, totals_of


def test_totals_are_read_by_the_values_of_one_dimension(tmp_path: Path) -> None:
    path = tmp_path / "totals.yaml"
    path.write_text("language: {de: 1250000, fr: 99e4, hi: 0}\n", encoding="utf-8")
    assert read_totals(path) == Totals("language", {"de": 1_250_000.0, "fr": 990_000.0, "hi": 0.0})


@pytest.mark.parametrize(
    ("text", "slug", "words"),
    [
        ("", "bad-value", "totals are a dimension with its values"),
        ("- de", "bad-value", "totals are a dimension with its values"),
        ("languge: {de: 1}", "unknown-key", "languge"),
        ("language: 12", "bad-value", "`language` holds keys and values"),
        ("language: {de: many}", "bad-value", "the total of `de` is no count"),
        ("language: {de: -1}", "bad-value", "the total of `de` is no count"),
        ("language: {de: 0}", "bad-value", "the totals come to nothing"),
        ("language: {de: 1}\ncohort: {new: 1}", "bad-value", "totals are given for one dimension"),
        ("language: {de: 1", "malformed-yaml", ""),
    ],
)
def test_what_is_wrong_is_named(text: str, slug: str, words: str) -> None:
    found = totals_of(text, "totals.yaml")
    assert isinstance(found, list)
    assert [(one.slug, one.span.path) for one in found[:1]] == [(slug, "totals.yaml")]
    assert words in found[0].words


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    missing = read_totals(tmp_path / "none.yaml")
    (tmp_path / "wide.yaml").write_bytes(b"\xff\xfel\x00")
    (tmp_path / "long.yaml").write_bytes(b"#" * (1024 * 1024 + 1))
    wide, long = read_totals(tmp_path / "wide.yaml"), read_totals(tmp_path / "long.yaml")
    assert isinstance(missing, list)
    assert isinstance(wide, list)
    assert isinstance(long, list)
    assert [one[0].slug for one in (missing, wide, long)] == ["missing-file", "bad-value", "bad-value"]
