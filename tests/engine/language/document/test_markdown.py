"""A policy document comes apart into front matter, prose for everybody, guidance, and blocks with their places."""

from __future__ import annotations

from assay.engine.language.document.markdown import read_document

TEXT = """\
---
policy: likeness
---
For everybody.

## A title ##

Public words.

> **Moderators:** look twice.
> And again.

More public words.

```yaml rule
id: a
when: b
```

```yaml
just: an illustration
```

Another title
-------------

> A quotation is public.

````yaml example
title: x
````
"""


def test_the_front_matter_stands_between_two_lines() -> None:
    document = read_document(TEXT)
    assert document.front == "policy: likeness"
    assert document.front_line == 2


def test_prose_is_parted_by_headings_and_guidance_from_it() -> None:
    first, second, third = read_document(TEXT).sections
    assert (first.title, first.public) == ("", "For everybody.")
    assert (second.title, second.level, second.line) == ("A title", 2, 6)
    assert second.guidance == "**Moderators:** look twice.\nAnd again."
    assert second.public.startswith("Public words.\n\nMore public words.")
    assert "just: an illustration" in second.public
    assert (third.title, third.level, third.public) == ("Another title", 2, "> A quotation is public.")


def test_blocks_know_their_kind_place_and_heading() -> None:
    rule, example = read_document(TEXT).blocks
    assert (rule.kind, rule.line, rule.column, rule.heading) == ("rule", 16, 1, "A title")
    assert rule.text == "id: a\nwhen: b\n"
    assert (example.kind, example.heading) == ("example", "Another title")
    assert TEXT.split("\n")[example.line - 1] == "title: x"


def test_a_document_without_front_matter_has_none() -> None:
    assert read_document("").front is None
    assert read_document("--\npolicy: a\n--\n").front is None
    assert read_document("---\nnever closed\n").front is None
    assert read_document("\n---\npolicy: a\n---\n").front is None


def test_a_block_in_a_list_or_quotation_is_an_illustration() -> None:
    assert read_document("- item\n\n  ```yaml rule\n  id: a\n  ```\n\n> ```yaml rule\n> id: a\n> ```\n").blocks == ()


def test_a_heading_inside_a_block_is_none() -> None:
    document = read_document("```yaml rule\n# a comment\n## no title\n```\n")
    assert [section.title for section in document.sections] == [""]


def test_an_open_block_runs_to_the_end() -> None:
    (block,) = read_document("```yaml rule\nid: a").blocks
    assert block.text.strip() == "id: a"
