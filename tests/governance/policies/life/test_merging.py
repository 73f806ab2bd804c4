"""Two edits made into one: what only one side did holds, what both did alike holds once, and a clash keeps both."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from assay.governance.policies.life.merging import Merged, kept_lines, marked, merge_texts, take

BASE = "one two three\nfour five\nsix\n"
# Few words, so that sides often do alike or clash.
TEXTS = st.lists(st.sampled_from(["a", "b", "ab", " ", "\n", "é", ".", "\u2028", "\r"]), max_size=12).map("".join)


def test_edits_of_one_line_are_merged_by_words() -> None:
    merged = merge_texts(BASE, "one TWO three\nfour five\nsix\n", "one two THREE\nfour five\nsix seven\n")
    assert merged == Merged("one TWO THREE\nfour five\nsix seven\n")


def test_a_clash_keeps_what_was_first_and_names_the_other() -> None:
    merged = merge_texts(BASE, BASE.replace("five", "FIVE"), BASE.replace("five", "5"))
    (clash,) = merged.clashes
    assert (merged.text[clash.start : clash.end], clash.line) == ("FIVE", 2)
    assert (clash.base, clash.ours, clash.theirs) == ("five", "FIVE", "5")
    assert take(merged.text, clash) == BASE.replace("five", "5")
    assert take(merged.text, clash, both=True) == BASE.replace("five", "FIVE 5")


def test_both_wordings_of_a_line_stand_between_lines_that_say_so() -> None:
    merged = merge_texts(BASE, BASE.replace("five", "FIVE"), BASE.replace("five", "5").replace("six", "seven"))
    assert marked(merged, "this change", "edition 2") == (
        "one two three\n<<<<<<< this change\nfour FIVE\n=======\nfour 5\n>>>>>>> edition 2\nseven\n"
    )


def test_lines_are_found_again_where_they_stand_now() -> None:
    assert kept_lines("a\nb\nc", "x\na\nc\nd") == [(0, 1, 1), (2, 2, 1)]


@given(base=TEXTS, side=TEXTS)
def test_where_only_one_side_changed_something_it_stands(base: str, side: str) -> None:
    assert (
        merge_texts(base, side, base) == merge_texts(base, base, side) == merge_texts(base, side, side) == Merged(side)
    )


@given(base=TEXTS, ours=TEXTS, theirs=TEXTS)
@example(base="a", ours="", theirs="a b")
def test_of_a_merge_each_side_can_be_had_back(base: str, ours: str, theirs: str) -> None:
    merged = merge_texts(base, ours, theirs)
    assert merged.clean == merge_texts(base, theirs, ours).clean
    # What was there first is kept at each clash, and the later one's words are all named.
    for clash in merged.clashes:
        assert (
            merged.text[clash.start : clash.end] == ours[clash.in_ours : clash.in_ours + len(clash.ours)] == clash.ours
        )
        assert clash.theirs in theirs
        assert clash.base in base
    if merged.clean:
        assert marked(merged, "x", "y") == merged.text
        assert merge_texts(base, merged.text, theirs).text == merged.text
