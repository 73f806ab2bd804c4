"""Nothing that is withheld is in what is shown, and nothing of the text is lost without a word."""

from __future__ import annotations

import re
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from assay.governance.policies.consulting.rules.pieces import Piece, pieces_of
from assay.governance.policies.consulting.rules.redacting import Redacted, complete, redacted
from tests.governance.policies.consulting.asking import TEXT

# Each block has a word of its own, so that a leak is seen wherever it comes from.
_BLOCKS = {
    "prose": "Prose{n}word, see `rule-{m}`, [this](#head{m}word-it-is) and Head{m}word *it*\nis.",
    "guidance": "> **Moderators:** guide{n}word\n> and rule-{m}.",
    "rule": "```yaml rule\nid: rule-{n}\nwhen: a{n}word\nthen: [marked]\n```",
    "exception": "```yaml exception\nid: rule-{n}\nwhen: b{n}word\nreaches: [likeness/rule-{m}]\n```",
    "example": "```yaml example\ntitle: example{n}word\nrule: rule-{m}\ngiven: {{}}\n```",
    "broken": "```yaml rule\nid: rule-{n}\nwhen: [c{n}word\n```",
    "heading": "## Head{n}word it is",
    "deeper": "### Head{n}word it is",
    "odd": "Head{n}word it is\n---",
    "fence": "```\nplain{n}word\n## no heading\n```",
    "list": "- item{n}word\n\n  > **Moderators:** nested{n}word",
    "html": "<!-- html{n}word -->",
}
KINDS = st.lists(st.tuples(st.sampled_from(sorted(_BLOCKS)), st.integers(0, 12)), max_size=12)


def text_of(blocks: Iterable[tuple[str, int]], front: bool = True) -> str:
    body = "\n\n".join(_BLOCKS[kind].format(n=number, m=other) for number, (kind, other) in enumerate(blocks))
    return f"---\npolicy: likeness\nowner: frontword\n---\n\n{body}" if front else body


def shown_in(found: Redacted) -> str:
    """Everything that a page is given of a draft."""
    return "\n".join(str(each) for each in found.pieces) + str(found.parts)


def said_in(pieces: Iterable[Piece]) -> set[str]:
    """The words that tell one block from the others."""
    text = "\n".join(piece.text for piece in pieces).lower()
    return {word for word in re.findall(r"[a-z0-9]+", text) if any(map(str.isdigit, word)) and len(word) > 4}


def names_of(pieces: Iterable[Piece]) -> set[str]:
    """The names of rules and sections."""
    return {each.title.lower() for each in pieces if each.kind in ("rule", "exception", "heading") and each.title}


@given(KINDS, st.booleans(), st.frozensets(st.integers(0, 14), max_size=8))
def test_nothing_that_is_withheld_is_shown_by_any_name(
    blocks: list[tuple[str, int]], front: bool, chosen: frozenset[int]
) -> None:
    text = text_of(blocks, front)
    pieces = list(pieces_of(text))
    held = complete(pieces, chosen)
    before = text_of(reversed(blocks))
    shown = shown_in(redacted(text, chosen, before)).lower()
    hidden = [piece for piece in pieces if piece.number in held]
    # The public text in force is no secret; names of what is withheld are, also there.
    known = [piece for piece in pieces if piece.number not in held]
    known += [piece for piece in pieces_of(before) if piece.kind == "prose"]
    secrets = (said_in(hidden) - said_in(known)) | names_of(hidden)
    left = shown.replace("[withheld]", "")
    # As a whole name: `rule-1` is not told by `rule-12`, which may be shown.
    assert [each for each in sorted(secrets) if re.search(rf"(?<![\w-]){re.escape(each)}(?![\w-])", left)] == []


@given(KINDS, st.booleans(), st.frozensets(st.integers(0, 14), max_size=8))
def test_every_line_is_shown_or_counted_in_a_gap(
    blocks: list[tuple[str, int]], front: bool, chosen: frozenset[int]
) -> None:
    text = text_of(blocks, front)
    pieces = pieces_of(text)
    assert "\n".join(piece.text for piece in pieces) == text
    assert [piece.number for piece in pieces] == list(range(len(pieces)))
    held = complete(pieces, chosen)
    found = redacted(text, chosen)
    withheld = sum(piece.words for piece in pieces if piece.number in held)
    assert sum(each.words for each in found.pieces) == withheld
    assert [each.number for each in found.pieces if not each.is_gap] == [
        piece.number for piece in pieces if piece.number not in held
    ]
    # What was chosen is withheld, and asking again for what follows from it withholds no more.
    assert set(chosen) & {piece.number for piece in pieces} <= held == complete(pieces, held)


def test_a_section_goes_whole_and_a_rule_takes_its_examples_along() -> None:
    pieces = pieces_of(TEXT)
    by_title = {piece.title: piece.number for piece in pieces if piece.title}
    section = complete(pieces, {by_title["Quokka plan for raids"]})
    assert {pieces[number].title for number in section if pieces[number].title} == {
        "Quokka plan for raids", "A part of it", "zebra-rule", "raidexample",
    }  # fmt: skip
    assert by_title["exampleword on its own"] in complete(pieces, {by_title["fake"]})
    gaps = [(each.gap, each.words) for each in redacted(TEXT, section).pieces if each.is_gap]
    assert gaps == [("a section", sum(pieces[number].words for number in section))]


def test_what_changed_is_said_of_what_is_shown_and_the_former_words_of_public_text_alone() -> None:
    before = TEXT.replace("We mark what is fake", "We marked Quokka plan for raids").replace("guidanceword", "former")
    pieces = pieces_of(TEXT)
    secret = {piece.number for piece in pieces if piece.title == "Quokka plan for raids"}
    found = redacted(TEXT, secret, before)
    changed = {each.kind: each.before for each in found.pieces if each.against == "changed"}
    assert sorted(changed) == ["guidance", "prose"]
    assert (changed["guidance"], "We marked [withheld]" in changed["prose"]) == ("", True)
    assert redacted(TEXT, secret, TEXT.split("## The end")[0]).pieces[-1].against == "new"
