"""Reads headings, sections and links of our Markdown pages for the house rules. It renders nothing."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt

READER = MarkdownIt("commonmark").enable("table")


def headings(text: str) -> list[tuple[int, str]]:
    """Level and words of each heading, code fences passed over."""
    tokens = pairwise(READER.parse(text))
    return [(int(opened.tag[1]), inline.content) for opened, inline in tokens if opened.type == "heading_open"]


def anchor(heading: str) -> str:
    """The fragment by which a page's heading is linked, as the usual readers of Markdown make it."""
    kept = re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower())
    return kept.strip().replace(" ", "-")


def sections(text: str) -> dict[str, str]:
    """The text under each heading of level 2, up to the next."""
    parts = re.split(r"^## +(.+?) *$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def links(text: str) -> list[str]:
    tokens = [child for token in READER.parse(text) for child in token.children or []]
    found = [str(token.attrGet("href")) for token in tokens if token.type == "link_open"]
    return found + [str(token.attrGet("src")) for token in tokens if token.type == "image"]


def broken_links(page: Path) -> list[str]:
    """Links to files or headings that are not there; addresses of the web are left alone."""
    broken = []
    for link in links(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, fragment = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists():
            broken.append(link)
        elif fragment and target.suffix == ".md":
            known = {anchor(words) for _, words in headings(target.read_text(encoding="utf-8"))}
            if fragment not in known:
                broken.append(link)
    return broken
