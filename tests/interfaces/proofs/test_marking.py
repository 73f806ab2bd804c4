"""Side by side, every word stands once on its side, and those that only one side has are marked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assay.interfaces.proofs.page.marking import Block, side_by_side

BEFORE = "We remove nude imagery\nof real people.\n\n```yaml rule\nid: intimate\nwhen: nudity\n```\n"
AFTER = "We remove any intimate imagery\nof real people.\n\n```yaml rule\nid: intimate\nwhen: intimacy\n```\n"


def marked(blocks: tuple[Block, ...]) -> list[str]:
    return [piece.text for block in blocks for piece in block.pieces if piece.marked]


def words(blocks: tuple[Block, ...]) -> list[str]:
    return "".join(piece.text + " " * (piece is block.pieces[-1]) for block in blocks for piece in block.pieces).split()


def test_only_what_differs_is_marked() -> None:
    before, after = side_by_side(BEFORE, AFTER)
    assert marked(before) == ["nude", "nudity"]
    assert marked(after) == ["any intimate", "intimacy"]


def test_prose_and_program_are_blocks_of_their_own() -> None:
    before, _ = side_by_side(BEFORE, AFTER)
    assert [block.program for block in before] == [False, True]
    assert "".join(piece.text for piece in before[0].pieces) == "We remove nude imagery of real people."
    assert "".join(piece.text for piece in before[1].pieces) == "id: intimate\nwhen: nudity"


def test_a_list_keeps_its_lines() -> None:
    (block,), _ = side_by_side("- one\n- two\n  goes on\n> said", "x")
    assert "".join(piece.text for piece in block.pieces) == "- one\n- two   goes on\n> said"


def test_what_is_wholly_new_is_not_marked_word_by_word() -> None:
    before, after = side_by_side("", AFTER)
    assert before == ()
    assert marked(after) == []


@given(*[st.text(alphabet="ab .`\n-", max_size=60)] * 2)
def test_no_word_is_lost(before: str, after: str) -> None:
    for text, blocks in zip((before, after), side_by_side(before, after), strict=True):
        kept = [line for line in text.split("\n") if not line.startswith("```")]
        assert words(blocks) == " ".join(kept).split()


def test_a_very_long_text_is_compared_line_by_line() -> None:
    long = "word " * 8000
    before, after = side_by_side(f"{long}\none\n", f"{long}\ntwo\n")
    assert marked(before) == ["one"]
    assert marked(after) == ["two"]
