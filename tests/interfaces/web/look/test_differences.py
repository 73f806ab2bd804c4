"""A difference shows both texts whole: what is not marked as new was there, and what is not marked as gone is there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assay.interfaces.web.look.differences import by_words, difference, program_lines

LINES = st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=20), max_size=8)
SENTENCES = st.lists(
    st.sampled_from("we remove label blur satire , . of a person without consent".split()), max_size=14
)


@given(LINES, LINES)
def test_either_text_can_be_read_off_its_lines(before: list[str], after: list[str]) -> None:
    lines = difference("\n".join(before), "\n".join(after), around=None)
    old = ["".join(piece.text for piece in line.pieces) for line in lines if line.kind in {"same", "gone"}]
    new = ["".join(piece.text for piece in line.pieces) for line in lines if line.kind in {"same", "come"}]
    assert old == "\n".join(before).splitlines()
    assert new == "\n".join(after).splitlines()
    assert [line.before for line in lines if line.before] == list(range(1, len(old) + 1))
    assert [line.after for line in lines if line.after] == list(range(1, len(new) + 1))


@given(LINES, LINES, st.integers(0, 3))
def test_lines_that_are_left_out_are_counted(before: list[str], after: list[str], around: int) -> None:
    whole = difference("\n".join(before), "\n".join(after), around=None)
    short = difference("\n".join(before), "\n".join(after), around=around)
    assert sum(line.skipped or 1 for line in short) == len(whole)
    assert [line for line in short if line.kind in {"gone", "come"}] == [
        line for line in whole if line.kind in {"gone", "come"}
    ]


@given(SENTENCES, SENTENCES)
def test_within_a_line_only_what_changed_is_marked(before: list[str], after: list[str]) -> None:
    old, new = " ".join(before), " ".join(after)
    gone, come = by_words(old, new)
    assert "".join(piece.text for piece in gone) == old
    assert "".join(piece.text for piece in come) == new
    if old == new:
        assert not any(piece.changed for piece in (*gone, *come))


def test_a_changed_word_is_marked_within_its_line() -> None:
    gone, come = difference("We remove sexual imagery.", "We remove sexual or nude imagery.")
    assert [piece.text for piece in gone.pieces if piece.changed] == []
    assert "".join(piece.text for piece in come.pieces if piece.changed).strip() == "or nude"


def test_equal_texts_have_no_difference() -> None:
    assert {line.kind for line in difference("one\ntwo", "one\ntwo", around=None)} == {"same"}


def test_particulars_and_blocks_are_program_and_all_else_is_prose() -> None:
    text = "---\npolicy: a\n---\n# A\nSome --- words.\n```yaml rule\nid: a\n---\n```\n> For moderators\n```\nopen"
    assert program_lines(text) == {1, 2, 3, 6, 7, 8, 9, 11, 12}
    assert program_lines("words\n---\nmore words") == frozenset()
