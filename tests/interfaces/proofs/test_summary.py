"""The summary for a pull request keeps its length, and what a pack says stays text in it."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from assay.interfaces.proofs.summary import Part, Step, code, plain, summary

HOSTILE = (
    "<script>alert(1)</script>",
    "![x](https://example.org/x.png)",
    "[press here](https://example.org)",
    "@ada look at #1",
    "**loud** _soft_ ~~gone~~",
    "a | b",
    "&lt;b&gt;",
    "one\n\n# two",
    "`code` and `half",
    "\x1b[31mred",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_pack_says_stays_text(text: str) -> None:
    html = MarkdownIt("gfm-like", {"linkify": False}).render(f"- {plain(text)}")
    inside = html.replace("<ul>", "").replace("<li>", "").replace("</li>", "").replace("</ul>", "")
    assert "<" not in inside.replace("<code>", "").replace("</code>", "")
    assert "\x1b" not in html
    assert "@ada" not in plain(text)
    assert "\n" not in plain(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_code_is_one_stretch_of_code(text: str) -> None:
    html = MarkdownIt("gfm-like", {"linkify": False}).render(code(text))
    assert html.startswith("<p><code>")
    assert html.rstrip().endswith("</code></p>")
    assert html.count("<") == 4


def test_names_in_backticks_stay_code() -> None:
    assert plain("`a/b_c` can *never* hold") == r"`a/b_c` can \*never\* hold"


def test_a_cell_cannot_end_its_row() -> None:
    text = summary("x", [Step("Check", True, "a | b `c | d`")], [])
    assert text.splitlines()[-1] == r"| ✔ | Check | a \| b `c ¦ d` |"


def test_what_finds_no_room_is_counted() -> None:
    parts = [
        Part("What the proof found", tuple(f"- finding {number} " + "x" * 90 for number in range(1000)), "run it"),
        Part("Clauses", ("- one", "- two"), "run the other"),
        Part("Nothing", (), ""),
    ]
    text = summary("x", [Step("Prove", False, "many")], parts, longest=10_000)
    assert len(text) <= 10_000
    kept = text.count("- finding ")
    assert kept > 50
    assert f"_{1000 - kept} more are left out here; run it_" in text
    assert "_2 more are left out here; run the other_" in text or "- two" in text
    assert "Nothing" not in text
